"""The standings of a replay in words."""

from __future__ import annotations

import pandas as pd
import pytest

from foreship.replay.standing_words import against_rules, aligned, factors_shown


@pytest.mark.parametrize(("over", "said"), [(7.0, "7 more than base_stock"), (-7.0, "7 less than")])
def test_foreship_is_held_against_the_best_of_the_rules(over, said):
    """Of the rules the one with most profit is named, and whether foreship earned more or less."""
    money = pd.DataFrame(
        {
            "policy": ["seasonal", "base_stock", "oracle"],
            "profit": [1.0, 2.0, 9.0],
            "foreship_over": [over + 1, over, over - 7],
            "foreship_over_low": -8.0,
            "foreship_over_high": 9.0,
        }
    )
    assert said in against_rules(money)[0]
    assert "difference -8 .. 9" in against_rules(money)[0]
    assert not against_rules(money.iloc[2:])


def test_words_stand_in_columns():
    """The first to the left, figures to the right, and no spaces at the end of a line."""
    table = pd.DataFrame({"policy": ["a", "long"], "profit": ["1,000", "-"]})
    assert aligned(table).split("\n") == ["policy  profit", "a        1,000", "long         -"]


def test_costs_make_a_row_and_policies_a_column():
    """What is not known is a dash."""
    given = pd.DataFrame({
        "cost_factor": [2.0, 1.0, 1.0], "policy": ["a", "a", "b"],
        "profit": [1234.4, 10.0, -5.0], "gap_closed": [float("nan"), 0.256, 1.0],
    })  # fmt: skip
    shown = factors_shown(given)
    assert shown["costs"].tolist() == ["1", "2"]
    assert shown["a"].tolist() == ["10 (26 %)", "1,234 (-)"]
    assert shown["b"][0] == "-5 (100 %)"

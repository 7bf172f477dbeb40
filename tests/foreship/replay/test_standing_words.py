"""The standings of a replay in words."""

from __future__ import annotations

import pandas as pd
import pytest

from foreship.replay.standing_words import against_rules


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

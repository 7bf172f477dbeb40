"""The standings of a replay in words."""

from __future__ import annotations

import pandas as pd
import pytest

from foreship.replay.standing_words import against_the_best, aligned, factors_shown


def standings(**over: float) -> pd.DataFrame:
    """Return policies by what foreship earned more than they did, itself at 100."""
    return pd.DataFrame(
        {
            "policy": list(over),
            "profit": [100.0 - each for each in over.values()],
            "foreship_over": list(over.values()),
            "foreship_over_low": [each - 1.0 for each in over.values()],
            "foreship_over_high": [each + 1.0 for each in over.values()],
        }
    )


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"base_stock": 7.0, "seasonal": 9.0}, "foreship earned 7 more than base_stock, the best"),
        # shipping nothing, a policy of one's own, the mean as if it were certain: all count
        (
            {"base_stock": 7.0, "reactive": -7.0},
            "LOSS: foreship earned 7 less than reactive, the",
        ),
        ({"base_stock": 7.0, "mine": -3.0}, "LOSS: foreship earned 3 less than mine, the best"),
        ({"base_stock": 7.0, "point": -3.0}, "LOSS: foreship earned 3 less than point, the best"),
        ({"base_stock": 1e-13}, "foreship earned as much as base_stock, the best"),
    ],
)
def test_foreship_is_held_against_the_best_of_all(over: dict[str, float], said: str) -> None:
    """Whoever earned most is named, but for who sees what is to come; a loss is called one."""
    money = standings(**over, foreship=0.0, oracle=-50.0, truth=-20.0)
    (headline,) = against_the_best(money)
    assert headline.startswith(said)
    assert f"difference {min(over.values()) - 1:.0f} .. {min(over.values()) + 1:.0f}" in headline


def test_every_loss_is_told() -> None:
    """The worst is the headline, the others follow; wins are in the table."""
    (headline,) = against_the_best(standings(a=-9.0, foreship=0.0, b=2.0, c=-4.0, reactive=-5.0))
    assert headline.splitlines()[0] == "LOSS: foreship earned 9 less than a, the best of the others"
    assert "less than reactive too, by 5, c too, by 4" in headline and " b " not in headline
    assert max(map(len, headline.splitlines())) <= 80


def test_weeks_that_do_not_tell_two_policies_apart_are_said_to() -> None:
    """Where the interval holds 0 and only there."""
    assert "apart" in against_the_best(standings(foreship=0.0, b=0.5))[0]
    assert "apart" not in against_the_best(standings(foreship=0.0, b=1.5))[0]


def test_by_order_it_is_said_again_with_what_is_left_over() -> None:
    """A win of profit may be a loss once stock counts; by the unit nothing more is said."""
    money = standings(foreship=0.0, base_stock=7.0)
    assert "at its value" not in against_the_best(money)[0]
    money = money.assign(
        foreship_over_earned=[0.0, -3.0],
        foreship_over_earned_low=[0.0, -4.0],
        foreship_over_earned_high=[0.0, -2.0],
    )
    headline = against_the_best(money)[0]
    assert "with what lies in regions at its value 3 less (-4 .. -2)" in headline
    assert headline.startswith("foreship earned 7 more")
    once = money.assign(foreship_over_earned_low=float("nan"))
    assert against_the_best(once)[0].endswith("at its value 3 less")


def test_a_single_week_has_no_interval_and_says_so() -> None:
    """Nor does it make a rival of the plan without a budget that is the same plan."""
    one = standings(foreship=0.0, foreship_mean=0.0, b=-2.0)
    one = one.assign(foreship_over_low=float("nan"), foreship_over_high=float("nan"))
    (headline,) = against_the_best(one)
    assert headline.startswith("LOSS: foreship earned 2 less than b")
    assert "(a single week has no interval)" in headline and "apart" not in headline
    won = one.assign(foreship_over=[0.0, 0.0, 2.0], profit=[100.0, 100.0, 98.0])
    assert "more than b" in against_the_best(won)[0]


def test_a_budget_may_cost_and_its_absence_is_no_rival() -> None:
    """`foreship_mean` is a rival where it is another plan, and none where it is the same one."""
    money = standings(base_stock=5.0, foreship_mean=-2.0, foreship=0.0)
    assert "less than foreship_mean" in against_the_best(money)[0]
    same = money["policy"] == "foreship_mean"
    ends = ["foreship_over", "foreship_over_low", "foreship_over_high"]
    money.loc[same, ends] = 0.0
    money.loc[same, "profit"] = 100.0
    assert "more than base_stock" in against_the_best(money)[0]


def test_without_foreship_or_a_rival_there_is_no_headline() -> None:
    """Nothing is compared with nothing."""
    assert not against_the_best(standings(foreship=0.0, oracle=-3.0))
    assert not against_the_best(standings(base_stock=0.0).assign(foreship_over=float("nan")))


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

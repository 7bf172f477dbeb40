"""Plans three times as large as the largest of the last ones, or a third of the least, are far."""

from __future__ import annotations

import pandas as pd
import pytest

from foreship.approval.gates.far_plans import far_in_lines, far_in_money, far_in_units
from tests.foreship.approval.gates.seen_plans import past, seen


def lines(number: int, cost: float = 2.0, quantity: int = 3) -> pd.DataFrame:
    """Return a plan of equal lines."""
    return pd.DataFrame({"cost": [cost] * number, "quantity": [quantity] * number})


def test_a_plan_like_the_last_ones_is_not_far() -> None:
    """Ten lines as always, and three times as many."""
    for found in (seen(), seen(lines=lines(30))):
        assert [*far_in_money(found), *far_in_units(found), *far_in_lines(found)] == []


def test_beyond_the_ratio_each_measure_is_named() -> None:
    """31 lines for 10: 62 of money for 20, 93 units for 30, all told with the setting."""
    found = seen(lines=lines(31))
    assert list(far_in_money(found)) == [
        "the plan costs 62.00, the largest of the last 2 plans costs 20.00 (gates.money_ratio = 3)"
    ]
    assert list(far_in_units(found)) == [
        "the plan moves 93 units, the largest of the last 2 plans moves 30 units "
        "(gates.units_ratio = 3)"
    ]
    assert list(far_in_lines(found)) == [
        "the plan has 31 lines, the largest of the last 2 plans has 10 lines "
        "(gates.lines_ratio = 3)"
    ]


def test_far_less_is_far_too() -> None:
    """Three lines where the smallest had ten: 6 of money for 20."""
    found = seen(lines=lines(3))
    assert list(far_in_money(found)) == [
        "the plan costs 6.00, the smallest of the last 2 plans costs 20.00 (gates.money_ratio = 3)"
    ]
    assert len(list(far_in_lines(found))) == 1


def test_small_plans_and_single_ones_are_not_compared() -> None:
    """Nine lines after two are few; with one earlier plan nobody knows what is usual."""
    small = (past(4.0, 6, 2), past(4.0, 6, 2))
    assert list(far_in_money(seen(lines=lines(9), past=small))) == []
    assert len(list(far_in_money(seen(lines=lines(10), past=small)))) == 1
    assert list(far_in_money(seen(lines=lines(31), past=(past(),)))) == []


def test_as_many_lines_of_far_fewer_units_are_far() -> None:
    """Ten lines of one unit each where ten of four moved."""
    much = (past(80.0, 40), past(80.0, 40))
    found = seen(lines=lines(10, cost=2.0, quantity=1), past=much)
    assert len(list(far_in_units(found))) == 1
    assert list(far_in_lines(found)) == []


@pytest.mark.parametrize("ratio", [2.0, 10.0])
def test_the_ratio_is_a_setting(ratio: float) -> None:
    """Twenty-five lines for ten are far at 2, not at 10."""
    found = seen({"lines_ratio": ratio}, lines=lines(25))
    assert bool(list(far_in_lines(found))) == (ratio == 2.0)


def test_after_plans_without_a_line_a_large_one_is_far() -> None:
    """Nothing was sent for two weeks, now ten lines."""
    nothing = (past(0.0, 0, 0), past(0.0, 0, 0))
    assert len(list(far_in_units(seen(past=nothing)))) == 1

"""The relative gap between a plan's cost and the bound."""

from __future__ import annotations

import pytest

from foreship_optimize.program.gap import relative_gap


@pytest.mark.parametrize(
    ("objective", "bound", "gap"),
    [
        (-90.0, -100.0, 0.1),  # a gain of 90 where 100 is possible
        (110.0, 100.0, 0.1),
        (0.2, -0.3, 0.5),  # a bound below 1 counts as 1: nobody divides by nearly nothing
        (-100.0, -100.0, 0.0),
    ],
)
def test_the_gap_is_a_share_of_the_bound_or_of_one(objective: float, bound: float, gap: float):
    """By hand, with gains (costs below 0), costs, and a bound close to 0."""
    assert relative_gap(objective, bound) == pytest.approx(gap)


def test_money_in_cents_gives_the_same_gap():
    """Beyond 1 the gap has no unit."""
    assert relative_gap(-9000.0, -10000.0) == pytest.approx(relative_gap(-90.0, -100.0))

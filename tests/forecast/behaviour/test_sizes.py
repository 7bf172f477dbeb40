"""How much at once: widths from the cell itself, whole dozens, one huge order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.forecast.behaviour.cases import Panel
from benchmarks.forecast.behaviour.kinds.sizes import HUGE, WIDTHS
from tests.forecast.behaviour.small_markets import SLACK, Figures, Judged

PANEL = Panel("widths", WIDTHS)


@pytest.fixture
def found(judged: Judged) -> Figures:
    """Judge widths beside items that are half Poisson, half negative binomial."""
    return judged(PANEL, seed=3)


@pytest.mark.parametrize("variant", [each.variant for each in WIDTHS if each.kind == "width"])
def test_the_90_percent_interval_is_as_wide_as_the_cell_is_irregular(
    found: Figures, variant: str
) -> None:
    """A constant 12 a week lies between 9 and 15, Poisson of 6 a week between 2 and 10."""
    assert found.misses("width", variant) == []


@pytest.mark.parametrize("variant", [each.variant for each in WIDTHS if each.kind == "lumps"])
def test_dozens_stay_dozens(found: Figures, variant: str) -> None:
    """Of orders by the dozen a first unit is twelve.

    Among single units a dozen is half as likely as it should be: no law of one hump says both.
    """
    slack = 1.3 if "1 or 12" in variant else SLACK
    assert found.misses("lumps", variant, slack) == []


@pytest.mark.sweep
def test_one_huge_order_moves_nothing(judged: Judged) -> None:
    """10,000 units in a line move their cell by at most 30 %, the item by 5 %, others by 2 %."""
    assert judged(replace(HUGE, weeks=60)).misses("huge_order") == []

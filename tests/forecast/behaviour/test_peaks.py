"""Peaks: an item's own comes again each year, the network's is over when it is over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.forecast.behaviour.cases import Panel
from benchmarks.forecast.behaviour.judging import STOCK_OUTS
from benchmarks.forecast.behaviour.kinds.peaks import AFTER_PEAK, YEARLY
from tests.forecast.behaviour.small_markets import Judged


@pytest.mark.sweep
@pytest.mark.parametrize("variant", [each.variant for each in YEARLY.cases])
def test_a_yearly_peak_of_one_item_comes_again(judged: Judged, variant: str) -> None:
    """Six times the level: at least .7 of it is forecast after two peaks, .5 after one."""
    assert judged(YEARLY).misses("yearly_peak", variant) == []


EACH_YEAR, ONCE = AFTER_PEAK


@pytest.mark.sweep
@pytest.mark.parametrize("panel", [EACH_YEAR, replace(ONCE, weeks=60)], ids=["each year", "once"])
def test_the_week_after_a_peak_of_the_network_is_a_usual_one(judged: Judged, panel: Panel) -> None:
    """Everything sold three times its rate last week; next week does not, to within 15 %."""
    assert judged(panel, "drifting", STOCK_OUTS).misses("after_peak") == []

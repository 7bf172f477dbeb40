"""Rates that change: the forecast follows what lasts, and not what happened once."""

from __future__ import annotations

import pytest

from benchmarks.forecast.behaviour import plants as plant
from benchmarks.forecast.behaviour.cases import RIGHT, Case, Panel, near, silent
from benchmarks.forecast.behaviour.judging import STOCK_OUTS
from benchmarks.forecast.behaviour.kinds.changes import (
    BURST,
    DEAD,
    DOWN,
    FALLS,
    FELL,
    GROWING,
    GROWS,
    ONCE,
    SILENT,
    UP,
)
from benchmarks.forecast.behaviour.paths import every
from tests.forecast.behaviour.small_markets import Figures, Judged

PANEL = Panel(
    "changes",
    (
        Case("up_3", "4 a week before", plant.items(4.0, UP), RIGHT, items=2),
        Case("down_3", "6 a week before", plant.items(6.0, DOWN), FELL, items=2),
        Case("last_week_x10", "4 a week", plant.items(4.0, BURST), ONCE),
        Case("decline", "from 9 a week", plant.items(9.0, FALLS), near(0.85, 1.15), items=2),
        Case("growth", "from 2 a week", plant.items(2.0, GROWS), GROWING, items=2),
        Case("dead", "4 weeks", DEAD, silent(0.10)),
        Case("dead", "2 weeks", SILENT, silent(0.35)),
        Case("rhythm", "alternating", plant.items(6.0, every(2)), RIGHT),
        Case("rhythm", "every fourth", plant.items(6.0, every(4)), RIGHT),
    ),
)
"""at most two of forty items move alike, each in all eight regions"""


@pytest.fixture(
    params=[("drifting", STOCK_OUTS, False), ("still", 0.0, True)], ids=["drifting", "still"]
)
def found(request: pytest.FixtureRequest, judged: Judged) -> Figures:
    """Judge in a network that moves and has stock-outs, and in one with nothing to learn.

    In the first each unit has an order line, in the other all units of a cell and week together.
    """
    network, stock_outs, weekly_lines = request.param
    return judged(PANEL, network, stock_outs, horizon=4, seed=3, weekly_lines=weekly_lines)


@pytest.mark.sweep
def test_what_trebled_three_weeks_ago_stays_so(found: Figures) -> None:
    """Three weeks in eight regions are no accident: next week is forecast at the new rate."""
    assert found.misses("up_3") == []


def test_what_fell_to_a_third_three_weeks_ago_stays_so(found: Figures) -> None:
    """The forecast comes down as it went up, to within 30 %."""
    assert found.misses("down_3") == []


def test_one_wild_week_is_not_a_new_rate(found: Figures) -> None:
    """After a last week of ten times the rate, next week is forecast at most 30 % too high."""
    assert found.misses("last_week_x10") == []


def test_a_slow_decline_is_followed(found: Figures) -> None:
    """Six per cent less each week for half a year: last year's level says nothing any more."""
    assert found.misses("decline") == []


def test_growth_is_followed_and_carried_on(found: Figures) -> None:
    """Eight per cent more each week: next week and, by the trend, the fourth are not too low."""
    assert found.misses("growth") == []


@pytest.mark.parametrize("weeks", ["2 weeks", "4 weeks"])
def test_silence_in_all_regions_means_that_an_item_is_gone(found: Figures, weeks: str) -> None:
    """Six a week in eight regions and then nothing: p_1 is at most .35, then .10."""
    assert found.misses("dead", weeks) == []


@pytest.mark.parametrize("rhythm", ["alternating", "every fourth"])
def test_a_rhythm_is_kept(found: Figures, rhythm: str) -> None:
    """What sells every second or fourth week is forecast for the week that comes."""
    assert found.misses("rhythm", rhythm) == []

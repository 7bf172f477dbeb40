"""Beginnings, ends and empty shelves: neither new, nor gone, nor sold out is taken for another."""

from __future__ import annotations

import pytest

from benchmarks.forecast.behaviour import plants as plant
from benchmarks.forecast.behaviour.cases import RIGHT, Case, Panel
from benchmarks.forecast.behaviour.judging import STOCK_OUTS
from benchmarks.forecast.behaviour.kinds.lives import EMPTY, OLD, REGION, YOUNG
from tests.forecast.behaviour.small_markets import Figures, Judged

NEW = Panel(
    "new",
    (
        Case("launched", "told", plant.launch(5.0, 3, told=True), RIGHT, items=2),
        Case("launched", "not told", plant.launch(5.0, 3, told=False), RIGHT, items=2),
        Case("sold_out", "nothing served", EMPTY, RIGHT),
        Case("sold_out", "half served", plant.shelf_empty(6.0, 4, 0.5), RIGHT),
        REGION,
    ),
)


@pytest.fixture
def found(judged: Judged) -> Figures:
    """Judge what is new or sold out, beside rare stock-outs of everything else."""
    return judged(NEW, "drifting", STOCK_OUTS, seed=5)


@pytest.mark.parametrize("known", ["told", "not told"])
def test_an_item_launched_three_weeks_ago_sells_as_it_began(found: Figures, known: str) -> None:
    """Weeks before the launch are no weeks without sales, whether `items` tells the day or not."""
    assert found.misses("launched", known) == []


def test_a_region_opened_three_weeks_ago_sells_as_it_began(found: Figures) -> None:
    """All items of a region that began to order three weeks ago, together."""
    assert found.misses("region_opened") == []


@pytest.mark.parametrize("served", ["nothing served", "half served"])
def test_an_empty_shelf_is_not_an_empty_week(found: Figures, served: str) -> None:
    """Sold out in all regions for four weeks, as `availability` says: demand is as before."""
    assert found.misses("sold_out", served) == []


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("panel", "seed"), [(YOUNG[0], 3), (YOUNG[1], 6)], ids=["as fast as others", "slow"]
)
def test_items_younger_than_eight_weeks(judged: Judged, panel: Panel, seed: int) -> None:
    """Eight items launched one after the other in the last weeks: together right to a quarter."""
    assert judged(panel, "drifting", STOCK_OUTS, seed=seed).misses("young") == []


@pytest.mark.sweep
@pytest.mark.parametrize("variant", [each.variant for each in OLD.cases])
def test_what_is_silent_longer_than_the_history_read_is_not_new(
    judged: Judged, variant: str
) -> None:
    """Cells that sold 4 a week until 110 weeks ago have a p_1 of at most .02, and not a pool's."""
    assert judged(OLD).misses("old_dead", variant) == []

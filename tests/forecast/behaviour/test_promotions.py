"""Planned promotions: forecast at what they bring, whichever head is used."""

from __future__ import annotations

import pytest

from benchmarks.forecast.behaviour.cases import Panel
from benchmarks.forecast.behaviour.judging import STOCK_OUTS
from benchmarks.forecast.behaviour.kinds.promotions import NOTHING_TO_LEARN, PLANNED, SHORT
from tests.forecast.behaviour.small_markets import Judged

PLAIN = [(SHORT, 4), (NOTHING_TO_LEARN, 6)]
"""markets, with their seeds, in which boosters have little to go by"""


@pytest.mark.sweep
@pytest.mark.parametrize("variant", [each.variant for each in PLANNED.cases])
def test_a_planned_promotion_is_forecast(judged: Judged, variant: str) -> None:
    """Promotions treble sales: next week's does too, if the item was ever promoted or not.

    Where none is planned, earlier ones do not lift next week.
    """
    assert judged(PLANNED, "drifting", STOCK_OUTS, seed=4).misses("promotion", variant) == []


@pytest.mark.sweep
@pytest.mark.parametrize(("panel", "seed"), PLAIN, ids=["14 weeks", "items alike"])
@pytest.mark.parametrize("known", ["seen before", "first ever"])
def test_a_planned_promotion_does_not_vanish_where_plain_rates_are_used(
    judged: Judged, panel: Panel, seed: int, known: str
) -> None:
    """Too short a history, or nothing that boosters could learn: the promotion is still there."""
    variant = next(each.variant for each in panel.cases if each.variant.startswith(known))
    assert judged(panel, "still", seed=seed).misses("promotion", variant) == []


@pytest.mark.parametrize(("panel", "seed"), PLAIN, ids=["14 weeks", "items alike"])
def test_an_item_that_is_gone_is_gone_where_plain_rates_are_used(
    judged: Judged, panel: Panel, seed: int
) -> None:
    """Four weeks of silence in eight regions count for a plain rate as well."""
    assert judged(panel, "still", seed=seed).misses("dead") == []

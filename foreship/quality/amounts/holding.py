"""Holding in a hub that costs more than in a region: what is sent ahead then costs no holding."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foreship.errors import Fault
from foreship.quality.evidence import Evidence, warning
from foreship_foundation.tables.derived import items_with_economics
from foreship_foundation.telling.words import number

__all__ = ["hubs_hold_for_less"]


def hubs_hold_for_less(seen: Evidence) -> Iterator[Fault]:
    """Holding in a hub that costs more than in a region, so that staged units cost none."""
    usual = seen.optimize.economics.holding_rate_per_year
    hubs = seen.read("hubs", "holding_rate_per_year")
    remedy = "a unit sent ahead then costs no holding; are the two exchanged?"
    if hubs is not None:
        dearer = hubs.parsed["holding_rate_per_year"].values > usual
        if dearer.any():
            words = f"above economics.holding_rate_per_year ({number(usual)})"
            yield warning(hubs, "holding_rate_per_year", dearer, words, remedy)
    items = seen.read("items", "unit_cost", "hub_holding_cost_per_week")
    if items is not None:
        there = items_with_economics(items.frame, usual, 0.0)["holding_cost_per_week"].to_numpy()
        dearer = items.parsed["hub_holding_cost_per_week"].values > there * (1 + 1e-9)
        if dearer.any():
            words = "above what a week in a region costs"
            yield warning(items, "hub_holding_cost_per_week", np.asarray(dearer), words, remedy)

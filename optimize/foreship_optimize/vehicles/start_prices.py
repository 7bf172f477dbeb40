"""Prices that one program of the vehicles starts from, as an earlier one found them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foreship_foundation.arrays import Floats
from foreship_optimize.limits import Limits
from foreship_optimize.program.bound import Prices
from foreship_optimize.program.departure_loads import departures_of
from foreship_optimize.program.instance import Instance

__all__ = ["start_prices"]


def start_prices(old: Limits, prices: Prices, instance: Instance, full_cost: Floats) -> Prices:
    """Return an earlier program's prices, over the limits of another.

    A vehicle that is paid for starts at what a full one costs: units then pay for its room what
    they paid as shares (P24).

    Parameters
    ----------
    old, prices
        The earlier program's limits and prices.
    full_cost
        What the volume and the load of a full vehicle cost, shape (2, L) [money].
    """
    limits = instance.limits
    place = dict(zip(_names(old), range(len(old.words)), strict=True))
    at = np.array([place.get(name, -1) for name in _names(limits)], dtype=np.int64)
    found, minimums = (
        np.where(at >= 0, np.append(each, 0.0)[at], 0.0)
        for each in (prices.limits, prices.minimums)
    )
    departures = departures_of(instance.problem)
    mine = np.flatnonzero(limits.are(("vehicle",)))
    lane = limits.index[mine]
    by_kg = np.array([words.endswith(" (kg)") for words in limits.words[mine]], dtype=bool)
    by_units = np.array([words.endswith(" (units)") for words in limits.words[mine]], dtype=bool)
    sized = np.isfinite(departures.vehicle_volume) | np.isfinite(departures.vehicle_kg)
    side = np.where(by_kg, full_cost[1, lane], full_cost[0, lane])
    found[mine] = np.where(by_units, np.where(sized[lane], 0.0, full_cost.sum(axis=0)[lane]), side)
    return replace(prices, limits=found, minimums=minimums)


def _names(limits: Limits) -> list[tuple[str, str]]:
    """Family and words of every row: what names a limit in any program."""
    return list(zip(limits.family.tolist(), limits.words.tolist(), strict=True))

"""Parcels: what hubs send of an order, and what it costs (docs/replay.md, equation 18)."""

from __future__ import annotations

from operator import mul
from typing import NamedTuple

__all__ = ["NO_PARCELS", "Parcels", "Tariff", "parcels_of"]


class Tariff(NamedTuple):
    """What a region pays for parcels and deliveries of any size, on one day [money]."""

    hubs: list[tuple[int, float, float]]
    """number, first and further unit of each hub that sends parcels there, in hub order"""
    first_there: float
    further_there: float

    def delivery(self, units: int) -> float:
        """Return the cost of a delivery of so many units from the region's own stock."""
        return self.first_there + self.further_there * (units - 1) if units else 0.0


class Parcels(NamedTuple):
    """What hubs send of one order."""

    sent: list[tuple[int, list[int]]]
    """hub, and units by line, of each parcel"""
    units: int
    margin: float
    cost: float

    @property
    def earned(self) -> float:
        """Margin less parcels, A."""
        return self.margin - self.cost


NO_PARCELS = Parcels([], 0, 0.0, 0.0)


def parcels_of(
    wanted: list[int],
    items: list[int],
    margins: list[float],
    shelves: list[list[int]],
    tariff: Tariff,
) -> Parcels:
    """Return the parcels of what is wanted: the fullest first, of equal ones the cheapest.

    A hub that has all that is left is the fullest; what no hub has is not sent.

    Parameters
    ----------
    wanted
        Units of each line, >= 0.
    items, margins
        Of each line; items are positions on the shelves.
    shelves
        Units at each hub, by item.
    """
    left, hubs = wanted, tariff.hubs
    sent: list[tuple[int, list[int]]] = []
    units, margin, cost = 0, 0.0, 0.0
    size = sum(wanted)
    while units < size:
        fullest, price, sender = 0, 0.0, -1
        for hub, first, further in hubs:
            shelf = shelves[hub]
            has = sum(map(min, left, map(shelf.__getitem__, items)))
            if has and has >= fullest:
                asks = first + further * (has - 1)
                if has > fullest or asks < price:
                    fullest, price, sender = has, asks, hub
        if not fullest:
            break
        shelf = shelves[sender]
        parcel = (
            left
            if fullest == size - units
            else [min(pair) for pair in zip(left, map(shelf.__getitem__, items), strict=True)]
        )
        sent.append((sender, parcel))
        units += fullest
        margin += sum(map(mul, parcel, margins))
        cost += price
        if units < size:
            left = [want - has for want, has in zip(left, parcel, strict=True)]
            hubs = [each for each in hubs if each[0] != sender]  # it has no more of it
    return Parcels(sent, units, margin, cost)

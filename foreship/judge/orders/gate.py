"""The gate: which orders a region serves from its own stock (docs/replay.md, equations 19 to 21).

It decides for every policy alike, on the stock of that moment.
"""

from __future__ import annotations

from operator import mul
from typing import NamedTuple

from foreship.judge.orders.book import Order
from foreship.judge.orders.parcels import NO_PARCELS, Parcels, Tariff, parcels_of

__all__ = ["LOST", "Served", "serve_order"]


class Served(NamedTuple):
    """How an order is served."""

    there: list[int]
    """units by line from the region, empty for none"""
    parcels: Parcels


LOST = Served([], NO_PARCELS)


def serve_order(
    order: Order,
    has: list[int],
    worth: list[float],
    shelves: list[list[int]],
    tariff: Tariff,
) -> Served:
    """Return how an order is served; nothing is taken from any shelf.

    Parameters
    ----------
    has
        Units of each line that the region has of those it wants, 0 .. wanted.
    worth
        Retained value of a unit of each line there [money].
    shelves
        Units at each hub, by item.
    """
    is_whole = has == order.units
    if not (is_whole or order.waits):
        return LOST
    parcels = parcels_of(order.units, order.items, order.margins, shelves, tariff)
    if is_whole:
        earned = _total(order.units, order.margins) - tariff.delivery(order.size)
        saving = earned - (1.0 - order.impatience) * parcels.earned
        if saving > _total(order.units, worth):
            return Served(order.units, NO_PARCELS)
    if not order.waits:
        return LOST
    return (
        _best_split(order, has, worth, shelves, tariff, parcels)
        if any(has)
        else Served([], parcels)
    )


def _best_split(
    order: Order,
    has: list[int],
    worth: list[float],
    shelves: list[list[int]],
    tariff: Tariff,
    parcels: Parcels,
) -> Served:
    """Return parcels alone, or what earns more (equation 21).

    Tried are all that is there, and only what the first parcel lacks or what is cheaper there than
    as its further unit.
    """
    best, most = Served([], parcels), parcels.earned
    for there in (has, _cheaper_there(order, has, worth, tariff, parcels)):
        units = sum(there)
        if not 0 < units < order.size:
            continue
        left = [want - taken for want, taken in zip(order.units, there, strict=True)]
        rest = parcels_of(left, order.items, order.margins, shelves, tariff)
        earned = rest.earned + _total(there, order.margins) - tariff.delivery(units)
        earned -= _total(there, worth)
        if earned > most:
            best, most = Served(there, rest), earned
    return best


def _cheaper_there(
    order: Order, has: list[int], worth: list[float], tariff: Tariff, parcels: Parcels
) -> list[int]:
    """Return the units there that the first parcel lacks, or carries at more than they cost."""
    if not parcels.sent:
        return has
    hub, carried = parcels.sent[0]
    further = next(each for number, _, each in tariff.hubs if number == hub)
    return [
        there if further > tariff.further_there + value else min(there, want - some)
        for there, value, want, some in zip(has, worth, order.units, carried, strict=True)
    ]


def _total(units: list[int], money: list[float]) -> float:
    total: float = sum(map(mul, units, money))
    return total

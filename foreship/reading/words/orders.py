"""What past orders say of a plan and of a cell, in words; only where money is by the order.

A parcel carries an order: a unit in a region saves one only if the rest of its order is there too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from foreship.reading.views import CellStock, RunView, flat
from foreship_foundation.telling.words import money, number, percent, plural

__all__ = [
    "CellOrders",
    "OrderFigures",
    "cell_orders",
    "cell_words",
    "further_words",
    "order_figures",
    "plan_words",
    "trust_words",
]

MOSTLY: Final = 0.5
"""share of units bought from the region below which whole orders are what is missing"""


@dataclass(frozen=True)
class OrderFigures:
    """What past orders would have come to with a plan; shares count newer orders more."""

    weeks: int
    """weeks of past orders looked at"""
    orders_seen: int
    worth_serving_there: float
    """share of orders whose region would do well to serve them, if everything were there"""
    whole: float
    """share of orders served whole from their region"""
    units_there: float
    """share of units in these"""
    gain: float
    """of the plan on these orders against sending nothing [money a period]"""
    bound: float
    """what no plan could exceed on them [money a period]"""
    gap: float
    each: str
    """a period in words: `a week`, `2 weeks`"""


@dataclass(frozen=True)
class CellOrders:
    """What past orders say of units of an item in a region."""

    orders: int
    """past orders that held the item"""
    weeks: int
    """weeks of past orders looked at"""
    there: float | None
    """share of these whose rest would be there, and which are worth serving there"""
    saving: float | None
    """mean saving of such an order beyond what its units are worth there [money]"""
    served_share: float
    """share of units ordered that the plan takes to stand in orders served from the region"""
    credit: float
    """what such a unit earns beyond its worth if it stays [money]"""
    most: int
    """units that bring in what they cost in time to be sent"""


def order_figures(view: RunView) -> OrderFigures | None:
    """Return the figures by order of a plan; None where money is by the unit."""
    stated = view.summary.get("orders")
    if stated is None:
        return None
    review = view.review_weeks
    shares = ("worth_serving_there", "whole", "units_there", "gain", "bound", "gap")
    return OrderFigures(
        weeks=review * int(stated["periods"]),
        orders_seen=int(stated["orders_seen"]),
        each="a week" if review == 1 else plural(review, "week"),
        **{name: float(stated[name]) for name in shares},
    )


def plan_words(view: RunView) -> Iterator[str]:
    """Say what past orders would have come to with this plan, in a few sentences."""
    found = order_figures(view)
    if found is None:
        return
    if not found.orders_seen:
        yield f"Money is by the order, but no order of the last {_weeks(found.weeks)} is known."
        return
    yield (
        f"By the order: of {plural(found.orders_seen, 'order')} of the last {_weeks(found.weeks)}, "
        f"newer ones counting more, {percent(found.worth_serving_there)} are worth serving from "
        f"their region, and with this plan {percent(found.whole)} would have been whole there, "
        f"with {percent(found.units_there)} of all units."
    )
    verb = "earns" if found.gain >= 0.0 else "loses"
    yield (
        f"On these past orders the plan {verb} {money(abs(found.gain))} in {found.each} against "
        f"sending nothing; no plan could have earned over {money(found.bound)} (gap "
        f"{percent(found.gap, 1)}: the plan does not trust each of them to come again)."
    )


def trust_words(view: RunView) -> str:
    """Say why a plan stays behind what its past orders alone would ask for."""
    return (
        "That gap is no fault of the search alone, whose own is the gap to the best possible plan: "
        "the bound knows the past orders one by one, while the plan does not trust each of them "
        "to come again. It draws what few units show to the mean of the item and of all, and "
        f"sends only what should bring in its cost {_in_time(view)}."
    )


def cell_orders(view: RunView, item: str, region: str) -> CellOrders | None:
    """Return what past orders say of a cell; None where money is by the unit, or for no cell."""
    found, table = order_figures(view), view.orders
    if found is None or table is None:
        return None
    mine = table[(table["region"] == region) & (table["item"] == item)]
    if mine.empty:
        return None
    row = mine.iloc[0]
    return CellOrders(
        orders=int(row["orders"]),
        weeks=found.weeks,
        there=_known(row["there"]),
        saving=_known(row["saving"]),
        served_share=float(row["served_share"]),
        credit=float(row["credit"]),
        most=int(row["most"]),
    )


def cell_words(
    orders: CellOrders, item: str, region: str, stock: CellStock, *, unworthy: bool
) -> Iterator[str]:
    """Say in how many of its orders the rest would be there, and how chance and gain follow.

    Parameters
    ----------
    unworthy
        Whether no limit stops the next unit, only what it is worth.
    """
    yield _seen(orders, item, region)
    yield (
        "A unit's chance is that of being bought from the region, in an order that is whole there: "
        f"{_percent(orders.served_share)} of the units ordered are taken to be, at the stock that "
        f"past orders and forecast ask for. {_drawn(orders)}"
    )
    yield (
        "A unit's gain is about what it is worth there if it stays, and "
        f"{money(orders.credit)} for its part in what its order saves, less what bringing it costs."
    )
    if orders.orders and not orders.there:
        yield from _none_whole(orders, stock, unworthy)


def _none_whole(orders: CellOrders, stock: CellStock, unworthy: bool) -> Iterator[str]:
    """Say what it means that no order of the cell would be whole."""
    nothing = not (stock.on_hand or stock.inbound or stock.arriving)
    if stock.arriving:
        yield "Units are sent all the same, by the share that the plan went by."
    elif nothing and unworthy and orders.served_share < MOSTLY:
        yield (
            "No order would be whole there, and most units ordered would not be bought from the "
            "region: this is why nothing is sent."
        )


def further_words(view: RunView, orders: CellOrders, stock: CellStock) -> Iterator[str]:
    """Say that past orders ask for no more, where they do not."""
    if orders.most <= stock.arriving:
        further = "further unit" if stock.arriving else "unit"
        yield f"Past orders show no {further} that would bring in its cost {_in_time(view)}."


def _seen(orders: CellOrders, item: str, region: str) -> str:
    """Say how many past orders held the item, and in how many the rest would be there."""
    last = f"of the last {_weeks(orders.weeks)}"
    if not orders.orders:
        return f"Orders: none {last} held {item} in {region}."
    held = f"{plural(orders.orders, 'order')} {last} held {item} in {region}"
    if not orders.there or orders.saving is None:
        return (
            f"Orders: {held}; in none of them would the rest be there too, with this plan, and "
            "serving the order there pay."
        )
    return (
        f"Orders: {held}; in {_percent(orders.there)} of them the rest would be there too, with "
        f"this plan, and serving the order there pays: each of these then saves "
        f"{money(orders.saving)} on average beyond what its units are worth there."
    )


def _drawn(orders: CellOrders) -> str:
    if not orders.orders:
        return "This share is that of the item and of all: the cell has no orders of its own."
    return "The fewer units a cell has sold, the more that share is drawn to the mean."


def _percent(share: float) -> str:
    """Write a share so that what is above zero is not said to be none."""
    return percent(share) if share >= 0.01 or share == 0.0 else "under 1 %"


def _in_time(view: RunView) -> str:
    payback = flat(view.assumptions).get("plan.payback_weeks")
    if payback is None:
        return "in time"
    return "within a week" if payback == 1 else f"within {_weeks(payback)}"


def _weeks(weeks: float) -> str:
    return "week" if weeks == 1 else f"{number(weeks)} weeks"


def _known(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None

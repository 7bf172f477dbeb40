"""Whether the figures by order are true: past orders walked through the plan, in plain Python.

`summary["orders"]` says of the past orders how many were worth serving from their regions, how
many of them the plan's units would have served whole, and what that would have gained. All of it
is told again here from the tables and the plan's lines.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from foreship_foundation.orders.tariffs import by_order
from foreship_foundation.telling.words import number
from foreship_optimize.audit.books import INTO_REGION, NEAR, OUT_OF_REGION, Books, Line, close
from foreship_optimize.audit.order_money import read_order_money
from foreship_optimize.audit.past_orders import PERIOD, PastOrder, Sample, read_sample

__all__ = ["OrderFigures", "order_figures", "orders_true"]

Cell = tuple[str, str]
COUNTS = ("periods", "orders_seen")
AMOUNTS = ("worth_serving_there", "whole", "units_there", "gain")
CERTIFICATE = ("bound", "gap")


@dataclass(frozen=True)
class OrderFigures:
    """What the summary of a plan says by order."""

    periods: int
    orders_seen: int
    worth_serving_there: float
    """share of the orders seen that are worth serving from their regions, periods by weight"""
    whole: float
    """share of them that are served whole there under the plan"""
    units_there: float
    """share of their units that are in those"""
    gain: float
    """sampled order gain against sending nothing [money a period]"""


@dataclass(frozen=True)
class Served:
    """What became of past orders under one stock: sums over periods by weight."""

    orders: float
    units: float
    earned: float
    """savings less what idle units cost [money]"""


def orders_true(
    books: Books,
    tables: Mapping[str, pd.DataFrame],
    demand: Any,
    lines: list[Line],
    summary: Mapping[str, Any],
    obsolescence: float = 0.0,
) -> Iterable[str]:
    """Check the figures by order, and that there are some exactly where money is by order.

    Parameters
    ----------
    tables
        The filled input tables and the `orders`, or what is believed in their place.
    demand
        Scenarios of all demand, with arrays `region` and `item`, (C,).
    obsolescence
        Chance a year that a cell closes without notice, where the settings do not state it.
    """
    stated = summary.get("orders")
    given = "orders" in tables and PERIOD in tables["orders"].columns
    expected = by_order(tables, None if given else books.as_of)
    if (stated is not None) != expected:
        told = (
            "there are figures by order" if stated is not None else "figures by order are missing"
        )
        yield f"orders: {told}, though money is {'not ' if stated is not None else ''}by order"
    if stated is None or not expected:
        return
    missing = sorted({*COUNTS, *AMOUNTS, *CERTIFICATE} - set(stated))
    if missing:
        yield f"orders: figures {missing} are missing"
        return
    found = order_figures(books, tables, demand, lines, obsolescence)
    for name in COUNTS:
        if int(stated[name]) != getattr(found, name):
            yield f"orders: {name} is {stated[name]}, counted are {getattr(found, name)}"
    for name in AMOUNTS:
        if not close(float(stated[name]), getattr(found, name)):
            yield (
                f"orders: {name} is {number(stated[name])}, told again "
                f"{number(getattr(found, name))}"
            )
    yield from _bound_holds(stated)


def _bound_holds(stated: Mapping[str, Any]) -> Iterable[str]:
    """Check that no plan is said to gain more than is possible, and the gap as it is defined."""
    gain, bound = float(stated["gain"]), float(stated["bound"])
    if not bound >= gain - NEAR * max(1.0, abs(gain)):
        yield f"orders: the bound {number(bound)} lies below the gain {number(gain)}"
    gap = (bound - gain) / max(1.0, abs(bound))
    if not close(float(stated["gap"]), gap):
        yield f"orders: the gap {number(stated['gap'])} is not {number(gap)}"


def order_figures(
    books: Books,
    tables: Mapping[str, pd.DataFrame],
    demand: Any,
    lines: list[Line],
    obsolescence: float,
) -> OrderFigures:
    """Walk the past orders through what lies in the regions, with the plan and without it."""
    sample = read_sample(tables["orders"], books.as_of, books.params.plan)
    money = read_order_money(books, tables, demand, obsolescence)
    worth = [
        [(order, saving) for order in period if (saving := money.net_saving(order)) > 0.0]
        for period in sample.periods
    ]
    sent, gone = moved_units(lines)
    there = lying_of(books, {*sent, *gone, *(_cells(sample) & money.cells.keys())})
    lying = {cell: units - gone.get(cell, 0) for cell, units in there.items()}
    planned = {cell: units + sent.get(cell, 0) for cell, units in lying.items()}
    without, under = (_walk(books, sample, worth, stock) for stock in (lying, planned))
    orders = _by_weight(sample, [len(period) for period in sample.periods])
    units = _by_weight(sample, [sum(each.size for each in period) for period in sample.periods])
    costs = {cell: money.dearer(cell) for cell in sent}
    # a unit that only a redirect could bring has no lane to be dearer than
    dearer = math.fsum(n * costs[cell] for cell, n in sent.items() if math.isfinite(costs[cell]))
    return OrderFigures(
        periods=len(sample.periods),
        orders_seen=sum(len(period) for period in sample.periods),
        worth_serving_there=_share(_by_weight(sample, [len(each) for each in worth]), orders),
        whole=_share(under.orders, orders),
        units_there=_share(under.units, units),
        gain=under.earned - without.earned - dearer,
    )


def _by_weight(sample: Sample, amounts: Sequence[float]) -> float:
    """Mean over the periods by their weights."""
    return math.fsum(map(float.__mul__, sample.weights, map(float, amounts)))


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else 0.0


def _cells(sample: Sample) -> set[Cell]:
    orders = (order for period in sample.periods for order in period)
    return {(order.region, item) for order in orders for item in order.units}


def moved_units(lines: list[Line]) -> tuple[dict[Cell, int], dict[Cell, int]]:
    """Units that a plan brings into each cell, and units that it takes out of it."""
    sent: dict[Cell, int] = defaultdict(int)
    gone: dict[Cell, int] = defaultdict(int)
    for line in lines:
        if line.action in INTO_REGION:
            sent[line.destination, line.item] += line.quantity
        if line.action in OUT_OF_REGION:
            gone[line.origin, line.item] += line.quantity
    return dict(sent), dict(gone)


def lying_of(books: Books, cells: set[Cell]) -> dict[Cell, int]:
    """Units of each cell that lie there, or come before the first of a plan's units could."""
    return {cell: _lying(books, cell) for cell in sorted(cells | books.on_hand.keys())}


def _lying(books: Books, cell: Cell) -> int:
    leads = [lead for _, _, lead in books.landed(cell) if lead < books.horizon_days]
    until = books.as_of + pd.Timedelta(days=min(leads)) if leads else None
    due = sum(
        units
        for date, units in books.coming.get(cell, ())
        if until is None or pd.isna(date) or date <= until
    )
    return books.on_hand.get(cell, 0) + due


def _walk(
    books: Books,
    sample: Sample,
    worth: list[list[tuple[PastOrder, float]]],
    stock: Mapping[Cell, int],
) -> Served:
    """Serve each period's orders in order of arrival; every period begins with the same stock."""
    idle = _idle_costs(books, stock)
    full = math.fsum(idle[cell] * units for cell, units in stock.items())
    orders, units, earned = [], [], []
    for period in worth:
        left, saved, whole = dict(stock), -full, []
        for order, saving in period:
            wanted = {(order.region, item): n for item, n in order.units.items()}
            if all(left[cell] >= n for cell, n in wanted.items()):
                for cell, n in wanted.items():
                    left[cell] -= n
                    saved += idle[cell] * n
                saved += saving
                whole.append(order.size)
        orders.append(len(whole))
        units.append(sum(whole))
        earned.append(saved)
    return Served(*(_by_weight(sample, amounts) for amounts in (orders, units, earned)))


def _idle_costs(books: Books, cells: Iterable[Cell]) -> dict[Cell, float]:
    """Cost of a unit of each cell that no order takes in a period: its holding [money]."""
    weeks = int(books.params.plan.review_weeks)
    return {cell: weeks * books.holding(*cell) for cell in cells}

"""Simulate the weeks of the history: who wanted what, what was out of stock, what came back.

Items are drawn in blocks and gathered into orders by weeks, each from a stream of its own, so that
memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from foreship.samples.randomness import stream
from foreship.samples.synthetic.baskets import BASKETS, WeekOfOrders, gather
from foreship.samples.synthetic.catalogue import Catalogue
from foreship.samples.synthetic.world import LAW, World
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["History", "blocks_of", "play"]


BLOCK = 64  # items
CELL_OUTAGE = 0.006  # chance a week that a region runs out of an item
ITEM_OUTAGE = 0.002  # chance a week that an item is out everywhere
LONGEST_OUTAGE = 3  # weeks
LOYALTY = 1.8  # above 1: some customers order more often than others
TRAILING_WEEKS = 13
LINE_FIELDS = ("day", "region", "item", "customer", "quantity", "order")


@dataclass(frozen=True)
class History:
    """Order lines (N, as int32) and outages (A) of the weeks before as_of, as index numbers.

    **Invariants:** lines sorted by day, region, order and item.
    """

    day: Ints
    """days since the first Monday, shape (N,)"""
    region: Ints
    item: Ints
    customer: Ints
    """number of the customer within the region"""
    quantity: Ints
    order: Ints
    """number of the order, 0 .. orders - 1, ascending"""
    orders: int
    out_item: Ints
    """cells and weeks that could not be sold, shape (A,)"""
    out_region: Ints
    out_week: Ints
    trailing: Floats
    """units a week a cell sold in the last 13 weeks, shape (I, R)"""


def blocks_of(catalogue: Catalogue) -> Iterator[slice]:
    """Walk the items in blocks."""
    items = len(catalogue.item)
    for start in range(0, items, BLOCK):
        yield slice(start, min(start + BLOCK, items))


def play(world: World) -> History:
    """Simulate the whole history of `world`."""
    sales = _sell(world)
    return History(
        **_orders(world, sales.cell_week, sales.units),
        out_item=sales.out_item,
        out_region=sales.out_region,
        out_week=sales.out_week,
        trailing=sales.trailing,
    )


@dataclass(frozen=True)
class _Sales:
    """Units sold (S cells and weeks with any), and as in `History` what could not be sold."""

    cell_week: Ints
    """week, region and item in one number, ascending, shape (S,); see `_shape`"""
    units: Ints
    out_item: Ints
    out_region: Ints
    out_week: Ints
    trailing: Floats


def _shape(world: World) -> tuple[int, int, int]:
    return world.history_weeks, world.size.regions, world.size.items


def _sell(world: World) -> _Sales:
    """Draw demand and outages, a block of items at a time."""
    week_shock = _shocks(LAW.week_shock_sd, LAW.week_shock_ar, 1, world, "week shock", 0)
    keys, units, outages = [], [], []
    trailing = np.zeros(world.listed.shape)
    for number, items in enumerate(blocks_of(world.catalogue)):
        wanted = _wanted(world, items, week_shock, number)
        out = _outages(world, items, number)
        sold = np.where(out, 0, wanted)
        trailing[items] = sold[:, :, -TRAILING_WEEKS:].mean(axis=2)
        item, region, week = np.nonzero(sold)
        keys.append(np.ravel_multi_index((week, region, item + items.start), _shape(world)))
        units.append(sold[item, region, week])
        where = np.nonzero(out)
        outages.append((where[0] + items.start, where[1], where[2]))
    cell_week = np.concatenate(keys)
    row = np.argsort(cell_week)
    out_item, out_region, out_week = (
        np.concatenate([each[axis] for each in outages]) for axis in range(3)
    )
    sold_units = np.concatenate(units)[row]
    return _Sales(cell_week[row], sold_units, out_item, out_region, out_week, trailing)


def _orders(world: World, cell_week: Ints, units: Ints) -> dict[str, Any]:
    """Gather what was sold into orders, a week at a time: an order may hold items of any block."""
    _, regions, items = _shape(world)
    cells = regions * items
    bounds = np.searchsorted(cell_week, np.arange(world.history_weeks + 1) * cells)
    parts: dict[str, list[Ints]] = {name: [] for name in LINE_FIELDS}
    orders = 0
    for week in range(world.history_weeks):
        mine = slice(bounds[week], bounds[week + 1])
        region, item = np.divmod(cell_week[mine] - week * cells, items)
        lines, customer = _orders_of(world, week, region, item, units[mine])
        day, order = 7 * week + lines.weekday, orders + lines.order
        columns = (day, lines.region, lines.item, customer, lines.quantity, order)
        for name, column in zip(LINE_FIELDS, columns, strict=True):
            parts[name].append(column.astype(np.int32))
        orders += lines.orders
    whole = {name: np.concatenate(parts.pop(name)) for name in LINE_FIELDS}
    return {**whole, "orders": orders}


def _wanted(world: World, items: slice, week_shock: Floats, block: int) -> Ints:
    """Draw what customers want, shape (items, R, history weeks) [units]."""
    past = slice(0, world.history_weeks)
    mean = world.mean(items)[:, :, past] * world.is_open(items)[:, :, past]
    item_shock = _shocks(
        LAW.item_shock_sd, LAW.item_shock_ar, len(mean), world, "item shock", block
    )
    rng = stream(world.seed, "counts", block)
    own = rng.gamma(LAW.dispersion, 1.0 / LAW.dispersion, mean.shape)
    return rng.poisson(mean * item_shock[:, None, :] * week_shock[None, :, :] * own)


def _shocks(sd: float, ar: float, count: int, world: World, name: str, block: int) -> Floats:
    """Draw stationary AR(1) shocks of mean 1, shape (count, history weeks)."""
    rng = stream(world.seed, name, block)
    state = rng.standard_normal((count, world.history_weeks))
    for week in range(1, world.history_weeks):
        state[:, week] = ar * state[:, week - 1] + np.sqrt(1 - ar**2) * state[:, week]
    shocks: Floats = np.exp(sd * state - sd**2 / 2)
    return shocks


def _outages(world: World, items: slice, block: int) -> Bools:
    """Draw weeks in which a cell on sale could not be sold, shape (items, R, history weeks)."""
    rng = stream(world.seed, "outages", block)
    count, weeks = items.stop - items.start, world.history_weeks
    here = _spells(rng, (count, world.size.regions, weeks), CELL_OUTAGE)
    everywhere = _spells(rng, (count, 1, weeks), ITEM_OUTAGE)
    return (here | everywhere) & world.on_sale(items)[:, :, :weeks]


def _spells(rng: np.random.Generator, shape: tuple[int, ...], chance: float) -> Bools:
    starts = rng.random(shape) < chance
    length = rng.integers(1, LONGEST_OUTAGE + 1, shape, dtype=np.int8)
    out = starts.copy()
    for later in range(1, LONGEST_OUTAGE):
        out[..., later:] |= (starts & (length > later))[..., :-later]
    return out


def _orders_of(
    world: World, week: int, region: Ints, item: Ints, units: Ints
) -> tuple[WeekOfOrders, Ints]:
    """Gather a week's units into orders, each with a customer; return lines and customers."""
    lines = gather(region, item, units, world.theme, BASKETS, stream(world.seed, "orders", week))
    rng = stream(world.seed, "customers", week)
    pool = np.maximum(1, np.round(world.places.weight * world.size.customers)).astype(np.int64)
    chance = rng.random(lines.orders) ** LOYALTY
    return lines, (pool[lines.region] * chance[lines.order]).astype(np.int64)

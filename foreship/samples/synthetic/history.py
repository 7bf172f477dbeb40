"""Simulate the weeks of the history: who wanted what, what was out of stock, what came back.

Items are drawn in blocks, each from a stream of its own, so that memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from foreship.samples.randomness import stream
from foreship.samples.synthetic.catalogue import Catalogue
from foreship.samples.synthetic.world import LAW, WEEKDAY_SHARE, World
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["History", "blocks_of", "play"]


BLOCK = 64  # items
CELL_OUTAGE = 0.006  # chance a week that a region runs out of an item
ITEM_OUTAGE = 0.002  # chance a week that an item is out everywhere
LONGEST_OUTAGE = 3  # weeks
BASKET = 0.15  # chance that a unit goes into the same order as the one before
LOYALTY = 1.8  # above 1: some customers order more often than others
TRAILING_WEEKS = 13


@dataclass(frozen=True)
class History:
    """Order lines (N) and outages (A) of the weeks before as_of, as index numbers."""

    day: Ints
    """days since the first Monday, shape (N,)"""
    region: Ints
    item: Ints
    customer: Ints
    """number of the customer within the region"""
    quantity: Ints
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
    week_shock = _shocks(LAW.week_shock_sd, LAW.week_shock_ar, 1, world, "week shock", 0)
    keys, quantities, outages = [], [], []
    trailing = np.zeros(world.listed.shape)
    for number, items in enumerate(blocks_of(world.catalogue)):
        wanted = _wanted(world, items, week_shock, number)
        out = _outages(world, items, number)
        sold = np.where(out, 0, wanted)
        trailing[items] = sold[:, :, -TRAILING_WEEKS:].mean(axis=2)
        key, quantity = _order_lines(world, items.start, sold, number)
        keys.append(key)
        quantities.append(quantity)
        where = np.nonzero(out)
        outages.append((where[0] + items.start, where[1], where[2]))
    key, quantity = np.concatenate(keys), np.concatenate(quantities)
    order = np.argsort(key, kind="stable")
    day, region, item, customer = _unpack(world, key[order])
    out_item, out_region, out_week = (
        np.concatenate([each[axis] for each in outages]) for axis in range(3)
    )
    return History(
        day, region, item, customer, quantity[order], out_item, out_region, out_week, trailing
    )


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


def _order_lines(world: World, first_item: int, sold: Ints, block: int) -> tuple[Ints, Ints]:
    """Give every unit a day and a customer; return line keys (see `_unpack`) and quantities."""
    rng = stream(world.seed, "orders", block)
    cell_week = np.repeat(np.arange(sold.size), sold.ravel())
    starts = np.ones(len(cell_week), bool)
    starts[1:] = (cell_week[1:] != cell_week[:-1]) | (rng.random(len(cell_week) - 1) > BASKET)
    quantity = np.diff(np.append(np.flatnonzero(starts), len(cell_week)))
    item, region, week = np.unravel_index(cell_week[starts], sold.shape)
    weekday = np.searchsorted(np.cumsum(WEEKDAY_SHARE)[:-1], rng.random(len(item)), side="right")
    pool = np.maximum(1, np.round(world.places.weight * world.size.customers)).astype(np.int64)
    customer = (pool[region] * rng.random(len(item)) ** LOYALTY).astype(np.int64)
    key = _pack(world, week * 7 + weekday, region, item + first_item, customer)
    lines, line = np.unique(key, return_inverse=True)
    return lines, np.bincount(line, weights=quantity, minlength=len(lines)).astype(np.int64)


def _bounds(world: World) -> tuple[int, int, int]:
    customers = int(np.ceil(world.places.weight.max() * world.size.customers)) + 1
    return world.size.regions, world.size.items, customers


def _pack(world: World, day: Ints, region: Ints, item: Ints, customer: Ints) -> Ints:
    regions, items, customers = _bounds(world)
    return ((day * regions + region) * items + item) * customers + customer


def _unpack(world: World, key: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Undo `_pack`: keys sort by day, region, item, customer."""
    regions, items, customers = _bounds(world)
    key, customer = np.divmod(key, customers)
    key, item = np.divmod(key, items)
    day, region = np.divmod(key, regions)
    return day, region, item, customer

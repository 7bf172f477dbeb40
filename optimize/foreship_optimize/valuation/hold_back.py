"""Hold-back: what others lose because a staged unit has left its hub.

Equation 15 of docs/value.md. Only items of which a hub may well run dry before it is refilled are
walked, unit by unit in the order a plan would take them; all others pay nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.network.economics import freight_from
from foreship_optimize.network.unit_parcels import unit_parcels
from foreship_optimize.valuation.hub_rundown.parcels import (
    cells_of_items,
    least_missed,
    refill_days,
)
from foreship_optimize.valuation.hub_rundown.rundown import RunDown, run_down
from foreship_optimize.valuation.inputs import Inputs
from foreship_optimize.valuation.unit_worth.net_demand import (
    left_to_hubs,
    missed_before_and_after,
)
from foreship_optimize.valuation.unit_worth.unit_values import UnitValues

__all__ = [
    "HoldBack",
    "HubRents",
    "ItemHubs",
    "Walk",
    "hold_back",
    "scarce_hubs",
    "walk",
    "walk_compiled",
]


MOST_LOOKS: Final = 64
"""How often at most hubs are run down anew while an item's units are staged."""


LONG_WALKS: Final = 10_000_000
"""Cells x paths x units that may leave, over all items, above which the walks are compiled."""
NOISE: Final = 1e-9


class HubRents(NamedTuple):
    """What a unit is charged for leaving a hub, by item and hub, shape (I, H) (equation 15a)."""

    taken: Ints
    """units that the walk takes from the hub"""
    first: Floats
    """charge of each of these [money]"""
    beyond: Floats
    """charge of each unit beyond them [money]"""

    @classmethod
    def none(cls, items: int, hubs: int) -> HubRents:
        """Return the rents of hubs with plenty."""
        taken, rent = np.zeros((items, hubs), dtype=np.int64), np.zeros((items, hubs))
        return cls(taken, rent, rent.copy())

    def copied(self) -> HubRents:
        """Return rents that may be written over."""
        return HubRents(self.taken.copy(), self.first.copy(), self.beyond.copy())


class HoldBack(NamedTuple):
    """What units are charged for leaving their hubs."""

    units: Floats
    """o_k of each candidate, beside the charge of its hub; below 0 where its sale saves more than
    its cell's orders are credited with [money]"""
    hubs: HubRents


class ItemHubs(NamedTuple):
    """The hubs of one item and the cells that they serve: C cells, H hubs, S paths."""

    stock: Ints
    """units at each hub, (H,)"""
    freight: Floats
    """cheapest lane from each hub into each cell, (C, H); inf without one"""
    parcel: Floats
    """parcel cost of each cell's orders from each hub, (C, H); inf without one"""
    lost: float
    """what an order that no hub serves would earn"""
    credited: Floats
    """what each cell's orders are taken to cost, (C,); inf where no hub serves it"""
    orders: Floats
    """demand of each cell until the refill that its own stock does not serve, (C, S)"""
    until_refill: Ints
    """what each cell needs from its arrival to the refill, (C, S); 0 where units arrive after it"""


def hold_back(
    worth: UnitValues,
    hubs: Mapping[int, ItemHubs],
    inputs: Inputs,
    known: HoldBack | None = None,
) -> HoldBack:
    """Charge every arriving unit its hold-back o_k.

    Parameters
    ----------
    worth
        Units that may arrive, sorted by (cell, unit), before any hold-back.
    hubs
        As of `scarce_hubs`; all other items pay nothing.
    known
        What is known of them: charges that are NaN are found anew, with all others of their items;
        absent: nothing is known.
    """
    if known is None:
        unknown = np.full(len(worth.cell), np.nan)
        known = HoldBack(unknown, HubRents.none(*inputs.network.hub_stock.shape))
    charge, rents = known.units.copy(), known.hubs.copied()
    cells = inputs.cells
    again = np.zeros(len(inputs.scarce), dtype=bool)
    again[cells.item[worth.cell[np.isnan(charge)]]] = True
    charge[np.isnan(charge)] = 0.0
    walked = walk_compiled if inputs.length > LONG_WALKS else walk
    again &= inputs.scarce
    for item, rows in cells_of_items(cells, again):
        at, padded = _units_of(worth, rows)
        found = walked(padded, hubs[item])
        charge[at] = found.charge[padded > -np.inf]
        rents.taken[item] = found.taken
        rents.first[item], rents.beyond[item] = found.first, found.beyond
    return HoldBack(charge, rents)


class Walk(NamedTuple):
    """The units of one item staged greedily: C cells, K units, H hubs."""

    charge: Floats
    """o_k, shape (C, K), beside the charge of the hub"""
    taken: Ints
    """units that leave each hub, (H,)"""
    first: Floats
    """charge of the units taken, by hub, (H,)"""
    beyond: Floats
    """charge of the units beyond them, by hub, (H,)"""


def walk(value: Floats, hubs: ItemHubs) -> Walk:
    """Stage the units of one item greedily, best first, and charge each at the plan so far.

    Units after the last one staged are charged at the final plan, and so is leaving a hub.

    Parameters
    ----------
    value
        v_k before any charge, shape (C, K), -inf beyond a cell's units.
    """
    owed, left = np.full(value.shape, np.nan), np.full(value.shape, -1, dtype=np.int64)
    stock, orders = hubs.stock.copy(), hubs.orders.copy()
    taken, sent = np.zeros(len(value), dtype=np.int64), np.zeros(hubs.freight.shape, dtype=np.int64)
    every, last = np.arange(len(value)), value.shape[1] - 1
    looks = _units_between_looks(hubs)
    for staged in range(int(stock.sum()) + 1):
        if staged % looks == 0:
            now = run_down(stock.astype(np.float64), orders, hubs.parcel, hubs.lost)
        unit = np.minimum(taken, last)
        more = _owed(hubs, now, unit)
        gain = np.where(taken <= last, value[every, unit], -np.inf)[:, None] - more - hubs.freight
        gain = np.where(stock > 0, gain, -np.inf)
        cell, hub = np.unravel_index(int(gain.argmax()), gain.shape)
        if not gain[cell, hub] > 0.0:
            break
        owed[cell, taken[cell]], left[cell, taken[cell]] = more[cell, hub], hub
        taken[cell] += 1
        sent[cell, hub] += 1
        stock[hub] -= 1
        orders[cell] -= hubs.until_refill[cell] >= taken[cell]
    stock, now = _better_sources(hubs, stock, orders, sent)
    first, beyond = _tiers(hubs, now)
    cheapest = (hubs.freight + beyond).argmin(axis=1)
    for unit in range(last + 1):
        rest = np.flatnonzero(taken <= unit)
        more = _owed(hubs, now, np.full(len(value), unit))
        owed[rest, unit] = more[rest, cheapest[rest]] - beyond[cheapest[rest]]
        owed[taken > unit, unit] -= first[left[taken > unit, unit]]
    return Walk(owed, hubs.stock - stock, first, beyond)


def walk_compiled(value: Floats, hubs: ItemHubs) -> Walk:
    """Do what `walk` does in compiled loops: faster by far, and worth compiling for many items.

    Sums over paths are taken in another order, so that charges may differ by rounding; those of
    units beyond a cell's own are not filled in.
    """
    from foreship_optimize.structs import Struct
    from foreship_optimize.valuation.hold_back_loops import charge_the_rest, stage, staging
    from foreship_optimize.valuation.hub_rundown.rundown_loops import item_paths

    item = item_paths(hubs.stock, hubs.orders, hubs.parcel, hubs.lost)
    plan = staging(value, hubs.freight, hubs.until_refill, hubs.credited)
    # laid out once for both loops
    laid = Struct(item), Struct(plan)
    stage(*laid, _units_between_looks(hubs), MOST_LOOKS, NOISE)
    now = RunDown(item.rent.T, item.missed.T, item.order.T)
    first, beyond = _tiers(hubs, now)
    charge_the_rest(*laid, first, beyond)
    return Walk(plan.owed, hubs.stock - item.stock, first, beyond)


def _units_between_looks(hubs: ItemHubs) -> int:
    """Units that are staged before hubs are run down anew."""
    return max(1, int(hubs.stock.sum()) // MOST_LOOKS)


def _tiers(hubs: ItemHubs, now: RunDown) -> tuple[Floats, Floats]:
    """Equation 15a: what leaving each hub is charged, against the hub that is missed least, (H,).

    Where one hub alone holds the item there is no choice, and nothing to charge.
    """
    held = hubs.stock > 0
    if held.sum() < 2:
        return np.zeros(len(held)), np.zeros(len(held))
    rent = now.rent.mean(axis=1)
    least = rent[least_missed(hubs.stock.astype(np.float64), now)]
    return rent - least, np.maximum(rent, now.missed.mean(axis=1)) - least


def _better_sources(
    hubs: ItemHubs, stock: Ints, orders: Floats, sent: Ints
) -> tuple[Ints, RunDown]:
    """Let staged units leave other hubs while that costs less, one at a time.

    The first units staged took a hub's units while these seemed plenty; later ones may need them
    more.

    Parameters
    ----------
    stock, orders
        What is left at hubs and unserved once all are staged.
    sent
        Units staged from each hub into each cell, (C, H).
    """
    stock, sent = stock.copy(), sent.copy()
    for _ in range(MOST_LOOKS):
        now = run_down(stock.astype(np.float64), orders, hubs.parcel, hubs.lost)
        saves = np.where(sent > 0, hubs.freight + now.rent.mean(axis=1), -np.inf)
        costs = np.where(stock > 0, hubs.freight + now.missed.mean(axis=1), np.inf)
        gain = saves.max(axis=1) - costs.min(axis=1)
        cell = int(gain.argmax())
        if not gain[cell] > NOISE:
            break
        old, new = int(saves[cell].argmax()), int(costs[cell].argmin())
        sent[cell, old] -= 1
        sent[cell, new] += 1
        stock[old] += 1
        stock[new] -= 1
    return stock, run_down(stock.astype(np.float64), orders, hubs.parcel, hubs.lost)


def _owed(hubs: ItemHubs, now: RunDown, unit: Ints) -> Floats:
    """Equation 15: what one more unit of each cell costs others, by the hub it leaves, (C, H).

    Parameters
    ----------
    unit
        Units of each cell that are staged before it, (C,).
    """
    sold = hubs.until_refill > unit[:, None]
    paths = sold.shape[1]
    served = np.isfinite(hubs.credited)[:, None]
    more = np.where(served, now.order - np.where(served, hubs.credited[:, None], 0.0), 0.0)
    credit = np.where(sold, more, 0.0).sum(axis=1)
    rent = sold @ now.rent.T + (~sold) @ now.missed.T
    return np.asarray((rent - credit[:, None]) / paths)


def scarce_hubs(inputs: Inputs, arrival_day: Ints) -> dict[int, ItemHubs]:
    """Gather what walks need of the hubs and the cells of every scarce item.

    Parameters
    ----------
    arrival_day
        On which units come, by cell.
    """
    return dict(_gathered(inputs, arrival_day))


def _gathered(inputs: Inputs, arrival_day: Ints) -> Iterator[tuple[int, ItemHubs]]:
    """Gather item by item; demand is read once for all."""
    cells, network = inputs.cells, inputs.network
    found = list(cells_of_items(cells, inputs.scarce))
    if not found:
        return
    rows = np.concatenate([mine for _, mine in found])
    horizon, weeks = inputs.wanted.horizon_days, inputs.params.plan.hub_refill_weeks
    refill = refill_days(network, weeks, horizon)[cells.item[rows]]
    orders, until_refill = _orders(inputs, rows, arrival_day[rows], refill)
    freight, parcel = freight_from(cells, network, rows), unit_parcels(network, cells, rows)
    credited, first = inputs.economics.direct_cost[rows], 0
    for item, mine in found:
        here = slice(first, first + len(mine))
        first = here.stop
        yield (
            item,
            ItemHubs(
                stock=network.hub_stock[item],
                freight=freight[here],
                parcel=parcel[here],
                lost=float(network.margin[item]),
                credited=credited[here],
                orders=orders[here].astype(np.float64),
                until_refill=until_refill[here],
            ),
        )


def _orders(inputs: Inputs, rows: Ints, arrival: Ints, refill: Ints) -> tuple[Ints, Ints]:
    """Units of some cells that hubs are asked for until the refill, and from the arrival to it.

    Parameters
    ----------
    rows, arrival, refill
        The cells, the day on which units come, the day of the refill; (B,) each.

    Returns
    -------
    Shape (B, S) each; the second is 0 where units come after the refill.
    """
    served, wanted = inputs.demand, inputs.wanted
    orders, late = np.zeros((2, len(rows), served.scenarios), dtype=np.int64)
    start = np.where(arrival < refill, arrival, refill)
    kinds, kind = np.unique(np.stack([start, refill]), axis=1, return_inverse=True)
    for number, (begin, end) in enumerate(kinds.T.tolist()):
        mine = np.flatnonzero(kind.reshape(-1) == number)
        before, late[mine] = missed_before_and_after(served, inputs.cells, rows[mine], begin, end)
        orders[mine] = before + late[mine]
        if wanted is not served:
            orders[mine] += left_to_hubs(served, wanted, rows[mine], end)
    return orders, late


def _units_of(worth: UnitValues, rows: Ints) -> tuple[Ints, Floats]:
    """Rows of `worth` of the cells given, and the units' values as a padded table (cells, K)."""
    start = np.searchsorted(worth.cell, rows, side="left")
    count = np.searchsorted(worth.cell, rows, side="right") - start
    unit = np.arange(int(count.max()))
    inside = unit[None, :] < count[:, None]
    at = np.where(inside, start[:, None] + unit[None, :], 0)
    return at[inside], np.where(inside, worth.value[at], -np.inf)

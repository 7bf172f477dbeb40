"""Compiled: the units of one item staged one by one (equation 15 of docs/value.md).

What `hold_back.walk` does with arrays, for items whose walk is long: a unit staged changes what the
next one of its own cell is charged; all others only when hubs are run down anew.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.compiled import helper, loop
from foreship_optimize.valuation.hub_rundown.rundown_loops import run_down_paths

__all__ = ["Staging", "charge_the_rest", "stage", "staging"]


class Staging(NamedTuple):
    """The units of one item while they are staged: C cells, K units, H hubs, S paths."""

    value: Floats
    """v_k before any charge, (C, K), -inf beyond a cell's units"""
    freight: Floats
    """cheapest lane from each hub into each cell, (C, H); inf without one"""
    until_refill: Ints
    """what each cell needs from its arrival to the refill, (S, C)"""
    credited: Floats
    """what each cell's orders are taken to cost, (C,); inf where no hub serves it"""
    served: Bools
    """whether a hub serves the cell, (C,)"""
    owed: Floats
    """found: what each unit costs others, (C, K)"""
    source: Ints
    """found: hub that each staged unit leaves, (C, K); -1 for units not staged"""
    taken: Ints
    """found: units staged into each cell, (C,)"""
    sent: Ints
    """found: units staged from each hub into each cell, (C, H)"""
    more: Floats
    """what one more unit of each cell costs others, by the hub it leaves, (C, H)"""
    credit: Floats
    """scratch: what the orders that it serves are worth beyond their credit, (C,)"""


def staging(value: Floats, freight: Floats, until_refill: Ints, credited: Floats) -> Staging:
    """Lay units out for the loops before any is staged; `until_refill` is (C, S)."""
    cells, hubs = freight.shape
    return Staging(
        value=np.ascontiguousarray(value, dtype=np.float64),
        freight=np.ascontiguousarray(freight, dtype=np.float64),
        until_refill=np.array(until_refill.T, dtype=np.int64, order="C"),
        credited=np.ascontiguousarray(credited, dtype=np.float64),
        served=np.isfinite(credited),
        owed=np.full(value.shape, np.nan),
        source=np.full(value.shape, -1, dtype=np.int64),
        taken=np.zeros(cells, dtype=np.int64),
        sent=np.zeros((cells, hubs), dtype=np.int64),
        more=np.zeros((cells, hubs)),
        credit=np.zeros(cells),
    )


@loop
def stage(item, plan, looks, moves, noise):
    """Stage units best first while they gain; then let them leave other hubs while that is less.

    Hubs are run down anew after every `looks` units; at most `moves` of them leave another hub,
    each saving more than `noise`.
    """
    for staged in range(item.stock.sum() + 1):
        if staged % looks == 0:
            _look(item, plan)
        cell, hub = _best(item, plan)
        if cell < 0:
            break
        _take(item, plan, cell, hub)
        _charge(item, plan, cell, plan.taken[cell])
    for _ in range(moves):
        _look(item, plan)
        if not _leave_another_hub(item, plan, noise):
            return
    _look(item, plan)


@loop
def charge_the_rest(item, plan, first, beyond):
    """Charge units after the last one staged at the final plan, all beside their hub's charge."""
    for cell in range(len(plan.value)):
        hub = (plan.freight[cell] + beyond).argmin()
        for unit in range(plan.value.shape[1]):
            if unit < plan.taken[cell]:
                plan.owed[cell, unit] -= first[plan.source[cell, unit]]
            elif plan.value[cell, unit] > -np.inf:
                _charge(item, plan, cell, unit)
                plan.owed[cell, unit] = plan.more[cell, hub] - beyond[hub]


@helper
def _look(item, plan):
    """Run hubs down for the plan so far, and charge the next unit of every cell."""
    for path in range(len(item.asked)):
        for cell in range(len(plan.taken)):
            item.asked[path, cell] = plan.until_refill[path, cell] > plan.taken[cell]
    run_down_paths(item)
    _charge_next(item, plan)


@helper
def _charge_next(item, plan):
    """Charge the next unit of every cell as `_charge` does, path by path: tables are read once."""
    paths, hubs = item.rent.shape
    plan.more[:] = 0.0
    plan.credit[:] = 0.0
    for path in range(paths):
        runs_dry = False
        for hub in range(hubs):
            runs_dry = runs_dry or item.missed[path, hub] > 0.0
        for cell in range(len(plan.taken)):
            sold = item.asked[path, cell]
            if sold and plan.served[cell]:
                plan.credit[cell] += item.order[path, cell] - plan.credited[cell]
            # where no hub runs dry nothing is missed, and no rent is paid
            if runs_dry:
                for hub in range(hubs):
                    plan.more[cell, hub] += item.rent[path, hub] if sold else item.missed[path, hub]
    for cell in range(len(plan.taken)):
        for hub in range(hubs):
            plan.more[cell, hub] = (plan.more[cell, hub] - plan.credit[cell]) / paths


@helper
def _charge(item, plan, cell, unit):
    """Equation 15: what a unit of a cell costs others, `unit` of its own before it."""
    paths, hubs = item.rent.shape
    plan.more[cell, :] = 0.0
    credit = 0.0
    for path in range(paths):
        sold = plan.until_refill[path, cell] > unit
        if sold and plan.served[cell]:
            credit += item.order[path, cell] - plan.credited[cell]
        for hub in range(hubs):
            plan.more[cell, hub] += item.rent[path, hub] if sold else item.missed[path, hub]
    for hub in range(hubs):
        plan.more[cell, hub] = (plan.more[cell, hub] - credit) / paths


@helper
def _best(item, plan):
    """Return the cell and the hub whose next unit gains most, first of equals; -1: none does."""
    found, from_hub, most = -1, -1, 0.0
    for cell in range(len(plan.value)):
        unit = plan.taken[cell]
        if unit == plan.value.shape[1]:
            continue
        for hub in range(len(item.stock)):
            if item.stock[hub] > 0:
                gain = plan.value[cell, unit] - plan.more[cell, hub] - plan.freight[cell, hub]
                if gain > most:
                    found, from_hub, most = cell, hub, gain
    return found, from_hub


@helper
def _take(item, plan, cell, hub):
    """Stage the next unit of a cell from a hub."""
    unit = plan.taken[cell]
    plan.owed[cell, unit], plan.source[cell, unit] = plan.more[cell, hub], hub
    plan.taken[cell] += 1
    plan.sent[cell, hub] += 1
    item.stock[hub] -= 1
    for path in range(len(item.orders)):
        if plan.until_refill[path, cell] >= plan.taken[cell]:
            item.orders[path, cell] -= 1.0


@helper
def _leave_another_hub(item, plan, noise):
    """Let the staged unit that saves most leave another hub; return whether one does."""
    hubs = len(item.stock)
    rent, missed = np.zeros(hubs), np.zeros(hubs)
    for path in range(len(item.rent)):
        rent += item.rent[path]
        missed += item.missed[path]
    rent, missed = rent / len(item.rent), missed / len(item.rent)
    found, old, new, most = -1, -1, -1, noise
    for cell in range(len(plan.sent)):
        dear, cheap, saves, costs = -1, -1, -np.inf, np.inf
        for hub in range(hubs):
            if plan.sent[cell, hub] > 0 and plan.freight[cell, hub] + rent[hub] > saves:
                dear, saves = hub, plan.freight[cell, hub] + rent[hub]
            if item.stock[hub] > 0 and plan.freight[cell, hub] + missed[hub] < costs:
                cheap, costs = hub, plan.freight[cell, hub] + missed[hub]
        if saves - costs > most:
            found, old, new, most = cell, dear, cheap, saves - costs
    if found < 0:
        return False
    plan.sent[found, old] -= 1
    plan.sent[found, new] += 1
    item.stock[old] += 1
    item.stock[new] -= 1
    return True

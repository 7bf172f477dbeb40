"""Which units are candidates: every one that some best plan could send, and the next step.

A cell's units are valued until none can pay any more (section 6 of docs/value.md), not only as
far as its first window wants: units kept for later windows may pay too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Bools, Ints
from foreship_foundation.tables.declaration import NEVER
from foreship_optimize.network.moves import MoveRows
from foreship_optimize.valuation.hold_back import HoldBack, ItemHubs, hold_back
from foreship_optimize.valuation.inputs import Inputs, Reach
from foreship_optimize.valuation.thresholds import Thresholds
from foreship_optimize.valuation.unit_worth.ranking import trim_arrivals
from foreship_optimize.valuation.unit_worth.unit_values import UnitValues

__all__ = ["Round", "refilled_cells", "value_candidates"]


@dataclass(frozen=True)
class Round:
    """What a round of valuing found: the next one keeps it where nothing has changed."""

    fewest: Ints
    """units to value of each cell in any case, (C,)"""
    worth: UnitValues
    hold: HoldBack


def value_candidates(
    inputs: Inputs,
    reach: Reach,
    thresholds: Thresholds,
    hubs: Mapping[int, ItemHubs],
    before: Round | None = None,
) -> tuple[UnitValues, HoldBack, Round]:
    """Value the units that may arrive until none can pay, and charge them their hold-back.

    Parameters
    ----------
    hubs
        Of all scarce items, as of `scarce_hubs`.
    before
        What was found for a reach that differs in its `fewest` alone.

    Returns
    -------
    The candidate units of every cell, sorted by (cell, unit), before hold-back, and theirs; and
    what the next round may keep.
    """
    changed = np.ones(len(inputs.cells), dtype=bool)
    if before is not None:
        changed = reach.fewest != before.fewest
    worth = _valued_until_none_pays(inputs, reach, thresholds, changed)
    kept = None
    if before is not None:
        same = ~changed[before.worth.cell]
        worth = UnitValues.joined([before.worth.rows(same), worth])
        units = np.full(len(worth.cell), np.nan)
        units[~changed[worth.cell]] = before.hold.units[same]
        kept = HoldBack(units, before.hold.hubs)
    hold = hold_back(worth, hubs, inputs, kept)
    last = thresholds.last_paying(worth, worth.value - hold.units)
    last = np.maximum(last, reach.fewest)
    # a lock may ask for units that do not pay: as many as paths want, if it does not say where
    wanted = np.where(reach.asked, np.bincount(worth.cell, minlength=len(last)) - reach.step, 0)
    keep = trim_arrivals(worth, np.maximum(last, wanted), reach.step, reach.cap)
    candidates = HoldBack(hold.units[keep], hold.hubs)
    return worth.rows(keep), candidates, Round(reach.fewest, worth, hold)


def _valued_until_none_pays(
    inputs: Inputs, reach: Reach, thresholds: Thresholds, some: Bools
) -> UnitValues:
    """Value some cells' units; where the last one still pays, twice as many, and so on."""
    count, parts = len(inputs.cells), []
    rows = np.flatnonzero((reach.day < NEVER) & (reach.most > reach.step) & some)
    units = reach.fewest.copy()
    while len(rows):
        worth = _valued(inputs, reach, thresholds, rows, units)
        valued = np.bincount(worth.cell, minlength=count)
        last = thresholds.last_that_may_pay(worth)
        more = (valued > 0) & (last >= valued) & (valued < reach.most)
        parts.append(worth.rows(~more[worth.cell]))
        rows = np.flatnonzero(more)
        units = np.where(more, np.minimum(2 * valued, reach.most), units)
    return UnitValues.joined(parts)


def _valued(
    inputs: Inputs, reach: Reach, thresholds: Thresholds, rows: Ints, units: Ints
) -> UnitValues:
    """Value the units of some cells, by the law by which each is reached."""
    parts = []
    for law in np.unique(reach.law[rows]).tolist():
        mine = rows[reach.law[rows] == law]
        least = thresholds.any_way[mine] - thresholds.credit.of(mine, np.ones_like(mine))
        # what comes when that window is over may be worth more than anything on the first day
        any_worth = reach.asked[mine] | thresholds.beyond[mine]
        least = np.where(any_worth, -np.inf, least)
        parts.append(inputs.arrivals(mine, law, units[mine], least, reach.step[mine]))
    return UnitValues.joined(parts)


def refilled_cells(
    moves: MoveRows, reach: Reach, on_hand: UnitValues, arrivals: UnitValues
) -> Bools:
    """Mark the cells whose stock may well leave and be refilled by ships, (C,).

    Their units on hand are worth more elsewhere, or an exit pays more for them, than new ones cost.
    """
    count = len(reach.day)
    best = np.full(count, -np.inf)
    for units in (on_hand, arrivals):
        np.maximum.at(best, units.cell, units.value)
    leaves = moves.origin_cell >= 0
    arrives = np.maximum(moves.destination_cell, 0)
    there = np.where(moves.destination_cell >= 0, best[arrives] if count else 0.0, 0.0)
    earns = np.full(count, -np.inf)
    np.maximum.at(earns, moves.origin_cell[leaves], (there - moves.cost)[leaves])
    return np.asarray((earns > reach.cost) & (best > reach.cost))

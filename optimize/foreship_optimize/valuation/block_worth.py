"""The worth of the units of a block of whole items: one function of the block alone.

Nothing that is worked out of an item hangs on another one: neither what its units are worth, nor
which of them are candidates, nor what they are charged for leaving their hubs. So blocks may be
worked on in any order and anywhere (equation 37 of docs/value.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.network.moves import MoveRows
from foreship_optimize.network.transport.places_and_lanes import codes_of
from foreship_optimize.valuation.candidates import Round, refilled_cells, value_candidates
from foreship_optimize.valuation.hold_back import HoldBack, scarce_hubs
from foreship_optimize.valuation.hub_credit import hub_credit
from foreship_optimize.valuation.inputs import Inputs, Reach
from foreship_optimize.valuation.late_units import LateUnitValues, may_pay, value_late_arrivals
from foreship_optimize.valuation.thresholds import thresholds_of
from foreship_optimize.valuation.unit_worth.unit_values import UnitValues

__all__ = ["BlockPart", "BlockWorth", "block_worth", "cells_at"]


@dataclass(frozen=True)
class BlockPart:
    """All that the units of a block are valued from; positions of cells are those in the block."""

    inputs: Inputs
    """of its cells alone"""
    moves: MoveRows
    reach: Reach
    on_hand: UnitValues
    sent: pd.DataFrame | None
    """lines to value, whatever they are worth; None where all that may pay is asked for"""
    every_way: bool
    """whether redirects are kept that an exit always beats"""


@dataclass(frozen=True)
class BlockWorth:
    """The candidates of a block; positions of cells and moves are those in the block."""

    moves: Ints
    """of the moves that a best plan could use, ascending"""
    late: list[LateUnitValues]
    """values on other days"""
    arrivals: UnitValues
    """candidates on their own day, sorted by (cell, unit), before hold-back"""
    hold: HoldBack


def block_worth(part: BlockPart) -> BlockWorth:
    """Value the units of a block that may arrive, on every day; find more until none is missing."""
    inputs, moves, reach, on_hand = part.inputs, part.moves, part.reach, part.on_hand
    hubs = scarce_hubs(inputs, reach.day)
    thresholds = thresholds_of(inputs, moves, on_hand, hub_credit(inputs, hubs))
    before: Round | None = None
    known: dict[int, tuple[Ints, UnitValues]] = {}
    redirects_any = part.sent is not None or inputs.policies is not None or part.every_way
    while True:
        arrivals, hold, before = value_candidates(inputs, reach, thresholds, hubs, before)
        worth = arrivals.value - hold.units
        useful = _useful(inputs, moves, on_hand, arrivals, worth, all_redirects=redirects_any)
        kept = np.flatnonzero(useful)
        left = moves.rows(kept)
        pays = may_pay(inputs, left, arrivals, reach, thresholds)
        kept, left = kept[pays], left.rows(pays)
        told = _used_by(inputs, left, part.sent)
        late, enough = value_late_arrivals(inputs, left, arrivals, reach, thresholds, told, known)
        refilled = refilled_cells(moves, reach, on_hand, arrivals)
        there = np.bincount(arrivals.cell, minlength=len(inputs.cells))
        wanted = np.where(enough > there, np.maximum(enough, 2 * there), refilled)
        fewest = np.minimum(wanted, reach.most - reach.step)
        missing = fewest > there
        if part.sent is not None or not missing.any():
            return BlockWorth(kept, late, arrivals, hold)
        # of no other cell: whether there is another round hangs on all of them
        reach = reach.asking(np.where(missing, fewest, 0))


def _used_by(inputs: Inputs, moves: MoveRows, lines: pd.DataFrame | None) -> Bools:
    """Mark the moves into cells that lines use, all where there are none, (M,)."""
    if lines is None:
        return np.ones(len(moves), dtype=bool)
    network, cells = inputs.network, inputs.cells
    hubs, places = len(network.hubs), len(network.hubs) + len(network.regions)
    into = lines[lines["destination"].isin(network.regions)]
    hub = codes_of(into["origin"], network.hubs)
    origin = np.where(hub >= 0, hub, hubs + codes_of(into["origin"], network.regions))
    at = cells_at(inputs, into, "destination")
    taken = (at * places + origin)[at >= 0]
    region = hubs + cells.region[moves.origin_cell]
    place = np.where(moves.origin_hub >= 0, moves.origin_hub, region)
    way = moves.destination_cell * places + place
    return (moves.destination_cell >= 0) & np.isin(way, taken)


def cells_at(inputs: Inputs, lines: pd.DataFrame, end: str) -> Ints:
    """Cell at one end of each line, which must be a region; -1 where it is none of these."""
    network = inputs.network
    region = codes_of(lines[end], network.regions)
    item = codes_of(lines["item"], network.items)
    return inputs.cells.find(region, item, len(network.items))


def _useful(
    inputs: Inputs,
    moves: MoveRows,
    on_hand: UnitValues,
    arrivals: UnitValues,
    worth: Floats,
    *,
    all_redirects: bool,
) -> Bools:
    """Mark moves; not those into cells without candidates, nor redirects that an exit always beats.

    The cheapest redirect into a cell stays, because dearer freight is measured from it (equation
    8).
    """
    count = len(inputs.cells)
    best = np.full(count, -np.inf)
    np.maximum.at(best, arrivals.cell, worth)
    # where an own unit leaves, an arrival takes its place
    lying, candidate = np.full(count, -np.inf), best > -np.inf
    np.maximum.at(lying, on_hand.cell, on_hand.value)
    best = np.where(candidate, np.maximum(best, lying), best)
    arrives = moves.destination_cell >= 0
    target = np.where(arrives, moves.destination_cell, 0)
    keep = ~arrives | (best[target] > -np.inf) if count else arrives
    redirect = moves.between_cells
    origin = np.where(redirect, moves.origin_cell, 0)
    limited = any(np.isfinite(rows.capacity).any() for rows in inputs.exits.kinds.values())
    if count and not (limited or inputs.overrides or all_redirects):
        worst = inputs.economics.exit_cost[origin]
        written_off = inputs.economics.exit_name[origin] == ""
        cheapest = np.full(count, np.inf)
        np.minimum.at(cheapest, target[redirect], moves.cost[redirect])
        beaten = redirect & ~written_off & (best[target] - moves.cost <= -worst)
        beaten &= moves.cost > cheapest[target]
        keep &= ~beaten
    return np.asarray(keep)

"""The unit ledger of a finished plan: every unit on hand, sent or next, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Bools, Floats, Ids, Ints
from foreship_foundation.tables.output_files import UNITS
from foreship_optimize.account.unit_economics import economics
from foreship_optimize.limits import CellUnits, cell_units
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.moved_units import MovedUnits, units_by_cell

__all__ = ["NextUnit", "units_of"]


@dataclass(frozen=True)
class NextUnit:
    """For each cell, the best way in for one more unit and what stops it, shape (C,)."""

    cost: Floats
    """lane and exit, what later arrivals lose by it, and the move's lateness where `late` has no
    row [money]; 0 without a way"""
    late: Ints
    """row of `problem.late` that values the unit on its arrival; -1 where `problem.units` does"""
    binding: Ids


def units_of(
    problem: ShippingProblem,
    quantity: Ints,
    moved: MovedUnits,
    following: NextUnit,
) -> pd.DataFrame:
    """Write every on-hand, planned and next unplanned unit of each cell, in the contract's columns.

    `unit` is the rank in the cell, on hand first; `planned` is 1 for a unit that this plan sends
    in. `binding` says for the next unplanned unit what stops it, for a unit on hand whether it
    stays.

    Parameters
    ----------
    following
        By cell: cheapest way in for one unit more, and which limit stops it.
    """
    table = cell_units(problem)
    there, landed, late, planned = _stock_after(problem, quantity, moved, table)
    shown = np.minimum(np.maximum(there + 1, table.on_hand), table.count)
    rank_of = problem.units.rank
    unit = np.flatnonzero(rank_of <= shown[problem.units.cell])
    cell, rank = problem.units.cell[unit], rank_of[unit]
    is_next = (rank == there[cell] + 1) & (rank > table.on_hand[cell])
    cost = np.where(is_next, following.cost[cell], landed[unit])
    pays = economics(problem, unit, cost, np.where(is_next, following.late[cell], late[unit]))
    binding = np.full(len(unit), "", dtype=object)
    on_hand: Bools = problem.units.on_hand[unit] & ~planned[unit]
    binding[on_hand] = np.where(rank <= there[cell], "on hand", "moved away")[on_hand]
    binding[is_next] = following.binding[cell][is_next]
    frame = pd.DataFrame(
        {
            "region": problem.regions[problem.cell_region[cell]],
            "item": problem.items[problem.cell_item[cell]],
            "unit": rank.astype(np.int64),
            "planned": planned[unit].astype(np.int64),
            "p": pays.probability,
            "gain": pays.gain,
            "loss": pays.loss,
            "expected_gain": pays.expected_gain,
            "exit": problem.exit_name[cell],
            "binding": binding,
        },
        columns=list(UNITS.names),
    )
    return frame.astype(dict.fromkeys(("region", "item", "exit", "binding"), str))


def _stock_after(
    problem: ShippingProblem, quantity: Ints, moved: MovedUnits, table: CellUnits
) -> tuple[Ints, Floats, Ints, Bools]:
    """Units in each cell after the plan; by unit: landed cost, row of `late`, whether sent."""
    moves, cells = problem.moves, len(table.count)
    there = table.on_hand + units_by_cell(quantity, moves.destination_cell, cells)
    there = there - units_by_cell(quantity, moves.origin_cell, cells)
    landed = np.zeros(len(problem.units.cell))
    late = np.full(len(problem.units.cell), -1, dtype=np.int64)
    planned = np.zeros(len(problem.units.cell), dtype=bool)
    came = moved.arrives >= 0
    landed[moved.arrives[came]] = moved.cost[came]
    late[moved.arrives[came]] = moved.late[came]
    planned[moved.arrives[came]] = True
    return there, landed, late, planned

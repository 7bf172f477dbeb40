"""The items that pricing cannot solve alone, which the master therefore holds in full.

An item is carried where units of it leave a cell or where a minimum names it. Carried items keep
all their variables and rows in the restricted master, together with the rows that all items share.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.decomposition.pricing import coupling_rows
from foreship_optimize.limits import Limits
from foreship_optimize.problem import Moves, ShippingProblem, Units
from foreship_optimize.program.bound import Prices
from foreship_optimize.risk import Risk

__all__ = ["CarriedPart", "carry_items"]


@dataclass(frozen=True)
class CarriedPart:
    """The part of a problem that the master carries: its items, and the limits all items share."""

    problem: ShippingProblem
    limits: Limits
    risk: Risk
    cells: Ints
    """position of each cell in the whole problem"""
    moves: Ints
    rows: Ints
    """position of each limit in the whole problem's"""
    coupling: Ints
    """position in `limits` of the shared rows, in their order"""

    def share(self, part: float) -> CarriedPart:
        """Return the same part with every shared limit and the risk budget multiplied by `part`."""
        most = self.limits.at_most.copy()
        most[self.coupling] *= part
        budget = None if self.risk.budget is None else self.risk.budget * part
        limits, risk = replace(self.limits, at_most=most), replace(self.risk, budget=budget)
        return replace(self, limits=limits, risk=risk)

    def widened(self, prices: Prices, whole: ShippingProblem, rows: int) -> Prices:
        """Return this part's prices over the whole problem, 0 for everything outside the part."""
        cells = len(whole.cell_item)
        return replace(
            prices,
            limits=_laid(prices.limits, self.rows, rows),
            minimums=_laid(prices.minimums, self.rows, rows),
            cells=_laid(prices.cells, self.cells, cells),
            staged=_laid(prices.staged, self.cells, cells),
        )

    def narrowed(self, prices: Prices) -> Prices:
        """Return those prices of the whole problem that belong to this part."""
        return replace(
            prices,
            limits=prices.limits[self.rows],
            minimums=prices.minimums[self.rows],
            cells=prices.cells[self.cells],
            staged=prices.staged[self.cells],
        )


def carry_items(problem: ShippingProblem, limits: Limits, risk: Risk, mine: Bools) -> CarriedPart:
    """Cut a problem down to the items marked in `mine`; every shared limit stays."""
    moves = np.flatnonzero(mine[problem.moves.item])
    cells = np.flatnonzero(mine[problem.cell_item])
    place = np.full(len(problem.moves.action), -1, dtype=np.int64)
    place[moves] = np.arange(len(moves))
    cell_place = np.full(len(problem.cell_item) + 1, -1, dtype=np.int64)
    cell_place[cells] = np.arange(len(cells))  # the spare last place answers for -1
    entries = np.flatnonzero(place[limits.move] >= 0)
    shared = coupling_rows(limits)
    rows = np.unique(np.concatenate([shared, limits.row[entries]]))
    row_place = np.full(len(limits.words), -1, dtype=np.int64)
    row_place[rows] = np.arange(len(rows))
    lean = Limits(
        limits.family[rows], limits.words[rows], limits.unit[rows],
        limits.at_least[rows], limits.at_most[rows], limits.index[rows],
        row_place[limits.row[entries]], place[limits.move[entries]], limits.coefficient[entries],
    )  # fmt: skip
    return CarriedPart(
        _part(problem, cells, cell_place, moves),
        lean, risk.of(moves), cells, moves, rows, row_place[shared],
    )  # fmt: skip


def _part(problem: ShippingProblem, cells: Ints, cell_place: Ints, moves: Ints) -> ShippingProblem:
    """Return the problem of the cells and moves named; item, region and hub ids stay."""
    units = np.flatnonzero(cell_place[problem.units.cell] >= 0)
    columns = {n: getattr(problem.units, n)[units] for n in Units.__dataclass_fields__}
    ways = {n: getattr(problem.moves, n)[moves] for n in Moves.__dataclass_fields__}
    for end in ("origin_cell", "destination_cell"):
        ways[end] = cell_place[ways[end]]
    stocked = np.zeros(len(problem.items), dtype=bool)
    stocked[ways["item"]] = True
    stocks = np.flatnonzero(stocked[problem.supply_item])
    return replace(
        problem,
        supply_item=problem.supply_item[stocks],
        supply_hub=problem.supply_hub[stocks],
        supply_units=problem.supply_units[stocks],
        cell_region=problem.cell_region[cells],
        cell_item=problem.cell_item[cells],
        units=Units(**{**columns, "cell": cell_place[columns["cell"]]}),
        moves=Moves(**ways),
        locks=(),  # they stand in the limits already
        loss_per_unit=problem.loss_per_unit[cells],
        need=problem.need.of(cells),
        holding_window=problem.holding_window[cells],
        exit_name=problem.exit_name[cells],
        late=problem.late.rows_of(units, len(problem.units.cell)),
    )


def _laid(values: Floats, place: Ints, size: int) -> Floats:
    """Return an array of zeros, (size,), with `values` written at `place`."""
    full = np.zeros(size)
    full[place] = values
    return full

"""A lower bound that needs no trust in a solver: weak duality, evaluated by ourselves.

Take any prices >= 0 of the limits and any worth of a unit in each cell. The least that moves and
units can cost at those prices, less the worth of the limits, is below the cost of every feasible
plan (docs/program.md, equation 11). The bound counts single units, not blocks: values averaged over
a block would lift it above what whole units can reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_foundation.tables.declaration import NEVER
from foreship_optimize.arrays import parts
from foreship_optimize.limits import Limits, cell_units
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.formulation import (
    AT_LEAST,
    AT_MOST,
    most_of_each_move,
    unneeded_share,
)
from foreship_optimize.program.unit_groups.arrival_days import OtherDays, arrivals_on, other_days_of
from foreship_optimize.program.unit_groups.tiers import (
    Atoms,
    Lots,
    Tiers,
    atoms_of,
    lots_of,
    touched,
)
from foreship_optimize.risk import Risk

__all__ = [
    "Prices",
    "bound_by_region",
    "closeness",
    "first_lines",
    "lower_bound",
    "prices_from_duals",
    "reduced_arcs",
]


AT_ONCE = 10_000
"""units whose outcomes are weighted in one go"""


@dataclass(frozen=True)
class Prices:
    """Dual prices: what one more unit of each limit saves, >= 0 [money], and the worth of cells."""

    limits: Floats
    """of the upper sides, shape (R,)"""
    minimums: Floats
    """of the lower sides: what one required unit less would save, shape (R,)"""
    cells: Floats
    """worth of a unit more in the cell, shape (C,)"""
    staged: Floats
    """what an arrival costs in risk, where a cell also gives units away, shape (C,)"""
    outcomes: Floats
    """weight of each outcome in the risk row, shape (S,)"""
    level: float
    """CVaR level the weights belong to"""

    @property
    def risk(self) -> float:
        """What one more unit of money in the risk budget saves [money a money]."""
        return float(self.outcomes.sum())


def prices_from_duals(
    problem: ShippingProblem,
    limits: Limits,
    rows: list[tuple[str, int]],
    duals: Floats,
    money: float,
    level: float,
) -> Prices:
    """Read a minimisation's duals as prices, clipped into the cone of valid ones.

    Parameters
    ----------
    rows
        Kind and index of each row of the program (`Model.rows`), in the order of `duals`.
    money
        Scale of the program's money; the prices are in the problem's own.
    """
    sizes = {"cell": len(problem.cell_item), "row": len(limits.words)}
    upper, lower = np.zeros(sizes["row"]), np.zeros(sizes["row"])
    cells, staged = np.zeros(sizes["cell"]), np.zeros(sizes["cell"])
    outcomes = np.zeros(problem.need.shape[1])
    own = np.where(limits.in_money, 1.0, 1.0 / money)  # money on both sides of the row
    home = {
        "balance": (cells, np.full(sizes["cell"], 1.0 / money)),
        "balance by day": (cells, np.full(sizes["cell"], 1.0 / money)),
        "staged": (staged, np.full(sizes["cell"], 1.0 / money)),
        "outcome": (outcomes, np.full(len(outcomes), -1.0)),  # money on both sides too
        AT_MOST: (upper, -own),
        AT_LEAST: (lower, own),
    }
    for (kind, index), dual in zip(rows, duals.tolist(), strict=True):
        if kind in home:
            target, factor = home[kind]
            target[index] += dual * factor[index]  # of a cell, over its days
    weights = _into_cone(np.maximum(outcomes, 0.0), level)
    return Prices(np.maximum(upper, 0.0), np.maximum(lower, 0.0), cells, staged, weights, level)


def _into_cone(weights: Floats, level: float) -> Floats:
    """Blend weights with equal ones until none exceeds its share of the worst outcomes."""
    scenarios, total = len(weights), float(weights.sum())
    if scenarios == 0 or total <= 0.0:
        return np.zeros(scenarios)
    most = total / max(1.0, (1.0 - level) * scenarios)
    top, even = float(weights.max()), total / scenarios
    if top <= most:
        return weights
    mix = (top - most) / (top - even) if top > even else 0.0
    return (1.0 - mix) * weights + mix * even


def lower_bound(
    problem: ShippingProblem,
    limits: Limits,
    prices: Prices,
    risk: Risk,
    minimum_line: int = 1,
) -> float:
    """Evaluate equation 11: no feasible plan in whole units costs less [money].

    Each unit is worth what it is on its own arrival (equation 11b). Valid for any `prices` whatever
    their source; only how tight it is depends on them.
    """
    parts_of = _parts_of_bound(problem, limits, prices, risk, minimum_line)
    constant, least_moves, least_units, by_day, least_staged = parts_of
    moved = float(least_moves @ most_of_each_move(problem))
    counted = float(least_units.value.sum()) + float(by_day.value.sum())
    return constant + moved + counted + float(least_staged.value.sum())


def bound_by_region(
    problem: ShippingProblem,
    limits: Limits,
    prices: Prices,
    risk: Risk,
    minimum_line: int = 1,
) -> tuple[float, Floats]:
    """Evaluate equation 11 apart: its constant [money], and what each region adds, (regions,).

    A move counts where it goes to, or else where it comes from. What limits and lying units cost is
    in the constant.
    """
    parts_of = _parts_of_bound(problem, limits, prices, risk, minimum_line)
    constant, least_moves, *of_cells = parts_of
    moves, cells = problem.moves, len(problem.cell_item)
    at = np.where(moves.destination_cell >= 0, moves.destination_cell, moves.origin_cell)
    by_cell = np.zeros(cells)
    np.add.at(by_cell, at, least_moves * most_of_each_move(problem))
    for each in of_cells:
        np.add.at(by_cell, each.cell, each.value)
    found = np.zeros(len(problem.regions))
    np.add.at(found, problem.cell_region, by_cell)
    return constant, found


class _OfCells(NamedTuple):
    """Sums that belong to cells."""

    cell: Ints
    value: Floats


def _parts_of_bound(
    problem: ShippingProblem, limits: Limits, prices: Prices, risk: Risk, minimum_line: int
) -> tuple[float, Floats, _OfCells, _OfCells, _OfCells]:
    """Equation 11 in parts: constant, least cost of a unit of each move (M,), units, days, lots."""
    moves, units, table = problem.moves, problem.units, cell_units(problem)
    days = other_days_of(problem)
    priced = _priced(problem, limits, prices, risk, days)
    cells, staged, arrivals = priced.cells, priced.staged, priced.arrivals
    paid, asked, outcomes = priced.paid, priced.asked, priced.outcomes
    reduced = _reduced(problem, priced)
    reduced[days.of_move >= 0] = 0.0  # their day's worth is the cheapest of them
    least_moves = np.minimum(reduced, 0.0, out=reduced)
    gives = touched(problem, moves.origin_cell)
    atoms = atoms_of(problem, minimum_line)
    least = np.minimum(atoms.sums(_surplus(problem, priced, gives)), 0.0)
    one_day = ~touched(problem, days.cell)[atoms.cell]
    least_units = _OfCells(atoms.cell[one_day], least[one_day])
    by_day = _least_by_day(problem, priced, gives, days, atoms)
    lots = np.minimum(staged[arrivals.lot_cell] + arrivals.lots, 0.0)
    least_staged = _OfCells(arrivals.lot_cell, lots)
    lies = np.where(gives, table.on_hand, 0)
    kept = float(units.value[gives[units.cell] & units.on_hand].sum())
    upper = np.where(paid > 0, np.where(np.isfinite(limits.at_most), limits.at_most, 0.0), 0.0)
    lower = np.where(asked > 0, np.where(np.isfinite(limits.at_least), limits.at_least, 0.0), 0.0)
    constant = kept - float(cells @ lies) - float(paid @ upper) + float(asked @ lower)
    constant -= float(outcomes.sum()) * (risk.budget or 0.0)
    return constant, least_moves, least_units, by_day, least_staged


def first_lines(
    problem: ShippingProblem,
    limits: Limits,
    prices: Prices,
    risk: Risk,
    minimum_line: int,
    least_line: Floats,
) -> float:
    """What equation 11 gains where a cell pays for a line before its first unit (P27) [money].

    Only cells that give nothing away and are reached on one day are looked at; valid at any prices.

    Parameters
    ----------
    least_line
        Least that any arrival pays for its item line, beyond the cost of moves, shape (C,) [money].
    """
    days, gives = other_days_of(problem), touched(problem, problem.moves.origin_cell)
    priced = _priced(problem, limits, prices, risk, days)
    atoms = atoms_of(problem, minimum_line)
    least = np.minimum(atoms.sums(_surplus(problem, priced, gives)), 0.0)
    of_cell = np.zeros(len(gives))
    np.add.at(of_cell, atoms.cell, least)
    alone = ~gives & ~touched(problem, days.cell)
    return float(np.minimum(least_line, -of_cell)[alone].sum())


def closeness(
    problem: ShippingProblem, limits: Limits, prices: Prices, risk: Risk, minimum_line: int = 1
) -> Floats:
    """How far prices would have to change before a step of each move changed, (M,) [money].

    Near 0 for a move on the cheapest way into a cell whose next or last unit is worth just what it
    costs: it is on such moves that rounding to whole units loses money.
    """
    moves, atoms = problem.moves, atoms_of(problem, minimum_line)
    priced = _priced(problem, limits, prices, risk, OtherDays.none(problem))
    surplus = _surplus(problem, priced, touched(problem, moves.origin_cell))
    nearest = np.full(len(problem.cell_item), np.inf)
    np.minimum.at(nearest, atoms.cell, np.abs(atoms.sums(surplus)) / atoms.width)
    into, outof = moves.destination_cell, moves.origin_cell
    reduced = np.abs(_reduced(problem, priced))
    return np.asarray(reduced + np.maximum(_at(nearest, into), _at(nearest, outof)))


def reduced_arcs(
    problem: ShippingProblem, limits: Limits, prices: Prices, risk: Risk
) -> tuple[Floats, Floats]:
    """Cost of a unit of each move at the prices of all its rows, (M,), and worth of cells, (C,)."""
    priced = _priced(problem, limits, prices, risk, OtherDays.none(problem))
    return priced.arc, priced.cells


@dataclass(frozen=True)
class _Priced:
    """The problem at given prices: what each move and each cell costs."""

    arc: Floats
    cells: Floats
    late: Floats
    """the cheapest way in on each of `OtherDays`"""
    staged: Floats
    arrivals: _Risk
    paid: Floats
    asked: Floats
    outcomes: Floats


def _reduced(problem: ShippingProblem, priced: _Priced) -> Floats:
    """Reduced cost of each move: what a unit costs beyond what it brings and gives up, (M,)."""
    reduced, worth = np.empty(len(priced.arc)), priced.cells + priced.staged
    for part in parts(len(reduced)):
        into, outof = problem.moves.destination_cell[part], problem.moves.origin_cell[part]
        reduced[part] = priced.arc[part] - _at(worth, into) + _at(priced.cells, outof)
    return reduced


def _surplus(problem: ShippingProblem, priced: _Priced, gives: Bools) -> Floats:
    """What each unit costs beyond its worth; an arrival pays for its risk too, (U,)."""
    units = problem.units
    risk = np.where(gives[units.cell], 0.0, priced.arrivals.units)
    return np.asarray(priced.cells[units.cell] - units.value + risk)


def _least_by_day(
    problem: ShippingProblem, priced: _Priced, gives: Bools, days: OtherDays, atoms: Atoms
) -> _OfCells:
    """Least cost of the units of cells with several days of arrival, taken in order of rank."""
    if not len(days.cell):
        return _OfCells(days.cell, np.zeros(0))
    mine = np.flatnonzero(touched(problem, days.cell)[atoms.cell])
    some = Atoms(atoms.cell[mine], atoms.first[mine], atoms.width[mine])
    units, moves = problem.units, problem.moves
    early = (moves.destination_cell >= 0) & (days.of_move < 0)
    lead, charged = arrivals_on(problem, days)
    first = np.full(len(problem.cell_item), NEVER)
    np.minimum.at(first, moves.destination_cell[early], moves.lead_days[early])
    risk = np.where(gives[units.cell], 0.0, priced.arrivals.units)
    kept = priced.cells[units.cell] - units.value
    stages = [
        (np.full(len(mine), -1), np.where(units.on_hand[some.first], some.sums(kept), np.inf))
    ]
    stages += [(first[some.cell], some.sums(kept + risk))]
    ordinal = np.arange(len(days.cell)) - np.searchsorted(days.cell, days.cell)
    for place in range(int(ordinal.max(initial=-1)) + 1):
        entry = np.full(len(problem.cell_item), -1, dtype=np.int64)
        chosen = np.flatnonzero((ordinal == place) & (lead < NEVER))
        entry[days.cell[chosen]] = chosen
        of_unit: Ints = entry[units.cell]
        worth = units.value - np.where(of_unit >= 0, charged[of_unit], 0.0)
        rows = np.flatnonzero(days.of_row == of_unit[problem.late.unit])
        worth[problem.late.unit[rows]] = problem.late.value[rows]
        cost = np.where(of_unit >= 0, priced.late[of_unit] - worth + risk, 0.0)
        day = np.where(entry >= 0, lead[entry], NEVER)[some.cell]
        stages.append((day, some.sums(cost)))
    day, cost = (np.stack([stage[part] for stage in stages], axis=1) for part in (0, 1))
    return _least_of_cells(some.cell, np.where(day < NEVER, cost, np.inf), day)


def least_in_order(cell: Ints, cost: Floats, day: Ints) -> float:
    """Least cost of the first units of every cell, where no unit arrives before an earlier one.

    Parameters
    ----------
    cell
        Of each atom, sorted by (cell, rank), shape (A,).
    cost, day
        What each atom costs if it arrives in each of its cell's ways, and the day of that way,
        shape (A, J); inf where the way does not exist.

    Returns
    -------
    The sum over cells, <= 0: taking none costs nothing [money].
    """
    return float(_least_of_cells(cell, cost, day).value.sum())


def _least_of_cells(cell: Ints, cost: Floats, day: Ints) -> _OfCells:
    """Work out `least_in_order` cell by cell."""
    order = np.argsort(day, axis=1, kind="stable")
    cost = np.take_along_axis(cost, order, axis=1)
    start = np.flatnonzero(np.diff(cell, prepend=-1))
    count = np.diff(start, append=len(cell))
    so_far = np.zeros((len(start), cost.shape[1]))
    least = np.zeros(len(start))
    for rank in range(int(count.max(initial=0))):
        more = np.flatnonzero(count > rank)
        reached = np.minimum.accumulate(so_far[more], axis=1)
        so_far[more] = reached + cost[start[more] + rank]
        least[more] = np.minimum(least[more], so_far[more].min(axis=1))
    return _OfCells(cell[start], least)


def _priced(
    problem: ShippingProblem, limits: Limits, prices: Prices, risk: Risk, days: OtherDays
) -> _Priced:
    """Charge moves for the limits and outcomes they use, and tighten the worth of cells."""
    limited = risk.budget is not None
    outcomes = prices.outcomes if limited else np.zeros(problem.need.shape[1])
    paid = prices.limits * np.isfinite(limits.at_most)
    asked = prices.minimums * np.isfinite(limits.at_least)
    moves = problem.moves
    arc = moves.charged + np.where(days.of_move >= 0, 0.0, moves.lateness)
    arc += risk.dearer * float(outcomes.sum())
    arc += limits.paid(paid - asked, len(arc))
    cells, late, staged = _tightened(problem, prices, arc, days)
    arrivals = _risk_of_arrivals(problem, outcomes)
    return _Priced(arc, cells, late, staged, arrivals, paid, asked, outcomes)


@dataclass(frozen=True)
class _Risk:
    units: Floats
    lot_cell: np.ndarray
    lots: Floats


def _at(values: Floats, cells: np.ndarray) -> Floats:
    """Values at the cells named, 0 where the name is -1."""
    if len(values) == 0:
        return np.zeros(len(cells))
    return np.where(cells >= 0, values[np.maximum(cells, 0)], 0.0)


def _risk_of_arrivals(problem: ShippingProblem, outcomes: Floats) -> _Risk:
    """What each single arrival adds to the risk row at the outcomes' weights."""
    units, table = problem.units, cell_units(problem)
    flat = np.zeros(len(units.cell))
    into, outof = problem.moves.destination_cell, problem.moves.origin_cell
    apart = touched(problem, into) & touched(problem, outof)
    if not outcomes.any() and not apart.any():
        return _Risk(flat, np.zeros(0, dtype=np.int64), np.zeros(0))
    # without a price of outcomes arrivals counted apart may still have one: they stay in the sum
    mine = np.flatnonzero(~units.on_hand) if outcomes.any() else np.zeros(0, dtype=np.int64)
    for start in range(0, len(mine), AT_ONCE):
        some = mine[start : start + AT_ONCE]
        cell = units.cell[some]
        ahead = units.rank[some] - table.on_hand[cell]
        unneeded = (problem.need[cell] < ahead[:, None]) @ outcomes
        flat[some] = unneeded * problem.loss_per_unit[cell]
    if not apart.any():
        return _Risk(flat, np.zeros(0, dtype=np.int64), np.zeros(0))
    active = np.flatnonzero(outcomes)
    single = Tiers(
        units.cell,
        np.arange(len(units.cell)),
        np.ones_like(units.cell),
        units.value,
        np.zeros(len(units.cell), dtype=bool),
    )
    lots = lots_of(problem, single)
    own = np.flatnonzero(lots.tier < 0)  # the others are units that `flat` has already
    lots = Lots(lots.cell[own], lots.ahead[own], lots.width[own], lots.tier[own])
    share = np.zeros(len(own))
    if len(active):
        need = problem.need[lots.cell][:, active]
        share = unneeded_share(need, lots) @ outcomes[active]
    return _Risk(flat, lots.cell, share * problem.loss_per_unit[lots.cell])


def _tightened(
    problem: ShippingProblem, prices: Prices, arc: Floats, days: OtherDays
) -> tuple[Floats, Floats, Floats]:
    """Set a cell's worth to its cheapest way in where only ways in touch it.

    There the best price is known in closed form; elsewhere the solver's is kept. On another day
    a unit is worth the cheapest way in of that day, in any cell.
    """
    moves = problem.moves
    cells, staged = prices.cells.copy(), prices.staged.copy()
    gives = touched(problem, moves.origin_cell)
    cheapest = np.full(len(cells), np.inf)
    given = np.where(gives, cells, 0.0)
    for part in parts(len(arc)):
        into = moves.destination_cell[part]
        early = np.flatnonzero((into >= 0) & (days.of_move[part] < 0))
        landed = arc[part] + _at(given, moves.origin_cell[part])
        np.minimum.at(cheapest, into[early], landed[early])
    closed = ~gives & np.isfinite(cheapest)
    cells[closed] = cheapest[closed]
    staged[~gives] = 0.0
    only_late = touched(problem, days.cell) & ~gives & ~closed
    cells[only_late] = problem.units.value.max(initial=0.0)  # nothing comes on the earliest day
    known = np.flatnonzero(days.of_move >= 0)
    late = np.full(len(days.cell), np.inf)
    landed = arc[known] + _at(given, moves.origin_cell[known])
    way = landed - staged[moves.destination_cell[known]]
    np.minimum.at(late, days.of_move[known], way)
    return cells, late, staged

"""A lower bound that no solver can fake: weak duality, evaluated by ourselves.

For any prices of the limits >= 0, and any worth of a unit in each cell, the least that the moves
and units can cost at those prices, less what the limits are worth, is below the cost of every
feasible plan (docs/program.md, equation 11). Single units are used, not blocks: averaging values
inside a block would lift the optimum above what whole units can reach.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimize.formulation import most_of_each_move, unneeded_share
from optimize.limits import Limits, added, cell_units
from optimize.outcomes import Risk
from optimize.problem import Bools, Floats, ShippingProblem
from optimize.tiers import Tiers, atoms_of, lots_of, touched

__all__ = ["Prices", "closeness", "lower_bound", "prices_from_duals"]


@dataclass(frozen=True)
class Prices:
    """What one more unit of each limit saves, all >= 0 [money], and what cells pay for a unit."""

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
        """What one more unit of the risk budget saves [money a money]."""
        return float(self.outcomes.sum())


def prices_from_duals(
    problem: ShippingProblem,
    limits: Limits,
    rows: list[tuple[str, int]],
    duals: Floats,
    money: float,
    level: float,
) -> Prices:
    """Read a minimisation's duals as prices, clipped into the cone where they must lie.

    Parameters
    ----------
    rows
        (family, index) of each row of the program, in the order of `duals`.
    money
        Scale of the program's money; the prices are in the problem's own.
    """
    sizes = {"cell": len(problem.cell_item), "row": len(limits.words)}
    upper, lower = np.zeros(sizes["row"]), np.zeros(sizes["row"])
    cells, staged = np.zeros(sizes["cell"]), np.zeros(sizes["cell"])
    outcomes = np.zeros(problem.need.shape[1])
    home = {
        "balance": (cells, 1.0 / money),
        "staged": (staged, 1.0 / money),
        "lock minimum": (lower, 1.0 / money),
        "outcome": (outcomes, -1.0),  # money on both sides of the row
    }
    for (family, index), dual in zip(rows, duals.tolist(), strict=True):
        if family not in ("risk budget", "line"):
            target, factor = home.get(family, (upper, -1.0 / money))
            target[index] = dual * factor
    weights = _into_cone(np.maximum(outcomes, 0.0), level)
    return Prices(np.maximum(upper, 0.0), np.maximum(lower, 0.0), cells, staged, weights, level)


def _into_cone(weights: Floats, level: float) -> Floats:
    """Mix with equal weights until none exceeds its share of the worst 1 - level outcomes."""
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
    problem: ShippingProblem, limits: Limits, prices: Prices, risk: Risk, minimum_line: int = 1
) -> float:
    """Evaluate equation 11: less than the cost of every feasible plan in whole units [money].

    Valid for any `prices` whatever their source; only how tight it is depends on them.
    """
    moves, units, table = problem.moves, problem.units, cell_units(problem)
    priced = _priced(problem, limits, prices, risk)
    cells, staged, arrivals = priced.cells, priced.staged, priced.arrivals
    arc, paid, asked, outcomes = priced.arc, priced.paid, priced.asked, priced.outcomes
    into, outof = moves.destination_cell, moves.origin_cell
    reduced = arc - _at(cells + staged, into) + _at(cells, outof)
    least_moves = float(np.minimum(reduced, 0.0) @ most_of_each_move(problem))
    gives = touched(problem, outof)
    surplus = _surplus(problem, priced, gives)
    least_units = float(np.minimum(atoms_of(problem, minimum_line).sums(surplus), 0.0).sum())
    least_staged = float(np.minimum(staged[arrivals.lot_cell] + arrivals.lots, 0.0).sum())
    lies = np.where(gives, table.on_hand, 0)
    kept = float(units.value[gives[units.cell] & units.on_hand].sum())
    upper = np.where(paid > 0, np.where(np.isfinite(limits.at_most), limits.at_most, 0.0), 0.0)
    lower = np.where(asked > 0, np.where(np.isfinite(limits.at_least), limits.at_least, 0.0), 0.0)
    constant = kept - float(cells @ lies) - float(paid @ upper) + float(asked @ lower)
    constant -= float(outcomes.sum()) * (risk.budget or 0.0)
    return constant + least_moves + least_units + least_staged


def closeness(
    problem: ShippingProblem, limits: Limits, prices: Prices, risk: Risk, minimum_line: int = 1
) -> Floats:
    """How little the prices would have to change for a step of each move to change, (M,) [money].

    A move on the cheapest way into a cell, whose next or last unit there is worth just what it
    costs, is close to nought: it is such moves that whole units are lost on.
    """
    moves, atoms = problem.moves, atoms_of(problem, minimum_line)
    priced = _priced(problem, limits, prices, risk)
    surplus = _surplus(problem, priced, touched(problem, moves.origin_cell))
    nearest = np.full(len(problem.cell_item), np.inf)
    np.minimum.at(nearest, atoms.cell, np.abs(atoms.sums(surplus)) / atoms.width)
    into, outof = moves.destination_cell, moves.origin_cell
    reduced = priced.arc - _at(priced.cells + priced.staged, into) + _at(priced.cells, outof)
    return np.asarray(np.abs(reduced) + np.maximum(_at(nearest, into), _at(nearest, outof)))


@dataclass(frozen=True)
class _Priced:
    """The problem at given prices: what every arc and every cell costs."""

    arc: Floats
    cells: Floats
    staged: Floats
    arrivals: _Risk
    paid: Floats
    asked: Floats
    outcomes: Floats


def _surplus(problem: ShippingProblem, priced: _Priced, gives: Bools) -> Floats:
    """What each unit costs beyond its worth, with the risk of an arrival where it is one, (U,)."""
    units = problem.units
    risk = np.where(gives[units.cell], 0.0, priced.arrivals.units)
    return np.asarray(priced.cells[units.cell] - units.value + risk)


def _priced(problem: ShippingProblem, limits: Limits, prices: Prices, risk: Risk) -> _Priced:
    """Charge moves for the limits and outcomes they use, and tighten the worth of cells."""
    limited = risk.budget is not None
    outcomes = prices.outcomes if limited else np.zeros(problem.need.shape[1])
    paid = prices.limits * np.isfinite(limits.at_most)
    asked = prices.minimums * np.isfinite(limits.at_least)
    weight = limits.coefficient * (paid - asked)[limits.row]
    moves = problem.moves
    arc = moves.cost + moves.lateness + risk.dearer * float(outcomes.sum())
    arc = arc + added(limits.move, weight, len(arc))
    cells, staged = _tightened(problem, prices, arc)
    arrivals = _risk_of_arrivals(problem, outcomes)
    return _Priced(arc, cells, staged, arrivals, paid, asked, outcomes)


@dataclass(frozen=True)
class _Risk:
    units: Floats
    lot_cell: np.ndarray
    lots: Floats


def _at(values: Floats, cells: np.ndarray) -> Floats:
    """Values at the cells named, 0 where there is none."""
    if len(values) == 0:
        return np.zeros(len(cells))
    return np.where(cells >= 0, values[np.maximum(cells, 0)], 0.0)


def _risk_of_arrivals(problem: ShippingProblem, outcomes: Floats) -> _Risk:
    """Return what each single arrival adds to the risk row at the outcomes' weights."""
    units, table = problem.units, cell_units(problem)
    flat = np.zeros(len(units.cell))
    if not outcomes.any():
        return _Risk(flat, np.zeros(0, dtype=np.int64), np.zeros(0))
    mine = np.flatnonzero(~units.on_hand)
    ahead = units.rank[mine] - table.on_hand[units.cell[mine]]
    active = np.flatnonzero(outcomes)
    for each in active.tolist():
        unneeded = problem.need[units.cell[mine], each] < ahead
        flat[mine] += outcomes[each] * unneeded
    flat[mine] *= problem.loss_per_unit[units.cell[mine]]
    single = Tiers(
        units.cell,
        np.arange(len(units.cell)),
        np.ones_like(units.cell),
        units.value,
        np.zeros(len(units.cell), dtype=bool),
    )
    lots = lots_of(problem, single)
    share = unneeded_share(problem, lots)[:, active] @ outcomes[active]
    return _Risk(flat, lots.cell, share * problem.loss_per_unit[lots.cell])


def _tightened(problem: ShippingProblem, prices: Prices, arc: Floats) -> tuple[Floats, Floats]:
    """Raise or lower a cell's worth to its cheapest way in, where only ways in touch it.

    There the best price is known in closed form; elsewhere the solver's is kept.
    """
    moves = problem.moves
    cells, staged = prices.cells.copy(), prices.staged.copy()
    gives = touched(problem, moves.origin_cell)
    cheapest = np.full(len(cells), np.inf)
    landed = arc + _at(np.where(gives, cells, 0.0), moves.origin_cell)
    into = np.flatnonzero(moves.destination_cell >= 0)
    np.minimum.at(cheapest, moves.destination_cell[into], landed[into])
    closed = ~gives & np.isfinite(cheapest)
    cells[closed] = cheapest[closed]
    staged[~gives] = 0.0
    return cells, staged

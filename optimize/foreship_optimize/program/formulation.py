"""The program of docs/program.md in PuLP, one function a kind of rows.

Minimise what the moves cost less what the units are worth where they then lie. Variables and rows
are named by number only (an item's name may hold anything); `Model.rows` says in words what a row
is. Money is scaled so that the largest coefficient is a thousand: HiGHS' tolerances are absolute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pulp

from foreship_foundation.arrays import Floats, Ints
from foreship_foundation.telling.words import listed
from foreship_optimize.arrays import parts
from foreship_optimize.limits import Limits, cell_units, packs_of, units_at_hub
from foreship_optimize.params import PlanParams
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.solver import begin
from foreship_optimize.program.unit_groups.tiers import (
    Lots,
    Tiers,
    TiersByDay,
    line_minimum,
    lots_of,
    tiers_by_day_of,
)
from foreship_optimize.program.unit_groups.units_by_day import CellDays, cell_days_of
from foreship_optimize.risk import Risk

__all__ = [
    "AT_LEAST",
    "AT_MOST",
    "MINIMUMS",
    "RISK",
    "SCALED_MONEY",
    "Model",
    "Soft",
    "blank",
    "build",
    "linear",
    "loss_of_lots",
    "money_scale",
    "unneeded_share",
]

AT_MOST, AT_LEAST = "at most", "at least"
"""rows of a program that are sides of limits"""
MINIMUMS, RISK = "minimums", "risk budget"
"""kinds of limits that may be missed, beside the families: all lower sides, and the risk budget"""
SCALED_MONEY = 1e3
"""largest absolute money in a program"""
GRID = 9
"""decimals kept of scaled money: the same plan in cents and in millions"""

if hasattr(pulp, "set_v4_migration_warnings"):
    pulp.set_v4_migration_warnings(False)


@dataclass(frozen=True)
class Soft:
    """Which limits may be missed, and whether by as little as possible or at least cost.

    A kind of limits is a family, of which the upper sides may be exceeded, or `MINIMUMS` or `RISK`.
    Kinds that are not named hold.
    """

    most: Mapping[tuple[str, ...], float] = field(default_factory=dict)
    """most by which limits of these kinds may be missed in all, inf = by any amount"""
    least: tuple[str, ...] = ()
    """kinds that are missed by as little as possible in all; () = the plan of least cost"""

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds of limits that may be missed."""
        return frozenset(kind for kinds in self.most for kind in kinds)


@dataclass
class Model:
    """A PuLP program, and which move, unit or limit each variable and row stands for."""

    program: pulp.LpProblem
    money: float
    """scaled money = money x this"""
    packs: Ints
    moves: list[Any] = field(default_factory=list)
    """steps (packs, units) of each move"""
    kept: list[Any] = field(default_factory=list)
    """units kept or arrived, by tier"""
    early: list[Any] = field(default_factory=list)
    """units there by each day but the last, by (cell-day, tier), in cells counted by day"""
    early_worth: list[float] = field(default_factory=list)
    """what each of them is worth more than on the next day [money]"""
    departures: list[tuple[Any, float]] = field(default_factory=list)
    """whole vehicles of each lane, and whether each item line is started, with its scaled money;
    only in whole units, and only where they cost anything"""
    nothing: Any = None
    """a variable fixed at 0 that stands in rows whose columns come later; None without such rows"""
    staged: list[Any] = field(default_factory=list)
    """arrived units by tier, where a cell also gives units away and risk is limited"""
    slacks: list[Any] = field(default_factory=list)
    """units, volume or scaled money by which soft limits are missed"""
    slack_of: list[tuple[str, int]] = field(default_factory=list)
    """kind and position in `Limits` of each slack; 0 stands for the risk budget's"""
    outcomes: list[Any] = field(default_factory=list)
    rows: dict[str, tuple[str, int]] = field(default_factory=dict)
    """row name -> (what it is, position among these: of sides of limits the row of limits, of
    balances the cell, of outcomes the outcome), in order of insertion"""
    words: dict[str, str] = field(default_factory=dict)
    """row name -> its meaning for people"""
    nonzeros: int = 0

    def add(self, row: Any, terms: int, kind: str, index: int, words: str) -> None:
        """Add a row (a PuLP comparison) under the next number."""
        name = f"r{len(self.rows):08d}"
        self.program.addConstraint(row, name)
        self.nonzeros += terms
        self.rows[name] = (kind, index)
        self.words[name] = words

    @property
    def variables(self) -> list[Any]:
        """All variables in the order of their names."""
        return [
            *self.moves, *self.kept, *self.early, *self.staged, *self.outcomes, *self.slacks,
        ]  # fmt: skip


def linear(pairs: list[tuple[Any, float]]) -> Any:
    """Return the sum of coefficient x variable, built in one go, on PuLP 3.3 and 4."""
    if hasattr(pulp, "lpSum_vars_coefs"):
        return pulp.lpSum_vars_coefs(pairs)
    return pulp.LpAffineExpression(pairs)


def money_scale(problem: ShippingProblem) -> float:
    """Factor that scales the problem's largest amount of money to `SCALED_MONEY`."""
    amounts = (
        problem.moves.charged, problem.moves.lateness, problem.units.value,
        problem.departures.vehicle_cost, problem.departures.line_cost,
    )  # fmt: skip
    largest = max((float(np.abs(amount).max()) for amount in amounts if len(amount)), default=0.0)
    return SCALED_MONEY / largest if largest > 0 else 1.0


def build(  # noqa: PLR0913 everything a program is made of
    problem: ShippingProblem,
    limits: Limits,
    tiers: Tiers,
    params: PlanParams,
    *,
    risk: Risk,
    integer: bool = False,
    fixed: Floats | None = None,
    soft: Soft | None = None,
    model: Model | None = None,
) -> Model:
    """Write the program down: variables, objective, then each kind of rows.

    Parameters
    ----------
    integer
        Whole steps only.
    fixed
        Steps of the moves that are decided already, NaN for those that are free, shape (M,).
    soft
        Limits that may be missed; none if left out.
    model
        An empty one to write into; one in scaled money if left out.
    """
    soft = soft or Soft()
    model = blank(problem, money_scale(problem)) if model is None else model
    quantities(model, problem, integer=integer, fixed=fixed)
    units_by_day(model, problem, tiers, integer=integer)
    balance_of_a_cell(model, problem, tiers)
    worst = worst_outcomes(model, problem, tiers, risk) if risk.budget is not None else []
    shortfalls(model, limits, risk, soft)
    if integer and problem.departures.charged and not soft.kinds:  # vehicles yield to all limits
        whole_vehicles(model, problem)
    if not soft.least:
        least_cost(model, problem, tiers)
    hold_limits(model, limits)
    if integer and params.minimum_line_quantity > 1:
        minimum_line(model, problem, params)
    if risk.budget is not None:
        risk_budget(model, worst, risk.budget)
    return model


def blank(problem: ShippingProblem, money: float) -> Model:
    """Start a program without variables and rows."""
    return Model(begin("plan"), money, packs_of(problem))


def quantities(
    model: Model, problem: ShippingProblem, *, integer: bool, fixed: Floats | None
) -> None:
    """Add the variables q >= 0: steps of each move (equation 1).

    Whole ones are bounded by what lies at the origin, for the search; continuous ones only by the
    rows, so that the price of the last unit stands at the stock and not at a bound.
    """
    kind = pulp.LpInteger if integer else pulp.LpContinuous
    most = (most_of_each_move(problem) // model.packs).astype(float)
    low, high = np.zeros(len(most)), most if integer else np.full(len(most), np.inf)
    if fixed is not None:
        low, high = np.where(np.isnan(fixed), low, fixed), np.where(np.isnan(fixed), high, fixed)
    model.moves = [
        model.program.add_variable(f"a{index:08d}", least, None if upper == np.inf else upper, kind)
        for index, (least, upper) in enumerate(zip(low.tolist(), high.tolist(), strict=True))
    ]


def most_of_each_move(problem: ShippingProblem) -> Ints:
    """Most units that each move can carry: what lies at its origin, shape (M,)."""
    moves, table = problem.moves, cell_units(problem)
    most = units_at_hub(problem)
    if len(table.count) == 0:
        return most
    for part in parts(len(most)):
        into, outof = moves.destination_cell[part], moves.origin_cell[part]
        from_hub = np.minimum(most[part], table.count[np.maximum(into, 0)])
        most[part] = np.where(outof >= 0, table.on_hand[outof], from_hub)
    return most


def units_by_day(
    model: Model, problem: ShippingProblem, tiers: Tiers, *, integer: bool = False
) -> None:
    """Add the variables y: units of each tier there under the plan, by day where needed (1, 1a).

    What is there by a day is there by the next one, and ranks are filled from the lowest.
    """
    cell_days = cell_days_of(problem)
    tiers_by_day = tiers_by_day_of(problem, cell_days, tiers)
    width = tiers.width.astype(float).tolist()
    whole = np.zeros(len(tiers.cell), dtype=bool)
    if integer:  # elsewhere whole moves make units whole
        whole[tiers_by_day.tier[tiers_by_day.rises]] = True
        whole = np.isin(tiers.cell, tiers.cell[whole])
    kind = [pulp.LpInteger if each else pulp.LpContinuous for each in whole.tolist()]
    model.kept = [
        model.program.add_variable(f"b{index:08d}", 0, most, kind[index])
        for index, most in enumerate(width)
    ]
    units_of: dict[tuple[int, int], Any] = {}
    rows = zip(
        *(each.tolist() for each in (tiers_by_day.cell_day, tiers_by_day.tier, tiers_by_day.last)),
        strict=True,
    )
    for cell_day, tier, last in rows:
        if not last:
            name = f"bb{len(model.early):08d}"
            model.early.append(model.program.add_variable(name, 0, width[tier], kind[tier]))
        units_of[cell_day, tier] = model.kept[tier] if last else model.early[-1]
    model.early_worth = tiers_by_day.value[~tiers_by_day.last].tolist()
    _in_order(model, tiers_by_day, units_of, width)
    _whole_tiers(model, units_of, width, whole)
    _balance_by_day(model, problem, cell_days, units_of)


def _in_order(
    model: Model, tiers_by_day: TiersByDay, units_of: dict[tuple[int, int], Any], width: list[float]
) -> None:
    """Keep units by day consistent: what came stays, and no rank is skipped where worth rises."""
    columns = (tiers_by_day.cell_day, tiers_by_day.tier, tiers_by_day.last, tiers_by_day.rises)
    for cell_day, tier, last, rises in zip(*(each.tolist() for each in columns), strict=True):
        here = units_of[cell_day, tier]
        if not last:
            pairs = [(here, 1.0), (units_of[cell_day + 1, tier], -1.0)]
            model.add(linear(pairs) <= 0, 2, "order", cell_day, "a unit there by a day stays")
        if rises and (cell_day, tier + 1) in units_of:
            pairs = [
                (units_of[cell_day, tier + 1], 1.0 / width[tier + 1]),
                (here, -1.0 / width[tier]),
            ]
            model.add(linear(pairs) <= 0, 2, "order", cell_day, "units come in order of rank")


def _whole_tiers(
    model: Model, units_of: dict[tuple[int, int], Any], width: list[float], whole: np.ndarray
) -> None:
    """Let tiers of several units be only full or empty, where they must be whole."""
    for (cell_day, tier), units in units_of.items():
        if whole[tier] and width[tier] > 1:
            full = model.program.add_variable(f"h{cell_day:08d}{tier:08d}", 0, 1, pulp.LpInteger)
            pairs = [(units, 1.0), (full, -width[tier])]
            model.add(linear(pairs) == 0, 2, "order", cell_day, "a step is there or not")


def _balance_by_day(
    model: Model,
    problem: ShippingProblem,
    cell_days: CellDays,
    units_of: dict[tuple[int, int], Any],
) -> None:
    """On hand + arrivals by a day - moved away = units there by that day (equation 2a)."""
    moves, table, last = problem.moves, cell_units(problem), cell_days.is_last()
    come, away = _by_cell(cell_days.of_move), _by_cell(moves.origin_cell)
    steps = model.packs.astype(float).tolist()
    own: dict[int, list[Any]] = {}
    for (cell_day, _), units in units_of.items():
        own.setdefault(cell_day, []).append(units)
    before: list[int] = []
    for cell_day, cell in enumerate(cell_days.cell.tolist()):
        before += come.get(cell_day, [])
        if not last[cell_day]:
            gone = away.get(cell, [])
            lies = float(table.on_hand[cell]) if gone else 0.0
            pairs = [(model.moves[move], steps[move]) for move in before]
            pairs += [(model.moves[move], -steps[move]) for move in gone]
            pairs += [(units, -1.0) for units in own.get(cell_day, [])]
            words = _cell_words(problem, cell)
            model.add(linear(pairs) == -lies, len(pairs), "balance by day", cell, words)
        else:
            before = []


def least_cost(model: Model, problem: ShippingProblem, tiers: Tiers) -> None:
    """Set the objective: lanes, exits and lateness, less the worth of units there (equation 1)."""
    cost = (problem.moves.charged + problem.moves.lateness) * model.packs * model.money
    worth = tiers.value * model.money
    pairs = list(zip(model.moves, np.round(cost, GRID).tolist(), strict=True))
    pairs += zip(model.kept, np.round(-worth, GRID).tolist(), strict=True)
    early = np.array(model.early_worth) * model.money
    pairs += zip(model.early, np.round(-early, GRID).tolist(), strict=True)
    pairs += model.departures
    if model.nothing is not None:
        pairs.append((model.nothing, 1.0))  # PuLP gives an empty objective a variable of its own
    model.program.setObjective(linear(pairs))


def balance_of_a_cell(model: Model, problem: ShippingProblem, tiers: Tiers) -> None:
    """On hand + arrivals - moved away = units there, over all tiers (equation 2)."""
    moves, table = problem.moves, cell_units(problem)
    gives = np.zeros(len(table.count), dtype=bool)
    gives[moves.origin_cell[moves.origin_cell >= 0]] = True
    inside, outside = _by_cell(moves.destination_cell), _by_cell(moves.origin_cell)
    own = _by_cell(tiers.cell)
    steps = model.packs.astype(float).tolist()
    for cell in sorted(inside.keys() | outside.keys()):
        flow = {move: steps[move] for move in inside.get(cell, ())}
        for move in outside.get(cell, ()):
            flow[move] = flow.get(move, 0.0) - steps[move]
        pairs = [(model.moves[move], step) for move, step in flow.items()]
        pairs += [(model.kept[tier], -1.0) for tier in own.get(cell, ())]
        lies = float(table.on_hand[cell]) if gives[cell] else 0.0
        model.add(linear(pairs) == -lies, len(pairs), "balance", cell, _cell_words(problem, cell))


def hold_limits(model: Model, limits: Limits) -> None:
    """Hold to every limit: all upper sides, then all lower ones (equations 3 to 7a).

    What counts money is written in scaled money. A side that is soft has a slack of its own.
    """
    slack = dict(zip(model.slack_of, model.slacks, strict=True))
    scale = np.where(limits.in_money, model.money, 1.0)
    weight = limits.coefficient * model.packs[limits.move] * scale[limits.row]
    edges = np.searchsorted(limits.row, np.arange(len(limits.words) + 1)).tolist()
    most, least = limits.at_most * scale, limits.at_least * scale
    for index in np.flatnonzero(np.isfinite(most)).tolist():
        terms = _terms(model, limits.move, weight, slice(*edges[index : index + 2]))
        pairs = terms or ([(model.nothing, 1.0)] if model.nothing is not None else [])
        over = slack.get((str(limits.family[index]), index))
        if pairs:
            row = linear(pairs + ([] if over is None else [(over, -1.0)])) <= float(most[index])
            model.add(row, len(pairs), AT_MOST, index, limits.words[index])
    for index in np.flatnonzero(np.isfinite(least)).tolist():
        pairs = _terms(model, limits.move, weight, slice(*edges[index : index + 2]))
        under = slack.get((MINIMUMS, index))
        short = [] if under is None else [(under, 1.0)]
        if pairs or short:
            row = linear(pairs + short) >= float(least[index])
            model.add(row, len(pairs), AT_LEAST, index, limits.words[index])


def _terms(model: Model, moves: Ints, weight: Floats, part: slice) -> list[tuple[Any, float]]:
    """Terms of a row over the move variables."""
    pairs = zip(moves[part].tolist(), weight[part].tolist(), strict=True)
    return [(model.moves[move], term) for move, term in pairs]


def worst_outcomes(
    model: Model, problem: ShippingProblem, tiers: Tiers, risk: Risk, *, only: Ints | None = None
) -> list[tuple[Any, float]]:
    """Add the loss of each outcome beyond a threshold; return the terms of the CVaR (8).

    Parameters
    ----------
    only
        Outcomes whose rows are written, all if left out; every outcome has its variable.
    """
    scale, scenarios = model.money, problem.need.shape[1]
    lots = lots_of(problem, tiers)
    arrived = arrivals(model, problem, lots)
    threshold = model.program.add_variable("d00000000")
    beyond = [model.program.add_variable(f"e{each:08d}", 0) for each in range(scenarios)]
    model.outcomes = [threshold, *beyond]
    written = np.arange(scenarios) if only is None else only
    loss = loss_of_lots(problem, lots, written) * scale
    extra = risk.dearer * model.packs * scale
    dearer = [(model.moves[move], value) for move, value in enumerate(extra.tolist()) if value > 0]
    for place, each in enumerate(written.tolist()):
        hit = np.flatnonzero(loss[:, place] > 0)
        values = loss[hit, place].tolist()
        pairs = [(arrived[lot], value) for lot, value in zip(hit.tolist(), values, strict=True)]
        pairs += [*dearer, (threshold, -1.0), (beyond[each], -1.0)]
        model.add(linear(pairs) <= 0, len(pairs), "outcome", each, f"loss of outcome {each}")
    share = 1.0 / ((1.0 - risk.level) * scenarios) if scenarios else 0.0
    return [(threshold, 1.0), *((one, share) for one in beyond)]


def risk_budget(model: Model, worst: list[tuple[Any, float]], budget: float) -> None:
    """Add the row that keeps the mean loss of the worst outcomes within the budget (equation 9)."""
    over = [
        (slack, -1.0)
        for slack, (kind, _) in zip(model.slacks, model.slack_of, strict=True)
        if kind == RISK
    ]
    row = linear(worst + over) <= budget * model.money
    model.add(row, len(worst), RISK, 0, "risk budget")


def arrivals(model: Model, problem: ShippingProblem, lots: Lots) -> list[Any]:
    """Return the variable of each lot's arrivals; add rows for lots counted apart (equation 8)."""
    found, inside = [], _by_cell(problem.moves.destination_cell)
    steps = model.packs.astype(float).tolist()
    apart: dict[int, list[Any]] = {}
    for cell, tier, width in zip(
        lots.cell.tolist(), lots.tier.tolist(), lots.width.tolist(), strict=True
    ):
        if tier >= 0:
            found.append(model.kept[tier])
            continue
        found.append(model.program.add_variable(f"c{len(model.staged):08d}", 0, width))
        model.staged.append(found[-1])
        apart.setdefault(cell, []).append(found[-1])
    for cell, own in apart.items():
        pairs = [(model.moves[move], steps[move]) for move in inside[cell]]
        pairs += [(variable, -1.0) for variable in own]
        model.add(linear(pairs) == 0, len(pairs), "staged", cell, _cell_words(problem, cell))
    return found


def loss_of_lots(problem: ShippingProblem, lots: Lots, outcomes: Ints) -> Floats:
    """Loss of a unit of each lot in the outcomes named, shape (lots, outcomes) [money]."""
    share = unneeded_share(problem.need[lots.cell][:, outcomes], lots)
    return np.asarray(share * problem.loss_per_unit[lots.cell][:, None])


def unneeded_share(need: npt.NDArray[np.integer[Any]], lots: Lots) -> Floats:
    """Share of each lot's units beyond what the outcomes need in its cell, (lots, outcomes)."""
    spare = (lots.ahead + lots.width)[:, None] - need
    return np.clip(spare / lots.width[:, None], 0.0, 1.0)


def minimum_line(model: Model, problem: ShippingProblem, params: PlanParams) -> None:
    """Let a started line carry at least the minimum; one binary a line if needed (equation 10)."""
    least = line_minimum(problem, params.minimum_line_quantity) // model.packs
    for move in np.flatnonzero(least > 1).tolist():
        steps, upper = model.moves[move], float(model.moves[move].upBound)
        started = model.program.add_variable(f"g{move:08d}", 0, 1, pulp.LpInteger)
        words = "minimum line quantity"
        enough = linear([(steps, 1.0), (started, -float(least[move]))])
        model.add(enough >= 0, 2, "line", move, words)
        model.add(linear([(steps, 1.0), (started, -upper)]) <= 0, 2, "line", move, words)


def whole_vehicles(model: Model, problem: ShippingProblem) -> None:
    """Add the vehicles n and the item lines u, what they carry, and what they cost (P22, P23)."""
    moves, departures, most = problem.moves, problem.departures, most_of_each_move(problem)
    beyond = (departures.line_cost - departures.line_spent).tolist()
    priced, asked = [], list[float]()
    for lane in np.flatnonzero(departures.vehicle_cost > 0).tolist():
        mine = np.flatnonzero(moves.lane == lane)
        vehicles = model.program.add_variable(f"v{lane:08d}", 0, None, pulp.LpInteger)
        _carries(model, vehicles, mine, np.ones(len(mine)), float(most[mine].sum()))
        item = moves.item[mine]
        _carries(
            model, vehicles, mine, problem.volume[item], float(departures.vehicle_volume[lane])
        )
        _carries(
            model, vehicles, mine, departures.weight_kg[item], float(departures.vehicle_kg[lane])
        )
        priced.append((vehicles, float(departures.vehicle_cost[lane])))
        asked.append(0.0)
    for lane in np.flatnonzero(departures.line_cost > 0).tolist():
        mine = np.flatnonzero(moves.lane == lane)
        for item in np.unique(moves.item[mine]).tolist():
            own = mine[moves.item[mine] == item]
            line = model.program.add_variable(f"w{lane:08d}{item:08d}", 0, 1, pulp.LpInteger)
            _carries(model, line, own, np.ones(len(own)), float(most[own].sum()))
            priced.append((line, float(departures.line_cost[lane])))
            asked.append(beyond[lane])
    model.departures = [(each, round(money * model.money, GRID)) for each, money in priced]
    if np.isfinite(problem.freight_budget):
        spent = [
            (each, money - round(part * model.money, GRID))
            for (each, money), part in zip(model.departures, asked, strict=True)
        ]
        _freight_within(model, problem, spent)


def _carries(model: Model, paid: Any, moves: Ints, weight: Floats, room: float) -> None:
    """Let moves use no more than the room of what is paid for."""
    if not len(moves) or not np.isfinite(room):
        return
    weight = weight * model.packs[moves]
    pairs = [
        (model.moves[move], each)
        for move, each in zip(moves.tolist(), weight.tolist(), strict=True)
    ]
    row = linear([*pairs, (paid, -room)]) <= 0
    model.add(row, len(pairs) + 1, "departure", 0, "vehicles and lines carry what travels")


def _freight_within(model: Model, problem: ShippingProblem, spent: list[tuple[Any, float]]) -> None:
    """Keep freight, that of vehicles and lines too, within its budget (equation 7a).

    Parameters
    ----------
    spent
        What each vehicle and line truly costs, what is asked of it aside [scaled money].
    """
    moves = problem.moves
    sent = np.flatnonzero(moves.destination_cell >= 0)
    money = np.maximum(moves.cost[sent], 0.0) * model.packs[sent] * model.money
    pairs = [
        (model.moves[move], each) for move, each in zip(sent.tolist(), money.tolist(), strict=True)
    ]
    row = linear([*pairs, *spent]) <= problem.freight_budget * model.money
    model.add(row, len(pairs) + len(spent), "departure", 0, "freight budget")


def shortfalls(model: Model, limits: Limits, risk: Risk, soft: Soft) -> None:
    """Add what soft limits are missed by, keep their sums, and minimise one of these (section 6).

    Sums over kinds that count money are in scaled money.
    """
    over = limits.are(tuple(soft.kinds)) & np.isfinite(limits.at_most)
    under = np.isfinite(limits.at_least) & (MINIMUMS in soft.kinds)
    model.slack_of = [(str(limits.family[row]), row) for row in np.flatnonzero(over).tolist()]
    model.slack_of += [(MINIMUMS, row) for row in np.flatnonzero(under).tolist()]
    model.slack_of += [(RISK, 0)] if RISK in soft.kinds and risk.budget is not None else []
    model.slacks = [
        model.program.add_variable(f"f{index:08d}", 0) for index in range(len(model.slack_of))
    ]
    money = {str(limits.family[row]) for row in np.flatnonzero(limits.in_money)} | {RISK}
    for kinds, most in soft.most.items():
        pairs = _missed_by(model, kinds)
        if pairs and np.isfinite(most):
            scaled = most * model.money if set(kinds) <= money else most
            model.add(linear(pairs) <= scaled, len(pairs), "shortfall", 0, listed(kinds))
    if soft.least:
        model.program.setObjective(linear(_missed_by(model, soft.least)))


def _missed_by(model: Model, kinds: tuple[str, ...]) -> list[tuple[Any, float]]:
    """Terms of what limits of these kinds are missed by in all."""
    named = zip(model.slacks, model.slack_of, strict=True)
    return [(slack, 1.0) for slack, (kind, _) in named if kind in kinds]


def _by_cell(cells: Ints) -> dict[int, list[int]]:
    """Positions at which each cell is named; -1 names none."""
    found: dict[int, list[int]] = {}
    for position, cell in enumerate(cells.tolist()):
        if cell >= 0:
            found.setdefault(cell, []).append(position)
    return found


def _cell_words(problem: ShippingProblem, cell: int) -> str:
    """Name a cell in a planner's words."""
    item, region = problem.cell_item[cell], problem.cell_region[cell]
    return f"{problem.items[item]} in {problem.regions[region]}"

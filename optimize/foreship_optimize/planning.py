"""From a shipping problem to a plan: relax limits if needed, presolve, solve, round, write down."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Ints
from foreship_foundation.freed import give_back
from foreship_foundation.orders.tariffs import further_unit_costs_another
from foreship_foundation.tables.frames import misspelt_columns
from foreship_foundation.tables.input_tables import INPUTS
from foreship_optimize.account.asked_account import in_true_money, with_what_is_asked
from foreship_optimize.account.writing import SolveResult, write_plan
from foreship_optimize.ahead.pricing import Ahead, price_ahead
from foreship_optimize.audit.auditor import audit
from foreship_optimize.audit.own_limits import own_limits_kept
from foreship_optimize.decomposition.column_generation import is_large, solve_by_prices
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.errors import LimitsConflict, NoUsablePlan
from foreship_optimize.infeasible.conflict import smallest_conflict
from foreship_optimize.infeasible.giving_way import LimitRelaxation, as_stated
from foreship_optimize.infeasible.relaxation import least_relaxation
from foreship_optimize.limits import in_whole_steps, limits_of, packs_of
from foreship_optimize.orders.past_orders import PERIOD, BelievedOrders
from foreship_optimize.own_limits.limit import FREE, OwnRules
from foreship_optimize.own_limits.only_lines import with_only
from foreship_optimize.own_limits.weighing import with_own_limits
from foreship_optimize.params import OptimizeParams
from foreship_optimize.plan import Plan
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.continuous import ContinuousSolution, solve_continuous
from foreship_optimize.program.instance import Instance, LimitsCannotHold
from foreship_optimize.program.presolve import Reduced, reduce
from foreship_optimize.risk import risk_of
from foreship_optimize.tables import Tables, complete
from foreship_optimize.valuation.assembly import assemble
from foreship_optimize.valuation.blocks import WHOLE, Blocks
from foreship_optimize.valuation.order_weighing import ByOrder, weigh_orders
from foreship_optimize.vehicles.solving import solve_departures
from foreship_optimize.whole_units.incumbent import find_incumbent, rounding_falls_short
from foreship_optimize.whole_units.integer_program import Incumbent
from foreship_optimize.whole_units.item_parts import solve_in_parts

__all__ = ["assembled", "make_plan", "presolved", "solve"]

LEAST_EARNED = 0.1
"""part of what units could earn without any limit that they are taken to earn"""
NEVER_CLOSING = (
    "obsolescence is not known: no cell is taken to stop selling without notice; state "
    "economics.obsolescence_per_year or give obsolescence"
)


def make_plan(  # noqa: PLR0913 everything a plan is made from
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios | pd.DataFrame,
    as_of: pd.Timestamp | str,
    params: OptimizeParams | None = None,
    *,
    obsolescence: float | None = None,
    baskets: BelievedOrders | None = None,
    strict: bool = False,
    keep_interrupted: bool = False,
    own: OwnRules = FREE,
    blocks: Blocks = WHOLE,
) -> Plan:
    """Assemble the problem, solve it, and audit the plan: frames in, the plan of a run out.

    Parameters
    ----------
    tables
        Tables of the contract by name. `orders` and `returns` are read for the share of sales that
        comes back, where `items` does not state it as `customer_return_share`; `orders` for what is
        bought together, where money is by the order.
    demand
        Joint sample paths, as `DemandScenarios` or as a frame `region, item, week, scenario,
        units` (`DemandScenarios.from_frame`).
    as_of
        The Monday the plan is made for.
    obsolescence
        Chance a year that a selling cell closes without notice, in [0, .999], where
        `economics.obsolescence_per_year` does not say; `foreship_forecast.obsolescence_per_year`
        measures it. Without either it is 0, with a note.
    baskets
        Orders that are believed in the place of past ones, where money is by the order: windows
        that are equally likely, or the very orders that come, `demand` being their single path.
    strict
        Raise instead of relaxing limits that cannot all hold.
    keep_interrupted
        Return the best plan so far after Ctrl-C; else the interrupt goes on to whoever asked, who
        may be about to ask for more plans.
    own
        Limits of the planner's own, and lines beside which nothing moves.
    blocks
        Who values units, and how many cells at a time. It changes none of them.

    Raises
    ------
    TableFault, LimitsConflict, NoUsablePlan, SolverRefused, AuditFailed
    NoUsablePlan
        Also if the plan is further from the best one than `plan.largest_gap`, and `plan.hold` does
        not ask to hold such plans.
    """
    params, as_of = params or OptimizeParams(), pd.Timestamp(as_of)
    if isinstance(demand, pd.DataFrame):
        demand = DemandScenarios.from_frame(demand, as_of)
    closing = 0.0 if obsolescence is None else obsolescence
    with _no_search_for_garbage():
        incumbent = complete(tables, params.economics, as_of)
        past = _past(tables, incumbent) if baskets is None else None
        weighed, later, plan = _solved(
            incumbent,
            demand,
            as_of,
            params,
            closing,
            past if baskets is None else baskets,
            strict=strict,
            own=own,
            blocks=blocks,
        )
        plan = plan if keep_interrupted else plan.unless_interrupted()
        if weighed is not None:
            gain = -float(plan.summary["objective"])
            plan = plan.by_order(
                weighed.credits, weighed.figures(plan.lines, gain), weighed.table(plan.lines)
            )
        plan = plan if later is None else later.told_in(plan)
        served = demand if weighed is None else weighed.credits.effective(demand)
        give_back()
        audit(
            incumbent, served, as_of, plan.lines, plan.units, plan.summary, params,
            orders=past,
            wanted=demand, obsolescence=closing,
        )  # fmt: skip
        own_limits_kept(plan.lines, plan.summary, own.limits)
    if plan.summary["gap"] > params.plan.largest_gap and "gap" not in params.plan.hold:
        raise NoUsablePlan(plan.notes[-1])
    more = misspelt_columns(tables, INPUTS)
    if obsolescence is None and params.economics.obsolescence_per_year is None:
        more.append(NEVER_CLOSING)
    return replace(plan, notes=[*plan.notes, *more]) if more else plan


def _solved(  # noqa: PLR0913 what `make_plan` is given
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios,
    as_of: pd.Timestamp,
    params: OptimizeParams,
    closing: float,
    orders: pd.DataFrame | BelievedOrders | None,
    *,
    strict: bool,
    own: OwnRules,
    blocks: Blocks,
) -> tuple[ByOrder | None, Ahead | None, Plan]:
    """Weigh orders and the weeks after, and solve what they ask for.

    Of orders that are known to come, those are left out that the plan does not make whole: limits,
    or other regions, need their units. What is left is planned again, until all of it is whole.
    """
    while True:
        weighed = weigh_orders(tables, demand, as_of, params, closing, orders)
        later, problem = _problem_of(tables, demand, as_of, params, closing, weighed, own, blocks)
        problem = with_only(with_own_limits(problem, own.limits, as_of), own.only, as_of)
        give_back()
        plan = solve(problem, params, as_of=as_of, strict=strict)
        if weighed is None or not isinstance(orders, BelievedOrders):
            return weighed, later, plan
        broken = weighed.not_whole(plan.lines)
        if not len(broken) or plan.summary["termination"] == "interrupted":
            return weighed, later, plan
        orders = orders.leaving_out(broken)


def _problem_of(
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios,
    as_of: pd.Timestamp,
    params: OptimizeParams,
    closing: float,
    weighed: ByOrder | None,
    own: OwnRules,
    blocks: Blocks = WHOLE,
) -> tuple[Ahead | None, ShippingProblem]:
    """Weigh the weeks after, and assemble the problem."""
    told = None if weighed is None else weighed.credits
    served = demand if told is None else told.effective(demand)
    later = price_ahead(tables, served, as_of, params, closing, by_order=told is not None)
    give_back()
    problem = assemble(
        tables, demand, as_of, params,
        obsolescence=closing, order_credits=told, ahead=None if later is None else later.prices,
        every_way=bool(own), blocks=blocks,
    )  # fmt: skip
    return later, problem


def assembled(
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios,
    as_of: pd.Timestamp,
    params: OptimizeParams,
    obsolescence: float,
) -> ShippingProblem:
    """Return the problem that `make_plan` solves for the same arguments.

    Raises
    ------
    TableFault
    """
    whole = complete(tables, params.economics, as_of)
    weighed = weigh_orders(whole, demand, as_of, params, obsolescence, _past(tables, whole))
    return _problem_of(whole, demand, as_of, params, obsolescence, weighed, FREE)[1]


def _past(tables: Mapping[str, pd.DataFrame], filled: Tables) -> pd.DataFrame | None:
    """Past orders where tariffs tell one from several; else no figure stands on them.

    A column of another table's name there says nothing of windows.
    """
    orders = tables.get("orders") if further_unit_costs_another(filled) else None
    return None if orders is None else orders.drop(columns=PERIOD, errors="ignore")


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Switch off Python's search for reference cycles, slow with so many live objects."""
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


def solve(
    problem: ShippingProblem,
    params: OptimizeParams | None = None,
    *,
    as_of: pd.Timestamp,
    strict: bool = False,
) -> Plan:
    """Find the plan of least cost, with a certified bound (docs/program.md).

    Raises
    ------
    LimitsConflict
        If the limits cannot all hold and `strict` is set.
    NoUsablePlan
        If time ended, or the solver failed, before a feasible plan was there.
    KeyboardInterrupt
        If it was interrupted before one was there; later, the best plan so far is returned.
    """
    params = params or OptimizeParams()
    clock = Clock(params.plan.time_limit_seconds)
    try:
        result = solve_or_relax(problem, params, clock, strict=strict)
    except NoUsablePlan:
        if clock.interrupted:
            raise KeyboardInterrupt from None
        raise
    result = replace(result, incumbent=_cut_by(clock, result.incumbent))
    quantity = np.zeros(len(problem.moves.action), dtype=np.int64)
    quantity[result.reduced.moves] = result.incumbent.quantity
    told = in_true_money(problem, result, quantity)
    give_back()
    plan = write_plan(problem.true(), params, told, quantity, as_of)
    return with_what_is_asked(plan, problem, result, quantity)


def _cut_by(clock: Clock, found: Incumbent) -> Incumbent:
    """Say of a plan that its search was cut: once time is over, steps are left out everywhere."""
    if clock.interrupted:
        return replace(found, termination="interrupted")
    return replace(found, termination="time limit") if clock.is_over() else found


def solve_or_relax(
    problem: ShippingProblem, params: OptimizeParams, clock: Clock, *, strict: bool
) -> SolveResult:
    """Solve under the limits as stated, or relaxed as little as possible where not all can hold.

    Raises
    ------
    LimitsConflict
        If something must give way and `strict` is set.
    """
    try:
        return solve_relaxed(as_stated(problem, params), clock)
    except LimitsCannotHold:
        relaxation = least_relaxation(problem, params, clock)
    if strict and relaxation.relaxed:
        raise _conflict(problem, params, relaxation, clock)
    try:
        return solve_relaxed(relaxation, clock)
    except LimitsCannotHold as clash:
        raise NoUsablePlan(f"no plan keeps the limits: {clash}") from clash


def solve_relaxed(relaxation: LimitRelaxation, clock: Clock) -> SolveResult:
    """Presolve, solve the continuous program, round it; try column generation too for packs."""
    relaxation, reduced, instance = presolved(relaxation)
    known = None if relaxation.plan is None else relaxation.plan[reduced.moves]
    if reduced.problem.departures.charged:
        return SolveResult(relaxation, reduced, *solve_departures(instance, clock, known))
    parted = None if known is not None else solve_in_parts(instance, clock, _solved_alone)
    continuous, incumbent = parted or _solved_alone(instance, clock, known)
    return SolveResult(relaxation, reduced, instance, continuous, incumbent)


def _solved_alone(
    instance: Instance, clock: Clock, known: Ints | None = None
) -> tuple[ContinuousSolution, Incumbent]:
    """Solve and round a program by itself, around a known plan where rounding finds none."""
    continuous = (
        solve_by_prices(instance, clock)
        if is_large(instance)
        else solve_continuous(instance, clock)
    )
    incumbent = find_incumbent(instance, continuous, clock, known)
    if rounding_falls_short(instance, continuous, incumbent) and not clock.is_over():
        incumbent = _better_by_prices(instance, incumbent, clock)
    return continuous, incumbent


def presolved(relaxation: LimitRelaxation) -> tuple[LimitRelaxation, Reduced, Instance]:
    """Return the instance that is solved, after presolve, with the settings of its search."""
    relaxation = replace(relaxation, params=_exact_in_true_money(relaxation))
    reduced = reduce(replace(relaxation.problem, asked=None), relaxation.params.plan)
    risk = relaxation.risk.of(reduced.moves)
    limits = in_whole_steps(limits_of(reduced.problem), packs_of(reduced.problem))
    return relaxation, reduced, Instance(reduced.problem, limits, relaxation.params, risk)


def _exact_in_true_money(relaxation: LimitRelaxation) -> OptimizeParams:
    """Narrow the gap by the least part that money may have in what is minimised.

    A tenth of what units could earn without any limit is taken for what they do earn.
    """
    problem, params = relaxation.problem, relaxation.params
    if problem.asked is None:
        return params
    units, moves = problem.units, problem.moves
    way = np.full(len(problem.cell_item), np.inf)
    into = moves.destination_cell >= 0
    np.minimum.at(way, moves.destination_cell[into], moves.charged[into])
    new = ~units.on_hand
    earns = np.maximum(problem.asked.value - way[units.cell], 0.0)[new].sum()
    steered = (units.value - problem.asked.value)[new].sum()
    share = (1.0 + LEAST_EARNED * earns) / (1.0 + earns + steered)
    return replace(params, plan=replace(params.plan, gap=params.plan.gap * float(share)))


def _better_by_prices(instance: Instance, found: Incumbent, clock: Clock) -> Incumbent:
    """Solve again by column generation; return the cheaper plan with the higher bound.

    If that second solve was cut short, its termination is the one reported.
    """
    try:
        other = find_incumbent(instance, solve_by_prices(instance, clock), clock)
    except (LimitsCannotHold, NoUsablePlan):
        return replace(found, termination="time limit") if clock.is_over() else found
    except KeyboardInterrupt:
        clock.interrupt()
        return replace(found, termination="interrupted")
    best = min(found, other, key=lambda plan: plan.objective)
    if other.termination in ("interrupted", "time limit"):
        best = replace(best, termination=other.termination)
    return replace(best, bound=min(best.objective, max(found.bound, other.bound)))


def _conflict(
    problem: ShippingProblem, params: OptimizeParams, relaxation: LimitRelaxation, clock: Clock
) -> LimitsConflict:
    """Name what would have to give way, and a minimal set of limits that conflict."""
    clash = smallest_conflict(problem, params, risk_of(problem, params.risk), clock)
    return LimitsConflict([*relaxation.sentences, *clash])

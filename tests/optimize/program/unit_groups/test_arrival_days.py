"""Units valued on their own day of arrival: by hand, and the bound below every plan so valued."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_foundation.actions import action_names
from foreship_optimize.audit.auditor import audit
from foreship_optimize.errors import AuditFailed
from foreship_optimize.planning import make_plan, solve
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.bound import least_in_order
from foreship_optimize.program.presolve import reduce
from foreship_optimize.program.unit_groups.arrival_days import lateness_spread, least_lateness
from foreship_optimize.valuation.assembly import assemble
from tests.optimize.program_builder import Draft
from tests.optimize.program_oracle import feasible_plans
from tests.optimize.several_days import own_costs
from tests.optimize.small_case import small_case
from tests.optimize.small_network import STEADY, demand_of, lane, tables_of
from tests.optimize.table_builder import MONDAY

WANTED = [[2, 2], [2, 0], [0, 0], [0, 0], [0, 0], [0, 0]]
"""Two units in the first week; in the second two or none, as likely; then nothing ever again."""


def two_lanes(fast: int = 1):
    """A hub a day away at 2.00 with `fast` units, and one a week away at 0.20 with plenty."""
    hubs = [("H1", np.nan, np.nan), ("H2", np.nan, np.nan)]
    lanes = [lane("H1", "R", 2.0), lane("H2", "R", 0.2, lead=7), lane("R", "H1", 1.0)]
    stock = [("H1", "I", fast), ("H2", "I", 5)]
    return tables_of(hubs=hubs, lanes=lanes, stock=stock), demand_of({("R", "I"): WANTED})


def test_two_lanes_of_different_lead_times_by_hand():
    """The unit that comes at once is sold for 3; the one a week later is bought in half the paths.

    It is worth .5 x 3 + .5 x (-1.5 - .1) = .7: unsold it lies a week and goes back for 1.50.
    """
    tables, demand = two_lanes()
    plan = make_plan(tables, demand, MONDAY, STEADY)
    lines = plan.lines.set_index("origin")
    assert lines["quantity"].to_dict() == {"H1": 1, "H2": 1}
    assert lines["expected_gain"].to_dict() == pytest.approx({"H1": 3.0 - 2.0, "H2": 0.7 - 0.2})
    assert lines["purchase_probability"].to_dict() == {"H1": 1.0, "H2": 0.5}
    loss = 0.2 + 0.1 + 1.5
    assert lines.loc["H2", "break_even"] == pytest.approx(loss / (loss + 3.0 - 0.2))
    ledger = plan.units[plan.units["planned"] == 1]
    assert ledger["p"].tolist() == [1.0, 0.5]
    assert ledger["gain"].tolist() == pytest.approx([1.0, 2.8])
    assert ledger["loss"].tolist()[1] == pytest.approx(loss)
    totals = plan.summary["totals"]
    assert totals["lateness"] == pytest.approx(3.0 - 0.7)
    assert totals["value_of_arrivals"] == pytest.approx(-6.0)
    assert plan.summary["objective"] == pytest.approx(-1.5)
    assert plan.summary["bound"] == pytest.approx(-1.5, abs=1e-6)


def test_the_audit_reads_chances_on_the_day_of_arrival():
    """A ledger that calls the late unit as sure as the early one is refused."""
    tables, demand = two_lanes()
    plan = make_plan(tables, demand, MONDAY, STEADY)
    lie = plan.units.copy()
    row = int(np.flatnonzero((lie["planned"] == 1) & (lie["unit"] == 2))[0])
    lie.loc[row, ["p", "gain"]] = [1.0, lie.loc[row, "expected_gain"]]
    with pytest.raises(AuditFailed, match="unit 2 of"):
        audit(tables, demand, MONDAY, plan.lines, lie, plan.summary, STEADY)


def test_the_arc_is_charged_the_most_that_a_unit_worth_shipping_loses():
    """Thursday's lane of a cell that sells 7 a week: units 1 to 4 lose nothing, 5 to 7 all but .9.

    Seven sell from Monday on, four from Thursday on; a unit left over saves the next lane (1.0)
    less a week of holding.
    """
    tables = tables_of(
        hubs=[("H1", np.nan, np.nan), ("H2", np.nan, np.nan)],
        lanes=[lane("H1", "R", 2.0), lane("H2", "R", 1.0, lead=3), lane("R", "H1")],
        stock=[("H1", "I", 9), ("H2", "I", 9)],
    )
    problem = assemble(tables, demand_of({("R", "I"): [[7]] * 6}), MONDAY, STEADY)
    late = problem.late
    assert (late.day == 3).all()
    assert late.value[:8] == pytest.approx([3.0] * 4 + [0.9] * 4)
    assert late.probability[:8].tolist() == [1.0] * 4 + [0.0] * 4
    assert problem.moves.lateness[problem.moves.lead_days == 3] == pytest.approx([2.1])
    assert least_lateness(problem).min() == pytest.approx(0.0)
    assert lateness_spread(problem) == pytest.approx([2.1])


@pytest.mark.sweep
def test_an_identity_holds_on_every_day():
    """V = p b + (1 - p)(r - h w) - o for each late row of random tables."""
    for seed in range(20):
        problem = assemble(*small_case(seed))
        late, units = problem.late, problem.units
        cell = units.cell[late.unit]
        kept = late.unsold_worth - problem.holding_window[cell]
        sums = late.probability * late.benefit + (1 - late.probability) * kept
        np.testing.assert_allclose(late.value, sums - units.hold_back[late.unit], atol=1e-9)
        assert (np.diff(late.unit * 10_000 + late.day) > 0).all()
        assert not units.on_hand[late.unit].any()


def _own_cost(problem: ShippingProblem, quantity: np.ndarray) -> float:
    """Cost of a plan, unit by unit: the earliest arrival takes the lowest rank."""
    moves, units = problem.moves, problem.units
    late = dict(zip(zip(problem.late.unit.tolist(), problem.late.day.tolist(), strict=True),
                    problem.late.value.tolist(), strict=True))  # fmt: skip
    total = float(moves.charged @ quantity)
    for cell in range(len(problem.cell_item)):
        mine = np.flatnonzero(units.cell == cell)
        lies = int(units.on_hand[mine].sum())
        away = int(quantity[moves.origin_cell == cell].sum())
        total += float(units.value[mine[lies - away : lies]].sum())
        coming = np.flatnonzero((moves.destination_cell == cell) & (quantity > 0))
        order = sorted(coming, key=lambda m: (moves.lead_days[m], moves.cost[m], m))
        rank = lies - away
        for move in order:
            for _ in range(int(quantity[move])):
                usual = units.value[mine[rank]] - moves.lateness[move]
                total -= late.get((int(mine[rank]), int(moves.lead_days[move])), usual)
                rank += 1
    return total


def _sent(problem: ShippingProblem, lines) -> np.ndarray:
    """Units of each move, read from the lines of a plan of one item."""
    moves, quantity = problem.moves, np.zeros(len(problem.moves.action), dtype=np.int64)
    region = problem.regions[problem.cell_region]
    names = [
        (action_names()[action], problem.hubs[hub] if hub >= 0 else region[cell],
         problem.hubs[back] if back >= 0 else region[into] if into >= 0 else "")
        for action, hub, cell, back, into in zip(
            moves.action, moves.origin_hub, moves.origin_cell, moves.destination_hub,
            moves.destination_cell, strict=True)
    ]  # fmt: skip
    for row in lines.itertuples():
        key, own = (
            (row.action, row.origin, row.destination),
            "" if row.action == "ship" else row.exit,
        )
        mine = [m for m, name in enumerate(names) if name == key and moves.exit[m] == own]
        quantity[mine[0]] = row.quantity
    return quantity


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("seeds", "fewest"), [(20, 5), pytest.param(70, 20, marks=pytest.mark.nightly)]
)
def test_the_bound_lies_below_every_plan_whose_units_are_valued_on_their_own_day(
    seeds: int, fewest: int
):
    """Of small random tables every plan is tried; the stated objective is recomputed by unit.

    Nothing that presolve leaves out could better the best of them. Seventy tables nightly.
    """
    seen = 0
    for seed in range(seeds):
        tables, demand, as_of, params = small_case(seed)
        problem = assemble(tables, demand, as_of, params)
        plans = feasible_plans(problem, params, most=3000) if len(problem.late.unit) else None
        if plans is None:
            continue
        seen += 1
        costs = own_costs(problem, plans)
        some = plans[:: max(1, len(plans) // 20)]
        assert own_costs(problem, some) == pytest.approx([_own_cost(problem, q) for q in some])
        plan = solve(problem, params, as_of=MONDAY)
        bound, objective = plan.summary["bound"], plan.summary["objective"]
        assert objective == pytest.approx(_own_cost(problem, _sent(problem, plan.lines)), abs=1e-9)
        assert bound - 1e-6 * max(1.0, abs(bound)) <= costs.min() <= objective + 1e-9, seed
        left_out = np.ones(len(problem.moves.action), dtype=bool)
        left_out[reduce(problem, params.plan).moves] = False
        inside = (plans[:, left_out] == 0).all(axis=1)
        assert costs[inside].min() == pytest.approx(costs.min(), abs=1e-9), seed
    assert seen >= fewest


def test_a_move_without_a_row_is_charged_its_lateness():
    """Where `late` is empty, a late line earns v less the arc's lateness."""
    draft = Draft()
    draft.stock = {("H1", "A"): 1}
    draft.cell("R1", "A", [9, 5])
    draft.ship("H1", "R1", "A", 1.0, lead=5, lateness=0.5)
    plan = solve(draft.problem(), as_of=MONDAY)
    assert plan.lines["expected_gain"].tolist() == pytest.approx([7.5])
    assert plan.summary["totals"]["lateness"] == pytest.approx(0.5)


@settings(max_examples=100)
@given(st.integers(0, 10**6))
def test_least_in_order_is_that_of_trying_every_split(seed: int):
    """Taking the first n atoms, days never falling: the sweep finds what trying all finds."""
    rng = np.random.default_rng(seed)
    ranks, ways = int(rng.integers(1, 5)), int(rng.integers(1, 4))
    cost = rng.normal(0, 2, (ranks, ways))
    cost[rng.random((ranks, ways)) < 0.2] = np.inf
    day = np.tile(rng.permutation(ways), (ranks, 1))
    best = 0.0
    for choice in np.ndindex(*([ways + 1] * ranks)):
        taken = [each for each in choice if each < ways]
        prefix = list(choice[: len(taken)]) == taken
        if prefix and (np.diff(day[0][taken]) >= 0).all():
            best = min(best, sum(cost[rank, way] for rank, way in enumerate(taken)))
    assert least_in_order(np.zeros(ranks, dtype=np.int64), cost, day) == pytest.approx(best)

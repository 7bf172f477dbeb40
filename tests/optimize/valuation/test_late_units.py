"""Units valued for the other days on which lanes bring them."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.planning import solve
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.valuation.assembly import assemble
from tests.optimize.small_case import small_case
from tests.optimize.small_network import STEADY, demand_of, lane, tables_of
from tests.optimize.table_builder import MONDAY


@pytest.mark.parametrize(("cost", "stays"), [(2.44, True), (2.46, False)])
def test_a_dear_late_lane_is_no_way_in_where_no_unit_could_pay_it(cost: float, stays: bool):
    """A unit on it is worth 2.45 at most: sold for 3 on half the paths, else worth 2 less .1."""
    tables = tables_of(
        hubs=[("H1", np.nan, np.nan), ("H2", np.nan, np.nan)],
        lanes=[lane("H1", "R", 2.0), lane("H2", "R", cost, lead=3), lane("R", "H1")],
        stock=[("H1", "I", 9), ("H2", "I", 9)],
    )
    demand = demand_of({("R", "I"): [[2, 0]] * 6})
    problem = assemble(tables, demand, MONDAY, STEADY)
    assert (3 in problem.moves.lead_days[problem.moves.action == 0]) is stays
    assert (3 in problem.late.day) is stays


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("seeds", "fewest"), [(12, 2), pytest.param(60, 10, marks=pytest.mark.nightly)]
)
def test_ways_left_out_before_they_are_valued_never_paid(
    monkeypatch: pytest.MonkeyPatch, seeds: int, fewest: int
):
    """On random tables such a way brings only units worth less than its cost; plans are as good.

    Twelve tables; sixty nightly.
    """
    left_out = 0
    for seed in range(seeds):
        given = _dear(small_case(seed, (3, 3, 2)), seed)
        fewer = assemble(*given)
        with monkeypatch.context() as patch:
            patch.setattr("foreship_optimize.valuation.block_worth.may_pay", _all)
            every = assemble(*given)
        if len(every.moves.action) == len(fewer.moves.action):
            continue  # one problem, and one plan
        left_out += len(every.moves.action) - len(fewer.moves.action)
        costs = [
            solve(each, given[3], as_of=MONDAY).summary["objective"] for each in (fewer, every)
        ]
        assert costs[0] == pytest.approx(costs[1], abs=1e-9), seed
        ways = [_ways(each) for each in (fewer, every)]
        for cell, day, cost in ways[1] - ways[0]:
            here = (every.units.cell[every.late.unit] == cell) & (every.late.day == day)
            assert here.any()
            assert every.late.value[here].max() <= cost + 1e-9, seed
    assert left_out >= fewest


def test_of_two_ways_of_one_day_the_cheapest_decides_and_the_other_is_charged():
    """A lane that is late by two days or a dearer one that is not: units are ranked by the first.

    The punctual one is charged the most that any unit worth shipping loses by it, here less than
    nothing, and stays among the moves though it costs more and comes no earlier.
    """
    lanes = [lane("H", "R", 1.0, 4), lane("H", "R", 1.2, 4), lane("R", "H")]
    tables = tables_of(lanes=lanes)
    tables["lanes"]["lead_time_sd_days"] = [2.0, 0.0, np.nan]
    demand = demand_of({("R", "I"): np.random.default_rng(3).poisson(3, (6, 40))})
    problem = assemble(tables, demand, MONDAY, STEADY)
    ships = np.flatnonzero(problem.moves.action == 0)
    by_cost = ships[np.argsort(problem.moves.cost[ships])]
    punctual = tables | {"lanes": tables["lanes"].assign(lead_time_sd_days=[0.0, 0.0, np.nan])}
    certain = assemble(punctual, demand, MONDAY, STEADY)
    many = min(len(certain.units.value), len(problem.units.value))
    lost = problem.units.value[:many] - certain.units.value[:many]
    paying = problem.units.value[:many] > 1.0
    assert problem.moves.lateness[by_cost[0]] == 0.0
    assert problem.moves.lateness[by_cost[1]] == pytest.approx(lost[paying].max(), abs=1e-9)
    assert len(problem.late.unit) == 0 and (lost[:2] < 0).all()
    plan = solve(problem, STEADY, as_of=MONDAY)
    gain = plan.lines["expected_gain"].sum()
    assert -plan.summary["objective"] == pytest.approx(gain, abs=1e-9)


def test_a_day_that_two_laws_reach_has_no_rows_of_its_own():
    """Day 3 is the cell's; on day 5 a lane is late and another is not: both are charged."""
    lanes = [lane("H", "R", 1.0, 3), lane("H", "R", 0.5, 5), lane("H", "R", 0.6, 5)]
    tables = tables_of(lanes=[*lanes, lane("R", "H")])
    demand = demand_of({("R", "I"): np.random.default_rng(4).poisson(3, (6, 40))})
    seen = []
    for sds in ([0.0, 2.0, 2.0], [0.0, 2.0, 0.0]):
        tables["lanes"]["lead_time_sd_days"] = [*sds, np.nan]
        problem = assemble(tables, demand, MONDAY, STEADY)
        seen.append((sorted(set(problem.late.day.tolist())), problem.moves))
    assert [days for days, _ in seen] == [[5], []]
    both = seen[1][1]
    late = np.flatnonzero((both.action == 0) & (both.lead_days == 5))
    assert len(late) == 2 and (both.lateness[late] > 0).all()
    assert both.lateness[late[0]] != both.lateness[late[1]]


def _dear(given: tuple, seed: int) -> tuple:
    """Return the same case with dearer lanes and nothing in regions that could be redirected."""
    tables, *others = given
    rng, lanes, stock = np.random.default_rng(seed), tables["lanes"], tables["stock"]
    cost = lanes["cost_per_unit"] * rng.uniform(1.0, 4.0, len(lanes))
    stock = stock[stock["location"].isin(tables["hubs"]["hub"])]
    return ({**tables, "lanes": lanes.assign(cost_per_unit=cost), "stock": stock}, *others)


def _all(inputs, moves, *_) -> np.ndarray:
    """Stand in for `may_pay`: every move may."""
    return np.ones(len(moves), dtype=bool)


def _ways(problem: ShippingProblem) -> set[tuple[int, int, float]]:
    """Cell, day of arrival and cost of every ship."""
    moves = problem.moves
    ships = moves.action == 0
    columns = moves.destination_cell[ships], moves.lead_days[ships], moves.cost[ships]
    return set(zip(*(each.tolist() for each in columns), strict=True))

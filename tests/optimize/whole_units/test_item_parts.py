"""Items in parts: the optimum where shared limits have room, a bound that holds where not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foreship_optimize.errors import NoUsablePlan
from foreship_optimize.params import OptimizeParams, PlanParams
from foreship_optimize.planning import _solved_alone
from foreship_optimize.program.instance import Instance
from foreship_optimize.whole_units import item_parts
from foreship_optimize.whole_units.integer_program import faults_of, plan_cost
from foreship_optimize.whole_units.item_parts import solve_in_parts
from tests.clocks import endless
from tests.optimize.markets import instance_of, market, overstocked


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch):
    """Ten moves of carried items are many, and forty make a part."""
    monkeypatch.setattr(item_parts, "MOST_CARRIED", 10)
    monkeypatch.setattr(item_parts, "MOVES_AT_ONCE", 40)


def roomy(seed: int, room: float = 1e4, **lock: float) -> Instance:
    """Redirects and exits among 30 items, under limits of the room given."""
    draft = overstocked(seed, market(seed, items=30, regions=4))
    draft.locks = []
    draft.storage = dict.fromkeys(draft.storage, room)
    draft.lanes = dict.fromkeys(draft.lanes, room)
    draft.lock("one", lambda a, o, d, i: i == "I0", at_most=1.0)
    if lock:
        draft.lock("all", lambda a, o, d, i: a == "ship", **lock)
    return instance_of(draft, OptimizeParams(plan=PlanParams(gap=1e-6)))


@pytest.mark.parametrize("seed", range(4))
def test_where_there_is_room_parts_find_the_optimum_of_the_whole(seed: int):
    """Cost, bound and a plan without a fault; a lock on one item is a limit of its part."""
    instance = roomy(seed)
    continuous, whole = solve_in_parts(instance, endless(), _solved_alone)
    alone, best = _solved_alone(instance, endless())
    assert continuous.size["parts"] > 1 and "parts" not in alone.size
    assert continuous.objective == pytest.approx(alone.objective)
    assert continuous.bound == pytest.approx(alone.objective, rel=1e-6)
    assert faults_of(instance, whole.quantity) == []
    assert whole.objective == pytest.approx(plan_cost(instance.problem, whole.quantity))
    assert continuous.bound - 1e-6 <= whole.bound <= whole.objective
    assert whole.objective == pytest.approx(best.objective)


def test_parts_are_solved_with_what_they_alone_use_and_hold_every_move_once():
    """A lock on one item stays; of storage each part gets its share of what is left."""
    instance, seen = roomy(1), []

    def solve(part, clock):
        seen.append(part)
        return _solved_alone(part, clock)

    solve_in_parts(instance, endless(), solve)
    assert sum(len(each.problem.moves.action) for each in seen) == len(instance.problem.moves.item)
    stated = [dict(zip(each.limits.words, each.limits.at_most, strict=True)) for each in seen]
    assert [each["one"] for each in stated] == [1.0] * len(seen)
    room = instance.limits.at_most[list(instance.limits.words).index("storage of R0")]
    rooms = [each["storage of R0"] for each in stated]
    assert rooms[0] == pytest.approx(room / len(seen))
    assert room * 0.9 < rooms[-1] < room, "what the others left"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("room", [2.0, 12.0])
def test_where_what_items_share_is_scarce_limits_hold_and_so_does_the_bound(seed, room):
    """No plan costs less than the bound, the best one in whole units neither."""
    instance = roomy(seed, room=room)
    continuous, whole = solve_in_parts(instance, endless(), _solved_alone)
    optimum, best = _solved_alone(instance, endless())
    assert faults_of(instance, whole.quantity) == []
    assert continuous.bound <= optimum.objective + 1e-9
    assert continuous.bound <= whole.bound <= best.objective + 1e-9
    assert continuous.objective >= optimum.objective - 1e-6
    assert whole.objective == pytest.approx(plan_cost(instance.problem, whole.quantity))


def test_a_minimum_over_many_items_or_few_moves_are_no_case_for_parts(monkeypatch):
    """Neither is a risk budget, which all items share."""
    assert solve_in_parts(roomy(3, at_least=1.0), endless(), _solved_alone) is None
    instance = roomy(3)
    risky = replace(instance, risk=replace(instance.risk, budget=1e6))
    assert solve_in_parts(risky, endless(), _solved_alone) is None
    monkeypatch.setattr(item_parts, "MOST_CARRIED", len(instance.problem.moves.item))
    assert solve_in_parts(instance, endless(), _solved_alone) is None


def test_a_part_without_a_plan_leaves_the_whole_to_others():
    """Time may end in a part: whoever solves the whole says what that means."""

    def fails(part, clock):
        raise NoUsablePlan("time")

    assert solve_in_parts(roomy(0), endless(), fails) is None


def test_the_worst_end_of_a_part_is_that_of_all():
    """A search that one part cut short is cut short."""
    instance, turns = roomy(0), iter(["optimal", "time limit", "node limit"])

    def cut(part, clock):
        continuous, whole = _solved_alone(part, clock)
        word = next(turns, "optimal")
        return replace(continuous, termination=word), replace(whole, termination=word)

    continuous, whole = solve_in_parts(instance, endless(), cut)
    assert continuous.termination == whole.termination == "time limit"

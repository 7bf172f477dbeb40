"""Plans held against an independent mixed-integer model: tables in, published definitions.

The model shares no code with the product and takes no candidate from it. All 500 networks, and 300
with departures: `pytest -m nightly tests/optimize/independent`; one beside its plan:
`python -m tests.optimize.independent SEED`, with `--departures` or `--asked` one of the others.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.optimize.independent.asked_networks import random_asked
from tests.optimize.independent.departing_networks import random_departures, random_waits
from tests.optimize.independent.judged import (
    Verdict,
    faults_ahead,
    judged,
    model_for,
    plan_for,
)
from tests.optimize.independent.judged_asked import faults_of_asked
from tests.optimize.independent.networks import random_network
from tests.optimize.independent.program import Model

SAMPLE = range(24)
DEPARTING = (*range(11), 17, 49, 166, 284, 628, 708)
"""in 17 hubs run down while later weeks are scarce of room; in 284 a scarce lane does not leave in
the first of them; plans of the others from 49 on, without the exact program, are the best only if
what lies somewhere leaves for what comes, if storage is looked at where a redirect stays, and if
units change departures"""
WAITING = (12, 14, 16, 27, 34)
"""networks with something to send, in which waiting has a price by the day"""
ASKED = (1, 2, 9, 13, 16, 19, 167, 230)
"""networks with floors that are reached or not, ceilings, least gains and charges of changes; in
167 two lines of little gain reach a floor and one unit more, in 230 a floor asks for units of which
none would be sent, and a redirect brings them early"""
LOSS = 0.005
"""share of the optimum that plans by the vehicle may lose"""
TINY = (36, 45, 121, 159, 212, 309, 463, 553)
"""networks with fewer than 600 plans"""


@pytest.mark.sweep
@pytest.mark.parametrize("seed", SAMPLE)
def test_a_plan_is_within_its_gap_of_the_models_optimum(seed: int) -> None:
    """Its money is the model's, it keeps every limit, and its bound lies below every plan."""
    assert judged(random_network(seed)).faults == []


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(500))
def test_plans_of_many_networks_are_within_their_gaps(seed: int) -> None:
    """The same of 500 networks."""
    assert judged(random_network(seed)).faults == []


@pytest.fixture(scope="module")
def departing() -> list[Verdict]:
    """Plans of networks with departures, vehicles and late lanes, held against the model."""
    return [judged(random_departures(seed)) for seed in DEPARTING]


@pytest.mark.sweep
def test_plans_by_the_vehicle_are_right_and_next_to_the_optimum(departing: list[Verdict]) -> None:
    """Money, days and limits are the model's, and no bound lies above a plan."""
    assert [each.faults for each in departing] == [[]] * len(departing)
    assert lost_share(departing) <= LOSS


@pytest.mark.sweep
@pytest.mark.parametrize("seed", WAITING)
def test_days_of_waiting_and_holding_at_the_hub_are_the_models(seed: int) -> None:
    """Parcels by their days, and a week at the hub, have the worth that the model gives them."""
    network = random_waits(seed)
    verdict = judged(network)
    assert verdict.faults == []
    assert network.settings.lost_sale_share_per_day is not None
    assert verdict.objective != pytest.approx(
        plan_for(random_departures(seed)).summary["objective"]
    )


@pytest.mark.sweep
@pytest.mark.parametrize("seed", ASKED)
def test_what_is_asked_is_done_at_the_least_cost(seed: int) -> None:
    """Levels, what lacks and charges are the model's; no plan that lacks no more costs less."""
    assert faults_of_asked(random_asked(seed)) == []


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(300))
def test_what_is_asked_of_many_networks_is_done_at_the_least_cost(seed: int) -> None:
    """The same of 300 networks."""
    assert faults_of_asked(random_asked(seed)) == []


def test_a_plan_that_lies_about_what_is_asked_is_found() -> None:
    """A unit that lacks and is not told, a charge too little, and a bound above the optimum."""
    network = random_asked(19)
    plan = plan_for(network)
    summary = plan.summary
    lies: list[dict[str, object]] = [
        {"unmet": summary["unmet"][1:]},
        {"asked": summary["asked"] | {"changes": 0.0}},
        {"bound": summary["objective"] + 1.0},
    ]
    assert faults_of_asked(network, plan) == []
    for lie in lies:
        assert faults_of_asked(network, replace(plan, summary={**summary, **lie}))


@pytest.mark.nightly
def test_plans_by_the_vehicle_of_many_networks_lose_little() -> None:
    """The same of 300 networks."""
    verdicts = [judged(random_departures(seed)) for seed in range(300)]
    assert [seed for seed, each in enumerate(verdicts) if each.faults] == []
    assert lost_share(verdicts) <= LOSS


def lost_share(verdicts: list[Verdict]) -> float:
    """What plans lose of the gain of the best ones, where no limit gives way."""
    known = [(each.objective, each.best.cost) for each in verdicts if each.best is not None]
    return sum(ours - best for ours, best in known) / -sum(best for _, best in known)


@pytest.mark.parametrize("seed", TINY)
def test_the_model_finds_what_trying_every_plan_finds(seed: int) -> None:
    """In networks so small that all plans can be listed."""
    model = model_for(random_network(seed))
    kept = [model.cost(plan) for plan in every_plan(model) if not model.broken(list(plan))]
    best = model.best()
    assert (best is None) == (not kept)
    assert best is None or best.cost == pytest.approx(min(kept), abs=1e-6)


def every_plan(model: Model) -> Iterator[tuple[int, ...]]:
    """All quantities of all moves that stock allows."""
    most = [
        model.market.cells[move.source].on_hand
        if move.source
        else model.market.hub_stock[move.origin, move.item]
        for move in model.moves
    ]
    return itertools.product(*(range(each + 1) for each in most))


def test_a_plan_or_bound_that_is_wrong_is_found() -> None:
    """A line too few, a bound above the optimum and money that is not there."""
    network = random_network(3)
    plan = plan_for(network)
    assert len(plan.lines) > 1
    summary = plan.summary
    lies = [
        replace(plan, summary={**summary, "objective": summary["objective"] - 1.0}),
        replace(plan, summary={**summary, "bound": summary["objective"] + 1.0}),
        replace(plan, summary={**summary, "relaxed": ["lock"]}),
        replace(plan, lines=plan.lines.iloc[1:]),
    ]
    assert judged(network, plan).faults == []
    assert all(judged(network, lie).faults for lie in lies)


def test_prices_of_later_weeks_are_proved_and_not_taken_as_told() -> None:
    """They are the duals of the model's own program; others, or none, are found."""
    network = random_departures(3)
    plan = plan_for(network)
    told = plan.summary["ahead"]
    some = told["prices"]
    assert len(some) == 7 and faults_ahead(network, plan) == []
    lies = [
        {**told, "objective": told["objective"] * 1.001},
        {**told, "prices": some[1:]},
        {**told, "prices": [some[0] | {"price": some[0]["price"] + 1.0}, *some[1:]]},
        {**told, "prices": [some[0] | {"limit": "lane H0 -> H0"}, *some[1:]]},
        {},
    ]
    for lie in lies:
        other = replace(plan, summary={**plan.summary, "ahead": lie})
        assert faults_ahead(network, other)


def test_the_networks_hold_everything_that_tables_can_say() -> None:
    """Each of these occurs in at least one of ten."""
    networks = [random_network(seed) for seed in range(30)]
    lanes = [each.tables["lanes"] for each in networks]
    found = {
        "several hubs": [len(each.tables["hubs"]) > 1 for each in networks],
        "lanes with days": [bool(each[["from", "to"]].notna().any().any()) for each in lanes],
        "lead times within a week": [
            bool((each["lead_time_days"] % 7 > 0).any()) for each in lanes
        ],
        "full lanes": [bool(each["capacity"].notna().any()) for each in lanes],
        "exits": ["exits" in each.tables for each in networks],
        "windows": ["assortment" in each.tables for each in networks],
        "inbound": ["inbound" in each.tables for each in networks],
        "locks": ["overrides" in each.tables for each in networks],
        "packs": [bool((each.tables["items"]["pack_size"] > 1).any()) for each in networks],
        "lines": [each.settings.minimum_line_quantity > 1 for each in networks],
        "freight budgets": [each.settings.freight_budget is not None for each in networks],
        "value budgets": [each.settings.stock_value_budget is not None for each in networks],
        "risk budgets": [each.settings.risk_budget is not None for each in networks],
    }
    assert {name: sum(hits) for name, hits in found.items() if sum(hits) < 3} == {}


def test_the_networks_with_departures_hold_everything_that_tables_say_of_them() -> None:
    """Each of these occurs in at least three of thirty."""
    networks = [random_departures(seed) for seed in range(30)]
    lanes = [each.tables["lanes"] for each in networks]
    found = {
        name: [bool(each[name].notna().any()) for each in lanes]
        for name in (
            "departs",
            "vehicle_cost",
            "vehicle_capacity",
            "vehicle_kg",
            "line_cost",
            "lead_time_sd_days",
        )
    }
    found["picking"] = [
        bool(each.tables["hubs"]["picking_units"].notna().any()) for each in networks
    ]
    found["receiving"] = [
        bool(each.tables["regions"]["receiving_units"].notna().any()) for each in networks
    ]
    found["closed"] = ["calendar" in each.tables for each in networks]
    assert {name: sum(hits) for name, hits in found.items() if sum(hits) < 3} == {}

"""The price search: what it leaves when it ends early, and how far it closes the gap."""

from __future__ import annotations

import pytest

from foreship_optimize.decomposition import column_generation, price_search
from foreship_optimize.decomposition.column_generation import (
    solve_by_prices,
)
from foreship_optimize.program.continuous import exceeded, solve_continuous
from foreship_optimize.program.cost import program_losses
from foreship_optimize.whole_units.incumbent import find_incumbent
from foreship_optimize.whole_units.integer_program import faults_of
from tests.clocks import endless, ticking
from tests.optimize.markets import large, mixed


def test_an_interrupt_keeps_the_budget(monkeypatch):
    """Ctrl-C after a few rounds: the plan that is left keeps the budget."""
    instance = mixed(0, budget=20.0)
    calls, real = [], price_search.solve_pricing

    def interrupted(*words):
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return real(*words)

    monkeypatch.setattr(price_search, "solve_pricing", interrupted)
    found = solve_by_prices(instance, endless())
    losses = program_losses(instance.problem, instance.risk, found.quantity, 2)
    assert not instance.risk.broken_by(losses)
    assert found.termination != "optimal"
    assert not exceeded(instance, found.quantity)


@pytest.mark.parametrize("looks", [0, 1, 5, 12])
def test_time_that_is_over_still_gives_a_plan_and_its_bound(looks: int):
    """The limit passes at once or in a later round: what is there is usable, its gap certified."""
    instance = large(3)
    best = solve_continuous(instance, endless()).objective
    clock = ticking(looks)
    found = solve_by_prices(instance, clock)
    assert found.termination == "time limit" and clock.is_over()
    assert not exceeded(instance, found.quantity)
    assert found.bound <= best <= found.objective + 1e-9
    whole = find_incumbent(instance, found, clock)
    assert not faults_of(instance, whole.quantity)
    assert whole.bound <= whole.objective


@pytest.mark.sweep
@pytest.mark.parametrize("call", [1, 4, 6])
def test_an_interrupt_keeps_the_best_plan_so_far(monkeypatch, call: int):
    """Ctrl-C in the first or a later round: the plan of the rounds before, with its bound."""
    instance, priced, calls = large(0), price_search.solve_pricing, []

    def interrupted(*words):
        calls.append(1)
        if len(calls) == call:
            raise KeyboardInterrupt
        return priced(*words)

    monkeypatch.setattr(price_search, "solve_pricing", interrupted)
    found = solve_by_prices(instance, endless())
    best = solve_continuous(instance, endless()).objective
    assert found.termination == "interrupted"
    assert not exceeded(instance, found.quantity)
    assert found.bound <= best <= found.objective + 1e-9


@pytest.mark.parametrize("call", [1, 2])
def test_an_interrupt_of_a_sample_ends_the_whole_search(monkeypatch, call: int):
    """Ctrl-C while start prices are sought: the search that follows does not go on as if not."""
    instance, priced, calls = large(0), price_search.solve_pricing, []

    def interrupted(*words):
        calls.append(1)
        if len(calls) == call:
            raise KeyboardInterrupt
        return priced(*words)

    monkeypatch.setattr(price_search, "solve_pricing", interrupted)
    monkeypatch.setattr(column_generation, "SAMPLES", ((20, 1e-3),))
    clock = endless()
    found = solve_by_prices(instance, clock)
    assert clock.interrupted
    assert found.termination != "optimal"
    assert len(calls) <= call + 1
    assert not exceeded(instance, found.quantity)

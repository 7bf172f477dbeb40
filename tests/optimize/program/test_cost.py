"""Cost and losses of a continuous plan, counted as the program counts them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.program.cost import program_losses
from foreship_optimize.risk import mean_of_worst
from tests.clocks import endless
from tests.optimize.markets import with_redirects


@pytest.mark.parametrize("seed", range(6))
def test_losses_are_counted_as_the_program_counts_them(seed: int):
    """Where the budget binds, the CVaR of the whole program's own plan is just the budget."""
    free = with_redirects(seed, 1e6)
    plan = solve_continuous(free, endless()).quantity
    most = mean_of_worst(program_losses(free.problem, free.risk, plan, 2), 0.5)
    for part in (0.8, 0.4):
        instance = replace(free, risk=replace(free.risk, budget=part * most))
        found = solve_continuous(instance, endless())
        used = mean_of_worst(
            program_losses(instance.problem, instance.risk, found.quantity, 2), 0.5
        )
        assert used == pytest.approx(part * most, rel=1e-6)

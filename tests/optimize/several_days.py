"""Small networks whose lanes arrive on several days, and their best plan by trying all.

A dear lane at once and cheaper ones later, several units a cell, stock and room that bind: there
the charge of one lane differs from unit to unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any
from unittest import mock

import numpy as np
import pandas as pd

from foreship_optimize.decomposition import column_generation
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.planning import solve
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.valuation.assembly import assemble
from tests.optimize.program_oracle import feasible_plans
from tests.optimize.small_network import item, lane, tables_of
from tests.optimize.table_builder import MONDAY

PATHS = {
    "whole": {},
    "rounded": {"integer_program_units": 0},
    "carried": {"decomposition_items": 1, "integer_program_units": 0},
    "prices": {"decomposition_items": 1, "integer_program_units": 0},
}
"""settings that force each way to a whole-unit plan, beside what `forced` does"""


@contextmanager
def forced(path: str) -> Iterator[None]:
    """Let few items with several days be priced like many, where the path is of prices."""
    most = 0 if path == "prices" else column_generation.BY_DAY_CARRIED
    with mock.patch.object(column_generation, "BY_DAY_CARRIED", most):
        yield


def draw_several_days(seed: int, *, regions: int = 2, items: int = 1, minimums: bool = False):
    """Tables, demand and settings of one or two regions that two or three hubs reach."""
    rng = np.random.default_rng(seed)
    hubs = [f"H{place}" for place in range(int(rng.integers(2, 4)))]
    places = [f"R{place}" for place in range(int(rng.integers(1, regions + 1)))]
    names = [f"I{place}" for place in range(int(rng.integers(1, items + 1)))]
    packs = [int(rng.choice([1, 1, 1, 1, 2])) for _ in names]
    stock = [(hub, name, int(rng.integers(1, 8))) for hub in hubs for name in names]
    lies = [(place, name, int(rng.integers(1, 4))) for place in places for name in names
            if rng.random() < 0.25]  # fmt: skip
    room = [float(rng.integers(3, 12)) if rng.random() < 0.3 else np.inf for _ in places]
    tables = tables_of(
        items=[item(name, pack=pack) for name, pack in zip(names, packs, strict=True)],
        hubs=[(hub, np.nan, np.nan) for hub in hubs],
        regions=[(place, most, 2.0, "", np.nan, np.nan)
                 for place, most in zip(places, room, strict=True)],
        lanes=_lanes(rng, hubs, places),
        stock=stock + lies,
        overrides=_pushed(rng, places) if minimums else [],
    )  # fmt: skip
    budget = float(rng.integers(2, 12)) if rng.random() < 0.25 else None
    risk = RiskParams(level=float(rng.choice([0.5, 0.9])), budget=budget, horizon_weeks=2)
    return tables, _demand(rng, places, names), OptimizeParams(risk=risk, plan=PlanParams(gap=0.0))


def _lanes(rng, hubs: list[str], places: list[str]) -> list[tuple]:
    rows = []
    for place in places:
        leads = rng.permutation([0, 2, 3, 5, 7])
        for hub, lead in zip(hubs, leads.tolist(), strict=False):
            cost = float(np.round(max(0.2, 2.4 - 0.3 * lead + rng.normal(0, 0.4)), 1))
            most = float(rng.integers(1, 7)) if rng.random() < 0.25 else np.inf
            rows.append(lane(hub, place, cost, lead, capacity=most))
        if rng.random() < 0.5:
            rows.append(lane(place, hubs[0], 0.8))
    if len(places) > 1 and rng.random() < 0.4:
        rows.append(lane(places[0], places[1], 0.5, int(rng.integers(0, 4))))
    return rows


def _pushed(rng, places: list[str]) -> list[tuple]:
    return [("at_least", float(rng.integers(1, 5)), "promotion", "Anna", pd.NaT,
             str(rng.choice(places)), "", "")]  # fmt: skip


def _demand(rng, places: list[str], names: list[str]) -> DemandScenarios:
    cells = [(place, name) for place in places for name in names]
    rate = rng.gamma(3.0, 1.3, len(cells))
    sure = rng.random(len(cells)) < 0.3
    units = rng.poisson(np.broadcast_to(rate[:, None, None], (len(cells), 6, 20)))
    units = np.where(sure[:, None, None], np.ceil(rate).astype(int)[:, None, None], units)
    weeks = np.datetime64(MONDAY, "D") + 7 * np.arange(6)
    region, name = (np.array(each, dtype=object) for each in zip(*cells, strict=True))
    return DemandScenarios(region, name, weeks, units.astype(np.int32))


def as_asked(params: OptimizeParams, path: str) -> OptimizeParams:
    """Return the settings that force a path."""
    return replace(params, plan=replace(params.plan, gap=0.0, **PATHS[path]))


def against_all_plans(
    seed: int, path: str, *, minimums: bool = False
) -> tuple[float, dict[str, Any]] | None:
    """Least cost of all plans of a network, and the summary of the plan that a path finds.

    None where no unit is late, no plan keeps the limits or there are too many to try.
    """
    network = best_of_all(seed, minimums)
    if network is None:
        return None
    problem, params, best = network
    with forced(path):
        return best, solve(problem, as_asked(params, path), as_of=MONDAY).summary


@cache
def best_of_all(seed: int, minimums: bool) -> tuple[ShippingProblem, OptimizeParams, float] | None:
    """A network of two items at most, its settings, and the least cost of all its plans."""
    tables, demand, params = draw_several_days(seed, items=2, minimums=minimums)
    problem = assemble(tables, demand, MONDAY, params)
    plans = feasible_plans(problem, params) if len(problem.late.unit) else None
    if plans is None or not len(plans):
        return None
    return problem, params, float(own_costs(problem, plans).min())


def own_costs(problem: ShippingProblem, plans: np.ndarray) -> np.ndarray:
    """Cost of each plan, every unit worth what it is on its own day of arrival."""
    moves, units = problem.moves, problem.units
    key = list(zip(problem.late.unit.tolist(), problem.late.day.tolist(), strict=True))
    late = dict(zip(key, problem.late.value.tolist(), strict=True))
    total = plans @ moves.charged
    for cell in range(len(problem.cell_item)):
        mine = np.flatnonzero(units.cell == cell)
        lies = int(units.on_hand[mine].sum())
        away = plans @ (moves.origin_cell == cell).astype(int)
        kept = np.concatenate([[0.0], np.cumsum(units.value[mine])])
        total = total + kept[lies] - kept[lies - away]
        ahead = lies - away
        into = np.flatnonzero(moves.destination_cell == cell)
        for day in np.unique(moves.lead_days[into]).tolist():
            come = into[moves.lead_days[into] == day]
            charge = moves.lateness[come[0]]
            worth = [late.get((int(u), day), units.value[u] - charge) for u in mine]
            sums = np.concatenate([[0.0], np.cumsum(worth)])
            after = ahead + plans[:, come].sum(axis=1)
            total = total - (sums[after] - sums[ahead])
            ahead = after
    return total

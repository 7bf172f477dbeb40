"""A run's own terms price an edit as a plan does that is made without them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pandas as pd
import pytest

from foreship.approval.as_overrides import as_overrides
from foreship.approval.edits import Edit
from foreship.approval.prices import SOLVED, prices_of
from foreship.jobs.deciding.past_terms import PastTerms, past_terms
from foreship.pipeline.stages import optimize_params
from foreship.runs import Run
from foreship.workspace.opening import read_demand
from foreship_foundation.tables.input_tables import INPUTS
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.planning import make_plan
from tests.foreship.planned_shop import AS_OF, DEMAND, open_shop, planned_shop

Objective = Callable[..., float]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return the run of a small shop."""
    return planned_shop(tmp_path_factory.mktemp("planned") / "shop")


@pytest.fixture(scope="module")
def objective(run: Run) -> Objective:
    """Return a function that plans from the shop's files with one lock, and tells the objective."""
    shop = run.path.parent.parent
    workspace = open_shop(shop)
    demand = DemandScenarios.from_frame(read_demand(shop / DEMAND, workspace), AS_OF)
    params = optimize_params(workspace.config)

    def made(**lock: object) -> float:
        row = {"kind": "fix", "reason": "r", "author": "a", "expires": AS_OF, "action": "", **lock}
        overrides = pd.DataFrame([row] if lock else [], columns=list(INPUTS["overrides"].names))
        tables = {**workspace.tables, "overrides": overrides} if lock else workspace.tables
        return float(make_plan(tables, demand, AS_OF, params).summary["objective"])

    return made


def random_edits(run: Run, count: int, seed: int) -> Iterator[Edit]:
    """Yield edits of random lines by a few units."""
    rng = random.Random(seed)
    for _ in range(count):
        line = rng.randrange(len(run.plan))
        planned = int(run.plan["quantity"].iloc[line])
        yield Edit(line, "change", max(0, planned + rng.choice([-3, -2, -1, 1, 2, 3, 5])))


def assert_priced(run: Run, edits: list[Edit], objective: Objective) -> None:
    """Price each edit alone, and compare with two plans made by the objective given."""
    terms: PastTerms = past_terms(run, run.path.parent.parent / DEMAND)

    def solve(groups: list) -> float | None:
        return terms.objective(groups, as_overrides(groups, "Ada", AS_OF))

    before = float(run.summary["objective"])
    assert before == pytest.approx(objective(), abs=1e-9)
    for edit in edits:
        (price,), (how,), _ = prices_of([edit], run.plan, before, solve, 1)
        line = run.plan.iloc[edit.line]
        lock = {"region": line["destination"], "item": line["item"], "origin": line["origin"]}
        assert how == SOLVED
        assert price == pytest.approx(objective(value=edit.quantity, **lock) - before, abs=1e-6)


def test_a_price_is_the_difference_of_two_solves(run: Run, objective: Objective) -> None:
    """Random edits, each against a plan that the test makes by itself, to a millionth."""
    assert_priced(run, list(random_edits(run, 5, seed=11)), objective)


@pytest.mark.nightly
def test_prices_are_differences_of_two_solves_500_times(run: Run, objective: Objective) -> None:
    """The same of many random edits."""
    assert_priced(run, list(random_edits(run, 500, seed=12)), objective)

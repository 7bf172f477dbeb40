"""A run's own terms price an edit as a plan does that is made without them."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

import foreship
from foreship.approval.as_overrides import as_overrides
from foreship.approval.edits import Edit
from foreship.approval.prices import SOLVED, prices_of
from foreship.errors import UsageError
from foreship.jobs.deciding.past_terms import PastTerms, past_terms
from foreship.pipeline.stages import optimize_params
from foreship.runs import Run
from foreship.workspace.opening import read_demand
from foreship_foundation.tables.input_tables import INPUTS
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.planning import make_plan
from tests.foreship.planned_shop import (
    AS_OF,
    DEMAND,
    RULES,
    edits_file,
    frames_of_shop,
    open_shop,
    planned_shop,
)

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


@pytest.mark.sweep
def test_a_price_is_the_difference_of_two_solves(run: Run, objective: Objective) -> None:
    """Random edits, each against a plan that the test makes by itself, to a millionth."""
    assert_priced(run, list(random_edits(run, 5, seed=11)), objective)


@pytest.mark.sweep
def test_what_functions_planned_is_not_planned_again_without_them(run: Run) -> None:
    """A limit and a policy are named, by edits and by a trial, and nothing is planned."""
    shop = open_shop(run.path.parents[1])
    demand = run.path.parents[1] / DEMAND

    def as_it_is(known: foreship.Known) -> pd.DataFrame:
        return run.plan

    limit = foreship.Limit("few of a", 3, lambda ways: ways["item"] == "a")
    capped = foreship.plan(shop, demand=demand, limits=[limit])
    own = foreship.plan(shop, demand=demand, policy=as_it_is)
    for made, words in ((capped, r"1 limit of your own \(few of a\)"), (own, "policy as_it_is")):
        edits = edits_file(run.path.parents[1], [(0, "change", 1, "less")])
        with pytest.raises(UsageError, match=words) as refused:
            foreship.approve(made, by="Ada", edits=edits, demand=demand)
        assert refused.value.exit_code == 2
        with pytest.raises(UsageError, match=words):
            foreship.what_if(shop, {"plan.freight_budget": 20}, against=made, demand=demand)
        assert not (run.path.parents[1] / "whatif").exists()


@pytest.mark.sweep
def test_a_plan_of_frames_takes_edits_as_long_as_it_holds_them(run: Run, tmp_path: Path) -> None:
    """The same edited plan as of files; the bare folder of it is refused in a sentence."""
    demand = read_demand(run.path.parents[1] / DEMAND, open_shop(run.path.parents[1]))
    shop = foreship.from_frames(frames_of_shop(), AS_OF, tomllib.loads(RULES))
    planned = foreship.plan(shop, demand=demand)
    edits = edits_file(tmp_path, [(0, "change", 1, "less")])
    del shop
    approved = foreship.approve(planned, by="Ada", edits=edits, demand=demand)
    again = foreship.plan(open_shop(run.path.parents[1]), demand=demand)
    same = foreship.approve(again, by="Ada", edits=edits, demand=demand)
    pd.testing.assert_frame_equal(approved.run.plan, same.run.plan)
    assert approved.price_of_all == same.price_of_all
    twice = edits_file(tmp_path, [(0, "change", 2, "more")])
    assert foreship.approve(approved.run, by="Ada", edits=twice, demand=demand).run.plan is not None
    with pytest.raises(UsageError, match=r"takes edits only as the run that foreship.plan"):
        foreship.approve(foreship.load_run(planned.path), by="Ada", edits=edits, demand=demand)


@pytest.mark.nightly
def test_prices_are_differences_of_two_solves_500_times(run: Run, objective: Objective) -> None:
    """The same of many random edits."""
    assert_priced(run, list(random_edits(run, 500, seed=12)), objective)

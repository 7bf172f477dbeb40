"""Plans of a sweep are the plans of a run; what has none is a row, and nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import foreship
from foreship.sweeps import sweeping
from foreship_optimize.errors import NoUsablePlan
from tests.foreship.planned_shop import DEMAND, open_shop, planned_shop

UNLUCKY = 99


def test_a_sweep_plans_what_a_run_plans_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The unchanged variant is the run's plan; a budget of 0 costs; a strange one has its words."""

    def planned(tables: Any, demand: Any, as_of: Any, config: foreship.Config, **more: Any) -> Any:
        if config.plan.seed == UNLUCKY:
            raise NoUsablePlan("time ended before there was a plan")
        return foreship.plan_stage(tables, demand, as_of, config, **more)

    monkeypatch.setattr(sweeping, "plan_stage", planned)
    run = planned_shop(tmp_path)
    workspace = open_shop(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    variants = {
        "as it is": {},
        "free moves": {"cost_factor": 0.0},
        "no freight": {"plan__freight_budget": 0.0},
        "no plan": {"plan.seed": UNLUCKY},
    }
    found = foreship.sweep(workspace, variants, demand=tmp_path / DEMAND)
    table = found.table.set_index("name")
    assert list(table.index) == list(variants) and sorted(tmp_path.rglob("*")) == before
    assert found.plans["as it is"].lines.equals(run.plan)
    assert table.loc["as it is", "objective"] == run.summary["objective"]
    assert table.loc["free moves", "objective"] < table.loc["as it is", "objective"]
    assert table.loc["no freight", "objective"] >= table.loc["as it is", "objective"]
    assert table.loc["no plan", ["status", "words"]].to_list() == [
        "none", "time ended before there was a plan",
    ]  # fmt: skip
    assert set(found.plans) == set(variants) - {"no plan"}
    assert str(found).startswith("Sweep of 4 variants")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"forecast.rounds": 3}, "one forecast"),
        ({"risk.budgt": 3}, r"variant 'x':\n.*did you mean 'budget'"),
        (5, "variant 'x': give its settings by name"),
    ],
)
def test_a_variant_that_cannot_be_is_refused_before_anything_is_planned(
    changes: Any, words: str, tmp_path: Path
) -> None:
    """What a forecast hangs on, and what no setting is called."""
    planned_shop(tmp_path)
    with pytest.raises(foreship.UsageError, match=words):
        foreship.sweep(open_shop(tmp_path), {"x": changes}, demand=tmp_path / DEMAND)

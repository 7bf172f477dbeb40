"""Plans of a sweep are the plans of a run; what has none is a row, and nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import foreship
from foreship import files
from foreship.sweeps import sweeping
from foreship_foundation.telling.progress import heard_by
from tests.foreship.planned_shop import DEMAND, open_shop, planned_shop
from tests.foreship.sweeps.unlucky import NO_TIME, UNLUCKY, planned_by_luck


@pytest.mark.sweep
def test_a_sweep_plans_what_a_run_plans_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The unchanged variant is the run's plan; a budget of 0 costs; a strange one has its words."""
    monkeypatch.setattr(sweeping, "_planned", planned_by_luck)
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
        "none", NO_TIME,
    ]  # fmt: skip
    assert set(found.plans) == set(variants) - {"no plan"}
    assert str(found).startswith("Sweep of 4 variants")


@pytest.mark.nightly
def test_two_workers_make_the_table_of_one_to_the_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every plan too; what finds none in another process is a row with its words there."""
    monkeypatch.setattr(sweeping, "_planned", planned_by_luck)
    planned_shop(tmp_path)
    variants = foreship.budgets(5, None) | foreship.seeds(3, UNLUCKY)
    heard: list[tuple[float, float]] = []
    with heard_by(lambda stage, done, of: heard.append((done, of))):
        one, two = (
            foreship.sweep(open_shop(tmp_path), variants, demand=tmp_path / DEMAND, workers=count)
            for count in (1, 2)
        )
    assert one.table.to_csv(index=False) == two.table.to_csv(index=False)
    pd.testing.assert_frame_equal(one.table, two.table, check_exact=True)
    assert two.table["status"].to_list() == ["ship", "ship", "ship", "none"]
    assert two.table["words"].to_list() == ["", "", "", NO_TIME]
    for name, plan in one.plans.items():
        for which, each in enumerate((plan, two.plans[name])):
            files.write_parquet(each.lines, tmp_path / f"{which}.parquet")
        assert (tmp_path / "0.parquet").read_bytes() == (tmp_path / "1.parquet").read_bytes()
        assert plan.summary == two.plans[name].summary
    assert [each for each in heard if each[1] == 4] == [(done, 4) for done in range(5)] * 2


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"forecast.rounds": 3}, "one forecast"),
        ({"risk.budgt": 3}, r"variant 'x':\n.*did you mean 'budget'"),
        (5, "variant 'x': give its settings by name"),
        ({5: 5}, "variant 'x': give its settings by name"),
    ],
)
def test_a_variant_that_cannot_be_is_refused_before_anything_is_planned(
    changes: Any, words: str, tmp_path: Path
) -> None:
    """What a forecast hangs on, and what no setting is called."""
    planned_shop(tmp_path)
    with pytest.raises(foreship.UsageError, match=words):
        foreship.sweep(open_shop(tmp_path), {"x": changes}, demand=tmp_path / DEMAND)

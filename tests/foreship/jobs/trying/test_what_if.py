"""Plans that are tried lie apart, are set against a run, and are never taken for it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from foreship.approval.life import plan_of_the_week
from foreship.approval.named_runs import find_run
from foreship.config import CONFIG_NAME, load_config
from foreship.errors import UsageError
from foreship.jobs.before_plan.sent_before import sent_before
from foreship.jobs.trying.changed_settings import Tried, changed_config
from foreship.jobs.trying.trial import trial_of, with_tried
from foreship.jobs.trying.what_if import WhatIf, what_if_job, what_ifs
from foreship.runs import load_run
from foreship.workspace.opening import open_workspace
from tests.foreship.planned_shop import AS_OF, DEMAND, frames_of_shop, planned_shop

BUDGET = Tried({"plan.freight_budget": "20"})


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a shop with its plan, for others to copy."""
    folder = tmp_path_factory.mktemp("planned") / "shop"
    planned_shop(folder)
    return folder


@pytest.fixture
def shop(planned: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    return Path(shutil.copytree(planned, tmp_path / "shop"))


def tried(shop: Path, what: Tried) -> WhatIf:
    """Try something against the last plan."""
    config = changed_config(load_config(shop / CONFIG_NAME), shop, what)
    workspace = open_workspace(shop, AS_OF, config=config)
    return what_if_job(trial_of(workspace, what), demand=shop / DEMAND)


@pytest.mark.sweep
def test_a_setting_is_tried_and_the_money_explained(shop: Path) -> None:
    """Fewer units, for causes whose first is the money; the diff sums to the change."""
    (base,) = (shop / "runs").iterdir()
    found = tried(shop, BUDGET)
    assert found.run.path.parent.name == "whatif" and found.against.path == base
    assert found.run.manifest["whatif"]["set"] == {"plan.freight_budget": "20"}
    assert found.run.plan["quantity"].sum() < load_run(base).plan["quantity"].sum()
    assert found.causes[0].startswith("Expected gain ") and "freight" in found.causes[0]
    assert any("freight budget" in each.lower() for each in found.causes[1:])
    totals = found.diff.totals["quantity"]
    assert totals["after"] - totals["before"] == totals["delta"] < 0


@pytest.mark.sweep
def test_nothing_takes_it_for_the_plan_of_the_week(shop: Path) -> None:
    """Not the newest run, not what was sent, not the week's plan; its folder is a whole run."""
    (base,) = (shop / "runs").iterdir()
    found = tried(shop, BUDGET)
    assert list((shop / "runs").iterdir()) == [base]
    assert find_run("latest", shop) == base
    assert plan_of_the_week(shop, str(AS_OF.date())) == base
    assert sent_before(shop, AS_OF + pd.Timedelta(days=7))[1] in ([], [base.name])
    assert find_run(found.run.path.name, shop) == found.run.path
    assert load_run(found.run.path).id == found.run.id


@pytest.mark.sweep
def test_the_same_again_stands_and_all_make_a_table(shop: Path, tmp_path: Path) -> None:
    """The last plan first, then what was tried; a table is the same by what it holds."""
    first, again = tried(shop, BUDGET), tried(shop, BUDGET)
    assert again.run.path == first.run.path and again.run.reused
    stock = frames_of_shop()["stock"].assign(quantity=3)
    stock.to_csv(tmp_path / "less.csv", index=False)
    stock.iloc[::-1].to_parquet(tmp_path / "elsewhere.parquet")
    files = [tmp_path / name for name in ("less.csv", "elsewhere.parquet")]
    first, again = (tried(shop, Tried(tables={"stock": each})) for each in files)
    assert again.run.path == first.run.path and again.run.reused
    table = what_ifs(shop)
    assert table["tried"].tolist() == [
        "the plan of the week",
        "plan.freight_budget=20",
        "stock=less.csv",
    ]
    assert table["units"].is_monotonic_decreasing and table["units"].iloc[2] <= 9
    assert (table["status"] != "").all()


def test_frames_in_the_place_of_files_are_tried_on(shop: Path) -> None:
    """A workspace with other tables than its folder keeps them; files come in only where none is.

    Settings are those that are tried in both.
    """
    opened = open_workspace(shop, AS_OF)
    less = opened.with_tables(stock=opened.tables["stock"].assign(quantity=3))
    for workspace in (opened, less):
        trial = with_tried(workspace, {"plan.freight_budget": 20}, {})
        changed = trial.workspace
        assert changed.tables["stock"].equals(workspace.tables["stock"])
        assert changed.inputs == workspace.inputs
        assert changed.config.plan.freight_budget == 20 and trial.tried == BUDGET
    with pytest.raises(UsageError, match="give them to workspace"):
        with_tried(less, {}, {"stock": shop / DEMAND})


def test_what_cannot_be_compared_is_refused(shop: Path) -> None:
    """A run of another Monday, a Monday without a plan, nothing tried yet."""
    with pytest.raises(UsageError, match="nothing was tried yet"):
        what_ifs(shop)
    later = open_workspace(shop, AS_OF + pd.Timedelta(days=7))
    with pytest.raises(UsageError, match="holds no plan of"):
        what_if_job(trial_of(later, BUDGET), demand=shop / DEMAND)
    (base,) = (shop / "runs").iterdir()
    with pytest.raises(UsageError, match="is a plan of"):
        what_if_job(trial_of(later, BUDGET), load_run(base), demand=shop / DEMAND)
    here = open_workspace(shop, AS_OF)
    with pytest.raises(UsageError, match="give --demand FILE"):
        what_if_job(trial_of(here, BUDGET))

"""What is planned by way of trial is predicted by the model that stands, as one learned anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import foreship
from foreship.errors import InputError
from foreship.jobs.before_plan.demand_source import forecast_like, forecast_or_new
from foreship.jobs.trying.trial import with_tried
from foreship_foundation.arrays import Ints
from foreship_optimize.demand import DemandScenarios
from tests.foreship.good_workspace import write_workspace
from tests.foreship.planned_shop import DEMAND, open_shop, planned_shop
from tests.foreship.small_variants import AS_OF, SETTINGS, day, whole_frames


def units_of(demand: DemandScenarios) -> Ints:
    """Return the units of all cells, weeks and paths."""
    return demand.units_of(np.arange(len(demand.region)))


FAIR = f'event "fair" where date={day(9):%Y-%m-%d} and region=R2'
PROMOTED = f"promotion price*0.5 where week={day(7):%Y-%m-%d} and item=a"


@pytest.fixture(scope="module")
def forecast(tmp_path_factory: pytest.TempPathFactory) -> tuple[foreship.Workspace, foreship.Run]:
    """Return a shop whose fairs and promotions have a past, with its forecast."""
    frames = whole_frames()
    past = frames["calendar"].assign(date=[day(-40), day(2)], region=["R2", "H"])
    week = frames["prices"].assign(week=day(-21))
    frames["prices"] = pd.concat([frames["prices"], week], ignore_index=True)
    frames["calendar"] = past
    folder = write_workspace(tmp_path_factory.mktemp("trial") / "w", frames, settings=SETTINGS)
    workspace = foreship.open(folder, AS_OF)
    return workspace, foreship.forecast(workspace)


@pytest.mark.sweep
def test_the_model_that_stands_predicts_what_one_learned_anew_would(
    forecast: tuple[foreship.Workspace, foreship.Run],
) -> None:
    """Path by path; without the events the paths are others."""
    workspace, run = forecast
    trial = with_tried(workspace, {}, {}, [FAIR, PROMOTED])
    said: list[str] = []
    stands = forecast_like(trial.workspace, run, said.append, before=trial.unchanged)
    anew = forecast_or_new(trial.workspace)
    assert said == ["forecast by the model that stands"]
    assert "by the model of" in stands.notes[0] and "no forecast was made" in anew.notes[0]
    mine, others = units_of(stands.demand()), units_of(anew.demand())
    np.testing.assert_array_equal(mine, others)
    plain = forecast_like(workspace, run).demand()
    assert (mine != units_of(plain)).any()


@pytest.mark.sweep
def test_a_past_that_has_changed_is_learned_anew(
    forecast: tuple[foreship.Workspace, foreship.Run],
) -> None:
    """The model knew other weeks; the same where a setting of the forecast is tried, too."""
    workspace, run = forecast
    other = workspace.with_tables(calendar=workspace.tables["calendar"].assign(date=day(-33)))
    trials = (
        with_tried(other, {}, {}, [FAIR]), with_tried(workspace, {"forecast.seed": 5}, {}, [FAIR])
    )  # fmt: skip
    for trial in trials:
        found = forecast_like(trial.workspace, run, before=trial.unchanged)
        assert "no forecast was made" in found.notes[0]


@pytest.mark.sweep
def test_several_changes_make_one_plan_that_says_them(tmp_path: Path) -> None:
    """Its table of trials and its notes name them; ones own demand stays, which is said."""
    folder = tmp_path / "shop"
    base = planned_shop(folder)
    changes = ["lanes.cost_per_unit*3 where origin=H", "stock.quantity*0.1 where location=H", FAIR]
    found = foreship.what_if(open_shop(folder), changes=changes, demand=folder / DEMAND)
    assert found.run.manifest["whatif"]["changes"][0] == changes[0]
    assert found.run.plan["quantity"].sum() < base.plan["quantity"].sum()
    assert any(each.startswith("Scenarios of your own stay") for each in found.run.notes)
    again = foreship.what_if(open_shop(folder), changes=changes, demand=folder / DEMAND)
    assert again.run.reused


@pytest.mark.sweep
def test_what_a_changed_table_may_not_hold_is_told_as_of_a_file(tmp_path: Path) -> None:
    """No weekday is called so; what one column may hold is read where files are."""
    folder = tmp_path / "shop"
    planned_shop(folder)
    with pytest.raises(InputError, match="Funday"):
        with_tried(open_shop(folder), {}, {}, ["lanes.departs=Funday"])

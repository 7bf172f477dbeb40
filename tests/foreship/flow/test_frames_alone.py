"""Frames in, frames out: the rooms alone, and the two stages, give the run's files to the byte."""

from __future__ import annotations

import gc
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import foreship
import foreship_forecast
import foreship_optimize
from foreship import files
from foreship.jobs.before_plan.demand_source import own_demand
from foreship.sweeps.sweeping import COLUMNS, Sweep
from foreship_forecast.features.matrix import Features
from foreship_forecast.features.rows import prediction_rows
from foreship_forecast.history.panel import panel_of
from foreship_foundation.telling.words import sentence
from foreship_optimize.planning import NEVER_CLOSING
from tests.foreship.tiny_shop import FIVE, TINY
from tests.optimize.read_by_highs import optimum_of

AS_OF = "2026-11-16"
SETTINGS = "\n[forecast]\nrounds = 10\nscenarios = 40\nhorizon_weeks = 4\n"


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> foreship.Run:
    """Run the weekly job on the tiny workspace, where units come back and cells close."""
    folder = tmp_path_factory.mktemp("alone") / "tiny"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("runs", ".foreship", "truth"))
    with (folder / "foreship.toml").open("a") as config:
        config.write(SETTINGS)
    run = foreship.run(foreship.open(folder, AS_OF))
    assert run.manifest["obsolescence"] > 0.0
    assert any("Customer returns" in note for note in run.notes)
    return run


@pytest.fixture(scope="module")
def frames(week: foreship.Run) -> dict[str, pd.DataFrame]:
    """Read the tables as any tool reads them."""
    return {path.stem: pd.read_parquet(path) for path in week.path.parents[1].glob("*.parquet")}


def settings_of(week: foreship.Run) -> foreship.Config:
    """Return the settings of the workspace."""
    return foreship.open(week.path.parents[1], AS_OF).config


def assert_same_file(frame: pd.DataFrame, week: foreship.Run, name: str, place: Path) -> None:
    """Write a frame as the run does, and compare."""
    write = files.write_csv if name.endswith("csv") else files.write_parquet
    write(frame, place / name)
    assert (place / name).read_bytes() == (week.path / name).read_bytes(), name


def assert_same_plan(plan: foreship_optimize.Plan, week: foreship.Run, place: Path) -> None:
    """Compare all that a plan says in tables with the files of the run."""
    assert_same_file(plan.lines, week, "plan.parquet", place)
    assert_same_file(plan.units, week, "units.parquet", place)
    assert_same_file(plan.inbound, week, "inbound.csv", place)
    told = ("objective", "bound", "gap", "cvar", "totals", "status", "counts")
    assert {name: plan.summary[name] for name in told} == {
        name: week.summary[name] for name in told
    }
    assert len(plan.lines)


@pytest.mark.sweep
def test_the_rooms_alone_give_the_plan_of_the_run(week, frames, tmp_path: Path) -> None:
    """From raw frames: forecast in one room, scenarios as a frame, plan in the other."""
    config = settings_of(week)
    made = foreship_forecast.forecast(frames, AS_OF, config.forecast, config.privacy)
    assert_same_file(made.frame, week, "forecast.parquet", tmp_path)
    assert_same_file(made.law, week, "law.parquet", tmp_path)
    closing, scenarios = made.obsolescence, made.scenarios()
    assert_same_file(scenarios, week, "scenarios.parquet", tmp_path)
    plan = foreship_optimize.make_plan(frames, scenarios, AS_OF, obsolescence=closing)
    assert_same_plan(plan, week, tmp_path)
    unknown = foreship_optimize.make_plan(frames, scenarios, AS_OF)
    said = sentence(NEVER_CLOSING)
    assert said in unknown.notes and said not in plan.notes


@pytest.mark.sweep
def test_the_stages_give_the_plan_of_the_run(week, frames, tmp_path: Path) -> None:
    """One function a stage, from raw frames; what is not given is measured."""
    config, as_of = settings_of(week), pd.Timestamp(AS_OF)
    made = foreship.forecast_stage(frames, as_of, config)
    assert_same_file(made.forecast, week, "forecast.parquet", tmp_path)
    scenarios = made.paths.whole().to_frame()
    assert_same_plan(foreship.plan_stage(frames, scenarios, as_of, config), week, tmp_path)


@pytest.mark.sweep
def test_the_scenarios_of_a_run_are_one_s_own_demand(week, tmp_path: Path) -> None:
    """As a file and as a frame they give the plan they came from.

    Some of its rows, taken out with pandas and written again, are still as many scenarios.
    """
    workspace = foreship.open(week.path.parents[1], AS_OF)
    path = week.path / "scenarios.parquet"
    for demand in (path, pd.read_parquet(path)):
        plan = foreship.plan(workspace, demand=demand)
        pd.testing.assert_frame_equal(plan.plan, week.plan, check_exact=True)
        pd.testing.assert_frame_equal(plan.units, week.units, check_exact=True)
    scenarios = pd.read_parquet(path)
    one = scenarios[scenarios["scenario"] % 7 == 3]
    one.to_parquet(tmp_path / "one.parquet")
    for demand in (one, tmp_path / "one.parquet"):
        assert own_demand(workspace, demand).demand().scenarios == 40


@pytest.mark.sweep
def test_a_workspace_of_frames_runs_to_the_same_files(week, frames, tmp_path: Path) -> None:
    """The tables as frames, shuffled, and the settings as a mapping: the five files to the byte.

    The forecast and its law agree too, and a copy of the run is a run of its own.
    """
    settings = settings_of(week).to_dict()
    given = {name: settings[name] for name in settings if name not in ("tables", "columns")}
    mixed = {name: frame.sample(frac=1.0, random_state=2) for name, frame in frames.items()}
    run = foreship.run(foreship.from_frames(mixed, AS_OF, given))
    for name in (*FIVE, "forecast.parquet", "law.parquet"):
        assert (run.path / name).read_bytes() == (week.path / name).read_bytes(), name
    copy = run.save(tmp_path)
    folder = run.path
    del run
    gc.collect()
    assert not folder.exists() and foreship.load_run(copy.path).plan.equals(week.plan)


def test_the_program_of_a_run_is_written_for_others(week, tmp_path: Path) -> None:
    """As many rows as were solved, an optimum near the bound of whole units, lines by name."""
    program = week.program
    told = week.summary
    optimum = optimum_of(program.to_file(tmp_path / "plan.lp"))
    assert optimum == pytest.approx(optimum_of(program.to_file(tmp_path / "plan.mps")), abs=1e-6)
    assert optimum == pytest.approx(told["bound"], rel=0.01)
    assert optimum <= told["bound"] + 1e-6
    assert (program.names["kind"] == "row").sum() == told["counts"]["rows"]
    ships = week.plan[week.plan["action"] == "ship"]
    names = set(program.names["meaning"])
    assert len(ships) and all(
        any(f"of {row.item}, ship, {row.origin} to {row.destination}," in each for each in names)
        for row in ships.itertuples()
    )


def test_what_a_notebook_shows_is_short(week) -> None:
    """At most eight lines of text each, and a table that lines up."""
    workspace = foreship.open(week.path.parents[1], AS_OF)
    swept = Sweep(pd.DataFrame([["<a>", "ship", *[1.0] * 5, ""]] * 9, columns=list(COLUMNS)), {})
    for shown in (week, workspace, swept, week.model):
        assert 1 < len(repr(shown).splitlines()) <= 8, repr(shown)
        assert "tabular-nums" in shown._repr_html_(), type(shown)
    assert "<a>" not in swept._repr_html_()


def test_a_run_says_the_chance_of_each_unit(week) -> None:
    """p_1 is the purchase probability of the forecast; the sum of all p_k its mean."""
    found = week.p_k(400)
    first = found[found["k"] == 1].reset_index(drop=True)
    forecast = week.forecast
    assert (first["p"] == forecast["purchase_probability"]).all()
    assert first[["region", "item"]].equals(forecast[["region", "item"]])
    whole = found.groupby(["region", "item", "week"])["p"].sum().to_numpy()
    assert abs(whole - forecast["mean"].to_numpy()).max() < 1e-6
    assert (found.groupby(["region", "item", "week"])["p"].diff().dropna() <= 0).all()
    assert week.scenarios.equals(week.frame("scenarios.parquet"))
    assert list(week.shadow_prices["limit"]) == [
        each["limit"] for each in week.summary["shadow_prices"]
    ]


def test_what_the_model_learned_can_be_looked_into(week, frames) -> None:
    """Contributions of features and the base sum up to the chance of a sale, of every booster.

    Features have names, and the folder of the model stays what its hashes say.
    """
    view, tables = week.model, foreship.open(week.path.parents[1], AS_OF).tables
    matrix, base = view.features(tables, AS_OF), view.base(tables, AS_OF)
    forecast = week.forecast
    assert matrix.index.names == ["region", "item", "week"] and len(matrix) == len(forecast)
    assert not any(name.startswith("f0") for name in view.boosters["chance"].feature_name())
    for name, booster in view.boosters.items():
        assert booster.feature_name() == list(matrix.columns)
        shares = booster.predict(matrix, pred_contrib=True)
        raw = booster.predict(matrix, raw_score=True)
        assert abs(shares.sum(axis=1) - raw).max() < 1e-6, name
    snapshot, horizon = foreship_forecast.Snapshot(tables, AS_OF), view.model.params.horizon_weeks
    panel = panel_of(snapshot, view.model.params.history_weeks)
    features = Features.of(snapshot, panel, horizon)
    rows = prediction_rows(panel, panel.offered.nonzero()[0], horizon)
    learned = view.model.head.boosters
    assert learned is not None
    first = (rows.horizon == 1).nonzero()[0]
    assert (matrix.index.get_level_values("week")[first] == pd.Timestamp(AS_OF)).all()
    score = view.boosters["chance"].predict(matrix.iloc[first], raw_score=True)
    found = 1.0 / (1.0 + np.exp(-(score + base["chance"].to_numpy()[first])))
    assert found == pytest.approx(learned.chances(features.table(rows), rows)[first], abs=1e-9)
    gains = view.importances
    assert set(gains["booster"]) == set(view.boosters) and (gains["gain"] >= 0).all()

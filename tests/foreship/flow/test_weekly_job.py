"""The whole river: orders in, a plan a warehouse could execute out, and nothing else disturbed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from foreship.cli.commands import app
from foreship.runs import load_run

TINY = Path(__file__).resolve().parents[3] / "data" / "tiny"
AS_OF = "2026-11-16"
FILES = {
    "forecast.parquet",
    "law.parquet",
    "scenarios.parquet",
    "model",
    "plan.parquet",
    "plan.csv",
    "plan.xlsx",
    "units.parquet",
    "reasons.parquet",
    "orders.parquet",
    "needs.parquet",
    "ahead.parquet",
    "inputs",
    "facts.parquet",
    "projected.parquet",
    "inbound.csv",
    "summary.json",
    "manifest.json",
    "report.html",
}
PLAN = [
    "action",
    "origin",
    "destination",
    "item",
    "quantity",
    "ship_date",
    "arrival_date",
    "cost",
    "expected_gain",
    "purchase_probability",
    "break_even",
    "exit",
]
QUANTILES = ["q05", "q10", "q25", "q50", "q75", "q90", "q95", "q99"]
Edit = Callable[[pd.DataFrame], pd.DataFrame]


def foreship(*words: object) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(app, [str(word) for word in words])


def tiny(folder: Path, **edits: Edit) -> Path:
    """Copy the tiny workspace, with few rounds and some of its tables edited."""
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("runs", ".foreship", "truth"))
    with (folder / "foreship.toml").open("a") as config:
        config.write("\n[forecast]\nrounds = 20\n")
    for table, edit in edits.items():
        path = folder / f"{table}.parquet"
        edit(pd.read_parquet(path)).to_parquet(path)
    return folder


def run_of(result: Result) -> Path:
    """Return the run folder a command printed."""
    assert result.exit_code == 0, result.stderr
    return Path(result.stdout.strip())


def content(run: Path) -> dict[str, bytes]:
    """Return the bytes of the files that must not depend on when or in which order."""
    names = ("forecast.parquet", "plan.parquet", "plan.csv", "units.parquet", "plan.xlsx",
             "reasons.parquet", "orders.parquet")  # fmt: skip
    found = {name: (run / name).read_bytes() for name in names}
    summary = json.loads((run / "summary.json").read_text())
    return found | {"summary": json.dumps(_without_times(summary)).encode()}


def _without_times(summary: dict) -> dict:
    metrics = {key: value for key, value in summary["metrics"].items() if key != "clock"}
    kept = {key: value for key, value in summary.items() if "seconds" not in key}
    return {**kept, "metrics": metrics}


def _without_rows(found: dict[str, bytes]) -> dict:
    """Return the summary but for the rows that tables hold, of the future too."""
    summary = json.loads(found["summary"])
    assert summary["metrics"].pop("rows")
    return summary


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the weekly job once on the tiny workspace."""
    workspace = tiny(tmp_path_factory.mktemp("week") / "tiny")
    return run_of(foreship("run", workspace, "--as-of", AS_OF))


def test_weekly_job_leaves_every_file_of_the_contract(week: Path) -> None:
    """`run` prints the folder and leaves all files, with hashes that hold."""
    assert {path.name for path in week.iterdir()} == FILES
    assert week.name.startswith(f"{AS_OF}-")
    load_run(week)
    assert list(week.parent.iterdir()) == [week]


def test_plan_can_be_executed(week: Path) -> None:
    """Lines move whole units that exist, over lanes that exist, on dates that follow."""
    lines = pd.read_parquet(week / "plan.parquet")
    assert list(lines.columns) == PLAN
    assert len(lines) > 0
    assert (lines["quantity"] > 0).all()
    shipped = lines[lines["action"] == "ship"]
    stock = pd.read_parquet(TINY / "stock.parquet").set_index(["location", "item"])["quantity"]
    taken = shipped.groupby(["origin", "item"])["quantity"].sum()
    assert (taken <= stock.reindex(taken.index)).all()
    lanes = pd.read_parquet(TINY / "lanes.parquet").set_index(["origin", "destination"])
    lead = lanes["lead_time_days"].reindex(
        pd.MultiIndex.from_frame(shipped[["origin", "destination"]])
    )
    assert (shipped["ship_date"] == pd.Timestamp(AS_OF)).all()
    days = (shipped["arrival_date"] - shipped["ship_date"]).dt.days
    assert (days.to_numpy() == lead.to_numpy()).all()


def test_forecast_has_a_row_for_each_cell_and_week(week: Path) -> None:
    """Every cell has every week of the horizon, with ordered quantiles and chances in [0, 1]."""
    frame = pd.read_parquet(week / "forecast.parquet")
    weeks = frame["week"].drop_duplicates()
    assert len(frame) == len(weeks) * len(frame[["region", "item"]].drop_duplicates())
    assert weeks.min() == pd.Timestamp(AS_OF)
    assert frame["purchase_probability"].between(0, 1).all()
    assert (np.diff(frame[QUANTILES].to_numpy(), axis=1) >= 0).all()
    assert (frame["mean"] >= frame["purchase_probability"] - 1e-6).all()


def test_ledger_keeps_its_identities(week: Path) -> None:
    """Expected gain and break-even follow from p, gain and loss; p never increases with k."""
    units = pd.read_parquet(week / "units.parquet")
    expected = units["p"] * units["gain"] - (1 - units["p"]) * units["loss"]
    assert np.allclose(units["expected_gain"], expected, atol=1e-6)
    falls = units.groupby(["region", "item"])["p"].apply(lambda p: (np.diff(p) <= 1e-9).all())
    assert falls.all()


def test_summary_is_certified(week: Path) -> None:
    """The shipped plan never beats its bound, its terms sum to the objective, it gains money."""
    summary = json.loads((week / "summary.json").read_text())
    assert summary["status"] == "ship"
    assert summary["objective"] >= summary["bound"] - 1e-6
    expected = (summary["objective"] - summary["bound"]) / max(1.0, abs(summary["bound"]))
    assert summary["gap"] == pytest.approx(expected, abs=1e-9)
    assert sum(summary["totals"].values()) == pytest.approx(summary["objective"], abs=1e-6)
    assert summary["objective"] < 0
    assert summary["out_of_sample_paths"] == 1_000
    assert summary["cvar_out_of_sample"] == pytest.approx(summary["cvar"], rel=0.2)
    skill = summary["metrics"]["skill"]
    assert skill["skill"] == pytest.approx(1 - skill["forecast"] / skill["climatology"], abs=1e-5)
    notes = json.loads((week / "manifest.json").read_text())["notes"]
    (scored,) = (note for note in notes if "log-loss of p_1" in note)
    assert f"{skill['climatology']:.4f} of the rate of the year" in scored


def test_same_inputs_give_the_same_bytes(week: Path, tmp_path: Path) -> None:
    """A second workspace with the same files gives the same run, file for file."""
    other = run_of(foreship("run", tiny(tmp_path / "again"), "--as-of", AS_OF))
    assert other.name == week.name
    assert content(other) == content(week)


def shuffled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in another order."""
    return frame.sample(frac=1.0, random_state=3).reset_index(drop=True)


@pytest.mark.sweep
def test_neither_row_order_nor_the_future_changes_anything(week: Path, tmp_path: Path) -> None:
    """Every table shuffled, absurd orders, returns and stock-outs after as_of: the same bytes."""

    def poisoned_orders(frame: pd.DataFrame) -> pd.DataFrame:
        future = frame.tail(400).copy()
        days = np.arange(len(future)) % 60
        future["date"] = pd.Timestamp(AS_OF) + pd.to_timedelta(days, unit="D")
        future["quantity"] = 997
        past = frame[frame["date"] < AS_OF]
        return shuffled(pd.concat([past, future.astype(past.dtypes.to_dict())]))

    def poisoned_availability(frame: pd.DataFrame) -> pd.DataFrame:
        past = frame[frame["week"] < AS_OF]
        cells = frame[["region", "item"]].drop_duplicates()
        dead = cells.assign(week=pd.Timestamp(AS_OF), in_stock=0)[frame.columns]
        return shuffled(pd.concat([past, dead.astype(past.dtypes.to_dict())]))

    def no_future_returns(frame: pd.DataFrame) -> pd.DataFrame:
        return shuffled(frame[frame["date"] < AS_OF])

    tables = dict.fromkeys((path.stem for path in sorted(TINY.glob("*.parquet"))), shuffled)
    tables["orders"], tables["availability"] = poisoned_orders, poisoned_availability
    tables["returns"] = no_future_returns
    workspace = tiny(tmp_path / "poisoned", **tables)
    other = run_of(foreship("run", workspace, "--as-of", AS_OF))
    mine, theirs = content(week), content(other)
    mine.pop("plan.xlsx"), theirs.pop("plan.xlsx")  # it names the run, whose inputs differ
    mine["summary"], theirs["summary"] = (_without_rows(each) for each in (mine, theirs))
    assert mine == theirs


def test_retried_job_returns_the_standing_run(week: Path) -> None:
    """The same job again changes no file and prints the same folder."""
    before = {path: path.stat().st_mtime_ns for path in week.rglob("*")}
    again = run_of(foreship("run", week.parent.parent, "--as-of", AS_OF))
    assert again == week
    assert {path: path.stat().st_mtime_ns for path in week.rglob("*")} == before


@pytest.mark.sweep
def test_forecast_and_then_plan_is_run(week: Path, tmp_path: Path) -> None:
    """The two halves as two commands ship what `run` ships: `plan` takes the newest forecast."""
    workspace = tiny(tmp_path / "halves")
    run_of(foreship("forecast", workspace, "--as-of", AS_OF))
    planned = run_of(foreship("plan", workspace, "--as-of", AS_OF))
    for name in ("plan.csv", "plan.parquet"):
        assert (planned / name).read_bytes() == (week / name).read_bytes()
    told = [json.loads((each / "summary.json").read_text()) for each in (planned, week)]
    assert _without_times(told[0]) == _without_times(told[1])


def test_plan_without_forecast_is_a_usage_error(tmp_path: Path) -> None:
    """Exit 2, and the command that makes a forecast is named."""
    result = foreship("plan", tiny(tmp_path / "w"), "--as-of", AS_OF)
    assert result.exit_code == 2
    assert "foreship forecast" in result.stderr


def test_forecast_by_an_earlier_model(week: Path) -> None:
    """`forecast --model RUN` predicts with that run's model, here the same forecast."""
    workspace = week.parent.parent
    made = run_of(foreship("forecast", workspace, "--as-of", AS_OF, "--model", week))
    pd.testing.assert_frame_equal(
        pd.read_parquet(made / "forecast.parquet"), pd.read_parquet(week / "forecast.parquet")
    )
    shutil.rmtree(made)


def test_a_new_model_must_beat_the_old_one(week: Path) -> None:
    """`--retrain` without weeks to judge on keeps the run's model, said; alone it is exit 2."""
    workspace = week.parent.parent
    made = run_of(foreship("forecast", workspace, "--as-of", AS_OF, "--model", week, "--retrain"))
    notes = json.loads((made / "manifest.json").read_text())["notes"]
    assert any("0 weeks since the model of 2026-11-16" in note for note in notes)
    kept = {path.name: path.read_bytes() for path in (week / "model").iterdir()}
    assert kept == {path.name: path.read_bytes() for path in (made / "model").iterdir()}
    shutil.rmtree(made)
    alone = foreship("forecast", workspace, "--as-of", AS_OF, "--retrain")
    assert alone.exit_code == 2
    assert "--model" in alone.stderr


def own_demand(path: Path, units: int) -> Path:
    """Write scenarios in which one cell surely sells `units` in the first two weeks."""
    items = pd.read_parquet(TINY / "items.parquet")["item"]
    regions = pd.read_parquet(TINY / "regions.parquet")["region"]
    weeks = [pd.Timestamp(AS_OF), pd.Timestamp(AS_OF) + pd.Timedelta(days=7)]
    rows = [(regions[0], items[0], week, scenario, units) for week in weeks for scenario in (0, 1)]
    pd.DataFrame(rows, columns=["region", "item", "week", "scenario", "units"]).to_csv(
        path, index=False
    )
    return path


def test_own_demand_needs_no_history(tmp_path: Path) -> None:
    """`plan --demand FILE` plans on the user's scenarios, without a single order."""
    workspace = tiny(tmp_path / "w", orders=lambda frame: frame.head(0))
    demand = own_demand(tmp_path / "demand.csv", units=3)
    result = foreship("plan", workspace, "--as-of", AS_OF, "--demand", demand)
    run = run_of(result)
    assert not (run / "forecast.parquet").exists()
    shipped = pd.read_parquet(run / "plan.parquet").query("action == 'ship'")
    assert set(shipped["item"]) == {pd.read_parquet(TINY / "items.parquet")["item"][0]}
    # nobody can draw others
    assert json.loads((run / "summary.json").read_text())["cvar_out_of_sample"] is None


@pytest.mark.parametrize("fault", ["column", "week", "units"])
def test_faulty_demand_is_an_input_fault(tmp_path: Path, fault: str) -> None:
    """A demand file with a wrong column, week or quantity ends with exit 3 and its place."""
    path = own_demand(tmp_path / "demand.csv", units=3)
    frame = pd.read_csv(path)
    if fault == "column":
        frame = frame.rename(columns={"units": "unit"})
    elif fault == "week":
        frame["week"] = "2026-10-07"
    else:
        frame["units"] = frame["units"].astype(float)
        frame.loc[1, "units"] = 2.5
    frame.to_csv(path, index=False)
    result = foreship("plan", tiny(tmp_path / "w"), "--as-of", AS_OF, "--demand", path)
    assert result.exit_code == 3, result.stderr
    assert fault in result.stderr


def contradictory(kind_value: list[tuple[str, int]]) -> pd.DataFrame:
    """Return overrides on one cell."""
    items = pd.read_parquet(TINY / "items.parquet")["item"]
    regions = pd.read_parquet(TINY / "regions.parquet")["region"]
    return pd.DataFrame(
        {
            "kind": [kind for kind, _ in kind_value],
            "value": [value for _, value in kind_value],
            "reason": "promotion",
            "author": "Anna",
            "expires": pd.Timestamp("2030-01-07"),
            "region": regions[0],
            "item": items[0],
            "origin": "",
        }
    )


def with_overrides(workspace: Path, kinds: list[tuple[str, int]]) -> Path:
    """Write an overrides table into a workspace and name it in the config."""
    contradictory(kinds).to_parquet(workspace / "overrides.parquet")
    config = (workspace / "foreship.toml").read_text()
    if "overrides" not in config:
        config = config.replace("[tables]", '[tables]\noverrides = "overrides.parquet"', 1)
        (workspace / "foreship.toml").write_text(config)
    return workspace


@pytest.mark.sweep
def test_limits_that_cannot_hold_are_named_or_refused(tmp_path: Path) -> None:
    """A lock beyond all stock is relaxed and named in words; with --strict it is exit 4."""
    workspace = with_overrides(tiny(tmp_path / "w"), [("at_least", 100_000)])
    demand = own_demand(tmp_path / "demand.csv", units=3)
    words = ("plan", workspace, "--as-of", AS_OF, "--demand", demand)
    relaxed = foreship(*words)
    run = run_of(relaxed)
    assert json.loads((run / "summary.json").read_text())["status"] == "relaxed"
    assert "Anna" in relaxed.stderr
    strict = foreship(*words, "--strict")
    assert strict.exit_code == 4
    assert "100000" in strict.stderr.replace(",", "")


def test_no_time_is_exit_5_and_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A solver stopped by its time limit without a plan: exit 5, and nothing left behind."""
    from foreship_optimize.program import solver

    run = solver.run

    def stopped(*program: object, **settings: object) -> solver.Outcome:
        outcome = run(*program, **settings)
        return replace(outcome, termination="time limit", has_solution=False)

    monkeypatch.setattr(solver, "run", stopped)
    workspace = tiny(tmp_path / "w")
    demand = own_demand(tmp_path / "demand.csv", units=3)
    result = foreship("plan", workspace, "--as-of", AS_OF, "--demand", demand)
    assert result.exit_code == 5, result.stderr
    assert "time limit" in result.stderr
    assert not (workspace / "runs").exists()


def test_damaged_run_is_exit_9(week: Path, tmp_path: Path) -> None:
    """A run whose file was edited is refused by every reader."""
    copy = tmp_path / week.name
    shutil.copytree(week, copy)
    (copy / "plan.parquet").write_bytes(b"PAR1")
    for words in (("explain", copy, "--item", "x", "--region", "y"), ("diff", week, copy)):
        assert foreship(*words).exit_code == 9


def test_bad_table_is_exit_3_and_touches_nothing(week: Path, tmp_path: Path) -> None:
    """A fault in a table ends every command with exit 3, the place named, no run made."""

    def broken(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[4, "quantity"] = -7
        return frame

    workspace = tiny(tmp_path / "w", orders=broken)
    for words in (("run",), ("forecast",), ("backtest",), ("check",)):
        result = foreship(*words, workspace)
        assert result.exit_code == 3, (words, result.stderr)
        assert "-7" in result.stdout + result.stderr
    assert not (workspace / "runs").exists()


@pytest.mark.sweep
def test_held_plan_is_written_and_exit_6(tmp_path: Path) -> None:
    """Where the config asks for an approval the plan is made, held, and exit 6."""
    workspace = tiny(tmp_path / "w")
    config = workspace / "foreship.toml"
    text = config.read_text()
    line = '[plan]\nhold = ["always"]\n'
    config.write_text(text.replace("[plan]\n", line, 1) if "[plan]" in text else f"{text}\n{line}")
    demand = own_demand(tmp_path / "demand.csv", units=3)
    result = foreship("plan", workspace, "--as-of", AS_OF, "--demand", demand)
    assert result.exit_code == 6
    run = Path(result.stdout.strip())
    assert json.loads((run / "summary.json").read_text())["status"] == "hold"


@pytest.mark.sweep
def test_next_week_warns_of_lines_that_never_became_inbound(week: Path, tmp_path: Path) -> None:
    """Units under way by an earlier run but missing from `inbound` are named, the plan is held."""
    workspace = tmp_path / "w"
    shutil.copytree(week.parent.parent, workspace)
    sent = pd.read_csv(workspace / "runs" / week.name / "inbound.csv")
    assert len(sent) > 0
    later = pd.Timestamp(AS_OF) + pd.Timedelta(days=7)
    under_way = pd.to_datetime(sent["arrival_date"]) >= later
    result = foreship("run", workspace, "--as-of", later.date())
    assert result.exit_code == 6
    assert ("missing from inbound" in result.stderr) == bool(under_way.any())
    assert "Held: Stock is what it was for run" in result.stderr


@pytest.mark.sweep
def test_what_people_do_to_a_run_folder_breaks_no_later_run(week: Path, tmp_path: Path) -> None:
    """A workbook saved, its lock file, scenarios taken away: said; only `doctor` objects."""
    workspace = tmp_path / "w"
    shutil.copytree(week.parent.parent, workspace)
    run = workspace / "runs" / week.name
    (run / "plan.xlsx").write_bytes(b"saved in place")
    (run / "~$plan.xlsx").touch()
    (run / "scenarios.parquet").unlink()
    retried = foreship("run", workspace, "--as-of", AS_OF)
    assert run_of(retried) == run and "plan.xlsx" in retried.stderr
    reported = foreship("report", run)
    assert reported.exit_code == 0 and "scenarios.parquet is missing" in reported.stderr
    later = (pd.Timestamp(AS_OF) + pd.Timedelta(days=7)).date()
    run_of(foreship("forecast", workspace, "--as-of", later, "--model", run))
    # what was sent is missing from inbound: held, not broken
    assert foreship("plan", workspace, "--as-of", later).exit_code == 6
    assert foreship("doctor", workspace).exit_code == 9

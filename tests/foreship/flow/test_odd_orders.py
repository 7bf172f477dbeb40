"""Order files as they come, through the commands: no crash, no wrong plan, a planner's error."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from foreship.cli.commands import app
from tests.foreship.good_workspace import AS_OF, good_frames, write_workspace

SETTINGS = "[forecast]\nrounds = 5\nscenarios = 20\nhorizon_weeks = 4\n"
WEEK = pd.Timedelta(weeks=1)


def foreship(*words: object) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(app, [str(word) for word in words])


def shop(folder: Path, **frames: pd.DataFrame) -> Path:
    """Write a good workspace with few locks and some of its tables replaced."""
    tables = {name: f for name, f in good_frames().items() if name not in ("overrides", "inbound")}
    return write_workspace(folder, tables | frames, settings=SETTINGS)


def run_of(result: Result) -> Path:
    """Return the folder that a command printed."""
    assert result.exit_code == 0, result.stderr
    return Path(result.stdout.strip())


def notes_of(run: Path) -> list[str]:
    """Return what a run noted."""
    return list(json.loads((run / "manifest.json").read_text())["notes"])


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the run of the workspace as it is."""
    return run_of(foreship("run", shop(tmp_path_factory.mktemp("usual") / "w")))


@pytest.mark.sweep
def test_a_model_predicts_no_monday_before_its_own(usual: Path) -> None:
    """Exit 2, before anything is computed, and what to do instead."""
    earlier = (AS_OF - WEEK).date()
    result = foreship("forecast", usual.parent.parent, "--as-of", earlier, "--model", usual)
    assert result.exit_code == 2
    assert f"knows orders of {earlier} and later" in result.stderr


@pytest.mark.sweep
def test_an_assortment_that_is_over_is_forecast_and_planned_as_empty(tmp_path: Path) -> None:
    """Every file is written, read again by `plan`, and it is said."""
    over = good_frames()["assortment"].assign(to=AS_OF - pd.Timedelta(days=1))
    folder = shop(tmp_path / "w", assortment=over)
    made = run_of(foreship("forecast", folder))
    assert pd.read_parquet(made / "forecast.parquet").empty
    assert any("No cell may be stocked from" in each for each in notes_of(made))
    planned = run_of(foreship("plan", folder))
    assert not (pd.read_parquet(planned / "plan.parquet")["action"] == "ship").any()
    run_of(foreship("run", folder))


@pytest.mark.sweep
def test_a_plan_is_not_led_by_one_bulk_order(usual: Path, tmp_path: Path) -> None:
    """10,000 units on one line: about the plan without it, and the week is named."""
    orders = good_frames()["orders"].astype({"quantity": "int64"})
    orders.loc[440, "quantity"] = 10_000
    made = run_of(foreship("run", shop(tmp_path / "w", orders=orders)))
    units, before = (
        pd.read_parquet(run / "plan.parquet")["quantity"].sum() for run in (made, usual)
    )
    assert units == pytest.approx(before, rel=0.15)
    assert any("lies once and far above all others" in note for note in notes_of(made))


@pytest.mark.sweep
def test_thirteen_weeks_after_the_last_order_there_is_a_plan(tmp_path: Path) -> None:
    """The gap is said; the forecast is of the weeks from as_of on."""
    late = AS_OF + 13 * WEEK
    made = run_of(foreship("run", shop(tmp_path / "w"), "--as-of", late.date()))
    assert (pd.read_parquet(made / "forecast.parquet")["week"] >= late).all()
    assert any("No order in the 13 weeks before" in note for note in notes_of(made))


@pytest.mark.sweep
def test_one_line_dated_a_year_ahead_does_not_move_the_plan(usual: Path, tmp_path: Path) -> None:
    """The Monday, the forecast and the plan stay; the line is named as stray and as ignored."""
    orders = good_frames()["orders"]
    late = orders.iloc[[3]].assign(date=AS_OF + pd.Timedelta(days=365))
    result = foreship("run", shop(tmp_path / "w", orders=pd.concat([orders, late])))
    assert "the last order that does not stand alone" in result.stderr
    made = run_of(result)
    for name in ("forecast.parquet", "plan.parquet"):
        pd.testing.assert_frame_equal(pd.read_parquet(made / name), pd.read_parquet(usual / name))
    assert any("long after all others" in note for note in notes_of(made))
    assert any("not known yet: ignored" in note for note in notes_of(made))


def test_orders_by_the_month_end_with_exit_3(tmp_path: Path) -> None:
    """A rhythm slower than a week is named, and what to do."""
    orders = good_frames()["orders"]
    monthly = orders.assign(date=orders["date"].dt.to_period("M").dt.start_time)
    result = foreship("run", shop(tmp_path / "w", orders=monthly))
    assert result.exit_code == 3
    assert "orders come monthly" in result.stderr


@pytest.mark.sweep
def test_an_order_left_out_by_an_override_locks_nothing(usual: Path, tmp_path: Path) -> None:
    """Without the bulk order's line the plan is that without it; `leave_out` is no lock."""
    orders = good_frames()["orders"].astype({"quantity": "int64"})
    bulk = orders.iloc[[440]].assign(quantity=10_000, price=None)
    row = {"kind": "leave_out", "value": 9_000, "reason": "a fair", "author": "Ann"}
    lock = pd.DataFrame([row | {"expires": AS_OF + WEEK, "region": bulk["region"].iloc[0]}])
    both = pd.concat([orders, bulk], ignore_index=True)
    made = run_of(foreship("run", shop(tmp_path / "w", orders=both, overrides=lock)))
    what = ["action", "origin", "destination", "item", "quantity"]
    for name, columns in (("forecast.parquet", None), ("plan.parquet", what)):
        left, right = (pd.read_parquet(run / name, columns=columns) for run in (made, usual))
        pd.testing.assert_frame_equal(left, right)
    assert any("left out of the history by overrides" in note for note in notes_of(made))

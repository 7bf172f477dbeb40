"""Tables of last week: a plan on them is held or refused, and says why."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from foreship.cli.commands import app
from tests.foreship.good_workspace import write_workspace
from tests.foreship.small_variants import AS_OF, UNPRICED, demand_at, whole_frames

NEXT = AS_OF + pd.Timedelta(days=7)


def planned(folder: Path, as_of: pd.Timestamp, weeks: int = 1) -> Result:
    """Plan on one's own demand of three units a cell and week, in this process."""
    demand = folder.parent / f"{as_of.date()}.csv"
    days = [as_of + pd.Timedelta(weeks=week) for week in range(weeks)]
    pd.concat([demand_at(3).assign(week=day) for day in days]).to_csv(demand, index=False)
    words = ["plan", str(folder), "--as-of", str(as_of.date()), "--demand", str(demand), "--json"]
    return CliRunner().invoke(app, words)


def answer(result: Result) -> dict:
    """Return the object that a command printed."""
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def planned_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the plan of the first Monday, which may be shipped."""
    frames = whole_frames()
    frames["overrides"] = frames["overrides"][:0]
    frames["stock"] = frames["stock"][frames["stock"]["location"] == "H"]
    folder = tmp_path_factory.mktemp("once") / "shop"
    write_workspace(folder, frames, settings=UNPRICED)
    first = planned(folder, AS_OF)
    assert first.exit_code == 0, first.stderr
    assert answer(first)["summary"]["status"] == "ship"
    return folder


@pytest.fixture
def shop(planned_once: Path, tmp_path: Path) -> Path:
    """Return a copy of that workspace with its first run."""
    return Path(shutil.copytree(planned_once, tmp_path / "shop"))


def lines_of(folder: Path) -> pd.DataFrame:
    """Return the lines of the first Monday's plan."""
    (run,) = (folder / "runs").glob(f"{AS_OF.date()}-*")
    return pd.read_parquet(run / "plan.parquet")


def load_stock(folder: Path, *, received: bool) -> None:
    """Write the stock of a week later: what was shipped is gone, and lies in regions or nowhere."""
    lines = lines_of(folder)
    there = pd.read_csv(folder / "stock.csv").set_index(["location", "item"])["quantity"]
    gone = lines.groupby(["origin", "item"])["quantity"].sum().rename_axis(["location", "item"])
    stock = there.sub(gone, fill_value=0)
    if received:
        come = lines.groupby(["destination", "item"])["quantity"].sum()
        stock = stock.add(come.rename_axis(["location", "item"]), fill_value=0)
    stock.astype(int).reset_index().to_csv(folder / "stock.csv", index=False)


@pytest.mark.sweep
def test_the_same_stock_a_week_later_holds_the_plan(shop: Path) -> None:
    """It would ship the same units again; rows in another order are the same stock."""
    stock = pd.read_csv(shop / "stock.csv")
    stock[::-1].to_csv(shop / "stock.csv", index=False)
    second = planned(shop, NEXT)
    assert second.exit_code == 6
    found = answer(second)
    assert found["summary"]["status"] == "hold"
    units = int(lines_of(shop)["quantity"].sum())
    (why,) = [note for note in found["notes"] if note.startswith("Held: Stock")]
    assert f"whose plan moved {units} units" in why and f"load the stock of {NEXT.date()}" in why
    assert "whose plan moved" in second.stderr.splitlines()[-1]


@pytest.mark.sweep
def test_stock_that_knows_of_the_plan_is_planned_on(shop: Path) -> None:
    """What was shipped has left the hub and lies in regions: a plan like any other."""
    load_stock(shop, received=True)
    second = planned(shop, NEXT)
    assert second.exit_code == 0, second.stderr
    assert not any(note.startswith("held") for note in answer(second)["notes"])


@pytest.mark.sweep
def test_what_should_have_arrived_and_is_nowhere_holds_the_plan(shop: Path) -> None:
    """The hub's stock is new, the regions' is not: the units would be sent twice all the same."""
    load_stock(shop, received=False)
    second = planned(shop, NEXT)
    assert second.exit_code == 6
    assert "are neither in stock nor ordered since" in second.stderr


@pytest.mark.sweep
def test_units_under_way_that_are_not_inbound_hold_the_plan(tmp_path: Path) -> None:
    """Lanes take nine days; a week later nothing has arrived, and nothing is said to come."""
    frames = whole_frames()
    frames["overrides"], frames["inbound"] = frames["overrides"][:0], frames["inbound"][:0]
    frames["lanes"] = frames["lanes"].assign(lead_time_days=9)
    folder = write_workspace(tmp_path / "far", frames, settings=UNPRICED)
    first = planned(folder, AS_OF, weeks=4)
    assert first.exit_code == 0, first.stderr
    load_stock(folder, received=False)
    result = planned(folder, NEXT, weeks=4)
    assert result.exit_code == 6
    assert "missing from inbound" in result.stderr.splitlines()[-1]


@pytest.mark.sweep
def test_stock_counted_on_another_day_holds_the_plan(shop: Path) -> None:
    """Counted two weeks before the Monday of the plan; on that Monday itself it is fine."""
    load_stock(shop, received=True)
    stock = pd.read_csv(shop / "stock.csv")
    stock.assign(date=(NEXT - pd.Timedelta(days=14)).date()).to_csv(shop / "stock.csv", index=False)
    late = planned(shop, NEXT)
    assert late.exit_code == 6
    assert "counted over 7 days from" in late.stderr.splitlines()[-1]
    stock.assign(date=NEXT.date()).to_csv(shop / "stock.csv", index=False)
    assert planned(shop, NEXT).exit_code == 0


@pytest.mark.sweep
def test_who_does_not_ask_for_it_is_warned_and_ships(shop: Path) -> None:
    """`hold = []`: the same words as a note, exit 0."""
    config = shop / "foreship.toml"
    config.write_text(config.read_text() + "\n[plan]\nhold = []\n")
    second = planned(shop, NEXT)
    assert second.exit_code == 0
    assert any(note.startswith("Stock is what it was") for note in answer(second)["notes"])


@pytest.mark.sweep
def test_a_run_given_again_says_so(shop: Path) -> None:
    """The first one is new, the second the same one reused, in JSON and in words."""
    again = planned(shop, AS_OF)
    assert again.exit_code == 0
    assert answer(again)["reused"] is True
    assert "it is given again, not made anew" in again.stderr


@pytest.mark.sweep
def test_orders_that_end_early_stop_the_job(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the limit a plan; three weeks later, or without a Monday named, exit 3 and no run."""
    config = shop / "foreship.toml"
    config.write_text(config.read_text() + "\n[freshness]\norders_days = 7\n")
    assert planned(shop, AS_OF).exit_code == 0
    runs = sorted((shop / "runs").iterdir())
    late = planned(shop, AS_OF + pd.Timedelta(weeks=3))
    assert late.exit_code == 3
    assert "orders.date: the newest is of" in late.stderr and "orders_days = 7" in late.stderr
    soon = (AS_OF + pd.Timedelta(days=30)).date()
    monkeypatch.setattr("foreship.cli.week._today", lambda as_of: None if as_of else soon)
    unnamed = CliRunner().invoke(app, ["run", str(shop)])
    assert unnamed.exit_code == 3
    assert "(today)" in unnamed.stderr and "did the load fail?" in unnamed.stderr
    assert sorted((shop / "runs").iterdir()) == runs

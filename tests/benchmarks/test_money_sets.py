"""The money benchmark's own arithmetic, and the real sets as workspaces."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import foreship
from benchmarks.forecast.sets import DATA
from benchmarks.money import retail, states
from benchmarks.money.__main__ import every_unit_a_parcel, policies_named, promises_kept
from benchmarks.money.by_unit import plan_by_unit
from benchmarks.money.lost_share import attainable, in_order_of
from benchmarks.money.network import hub_stock, newsvendor_use, trailing_rate
from foreship.replay.backtest import last_whole_weeks
from foreship.replay.promises import promises_table
from foreship_foundation.orders.tariffs import by_order

JUDGED = 4
MONDAY = pd.Timestamp("2026-03-02")


def test_counts_keep_their_law_and_take_over_the_order() -> None:
    """Each cell and week keeps its counts; only which path has which follows the other paths."""
    rng = np.random.default_rng(1)
    counts, order = rng.poisson(2.0, (3, 2, 50)), rng.normal(size=(3, 2, 50))
    mixed = in_order_of(counts, order)
    assert np.array_equal(np.sort(mixed, axis=2), np.sort(counts, axis=2))
    along = np.take_along_axis(mixed, np.argsort(order, axis=2), axis=2)
    assert (np.diff(along, axis=2) >= 0).all()


def test_share_of_attainable_is_the_way_from_reactive_to_truth() -> None:
    """Three quarters of the way in every week is .75 without doubt, and truth itself is 1."""
    weekly = pd.DataFrame(
        [
            {"policy": policy, "week": MONDAY + pd.Timedelta(weeks=week), "profit": profit}
            for week in range(3)
            for policy, profit in {
                "reactive": 100.0,
                "foreship": 100.0 + 3 * (week + 1),
                "truth": 100.0 + 4 * (week + 1),
            }.items()
        ]
    )
    found = attainable(weekly)
    assert list(found["foreship"].values()) == [0.75, 0.75, 0.75]
    assert found["truth"]["share_of_attainable"] == 1.0
    assert attainable(weekly[weekly["policy"] != "truth"]) == {}


def test_by_order_the_attainable_is_also_measured_by_what_was_earned() -> None:
    """Half of the profit of truth, and all of what it earned with its stock; not by the unit."""
    money = {"reactive": (0.0, 0.0), "foreship": (4.0, 6.0), "truth": (8.0, 6.0)}
    weekly = pd.DataFrame(
        [
            {
                "policy": policy,
                "week": MONDAY + pd.Timedelta(weeks=week),
                "profit": profit,
                "earned": earned,
            }
            for week in range(3)
            for policy, (profit, earned) in money.items()
        ]
    )
    found = attainable(weekly)["foreship"]
    assert found["share_of_attainable"] == 0.5
    assert found["attainable_earned"] == 1.0
    assert "attainable_earned" not in attainable(weekly.drop(columns="earned"))["foreship"]


def test_promises_kept_are_the_part_of_the_gain_that_came() -> None:
    """Of 20 promised 16 came: .8, for whoever promised."""
    promised = {"cvar_promised": 1.0, "loss_came": 0.0, "cvar_fresh": np.nan, "gain_fresh": np.nan}
    weekly = pd.DataFrame(
        [
            {"policy": "foreship", "gain_promised": 10.0, "gain_came": 8.0, **promised},
            {"policy": "foreship", "gain_promised": 10.0, "gain_came": 8.0, **promised},
            {"policy": "reactive", **dict.fromkeys(["gain_promised", "cvar_promised"], np.nan)},
        ]
    )
    kept = promises_kept(promises_table(weekly, 0.95))
    assert kept == {
        "foreship": {"promise_kept": 0.8, "promise_kept_low": 0.8, "promise_kept_high": 0.8}
    }


def test_by_unit_names_the_plan_that_counts_units() -> None:
    """It is called with the policy itself, all others by their names."""
    assert policies_named(["reactive", "by_unit"]) == ["reactive", plan_by_unit]


def test_same_day_cancellation_undoes_its_line_and_no_other() -> None:
    """Two equal lines, one cancelled that day: one line stays, and the later return too."""
    columns = ["customer", "region", "item", "quantity", "date"]
    later = MONDAY + pd.Timedelta(days=3)
    lines = pd.DataFrame(
        [("c", "R", "a", 5, MONDAY), ("c", "R", "a", 5, MONDAY), ("", "R", "a", 7, MONDAY)],
        columns=columns,
    )
    back = pd.DataFrame(
        [("c", "R", "a", 5, MONDAY), ("c", "R", "a", 5, later), ("", "R", "a", 7, MONDAY)],
        columns=columns,
    )
    kept, returned = retail.undone(lines, back)
    assert kept["quantity"].to_list() == [5, 7]
    assert returned[["quantity", "date"]].to_numpy().tolist() == [[5, later], [7, MONDAY]]


def test_network_is_sized_by_earlier_weeks_only() -> None:
    """Orders of the first judged Monday and later change neither rate, storage nor stock."""
    region, item = np.array(["N", "S"], object), pd.Series(["a"])
    early = pd.DataFrame(
        {"date": MONDAY - pd.Timedelta(days=1), "region": ["N"], "item": ["a"], "quantity": [26]}
    )
    late = early.assign(date=MONDAY, quantity=900)
    rate = trailing_rate(pd.concat([early, late]), region, item, MONDAY)
    assert rate.tolist() == [[2.0], [0.0]]
    stock = hub_stock(rate, item, ["H", "G"], np.array([1, 0]))
    assert stock.to_numpy().tolist() == [["G", "a", 8]]


def test_storage_follows_the_newsvendor() -> None:
    """The better staging pays, the more a region may hold; where it never pays, nothing."""
    items = pd.DataFrame({"item": ["a"], "price": [2.0], "unit_cost": [1.2], "volume": [1.0]})
    region, rate = np.array(["N", "S"], object), np.array([[10.0], [10.0]])
    lanes = pd.DataFrame(
        {
            "destination": ["N", "S"],
            "direct_cost": [1.0, 1.0],
            "cost_per_unit": [0.1, 0.9],
            "lead_time_days": [0, 0],
        }
    )
    held = newsvendor_use(rate, items, lanes, region, last_mile=0.5)
    assert held[0] > 0.8 * 10
    assert held[1] == 0.0


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("name", "build"), [("online_retail", retail.build), ("us_regional", states.build)]
)
def test_sets_become_workspaces_that_can_be_replayed(
    name: str, build: Callable[[Path, int], pd.Timestamp], tmp_path: Path
) -> None:
    """The workspace opens without fault, says what it assumes, and its judged weeks are ours."""
    if not (DATA / name / "orders.parquet").is_file():
        pytest.skip(f"{DATA / name} is not there")
    first = build(tmp_path / "workspace", JUDGED)
    workspace = foreship.open(tmp_path / "workspace")
    assert last_whole_weeks(workspace.tables["orders"], JUDGED)[0] == np.datetime64(first, "D")
    assert workspace.config.assumptions["stock"]
    assert by_order(workspace.tables) == (name == "online_retail")
    assert workspace.tables["stock"]["location"].isin(workspace.tables["hubs"]["hub"]).all()


@pytest.mark.sweep
def test_the_order_tariff_changes_the_tariff_alone(tmp_path: Path) -> None:
    """Online retail: 5.00 + .50 at home, 10.00 + 1.00 in Europe, 20.00 + 2.00 overseas.

    Storage, lanes and stock are those of the workspace whose parcels carry a unit, and without the
    columns of further units a unit is a parcel again.
    """
    if not (DATA / "online_retail" / "orders.parquet").is_file():
        pytest.skip(f"{DATA / 'online_retail'} is not there")
    for name, order_tariff in (("order", True), ("unit", False)):
        retail.build(tmp_path / name, JUDGED, 5, order_tariff=order_tariff)
    order, unit = (
        {each.stem: pd.read_parquet(each) for each in (tmp_path / name).glob("*.parquet")}
        for name in ("order", "unit")
    )
    tariff = {"lanes": ["direct_cost", "direct_further"], "orders": ["order_id"],
              "regions": ["last_mile_cost", "last_mile_further"]}  # fmt: skip
    for name, frame in order.items():
        changed = [each for each in tariff.get(name, []) if each in unit[name]]
        kept = frame.drop(columns=tariff.get(name, []))
        pd.testing.assert_frame_equal(kept, unit[name].drop(columns=changed))
    parcels = order["lanes"][["direct_cost", "direct_further"]].dropna().drop_duplicates()
    assert sorted(map(tuple, parcels.to_numpy())) == [(5.0, 0.5), (10.0, 1.0), (20.0, 2.0)]
    miles = order["regions"][["last_mile_cost", "last_mile_further"]].drop_duplicates()
    assert miles.to_numpy().tolist() == [[2.5, 0.25]]
    every_unit_a_parcel(tmp_path / "order")
    assert not by_order(foreship.open(tmp_path / "order").tables)

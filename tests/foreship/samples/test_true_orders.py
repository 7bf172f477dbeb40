"""True future orders: units of the true law of demand, in baskets such as those of the past."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from foreship.errors import InputError, UsageError
from foreship.samples.making import make_sample
from foreship.samples.synthetic.true_orders import holds_baskets, true_orders
from foreship.samples.synthetic.truth import TruePaths, true_purchase_probability, truth_paths
from foreship.samples.synthetic.world import AS_OF
from tests.foreship.sample_reader import CELL, meetings

NOW = pd.Timestamp(AS_OF)
WINDOWS = 400


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small simulated workspace."""
    return make_sample(tmp_path_factory.mktemp("orders") / "small").path


@pytest.fixture(scope="module")
def orders(small: Path) -> pd.DataFrame:
    """Return 400 draws of the orders of the week after as_of."""
    return true_orders(small, NOW, WINDOWS, seed=5)


def units_of(table: pd.DataFrame, paths: TruePaths) -> np.ndarray:
    """Return units by cell of the paths, week and window."""
    cells = pd.MultiIndex.from_arrays([paths.region, paths.item])
    units = np.zeros(paths.units.shape, np.int64)
    week = ((table["date"] - NOW).dt.days // 7).to_numpy()
    at = cells.get_indexer(pd.MultiIndex.from_frame(table[CELL]))
    np.add.at(units, (at, week, table["period"].to_numpy()), table["quantity"].to_numpy())
    return units


def test_units_are_those_of_the_true_paths(small: Path) -> None:
    """By cell, week and window orders add up to `truth_paths` of that seed, unit for unit."""
    table = true_orders(small, NOW, 6, weeks=3, seed=9)
    paths = truth_paths(small, NOW, 3, 6, seed=9)
    np.testing.assert_array_equal(units_of(table, paths), paths.units)


def test_cells_are_ordered_as_often_as_the_true_probability_says(
    small: Path, orders: pd.DataFrame
) -> None:
    """Over 400 windows the frequency of D >= k differs from P(D >= k) by its own error alone."""
    true = true_purchase_probability(small, NOW, 1, 3)
    paths = truth_paths(small, NOW, 1, WINDOWS, seed=5)
    units = units_of(orders, paths)
    for k in (1, 2, 3):
        p, frequency = true.p[:, 0, k - 1], (units[:, 0] >= k).mean(axis=1)
        assert (frequency[p == 0] == 0).all()
        z = ((frequency - p) / np.sqrt(np.maximum(p * (1 - p), 1e-12) / WINDOWS))[p > 0.02]
        assert 0.85 < z.std() < 1.15
        assert abs(z.mean()) < 0.15
        assert np.abs(z).max() < 6.0


def test_the_frame_is_that_of_the_contract(orders: pd.DataFrame) -> None:
    """Columns, types, windows and sequence; an order is whole and stands in one window."""
    assert list(orders.columns) == ["date", "region", "item", "quantity", "order_id", "period"]
    assert orders["date"].dtype == "datetime64[ns]"
    assert orders["date"].between(NOW, NOW + pd.Timedelta(days=6)).all()
    assert orders["quantity"].dtype == np.int64 and orders["quantity"].min() >= 1
    assert orders["period"].unique().tolist() == list(range(WINDOWS))
    assert not orders.duplicated(["order_id", "item"]).any()
    said = orders[["order_id", "period", "date", "region"]].drop_duplicates()
    assert not said.duplicated("order_id").any()
    keys = ["period", "date", "region", "order_id", "item"]
    pd.testing.assert_frame_equal(orders, orders.sort_values(keys, kind="stable"))


@pytest.mark.sweep
def test_same_seed_same_orders(small: Path, orders: pd.DataFrame) -> None:
    """Orders repeat with their seed and change with it; the folder `truth` itself serves too."""
    again = true_orders(small / "truth", NOW, WINDOWS, seed=5)
    pd.testing.assert_frame_equal(orders, again)
    other = true_orders(small, NOW, WINDOWS, seed=6)
    assert not orders.drop(columns="period").equals(other.drop(columns="period"))


def test_baskets_to_come_are_like_those_of_the_past(small: Path) -> None:
    """Orders drawn for a past quarter have the lines and themes of the orders that then came.

    Shares differ by chance: shocks of items move which themes are wanted in a week.
    """
    past = pd.read_parquet(small / "orders.parquet")
    theme = pd.read_parquet(small / "truth" / "themes.parquet").set_index("item")["theme"]
    start = NOW - pd.Timedelta(weeks=13)
    figures = []
    for table in (past[past["date"] >= start], true_orders(small, start, 20, weeks=13)):
        lines = table.groupby("order_id").size()
        pairs = meetings(table)[0]
        same = pairs["one"].map(theme) == pairs["other"].map(theme)
        figures.append(
            [
                (lines == 1).mean(),
                lines.mean(),
                pairs.loc[same, "times"].sum() / pairs["times"].sum(),
            ]
        )
    came, drawn = figures
    assert came == pytest.approx(drawn, rel=0.06)


def test_what_the_truth_does_not_hold_is_said(tmp_path: Path, small: Path) -> None:
    """No truth, none of baskets, a law without a number, an item without a theme: all refused."""
    with pytest.raises(UsageError, match="holds no truth"):
        true_orders(tmp_path, NOW, 1)
    with pytest.raises(UsageError, match="does not hold every week"):
        true_orders(small, NOW, 1, weeks=17)
    truth = tmp_path / "truth"
    shutil.copytree(small / "truth", truth)
    assert holds_baskets(truth)
    themes = pd.read_parquet(truth / "themes.parquet")
    themes[themes["item"] != "00007"].to_parquet(truth / "themes.parquet")
    with pytest.raises(InputError, match=r"themes.parquet lacks the items 00007"):
        true_orders(truth, NOW, 1)
    law = json.loads((truth / "baskets.json").read_text())
    law.pop("line_share")
    (truth / "baskets.json").write_text(json.dumps(law))
    with pytest.raises(InputError, match="lacks 'line_share'"):
        true_orders(truth, NOW, 1)
    (truth / "baskets.json").unlink()
    assert not holds_baskets(truth)
    with pytest.raises(UsageError, match="holds no truth of baskets"):
        true_orders(truth, NOW, 1)

"""Demand that does not change: what the benchmark of calm replays."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import foreship
from benchmarks.money.calm import CHANGING, still


def test_orders_are_drawn_anew_by_one_law(tmp_path: Path) -> None:
    """As many units a cell as the sample sold, on all days alike, and no table that changes them.

    In each cell the halves of the history differ by no more than five standard deviations.
    """
    foreship.sample(tmp_path / "shop", source="synthetic", size="tiny", seed=4)
    before = pd.read_parquet(tmp_path / "shop" / "orders.parquet")
    still(tmp_path / "shop", 4)
    tables = foreship.open(tmp_path / "shop").tables
    orders = tables["orders"]
    middle = orders["date"].min() + (orders["date"].max() - orders["date"].min()) / 2
    halves = orders.assign(early=orders["date"] < middle).pivot_table(
        "quantity", ["region", "item"], "early", aggfunc="sum", fill_value=0
    )
    assert ((halves[True] - halves[False]).abs() <= 5 * halves.sum(axis=1) ** 0.5).all()
    sold = before["quantity"].sum()
    assert abs(orders["quantity"].sum() - sold) <= 5 * sold**0.5
    assert all(tables[name].empty for name in CHANGING if name != "assortment")

"""Stock by week: small paths added up by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foreship.reading.facts.projected_stock import projected_stock
from foreship_optimize.demand import DemandScenarios

MONDAY = np.datetime64("2026-11-16", "D")


def cells(*rows: tuple[str, str, int]) -> pd.DataFrame:
    """Cells given as (region, item, on hand)."""
    return pd.DataFrame(rows, columns=["region", "item", "on_hand"])


def moves(*rows: tuple[str, str, int, int]) -> pd.DataFrame:
    """What comes or leaves, as (region, item, day, quantity)."""
    return pd.DataFrame(rows, columns=["region", "item", "day", "quantity"])


def on_days(*daily: int) -> DemandScenarios:
    """One certain path of cell (R, A), by day."""
    region, item = np.array(["R"], dtype=object), np.array(["A"], dtype=object)
    return DemandScenarios.on_days(region, item, MONDAY, np.array([daily]))


def test_orders_before_an_arrival_find_nothing() -> None:
    """Three wanted on Tuesday, three on Friday; four come on Thursday: one is left on Sunday."""
    paths = on_days(0, 3, 0, 0, 3, 0, 0)
    found = projected_stock(cells(("R", "A", 0)), moves(("R", "A", 3, 4)), paths)
    assert found["stock"].tolist() == [1.0]
    assert found["short"].tolist() == [0.0]


def test_what_is_not_there_is_not_owed() -> None:
    """Five wanted of two: the week ends at 0, and next week's arrival of three is whole."""
    paths = on_days(5, 0, 0, 0, 0, 0, 0, *[0] * 7)
    found = projected_stock(cells(("R", "A", 2)), moves(("R", "A", 7, 3)), paths)
    assert found["stock"].tolist() == [0.0, 3.0]
    assert found["short"].tolist() == [1.0, 0.0]


def test_what_leaves_is_gone_before_the_orders_of_its_day() -> None:
    """Four lie, three leave on Monday, two are wanted that day: one is sold, none is left."""
    paths = on_days(2, 0, 0, 0, 0, 0, 0)
    found = projected_stock(cells(("R", "A", 4)), moves(("R", "A", 0, -3)), paths)
    assert found["stock"].tolist() == [0.0]


def test_means_and_chances_are_over_the_paths() -> None:
    """Two paths of 0 and 3 units, one lies: mean stock a half, sold out in one of two."""
    region, item = np.array(["R"], dtype=object), np.array(["A"], dtype=object)
    units = np.array([[[0, 3]]])
    paths = DemandScenarios(region, item, np.array([MONDAY]), units)
    found = projected_stock(cells(("Q", "A", 2), ("R", "A", 1)), moves(), paths)
    assert found["stock"].tolist() == [2.0, 0.5], "a cell without paths has no demand"
    assert found["short"].tolist() == [0.0, 0.5]
    assert found["region"].tolist() == ["Q", "R"]


def test_what_found_nothing_is_counted() -> None:
    """Five wanted of two on Monday, two come on Tuesday, one is wanted on Friday: three missed."""
    paths = on_days(5, 0, 0, 0, 1, 0, 0)
    found = projected_stock(cells(("R", "A", 2)), moves(("R", "A", 1, 2)), paths)
    assert found[["stock", "wanted", "unserved"]].to_numpy().tolist() == [[1.0, 6.0, 3.0]]


def test_cells_in_blocks_are_as_each_alone() -> None:
    """More cells than a block holds: the last one is followed as if it were the only one."""
    many = pd.DataFrame({"region": "Q", "item": [f"{n:05d}" for n in range(5_001)], "on_hand": 1})
    last = cells(("R", "A", 0))
    paths, comes = on_days(0, 3, 0, 0, 3, 0, 0), moves(("R", "A", 3, 4))
    both = projected_stock(pd.concat([many, last]), comes, paths)
    alone = projected_stock(last, comes, paths)
    assert both.tail(1).to_numpy().tolist() == alone.to_numpy().tolist()

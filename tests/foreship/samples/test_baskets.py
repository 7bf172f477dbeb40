"""Baskets: units of a week become orders by a law, and the units themselves stay what they were."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from foreship.samples.making import make_sample
from foreship.samples.synthetic.baskets import (
    BASKETS,
    THEME_ITEMS,
    THEME_UNITS,
    draw_themes,
    gather,
)
from tests.foreship.sample_reader import CELL, meetings, weekly

PAIRS = replace(BASKETS, line_share=(0.0, 1.0), repeat_share=0.0)
"""every order asks for two lines of one unit each"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small simulated workspace."""
    return make_sample(tmp_path_factory.mktemp("baskets") / "small").path


@pytest.fixture(scope="module")
def orders(small: Path) -> pd.DataFrame:
    """Return its orders, as they stand in the file."""
    return pd.read_parquet(small / "orders.parquet")


def rng(seed: int = 0) -> np.random.Generator:
    """Return a generator."""
    return np.random.default_rng(seed)


def whole(*numbers: int) -> np.ndarray:
    """Return whole numbers."""
    return np.array(numbers, np.int64)


@pytest.mark.parametrize("seed", range(5))
def test_items_wanted_equally_often_meet_every_time(seed: int) -> None:
    """Two items of a theme, three units each, orders of two lines: both are in all three orders."""
    week = gather(whole(0, 0), whole(0, 1), whole(3, 3), whole(0, 0), PAIRS, rng(seed))
    assert week.orders == 3
    assert week.order.tolist() == [0, 0, 1, 1, 2, 2]
    assert week.item.tolist() == [0, 1] * 3
    assert week.quantity.tolist() == [1] * 6


@pytest.mark.parametrize("seed", range(5))
def test_an_order_does_not_hold_an_item_twice(seed: int) -> None:
    """An item alone in its theme, three units: three orders, though each asked for two lines."""
    week = gather(whole(0), whole(0), whole(3), whole(0), PAIRS, rng(seed))
    assert (week.orders, week.quantity.tolist()) == (3, [1, 1, 1])


def test_what_an_order_still_asks_for_comes_from_the_next_theme() -> None:
    """Two items of two themes, one unit each: one order has both; another region's has neither."""
    week = gather(whole(0, 0, 1), whole(0, 1, 0), whole(1, 1, 1), whole(0, 1), PAIRS, rng())
    assert week.orders == 2
    baskets = {tuple(zip(week.region[here], week.item[here], strict=True))
               for each in (0, 1) for here in [week.order == each]}  # fmt: skip
    assert baskets == {((0, 0), (0, 1)), ((1, 0),)}


@pytest.mark.parametrize("seed", range(4))
def test_every_unit_stands_in_one_order_of_one_day_and_region(seed: int) -> None:
    """Over random weeks units by cell come back; orders are whole, distinct and in sequence."""
    draw, theme = rng(seed), np.arange(30) // 5
    units = draw.poisson(draw.gamma(0.5, 3.0, (7, 30)))
    region, item = np.nonzero(units)
    week = gather(region, item, units[region, item], theme, BASKETS, draw)
    back = np.zeros_like(units)
    np.add.at(back, (week.region, week.item), week.quantity)
    np.testing.assert_array_equal(back, units)
    assert week.quantity.min() >= 1
    keys = np.lexsort((week.item, week.order, week.region, week.weekday))
    assert keys.tolist() == list(range(len(keys)))
    lines = pd.DataFrame(vars(week)).drop(columns="orders")
    assert not lines.duplicated(["order", "item"]).any()
    assert len(lines[["order", "weekday", "region"]].drop_duplicates()) == week.orders
    assert lines["order"].unique().tolist() == list(range(week.orders))


def test_a_week_without_demand_has_no_orders() -> None:
    """No unit, no order."""
    week = gather(whole(), whole(), whole(), whole(0), BASKETS, rng())
    assert (week.orders, len(week.order), len(week.weekday)) == (0, 0, 0)


def test_orders_ask_for_lines_and_days_by_their_shares() -> None:
    """In a row that nothing interrupts orders have 1, 2, ... lines and weekdays as the law says."""
    count = 60_000
    item, theme = np.arange(count), np.zeros(count, np.int64)
    week = gather(np.zeros_like(item), item, np.ones_like(item), theme, BASKETS, rng())
    first = np.flatnonzero(np.diff(week.order, prepend=-1))
    for found, share in (
        (np.bincount(week.order) - 1, BASKETS.line_share),
        (week.weekday[first], BASKETS.weekday_share),
    ):
        seen = np.bincount(found, minlength=len(share)) / week.orders
        error = np.sqrt(np.array(share) * (1 - np.array(share)) / week.orders)
        assert sum(share) == pytest.approx(1.0)
        assert (np.abs(seen - share) <= 4.5 * error + 1 / week.orders).all()


def test_units_of_a_cell_share_a_line_now_and_then() -> None:
    """Of the units that follow another of their cell 15 % go into its line."""
    week = gather(whole(0), whole(0), whole(40_000), whole(0), BASKETS, rng())
    joined = 1 - len(week.quantity) / 40_000
    assert joined == pytest.approx(BASKETS.repeat_share, abs=4 * np.sqrt(0.15 * 0.85 / 40_000))


def test_themes_are_sold_often_enough_to_make_orders() -> None:
    """All but the last theme have 4 items or more that sell 4 units a week or more together."""
    rate = rng().pareto(1.1, 500) * 0.1
    theme = draw_themes(rate, 3)
    assert theme.min() == 0 and set(theme) == set(range(theme.max() + 1))
    assert (np.bincount(theme)[:-1] >= THEME_ITEMS).all()
    assert (np.bincount(theme, rate)[:-1] >= THEME_UNITS).all()
    assert (draw_themes(rate, 4) != theme).any()
    np.testing.assert_array_equal(draw_themes(rate, 3), theme)


@pytest.mark.parametrize(
    ("size", "seed", "said"),
    [
        ("tiny", 1, "9f7be3da7e04640798c148490d58704f7cf1de5ebc7675c0bc7d2cb2bc63e0e4"),
        ("small", 1, "e020ca8349abbf996f030a2c6435df43bd10765b6db3b0dead18c4c706c77f16"),
        ("small", 2, "7e3fd61a71d564c4a7426d80ee88ca2c9a0939d7d9ff0e4554ae899a701c354f"),
    ],
)
def test_cells_sell_each_week_what_they_sold_before_there_were_orders(
    tmp_path: Path, size: str, seed: int, said: str
) -> None:
    """Units by region, item and week, of before orders had several lines, as one hash."""
    folder = make_sample(tmp_path / "x", size=size, seed=seed).path
    totals = weekly(pd.read_parquet(folder / "orders.parquet"))
    totals["week"] = totals["week"].dt.strftime("%Y-%m-%d")
    text = totals[[*CELL, "week", "quantity"]].to_csv(index=False, lineterminator="\n")
    assert hashlib.sha256(text.encode()).hexdigest() == said


def test_order_ids_tell_whole_orders_apart(orders: pd.DataFrame) -> None:
    """An id stands on one day, in one region, with one customer, and with each item once."""
    assert not orders.duplicated(["order_id", "item"]).any()
    said = orders[["order_id", "date", "region", "customer"]].drop_duplicates()
    assert not said.duplicated("order_id").any()
    assert orders["order_id"].is_monotonic_increasing
    assert orders["order_id"].str.fullmatch(r"O\d{8}").all()


def test_most_lines_stand_in_orders_of_several(orders: pd.DataFrame) -> None:
    """35 to 45 % of orders are single lines; an order has 2 to 3 lines on average."""
    lines = orders.groupby("order_id").size()
    assert 0.35 < (lines == 1).mean() < 0.45
    assert 2.0 < lines.mean() < 3.0


def test_items_of_a_theme_meet_more_often_than_by_chance(small: Path, orders: pd.DataFrame) -> None:
    """Two lines of an order share a theme three times as often as two of its region and week."""
    theme = pd.read_parquet(small / "truth" / "themes.parquet").set_index("item")["theme"]
    together, by_chance = meetings(orders)
    share = [
        pairs[pairs["one"].map(theme) == pairs["other"].map(theme)]["times"].sum()
        / pairs["times"].sum()
        for pairs in (together, by_chance)
    ]
    assert share[0] > 3 * share[1]


def test_the_same_items_meet_again(orders: pd.DataFrame) -> None:
    """The 100 pairs that met most in the first year meet in the second 1.5 times as by chance."""
    half = orders["date"].min() + pd.Timedelta(weeks=52)
    pair = ["one", "other"]
    often = meetings(orders[orders["date"] < half])[0].nlargest(100, "times")[pair]
    together, by_chance = meetings(orders[orders["date"] >= half])
    share = [
        pairs.merge(often, on=pair)["times"].sum() / pairs["times"].sum()
        for pairs in (together, by_chance)
    ]
    assert share[0] > 1.5 * share[1]

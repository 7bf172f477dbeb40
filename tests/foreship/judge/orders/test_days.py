"""Days of orders against a referee in plain Python, and against today's judge by the unit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship.judge.account.fill import FILL
from tests.foreship.judge.orders.order_worlds import named, order_world
from tests.foreship.judge.orders.slow_orders import OrderReferee
from tests.foreship.played_weeks import EXITS, WEEK, replay
from tests.foreship.small_world import MONDAY, frame, orders, plan

MONEY = ("margin", "parcels", "last_mile", "freight", "holding", "exits")
UNITS = ("served_locally", "served_from_hub", "lost")
ITEMS, REGIONS = st.sampled_from(["K", "L"]), st.sampled_from(["R1", "R2"])

order_rows = st.lists(
    st.tuples(
        st.sampled_from([-9, -2, 0, 1, 6, 8]),
        st.sampled_from(["", "a", "b", "c", "d"]),
        REGIONS,
        ITEMS,
        st.sampled_from([1, 1, 2, 3, 12]),
    ),
    min_size=1,
    max_size=30,
)
stock_rows = st.lists(
    st.tuples(st.sampled_from(["R1", "R2", "H1", "H2"]), ITEMS, st.sampled_from([1, 2, 5, 14, 60])),
    max_size=8,
    unique_by=lambda row: row[:2],
)


def stock(*rows: tuple[str, str, int]) -> pd.DataFrame:
    """Return a table of stock."""
    return frame("location item quantity", rows).astype({"quantity": np.int64})


@pytest.mark.sweep
@settings(max_examples=50)
@given(order_rows, stock_rows, st.integers(0, 2), st.sampled_from([0.0, 0.11, 0.89, 4.0]))
def test_the_judge_agrees_with_an_order_by_order_referee(buying, lying, cover, freight):
    """Money, units and counts of random worlds equal a plain order-by-order replay."""
    buying = [*buying, (0, "z", "R1", "K", 1)]  # a known id: money is by order
    tables = order_world(freight=freight, orders=named(*buying), stock=stock(*lying))
    ledgers, state, network = replay(tables, [plan(), plan()], cover=cover, trailing=2)
    referee = OrderReferee(tables, EXITS, seed=1, weeks=2)
    mondays = [pd.Timestamp(MONDAY + week * WEEK) for week in range(2)]
    found = referee.play(mondays, lambda *_: [], cover, 2)
    for name in MONEY:
        told = sum(getattr(each, name) for each in ledgers)
        assert told == pytest.approx(found.get(name, 0.0)), name
    for name in UNITS:
        assert sum(getattr(each, name) for each in ledgers) == found.get(name, 0), name
    fills = [each.fill for each in ledgers]
    for name in FILL:
        assert sum(getattr(each, name) for each in fills) == found.get(name, 0), name
    left = {
        (network.locations[at], network.items[item]): int(state.on_hand[at, item])
        for at, item in np.argwhere(state.on_hand)
    }
    assert left == {key: units for key, units in referee.shelf.items() if units}


@pytest.mark.sweep
@settings(max_examples=25)
@given(order_rows, stock_rows, st.randoms(use_true_random=False))
def test_row_order_does_not_matter(buying, lying, random):
    """Shuffled tables give the same ledgers and the same stock, to the bit."""
    tables = order_world(orders=named(*buying, (0, "z", "R1", "K", 1)), stock=stock(*lying))
    shuffled = {
        name: table.sample(frac=1, random_state=random.randrange(2**32)).reset_index(drop=True)
        for name, table in tables.items()
    }
    plain, state, _ = replay(tables, [plan()], cover=1)
    again, state_again, _ = replay(shuffled, [plan()], cover=1)
    assert plain == again and (state.on_hand == state_again.on_hand).all()


@pytest.mark.sweep
@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(-9, 6), ITEMS), min_size=1, max_size=20),
    st.tuples(*[st.integers(0, 9)] * 4),
    st.sampled_from([0.0, 1.0]),
)
def test_orders_of_one_unit_are_served_as_units_are(buying, lying, lost):
    """With lanes that cost nothing the gate is always open, and each order is a parcel of its own.

    The tariff for further units never counts, however odd it is.
    """
    at = [("R1", "K"), ("R1", "L"), ("H1", "K"), ("H2", "L")]
    rows = [(*where, units) for where, units in zip(at, lying, strict=True) if units]
    lines = [(day, f"o{number}", "R1", item, 1) for number, (day, item) in enumerate(buying)]
    odd = {"H1": (5.0, 90.0), "H2": (7.0, 0.0)}
    every = {"there": (1.0, 40.0), "freight": 0.0, "lost": (lost, lost), "stock": stock(*rows)}
    by_order, there, _ = replay(order_world(odd, orders=named(*lines), **every), [plan()])
    nameless = orders(*[(day, *rest) for day, _, *rest in lines])
    by_unit, there_too, _ = replay(order_world(odd, orders=nameless, **every), [plan()])
    assert by_unit[0].fill is None and by_order[0].fill is not None
    assert (there.on_hand == there_too.on_hand).all()
    for name in (*MONEY, *UNITS, "profit", "days_saved"):
        assert getattr(by_order[0], name) == pytest.approx(getattr(by_unit[0], name)), name


def without_tariff(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Drop the columns of further units."""
    return tables | {
        "lanes": tables["lanes"].drop(columns="direct_further"),
        "regions": tables["regions"].drop(columns="last_mile_further"),
    }


def with_equal_tariff(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Let a further unit cost what the first does."""
    lanes, regions = tables["lanes"], tables["regions"]
    return tables | {
        "lanes": lanes.assign(direct_further=lanes["direct_cost"]),
        "regions": regions.assign(last_mile_further=regions["last_mile_cost"]),
    }


LINES = [
    (1, "a", "R1", "K", 3),
    (1, "a", "R1", "L", 2),
    (2, "", "R1", "K", 4),
    (3, "b", "R2", "L", 1),
]
LYING = [("R1", "K", 4), ("H1", "K", 2), ("H1", "L", 9), ("H2", "K", 9)]


def rows_of(tables: dict[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """Return the ledgers of two weeks as rows of the weekly frame."""
    return [each.to_dict() for each in replay(tables, [plan(), plan()], cover=1)[0]]


def test_without_another_price_for_further_units_all_is_by_the_unit():
    """Absent, equal and nameless: the same rows, without a column more."""
    tables = order_world(orders=named(*LINES), stock=stock(*LYING))
    plain = rows_of(without_tariff(tables))
    assert not {*FILL} & {*plain[0]}
    assert rows_of(with_equal_tariff(tables)) == plain
    nameless = tables | {"orders": tables["orders"].assign(order_id="")}
    assert rows_of(nameless) == plain
    assert rows_of(tables) != plain and {*FILL} < {*rows_of(tables)[0]}


def test_a_day_without_orders_is_a_day():
    """Nothing is wanted in the second week, and nothing moves."""
    tables = order_world(orders=named(*LINES), stock=stock(*LYING))
    second = replay(tables, [plan(), plan()])[0][1]
    assert second.fill is not None and second.fill.orders == 0
    assert (second.margin, second.units_ordered, second.days_saved) == (0.0, 0, 0.0)

"""Past orders cut into windows: whole, in order of arrival, and never from the future."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.orders.past_orders import (
    PERIOD,
    PastOrders,
    given_orders,
    in_one_window,
    past_orders,
)
from foreship_optimize.params import PlanParams
from tests.optimize.orders.order_world import drawn_orders, network_of, orders_of, world
from tests.optimize.table_builder import MONDAY


def past_of(orders: pd.DataFrame, **plan: float) -> PastOrders:
    network, _ = network_of(world(orders))
    return past_orders(orders, network, MONDAY, PlanParams(**plan))


def as_lists(past: PastOrders) -> list:
    return [past.period.tolist(), past.region.tolist(), past.first.tolist(), past.item.tolist(),
            past.units.tolist(), past.count.tolist()]  # fmt: skip


def test_windows_end_where_a_plan_begins_and_newer_ones_count_more():
    """Days 1 and 7 before are the newest week, 8 and 14 the older; half-life one week."""
    rows = [(back, "R", "A", back, f"o{back}") for back in (1, 7, 8, 14)]
    past = past_of(orders_of(*rows), order_half_life_weeks=1.0)
    assert sorted(zip(past.period.tolist(), past.units.tolist(), strict=True)) == [
        (0, 8), (0, 14), (1, 1), (1, 7),
    ]  # fmt: skip
    assert past.count.tolist() == [0.5, 1.0]
    assert past.weight == pytest.approx([1 / 3, 2 / 3])


def test_a_window_that_begins_before_the_first_order_is_not_looked_at():
    """The first order thirteen days before: one whole week; with fortnights still one window."""
    orders = orders_of((13, "R", "A", 1, "x"), (3, "R", "A", 1, "y"))
    assert len(past_of(orders)) == 1 and len(past_of(orders).count) == 1
    longer = past_of(orders, review_weeks=2)
    assert len(longer) == 2 and longer.period.tolist() == [0, 0]
    assert len(past_of(orders_of((14, "R", "A", 1, "x"))).count) == 2


def test_only_the_last_weeks_asked_for_are_read():
    """Two weeks of six."""
    past = past_of(drawn_orders(3), order_weeks=2)
    assert len(past.count) == 2 and past.period.max() == 1


def test_orders_dated_on_or_after_the_plan_have_no_say():
    """The same to the last number with a poisoned future, of the same ids too."""
    orders = drawn_orders(1)
    future = orders.assign(date=MONDAY + pd.Timedelta(days=2), quantity=999)
    today = orders.assign(date=MONDAY, quantity=77)
    assert as_lists(past_of(pd.concat([orders, future, today]))) == as_lists(past_of(orders))


def test_rows_of_the_table_have_no_say():
    """Shuffled, and with a line of two units told as two lines of one."""
    orders = drawn_orders(2)
    shuffled = orders.sample(frac=1.0, random_state=4)
    assert as_lists(past_of(shuffled)) == as_lists(past_of(orders))
    two = orders["quantity"] == 2
    assert two.any()
    split = pd.concat([orders.assign(quantity=1), orders[two].assign(quantity=1)])
    assert as_lists(past_of(split)) == as_lists(past_of(orders))


def test_an_order_is_a_day_a_region_and_an_id_and_a_line_without_one_stands_alone():
    """The same id on two days and in two regions: three orders; blank ids: one a line."""
    past = past_of(
        orders_of(
            (2, "R", "A", 1, "x"), (2, "R", "B", 1, "x"), (3, "R", "A", 1, "x"),
            (2, "S", "A", 1, "x"), (2, "R", "A", 1, ""), (2, "R", "B", 1, ""),
        )
    )  # fmt: skip
    assert sorted(np.diff(past.first).tolist()) == [1, 1, 1, 1, 2]
    assert past.order.tolist() == np.repeat(np.arange(5), np.diff(past.first)).tolist()
    assert past.units_of_order.sum() == 6


def test_orders_come_by_day_within_a_window():
    """Eldest first in each region: units tell the day."""
    past = past_of(orders_of(*((back, "R", "A", back, f"o{back}") for back in (2, 6, 4, 1, 9, 14))))
    assert past.units.tolist() == [14, 9, 6, 4, 2, 1]


def test_without_recent_orders_nothing_is_seen_but_windows_are():
    """All orders older than the weeks asked for."""
    past = past_of(orders_of((100, "R", "A", 1, "x")), order_weeks=4)
    assert len(past) == 0 and past.first.tolist() == [0] and len(past.count) == 4


def test_given_windows_are_alike_and_read_whatever_their_dates():
    """Windows 0, 2: three of them, the second without an order."""
    orders = orders_of((2, "R", "A", 1, "x"), (-30, "R", "B", 1, "y")).assign(**{PERIOD: [2, 0]})
    network, _ = network_of(world(orders))
    past = given_orders(orders, network, 3)
    assert past.period.tolist() == [0, 2] and past.item.tolist() == [1, 0]
    assert past.weight == pytest.approx([1 / 3] * 3)


def test_given_windows_are_as_many_as_stated():
    """Five, though none has an order after the third; an order of a sixth, or of -1, is refused."""
    orders = orders_of((2, "R", "A", 1, "x")).assign(**{PERIOD: 2})
    network, _ = network_of(world(orders))
    assert given_orders(orders, network, 5).weight == pytest.approx([0.2] * 5)
    for period, periods in ((5, 5), (-1, 5), (0, 0)):
        with pytest.raises(ValueError, match=f"periods 0 to {periods - 1}"):
            given_orders(orders.assign(**{PERIOD: period}), network, periods)


def test_some_orders_keep_their_lines_sequence_and_windows():
    """The middle one of three is left out; then all are of one window."""
    past = past_of(orders_of((9, "R", "A", 1, "x"), (9, "R", "B", 2, "x"), (5, "R", "B", 5, "y"),
                             (1, "S", "A", 4, "z"), (14, "R", "C", 1, "v")))  # fmt: skip
    some = past.where(past.units_of_order != 5)
    assert some.units_of_order.tolist() == [1, 3, 4] and some.period.tolist() == [0, 0, 1]
    assert some.order.tolist() == [0, 1, 1, 2] and some.units.tolist() == [1, 1, 2, 4]
    assert in_one_window(some).period.tolist() == [0, 0, 0]
    assert in_one_window(some).weight.tolist() == [1.0]

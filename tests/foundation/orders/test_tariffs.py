"""What a parcel costs that carries an order, and when money is counted by it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_foundation.orders.tariffs import (
    by_order,
    further_unit_costs_another,
    knows_orders,
    parcel_cost,
)


def shop(**changed: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return two orders, and parcels of 5.00 + .50 a further unit from hub to region."""
    return {
        "orders": pd.DataFrame({"date": pd.to_datetime(["2026-11-02", "2026-11-09"]),
                                "order_id": ["", "a"]}),
        "hubs": pd.DataFrame({"hub": ["H"]}),
        "regions": pd.DataFrame({"region": ["R", "S"], "last_mile_cost": [2.5, 2.5]}),
        "lanes": pd.DataFrame({
            "origin": ["H", "R", "R"], "destination": ["R", "H", "S"],
            "cost_per_unit": 1.0, "direct_cost": [5.0, 5.0, 5.0],
            "direct_further": [0.5, 5.0, 5.0],
        }),
    } | changed  # fmt: skip


def test_a_parcel_costs_its_first_unit_and_its_further_ones() -> None:
    """5.00 + .50 a further unit; no unit, no parcel; shapes are broadcast."""
    assert parcel_cost(5.0, 0.5, [0, 1, 2, 4]).tolist() == [0.0, 5.0, 5.5, 6.5]
    assert parcel_cost([[5.0], [2.5]], [[0.5], [0.25]], [1, 3]).tolist() == [[5, 6], [2.5, 3]]
    assert parcel_cost([3.0, 3.0], 3.0, [2, 5]).tolist() == [6.0, 15.0]


def test_where_there_is_no_way_every_parcel_is_out_of_reach() -> None:
    """Of no unit it still costs nothing."""
    assert parcel_cost(np.inf, np.inf, [0, 1, 2]).tolist() == [0.0, np.inf, np.inf]


def test_money_is_by_the_order_where_both_are_known() -> None:
    """An order's id and a further unit that costs another amount."""
    assert by_order(shop())
    deliveries = shop()["regions"].assign(last_mile_further=[2.5, 0.25])
    lanes = shop()["lanes"].drop(columns="direct_further")
    assert by_order(shop(lanes=lanes, regions=deliveries))


@pytest.mark.parametrize(
    "changed",
    [
        {"orders": shop()["orders"].drop(columns="order_id")},
        {"orders": shop()["orders"].assign(order_id=["", None])},
        {"orders": shop()["orders"].iloc[:0]},
        {"lanes": shop()["lanes"].drop(columns="direct_further")},
        {"lanes": shop()["lanes"].assign(direct_further=np.nan)},
        {"lanes": shop()["lanes"].assign(direct_further=5.0)},
        {"lanes": shop()["lanes"].drop(columns="direct_cost").assign(direct_further=1.0)},
        {"lanes": shop()["lanes"].assign(direct_cost=np.nan, direct_further=1.0)},
        {"lanes": shop()["lanes"].assign(direct_further=[5.0, 0.5, 0.5])},
        {"lanes": shop()["lanes"].assign(direct_further=[np.nan, 0.5, 0.5])},
    ],
)
def test_otherwise_it_is_by_the_unit(changed: dict[str, pd.DataFrame]) -> None:
    """No id, no tariff, one that says the same, or one of lanes that carry no parcel."""
    assert not by_order(shop(**changed))
    regions = shop()["regions"].assign(last_mile_further=[np.nan, 2.5])
    assert not by_order(shop(regions=regions, **changed))


def test_absent_tables_say_nothing() -> None:
    """A room with no orders, or with no network, counts by the unit."""
    for name in ("orders", "lanes", "hubs"):
        assert not by_order({table: frame for table, frame in shop().items() if table != name})
    assert not further_unit_costs_another({})
    regions = pd.DataFrame({"region": ["R"], "last_mile_further": [0.25]})
    assert further_unit_costs_another({"regions": regions})
    assert not further_unit_costs_another({"regions": regions.assign(last_mile_further=0.0)})


def test_orders_to_come_do_not_say_it() -> None:
    """The only order with an id is dated 9 November: on that Monday it is not known."""
    assert not by_order(shop(), before=pd.Timestamp("2026-11-09"))
    assert by_order(shop(), before=pd.Timestamp("2026-11-10"))
    assert knows_orders(shop()["orders"]) and not knows_orders(None)

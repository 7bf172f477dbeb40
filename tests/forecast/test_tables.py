"""The tables the forecast room reads: filled, checked, and only what it needs."""

from __future__ import annotations

import pandas as pd
import pytest

from foreship_forecast.errors import TableFault
from foreship_forecast.tables import DISTRIBUTION_COLUMNS, PATH_COLUMNS, QUANTILES, READS, complete

ORDERS = pd.DataFrame(
    {"date": ["2026-11-02"], "region": ["R"], "item": ["I"], "quantity": [2], "customer": ["Ann"]}
)


def test_orders_alone_are_enough() -> None:
    """Every other table comes back empty with its columns."""
    filled = complete({"orders": ORDERS.drop(columns="customer")})
    assert set(filled) == set(READS)
    assert list(filled["orders"].columns) == ["date", "region", "item", "quantity", "order_id"]
    assert filled["orders"]["date"].tolist() == [pd.Timestamp("2026-11-02")]
    for name, table in READS.items():
        assert list(filled[name].columns) == list(table.names)
        assert name == "orders" or filled[name].empty


def test_complete_tables_come_back_as_they_are() -> None:
    """Checking twice is no second checking."""
    filled = complete({"orders": ORDERS})
    assert complete(filled) is filled


def test_customers_are_counted_and_dropped() -> None:
    """Who bought is counted from the orders where `buyers` do not say it already."""
    filled = complete({"orders": ORDERS})
    assert filled["buyers"]["customers"].tolist() == [1]
    assert "customer" not in filled["orders"].columns
    told = filled["buyers"].assign(customers=5)
    assert complete({"orders": ORDERS, "buyers": told})["buyers"]["customers"].tolist() == [5]
    assert complete({"orders": ORDERS, "buyers": told[:0]})["buyers"]["customers"].tolist() == [1]


def test_faults_of_all_tables_are_told_together() -> None:
    """No orders, and stock of half a unit."""
    stock = pd.DataFrame({"location": ["R"], "item": ["I"], "quantity": [0.5]})
    with pytest.raises(TableFault) as caught:
        complete({"stock": stock})
    assert len(caught.value.faults) == 2
    assert "orders" in caught.value.faults[0]
    assert "table stock, row 1, column quantity: 0.5" in caught.value.faults[1]


def test_ids_that_no_table_declares_are_refused() -> None:
    """Ids with a blank, of another case, or no texts; absent tables declare every id."""
    regions, items = pd.DataFrame({"region": ["R"]}), pd.DataFrame({"item": ["I"]})
    lines = pd.concat([ORDERS] * 4, ignore_index=True)
    lines["region"] = ["R", "R ", "r", "R"]
    with pytest.raises(TableFault) as caught:
        complete({"orders": lines.assign(item=["I", "I", "I", "I\u00a0"]), "regions": regions,
                  "items": items})  # fmt: skip
    assert caught.value.faults == [
        "table orders, row 2, column region: 'R ' must be in regions",
        "table orders, row 3, column region: 'r' must be in regions",
        "table orders, row 4, column item: 'I\\xa0' must be in items",
    ]
    assert len(complete({"orders": lines})["orders"]) == 4
    with pytest.raises(TableFault, match=r"column item: 7\.0 must be text"):
        complete({"orders": lines.assign(item=[7.0] * 4)})
    numbers = {"orders": ORDERS.assign(item=7), "items": pd.DataFrame({"item": ["7"]})}
    assert complete(numbers)["orders"]["item"].tolist() == ["7"]


def test_days_on_which_a_hub_is_closed_are_left_out_of_the_calendar() -> None:
    """Demand is of regions: a closed region keeps its event, a hub's own row goes."""
    days = pd.DataFrame({"date": "2026-11-17", "event": "closed", "region": ["H", "R", ""]})
    places = {"regions": pd.DataFrame({"region": ["R"]}), "hubs": pd.DataFrame({"hub": ["H"]})}
    filled = complete({"orders": ORDERS, "calendar": days, **places})
    assert filled["calendar"]["region"].tolist() == ["R", ""]
    with pytest.raises(TableFault, match="column event: 'fair' must begin with closed or closure"):
        complete({"orders": ORDERS, "calendar": days.assign(event="fair"), **places})
    with pytest.raises(TableFault, match="column region: 'H' must be in regions or hubs"):
        complete({"orders": ORDERS, "calendar": days, "regions": places["regions"]})
    strange = days.assign(region=["X", "R", ""])
    with pytest.raises(TableFault, match="column region: 'X' must be in regions or hubs"):
        complete({"orders": ORDERS, "calendar": strange, **places})


def test_what_is_not_sold_any_more_may_still_come_back() -> None:
    """Returns of an item that is gone from `items` are no fault."""
    cell = {"region": ["R"], "item": ["gone"]}
    back = pd.DataFrame({"date": ["2026-11-02"], **cell, "quantity": [1]})
    filled = complete({"orders": ORDERS, "items": pd.DataFrame({"item": ["I"]}), "returns": back})
    assert filled["returns"]["item"].tolist() == ["gone"]


def test_what_is_promised_has_a_column_a_quantile() -> None:
    """q05 .. q99 in rising order; paths name their scenario."""
    assert [name for name in DISTRIBUTION_COLUMNS if name[1:].isdigit()] == [
        f"q{round(100 * level):02d}" for level in sorted(QUANTILES)
    ]
    assert PATH_COLUMNS == ("region", "item", "week", "scenario", "units")


def test_adjustments_of_a_frame_are_judged_like_those_of_a_file() -> None:
    """A factor of 150 was meant in percent."""
    row = {"kind": "times", "value": 150.0, "reason": "fair", "author": "Anna"}
    asked = pd.DataFrame([row]).assign(expires="2026-12-31")
    with pytest.raises(TableFault) as fault:
        complete({"orders": ORDERS, "adjustments": asked})
    assert fault.value.faults == [
        "table adjustments, row 1, column value: no factor of demand; of times: 0 to 100",
    ]

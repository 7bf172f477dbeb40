"""The only door to history: shut at as_of, whatever was handed in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreship_forecast.errors import BeyondAsOf, TableFault
from foreship_forecast.history.snapshot import Snapshot
from tests.forecast.small_market import AS_OF


def orders(*lines: tuple[str, str, str, float]) -> pd.DataFrame:
    """Return order lines."""
    frame = pd.DataFrame(lines, columns=["date", "region", "item", "quantity"])
    return frame.assign(date=pd.to_datetime(frame["date"]))


ONE = orders(("2026-11-02", "R0", "I0", 1))


@pytest.mark.sweep
@given(st.lists(st.integers(-40, 40), min_size=1, max_size=30))
def test_only_earlier_days_are_held(days: list[int]) -> None:
    """Of orders around as_of exactly those before it are held; the others are counted."""
    dates = [AS_OF + pd.Timedelta(days=day) for day in days]
    frame = pd.DataFrame({"date": dates, "region": "R0", "item": "I0", "quantity": 1})
    snapshot = Snapshot({"orders": frame}, AS_OF)
    assert sorted(snapshot.orders["date"]) == sorted(date for date in dates if date < AS_OF)
    assert snapshot.ignored_orders == sum(day >= 0 for day in days)
    assert bool(snapshot.notes) == any(day >= 0 for day in days)


def test_the_past_is_cut_and_what_was_decided_ahead_is_not() -> None:
    """Returns, availability and signals stop at as_of; calendar and prices look ahead."""
    around = pd.to_datetime(["2026-11-09", "2026-11-16", "2026-11-23"])
    cell = {"region": "R0", "item": "I0"}
    tables = {
        "orders": ONE,
        "returns": pd.DataFrame({"date": around, **cell, "quantity": 1}),
        "availability": pd.DataFrame({"week": around, **cell, "in_stock": 0}),
        "signals": pd.DataFrame({"week": around, **cell, "views": 3.0}),
        "calendar": pd.DataFrame({"date": around, "event": "fair"}),
        "prices": pd.DataFrame({"week": around, **cell, "price": 2.0}),
    }
    snapshot = Snapshot(tables, "2026-11-16")
    held = {name: len(getattr(snapshot, name)) for name in tables}
    assert held == {
        "orders": 1,
        "returns": 1,
        "availability": 1,
        "signals": 1,
        "calendar": 3,
        "prices": 3,
    }


def test_a_forecast_does_not_hang_on_the_days_of_a_hub() -> None:
    """A closed hub, or another hub, leaves what a forecast is made of as it was."""
    places = {"regions": pd.DataFrame({"region": ["R0"]}), "hubs": pd.DataFrame({"hub": ["H"]})}
    fair = pd.DataFrame({"date": ["2026-11-17"], "event": ["fair"], "region": ["R0"]})
    closed = pd.concat([fair.assign(event="closed", region="H"), fair], ignore_index=True)
    without = Snapshot({"orders": ONE, "calendar": fair, **places}, AS_OF).contents()
    assert Snapshot({"orders": ONE, "calendar": closed, **places}, AS_OF).contents() == without
    assert "hubs" not in without


def lock(kind: str, value: int, expires: str = "2026-12-31", **where: str) -> dict[str, object]:
    """Return a row of overrides."""
    about = {"reason": "fair", "author": "Ann", "expires": pd.Timestamp(expires)}
    return {"kind": kind, "value": value, **about, "region": "", "item": "", **where}


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        ([lock("leave_out", 500, region="R0", item="I0")], [1, 500, 2]),
        ([lock("leave_out", 500)], [1, 2]),
        ([lock("leave_out", 501)], [1, 500, 2]),
        ([lock("leave_out", 0, region="R1")], [1, 900]),
        ([lock("leave_out", 500, "2026-11-15")], [1, 500, 2, 900]),
        ([lock("leave_out", 500, "2026-11-16")], [1, 2]),
        ([lock("at_most", 1)], [1, 500, 2, 900]),
        ([], [1, 500, 2, 900]),
    ],
)
def test_the_planner_leaves_orders_out(rows: list[dict[str, object]], left: list[int]) -> None:
    """Orders of `value` units or more of the place and item, as long as it holds; it is said."""
    lines = orders(
        ("2026-11-02", "R0", "I0", 1),
        ("2026-11-02", "R1", "I0", 500),
        ("2026-11-02", "R1", "I1", 2),
        ("2026-11-03", "R0", "I0", 900),
    )
    tables = {"orders": lines, "overrides": pd.DataFrame(rows)} if rows else {"orders": lines}
    snapshot = Snapshot(tables, AS_OF)
    assert sorted(snapshot.orders["quantity"]) == sorted(left)
    assert snapshot.left_out_orders == 4 - len(left)
    assert any("by overrides" in note for note in snapshot.notes) == (len(left) < 4)


def test_lines_of_one_order_and_item_are_one() -> None:
    """1 + 2 units of order a are 3; another order keeps its own line."""
    lines = pd.concat([ONE, ONE.assign(quantity=2), ONE]).assign(order_id=["a", "a", "b"])
    assert sorted(Snapshot({"orders": lines}, AS_OF).orders["quantity"]) == [1, 3]


def test_the_evening_before_is_known() -> None:
    """An order at 23:59 on Sunday is held, one at midnight is not."""
    late = orders(("2026-11-15 23:59", "R0", "I0", 1), ("2026-11-16 00:00", "R0", "I0", 1))
    assert Snapshot({"orders": late}, AS_OF).orders["date"].tolist() == [pd.Timestamp("2026-11-15")]


def test_earlier_days_can_be_asked_for_and_later_ones_not() -> None:
    """`before` narrows down to a day, as_of included, and refuses the day after."""
    snapshot = Snapshot(
        {"orders": orders(("2026-11-02", "R0", "I0", 1), ("2026-11-10", "R0", "I0", 1))}, AS_OF
    )
    assert len(snapshot.before("orders", "2026-11-09")) == 1
    assert len(snapshot.before("orders", AS_OF)) == 2
    with pytest.raises(BeyondAsOf, match="2026-11-17"):
        snapshot.before("orders", "2026-11-17")


def test_as_of_is_a_monday() -> None:
    """Another day is refused, and the Monday before it named."""
    with pytest.raises(TableFault, match="2026-11-16 is the one before"):
        Snapshot({"orders": ONE}, "2026-11-18")


def test_all_faults_are_told_at_once() -> None:
    """A blank region, half a unit and a missing column: each with its row, value and remedy."""
    bad = orders(("2026-11-02", "R0", "I0", 1), ("2026-11-03", "R0", "I0", 0.5))
    bad.loc[0, "region"] = None
    with pytest.raises(TableFault) as told:
        Snapshot(
            {"orders": bad, "stock": pd.DataFrame({"location": ["R0"], "item": ["I0"]})}, AS_OF
        )
    faults = told.value.faults
    assert len(faults) == 3
    assert "table orders, row 2, column quantity: 0.5 must be a whole number" in "\n".join(faults)
    assert faults[0] == "table orders, row 1, column region: a blank must be text"
    assert "column quantity is missing" in "\n".join(faults)


def test_frames_handed_in_stay_as_they_were() -> None:
    """The snapshot completes copies: absent columns appear there and nowhere else."""
    items = pd.DataFrame({"item": ["I0"]})
    before = items.copy()
    snapshot = Snapshot({"orders": ONE, "items": items}, AS_OF)
    assert snapshot.items["category"].tolist() == [""]
    assert np.isnat(snapshot.items["launch_date"].to_numpy()).all()
    pd.testing.assert_frame_equal(items, before)


def test_an_unknown_table_is_named() -> None:
    """Asking for a table there is none of lists those there are."""
    with pytest.raises(AttributeError, match="no table 'customers'"):
        _ = Snapshot({"orders": ONE}, AS_OF).customers


def test_contents_tell_whether_a_forecast_would_be_another() -> None:
    """What comes later, other orders of rows and how much is in stock do not; what is known does.

    Where there is an assortment, stock does not say what may be sold.
    """
    columns = {"region": ["R", "R"], "item": ["a", "b"], "quantity": [1, 2]}
    orders = pd.DataFrame({"date": pd.to_datetime(["2026-11-02", "2026-11-03"]), **columns})
    stock = pd.DataFrame({"location": ["R"], "item": ["a"], "quantity": [3]})
    later = orders.assign(date=pd.Timestamp("2026-11-16"))

    def known(**tables: pd.DataFrame) -> dict[str, str]:
        return Snapshot({"orders": orders, "stock": stock} | tables, "2026-11-16").contents()

    told = known()
    for same in (
        {"orders": pd.concat([orders[::-1], later])},
        {"stock": stock.assign(quantity=9)},
        {"stock": pd.concat([stock, stock.assign(item="b", quantity=0)])},
        {"buyers": None},
    ):
        assert known(**same) == told
    for other, name in (
        ({"orders": orders[:1]}, "orders"),
        ({"stock": stock.assign(quantity=0)}, "stock"),
        ({"calendar": pd.DataFrame({"date": [pd.Timestamp("2026-12-01")], "event": ["x"]})},
         "calendar"),
    ):  # fmt: skip
        assert {each for each in told if told[each] != known(**other)[each]} == {name}
    listed = {"assortment": orders[["region", "item"]]}
    assert known(**listed) == known(**listed, stock=stock[:0])


@pytest.mark.parametrize("as_of", ["x", "", None, [1]])
def test_a_day_that_is_none_is_told(as_of):
    """With how one is written."""
    with pytest.raises(TableFault, match="is no date; write it as"):
        Snapshot({}, as_of)


def test_tables_stand_under_names():
    """A frame alone is none of them."""
    with pytest.raises(TableFault, match="frames by name"):
        Snapshot(pd.DataFrame({"item": ["a"]}), "2026-11-16")

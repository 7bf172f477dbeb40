"""The panel: what was demand, what could not be observed, and which cells there are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_forecast.errors import NotEnoughHistory, TableFault
from foreship_forecast.history.cells import positions
from foreship_forecast.history.panel import Panel, panel_of, what_came
from foreship_forecast.history.snapshot import Snapshot
from tests.forecast.small_market import AS_OF, panel_of_cells, shop

MONDAYS = [AS_OF - pd.Timedelta(days=7 * back) for back in range(8, 0, -1)]
"""the eight weeks before as_of"""


def line(week: int, region: str, item: str, quantity: int = 1, day: int = 0) -> dict[str, object]:
    """Return an order in one of the eight weeks, 0 the first."""
    date = MONDAYS[week] + pd.Timedelta(days=day)
    return {"date": date, "region": region, "item": item, "quantity": quantity}


def daily(weeks: range = range(8), region: str = "R0", item: str = "I0") -> list[dict[str, object]]:
    """Return an order every day of some weeks."""
    return [line(week, region, item, day=day) for week in weeks for day in range(7)]


def panel(lines: list[dict[str, object]], weeks: int = 104, **tables: pd.DataFrame) -> Panel:
    """Lay order lines out."""
    return panel_of(Snapshot({"orders": pd.DataFrame(lines), **tables}, AS_OF), weeks)


def row(found: Panel, region: str, item: str) -> int:
    """Return the position of a cell."""
    own = list(zip(*(each.tolist() for each in found.codes.names()), strict=True))
    return own.index((region, item))


def test_units_add_up_by_cell_and_week() -> None:
    """Lines of a cell in one week are one figure; weeks run from Monday to Sunday."""
    lines = [
        *daily(),
        line(0, "R1", "I1", 4),
        line(3, "R1", "I1", 2),
        line(3, "R1", "I1", 5, day=6),
    ]
    found = panel([*lines, line(4, "R1", "I1", 1, day=0)])
    assert found.weeks.tolist() == [each.date() for each in MONDAYS]
    assert found.units[row(found, "R1", "I1")].tolist() == [4, 0, 0, 7, 1, 0, 0, 0]
    assert found.units[row(found, "R0", "I0")].tolist() == [7] * 8


def test_cells_stand_in_order_of_region_and_item() -> None:
    """Whatever the order of lines; only pairs that were sold, listed or stocked are cells."""
    found = panel([*daily(), line(1, "R2", "I1"), line(1, "R1", "I2")])
    region, item = found.codes.names()
    assert list(zip(region, item, strict=True)) == [("R0", "I0"), ("R1", "I2"), ("R2", "I1")]


def test_a_week_without_any_order_is_closed_not_zero() -> None:
    """No cell is known in it, and the planner is told its Monday."""
    found = panel([*daily(range(3)), *daily(range(4, 8))])
    assert not found.known[:, 3].any()
    assert found.known[0].sum() == 7
    assert any(str(MONDAYS[3].date()) in note for note in found.notes)


def test_a_first_week_that_starts_late_is_left_out() -> None:
    """Orders from Wednesday on: the first Monday kept is the next one."""
    found = panel([each for each in daily() if each["date"] >= MONDAYS[0] + pd.Timedelta(days=2)])
    assert found.weeks[0] == MONDAYS[1].to_datetime64().astype("datetime64[D]")
    assert found.shape == (1, 7)
    assert any("partial" in note for note in found.notes)


def test_a_last_week_that_stops_early_is_not_learned_from() -> None:
    """Seven weeks trade daily and the last ends on Thursday: unknown, and said."""
    found = panel([each for each in daily() if each["date"] < MONDAYS[7] + pd.Timedelta(days=4)])
    assert found.known[0].tolist() == [True] * 7 + [False]
    assert found.units[0, 7] == 0
    assert any("Friday to Sunday" in note for note in found.notes)


def test_a_shop_shut_on_sundays_has_whole_weeks() -> None:
    """A weekday on which nothing is ever ordered does not make the last week partial."""
    found = panel([each for each in daily() if each["date"].weekday() != 6])
    assert found.known.all()
    assert not found.notes


def test_orders_that_end_early_leave_a_gap_not_zeros() -> None:
    """The weeks end with the last that traded; how many are missing is known and said."""
    found = panel(daily(range(6)))
    assert found.shape == (1, 6)
    assert found.known.all()
    assert found.gap == 2
    assert any("No order in the 2 weeks before 2026-11-16" in note for note in found.notes)
    assert panel(daily()).gap == 0


def test_the_history_is_counted_from_the_last_order() -> None:
    """Two years after it, the weeks to learn from are still the latest before it."""
    late = AS_OF + pd.Timedelta(weeks=104)
    found = panel_of(Snapshot({"orders": pd.DataFrame(daily())}, late), 4)
    assert found.weeks.tolist() == [each.date() for each in MONDAYS]
    assert found.learned == 4
    assert found.gap == 104


def test_empty_weeks_at_a_slow_rate_are_weeks_without_demand() -> None:
    """Two lines in eight weeks: six weeks are zeros, and that is said."""
    found = panel([line(0, "R0", "I0"), line(4, "R0", "I0")])
    assert found.units[0].tolist() == [1, 0, 0, 0, 1, 0, 0, 0]
    assert found.known.all()
    assert found.notes == (
        "No order anywhere in 6 weeks, as may happen at the usual rate: taken as weeks without"
        " demand.",
    )


def test_orders_by_the_month_are_refused_by_name() -> None:
    """Twelve files dated on the first of their months: no week can be read from them."""
    months = pd.date_range("2025-11-01", periods=12, freq="MS")
    orders = pd.DataFrame({"date": months, "region": "R0", "item": "I0", "quantity": 5})
    with pytest.raises(TableFault, match=r"orders come monthly .*foreship plan --demand"):
        panel_of(Snapshot({"orders": orders}, AS_OF), 104)


def test_a_bulk_order_counts_as_the_usual_peak_and_is_said() -> None:
    """7 units a week, then 1,000 on top: counted as 7; to judge by, it is as ordered."""
    lines = [*daily(), line(4, "R0", "I0", 1000)]
    assert panel(lines).units[0].tolist() == [7] * 8
    assert any("1,007 units counted as 7" in note for note in panel(lines).notes)
    snapshot = Snapshot({"orders": pd.DataFrame(lines)}, AS_OF)
    assert panel_of(snapshot, 104, robust=False).units[0, 4] == 1007


def test_the_planner_may_say_which_orders_are_too_large() -> None:
    """Beyond `largest_order` an order is left out; where it is stated, nothing else is unusual."""
    snapshot = Snapshot({"orders": pd.DataFrame([*daily(), line(4, "R0", "I0", 1000)])}, AS_OF)
    without = panel_of(snapshot, 104, largest_order=999)
    assert without.units[0].tolist() == [7] * 8
    assert without.notes == ("1 order line left out, beyond forecast.largest_order (999).",)
    assert panel_of(snapshot, 104, largest_order=1000).units[0, 4] == 1007


def test_a_line_split_in_two_is_one_order() -> None:
    """Of one order or, where orders have no id, of one day; two orders of a day are two."""
    rest = [*daily(), line(0, "R1", "I1")]
    split = [*rest, line(2, "R1", "I1", 1), line(2, "R1", "I1", 2)]
    whole = [*rest, line(2, "R1", "I1", 3)]
    for each in (split, whole):
        found = panel(each)
        assert found.units[row(found, "R1", "I1"), 2] == 3
        assert found.lines[row(found, "R1", "I1"), 2] == 1
    named = pd.DataFrame(split).assign(order_id=["", *["x"] * (len(split) - 1)])
    named.loc[len(named) - 2 :, "order_id"] = ["a", "b"]
    found = panel_of(Snapshot({"orders": named}, AS_OF), 104)
    assert found.lines[row(found, "R1", "I1"), 2] == 2


def test_a_relaunch_ends_a_pause() -> None:
    """Sold in weeks 0 and 1, launched anew in week 5: weeks 2 to 4 are unknown everywhere."""
    items = pd.DataFrame({"item": ["I0", "I1"], "launch_date": [pd.NaT, MONDAYS[5]]})
    lines = [*daily(), line(0, "R0", "I1"), line(1, "R1", "I1"), line(6, "R0", "I1")]
    found = panel(lines, items=items)
    assert found.known[row(found, "R0", "I1")].tolist() == [True] * 2 + [False] * 3 + [True] * 3
    assert found.known[row(found, "R0", "I0")].all()


def test_sold_out_weeks_are_unknown_or_bounds() -> None:
    """in_stock = 0 masks a week without orders; what was ordered in one is the least wanted.

    An event outside the cell's time on the books, or in a week cut short, is neither; the planner
    is told how many were which.
    """
    out = pd.DataFrame(
        {"week": [MONDAYS[2], MONDAYS[5], MONDAYS[6], MONDAYS[1]],
         "region": "R0", "item": ["I0", "I0", "I1", "I2"], "in_stock": [0, 1, 0, 0]}
    )  # fmt: skip
    lines = [*daily(), *daily(range(6), item="I1"), line(7, "R0", "I1")]
    items = pd.DataFrame({"item": ["I0", "I1", "I2"], "launch_date": [pd.NaT, pd.NaT, MONDAYS[4]]})
    found = panel([*lines, line(5, "R0", "I2")], availability=out, items=items)
    bound, unknown, early = (row(found, "R0", item) for item in ("I0", "I1", "I2"))
    assert found.known[bound].tolist() == [True, True, False, *[True] * 5]
    assert found.censored[bound].tolist() == [False, False, True, *[False] * 5]
    assert found.units[bound, 2] == 7
    assert found.known[unknown].tolist() == [*[True] * 6, False, True]
    assert not found.censored[unknown].any()
    assert not found.counted()[early, 1]
    assert found.notes[-1] == (
        "Sold out in 2 weeks of cells: 1 with orders, taken as at least that much wanted;"
        " 1 without, masked as unknown."
    )


def test_a_launch_starts_the_cell() -> None:
    """Known from the first whole week after the launch date, sold or not; entered when it sold."""
    items = pd.DataFrame(
        {"item": ["I0", "I1"], "launch_date": [pd.NaT, MONDAYS[2] + pd.Timedelta(days=1)]}
    )
    found = panel([*daily(), line(6, "R0", "I1")], items=items)
    new = row(found, "R0", "I1")
    assert found.known[new].tolist() == [False] * 3 + [True] * 5
    assert found.entered[new] == 6


def test_a_listing_later_than_the_launch_counts() -> None:
    """A cell enters with the later of the item's launch and its own first day in the assortment."""
    items = pd.DataFrame({"item": ["I0"], "launch_date": [MONDAYS[1]]})
    listed = pd.DataFrame(
        {"region": ["R0", "R1"], "item": "I0", "from": [MONDAYS[0], MONDAYS[4]], "to": pd.NaT}
    )
    items = pd.concat([items, pd.DataFrame({"item": ["I1"]})])
    found = panel([*daily(range(1, 8)), line(0, "R0", "I1")], items=items, assortment=listed)
    assert found.entered[row(found, "R0", "I0")] == 1
    assert found.entered[row(found, "R1", "I0")] == 4
    assert found.known[row(found, "R1", "I0")].tolist() == [False] * 4 + [True] * 4


def test_of_several_windows_the_first_day_counts() -> None:
    """R1 was listed from week 2 on, paused, and is again: week 2. R2 had no first day: none."""
    listed = pd.DataFrame(
        {
            "region": ["R1", "R1", "R2", "R2"],
            "item": "I0",
            "from": [MONDAYS[5], MONDAYS[2], pd.NaT, MONDAYS[5]],
            "to": [pd.NaT, MONDAYS[3], MONDAYS[1], pd.NaT],
        }
    )
    found = panel([*daily(range(8)), line(7, "R2", "I0")], assortment=listed)
    assert found.entered[row(found, "R1", "I0")] == 2
    assert found.entered[row(found, "R2", "I0")] == 7
    assert found.offered[[row(found, "R1", "I0"), row(found, "R2", "I0")]].all()


def test_without_dates_a_cell_could_sell_once_item_and_region_do() -> None:
    """R1 buys from week 2, I1 sells from week 3: their first order in week 6 came after zeros.

    Week 3 itself is known for the order that began it, and no usual week.
    """
    lines = [*daily(), line(2, "R1", "I0"), line(3, "R0", "I1"), line(6, "R1", "I1")]
    found = panel(lines)
    cell = row(found, "R1", "I1")
    assert found.known[cell].tolist() == [False] * 4 + [True] * 4
    assert found.entered[cell] == 6


def test_only_what_may_be_stocked_is_offered() -> None:
    """With an assortment: its cells that are not over. Without one: every cell, and stock."""
    listed = pd.DataFrame(
        {
            "region": ["R0", "R0", "R1"],
            "item": ["I0", "I1", "I0"],
            "from": pd.NaT,
            "to": [pd.NaT, AS_OF - pd.Timedelta(days=1), AS_OF],
        }
    )
    lines = [*daily(), line(1, "R0", "I1"), line(1, "R9", "I0")]
    found = panel(lines, assortment=listed)
    offered = {
        pair: bool(on)
        for *pair_, on in zip(*found.codes.names(), found.offered, strict=True)
        for pair in [tuple(pair_)]
    }
    assert offered == {
        ("R0", "I0"): True,
        ("R0", "I1"): False,
        ("R1", "I0"): True,
        ("R9", "I0"): False,
    }
    stock = pd.DataFrame({"location": ["R0", "HUB"], "item": ["I7", "I0"], "quantity": [2, 50]})
    regions = pd.DataFrame({"region": ["R0", "R9"]})
    stocked = panel(lines, stock=stock, regions=regions)
    assert stocked.offered.all()
    assert "HUB" not in stocked.codes.regions
    assert not stocked.known[row(stocked, "R0", "I7")].any()


def test_no_orders_no_panel() -> None:
    """An empty history and one without a whole week are refused with their dates."""
    empty = pd.DataFrame(daily()).iloc[:0]
    with pytest.raises(NotEnoughHistory, match="no order before"):
        panel_of(Snapshot({"orders": empty}, AS_OF), 104)
    with pytest.raises(NotEnoughHistory, match="no whole week"):
        panel([line(7, "R0", "I0", day=3)])


def test_old_history_is_read_but_not_learned_from() -> None:
    """Of eight weeks four are learned from; the lines before are named, and their units there."""
    found = panel(daily(), weeks=4)
    assert found.shape == (1, 8)
    assert (found.learned, found.learned_weeks) == (4, 4)
    assert found.units[0].tolist() == [7] * 8
    assert found.notes == (
        f"28 order lines are history before {MONDAYS[4].date()}, not learned from.",
    )


def test_a_cell_long_silent_is_old_and_not_new() -> None:
    """Sold only before the weeks to learn from: entered then, and known to sell nothing since."""
    found = panel([*daily(), line(1, "R0", "I1", 3)], weeks=4)
    old = row(found, "R0", "I1")
    assert found.entered[old] == 1
    assert found.known[old, 4:].all()
    assert not found.units[old, 4:].any()


def test_a_sale_before_all_weeks_that_are_read_makes_a_cell_old() -> None:
    """In a first week cut short I1 sold once: on the books from the first whole week on."""
    lines = [each for each in daily() if each["date"] > MONDAYS[0]]
    found = panel([*lines, line(0, "R0", "I1", day=3)])
    old = row(found, "R0", "I1")
    assert found.entered[old] == 0
    assert found.known[old].all()
    assert not found.units[old].any()


def test_units_beyond_31_bits_are_refused() -> None:
    """Three lines that overflow the matrix raise instead of turning negative."""
    huge = [*daily(), *[line(3, "R0", "I1", 10**9)] * 3]
    with pytest.raises(TableFault, match="2,147,483,647"):
        panel(huge)


@pytest.mark.sweep
@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_row_order_changes_nothing_and_invariants_hold(seed: int) -> None:
    """A shuffled shop gives the same panel; units are 0 wherever demand is unknown."""
    tables = shop(regions=3, items=4, weeks=20, seed=seed % 1000)
    mixed = tables["orders"].sample(frac=1.0, random_state=seed % 2**31)
    one = panel_of(Snapshot(tables, AS_OF), 104)
    two = panel_of(Snapshot(tables | {"orders": mixed}, AS_OF), 104)
    assert one.units.tobytes() == two.units.tobytes()
    assert one.known.tobytes() == two.known.tobytes()
    assert (one.units[~one.counted()] == 0).all()
    assert (np.diff(one.weeks) == np.timedelta64(7, "D")).all()
    assert one.weeks[-1] + np.timedelta64(7, "D") == one.as_of
    keys = one.codes.region * len(one.codes.items) + one.codes.item
    assert (np.diff(keys) > 0).all()
    cell, week = positions(one.codes, one.weeks, mixed, "date")
    assert (one.units.sum() == mixed["quantity"].to_numpy()[one.known[cell, week]].sum()).all()


def test_what_came_is_read_or_said_to_be_unknown() -> None:
    """A sale, a known zero, a masked week, a stranger, a week outside: units, and whether seen."""
    units = np.array([[3, 0, 0]])
    known = np.array([[True, True, False]])
    panel = panel_of_cells(units, known, np.zeros(1, np.int64), np.zeros(1, np.int64))
    weeks = [*panel.weeks, panel.weeks[0], panel.weeks[-1] + np.timedelta64(7, "D")]
    region, item = panel.codes.regions[0], panel.codes.items[0]
    frame = pd.DataFrame({"region": region, "item": item, "week": pd.to_datetime(weeks)})
    frame.loc[3, "item"] = "nobody's"
    came, seen = what_came(panel, frame, "week")
    assert came.tolist() == [3.0, 0.0, 0.0, 0.0, 0.0]
    assert seen.tolist() == [True, True, False, False, False]

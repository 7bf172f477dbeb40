"""When a cell could be ordered: launches, windows, and the silence between two lives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_forecast.history.cells import all_cells
from foreship_forecast.history.lives import first_weeks, off_the_books
from foreship_forecast.history.snapshot import Snapshot
from tests.forecast.small_market import AS_OF

WEEKS = np.arange(20, 0, -1) * -np.timedelta64(7, "D") + AS_OF.to_datetime64().astype(
    "datetime64[D]"
)
LONG_AGO = pd.Timestamp("2020-01-06")


def monday(week: int, days: int = 0) -> pd.Timestamp:
    """Return a day of one of the twenty weeks, 0 the first."""
    return pd.Timestamp(WEEKS[0]) + pd.Timedelta(days=7 * week + days)


def off(sold: dict[str, list[int]], **tables: pd.DataFrame) -> dict[str, list[int]]:
    """Return the weeks off the books of each region's only cell, and check its first weeks."""
    rows = [(monday(week), region, "I0", 1) for region, weeks in sold.items() for week in weeks]
    orders = pd.DataFrame(rows, columns=["date", "region", "item", "quantity"])
    snapshot = Snapshot({"orders": orders, **tables}, AS_OF)
    codes, _ = all_cells(snapshot, None)
    units = np.zeros((len(codes.item), 20), dtype=np.int32)
    for place, region in enumerate(codes.regions):
        units[place, sold.get(region, [])] = 1
    before = np.zeros(len(codes.item), dtype=bool)
    found = off_the_books(snapshot, codes, WEEKS, units, before)
    entered, *_ = first_weeks(snapshot, codes, WEEKS, units, before)
    assert (entered <= [min(sold[region]) for region in codes.regions]).all()
    return {
        region: np.flatnonzero(found[place]).tolist() for place, region in enumerate(codes.regions)
    }


def launched(day: pd.Timestamp) -> pd.DataFrame:
    """Return the only item with its launch date."""
    return pd.DataFrame({"item": ["I0"], "launch_date": [day]})


def listed(*windows: tuple[pd.Timestamp | None, pd.Timestamp | None]) -> pd.DataFrame:
    """Return the assortment of R0's cell."""
    starts, ends = zip(*windows, strict=True)
    dates = {"from": pd.to_datetime(pd.Series(starts)), "to": pd.to_datetime(pd.Series(ends))}
    return pd.DataFrame({"region": "R0", "item": "I0", **dates})


def test_the_silence_before_a_relaunch_is_no_zero() -> None:
    """From the item's last sale anywhere up to its launch, in every region that sold it."""
    found = off({"R0": [0, 2, 15], "R1": [1, 4, 14]}, items=launched(monday(12)))
    assert found == {"R0": list(range(5, 12)), "R1": list(range(5, 12))}


def test_the_week_of_a_launch_may_hold_orders_of_the_new_life() -> None:
    """Launched on a Thursday: an order of that week ends no earlier life, nor is it off."""
    found = off({"R0": [0, 12], "R1": [2, 13]}, items=launched(monday(12, days=3)))
    assert found == {"R0": list(range(3, 12)), "R1": list(range(3, 13))}


@pytest.mark.parametrize("day", [monday(0), LONG_AGO, monday(3)])
def test_a_first_launch_begins_the_only_life(day: pd.Timestamp) -> None:
    """Nothing was sold before it: no week is off."""
    assert off({"R0": [4, 9]}, items=launched(day)) == {"R0": []}


def test_a_launch_to_come_ends_the_earlier_life() -> None:
    """The weeks since the last sale are off up to as_of."""
    found = off({"R0": [0, 3]}, items=launched(AS_OF + pd.Timedelta(weeks=3)))
    assert found == {"R0": list(range(4, 20))}


def test_between_and_after_windows_a_cell_is_off() -> None:
    """Windows over weeks 0-4 and 9-12: weeks 5-8 and 13-19, unless something was sold there."""
    windows = listed((None, monday(4, days=2)), (monday(9), monday(12)))
    assert off({"R0": [1, 10]}, assortment=windows)["R0"] == [*range(5, 9), *range(13, 20)]
    assert off({"R0": [1, 7, 10]}, assortment=windows)["R0"] == list(range(13, 20))
    assert off({"R0": [1], "R1": [2]}, assortment=windows)["R1"] == []


def test_overlapping_windows_are_one() -> None:
    """A window inside another, and one that begins the day after another ends."""
    windows = listed((monday(0), monday(9)), (monday(2), monday(3)), (monday(9, days=1), None))
    assert off({"R0": [1, 12]}, assortment=windows)["R0"] == []


def test_before_its_first_window_only_a_long_silence_is_off() -> None:
    """Sold in every week up to 9, listed from week 16 on: off from 10. At one in five weeks: no."""
    assert off({"R0": [*range(10), 17]}, assortment=listed((monday(16), None)))["R0"] == list(
        range(10, 16)
    )
    assert off({"R0": [0, 5, 10, 17]}, assortment=listed((monday(16), None)))["R0"] == []


def test_a_life_before_the_first_week_ends_at_a_launch_too() -> None:
    """Sold before the weeks that are read and launched in week 12: off the books until then."""
    orders = pd.DataFrame({"date": [monday(14)], "region": "R0", "item": "I0", "quantity": [1]})
    snapshot = Snapshot({"orders": orders, "items": launched(monday(12))}, AS_OF)
    codes, _ = all_cells(snapshot, None)
    units = np.zeros((1, 20), dtype=np.int32)
    units[0, 14] = 1
    for before, silent, first in ((True, list(range(12)), 0), (False, [], 14)):
        sold_before = np.array([before])
        off = off_the_books(snapshot, codes, WEEKS, units, sold_before)
        assert np.flatnonzero(off[0]).tolist() == silent
        assert first_weeks(snapshot, codes, WEEKS, units, sold_before)[0] == first


def test_who_is_here_for_a_first_sale_alone() -> None:
    """A launch lists no cell, an assortment does; the week an item began is a try uncounted."""
    rows = [(monday(week), "R0", item, 1) for week, item in ((0, "I0"), (8, "I1"), (9, "I2"))]
    rows.append((monday(11), "R1", "I1", 1))
    orders = pd.DataFrame(rows, columns=["date", "region", "item", "quantity"])
    items = pd.DataFrame({"item": ["I0", "I1", "I2"], "launch_date": [pd.NaT, pd.NaT, monday(5)]})
    assortment = pd.DataFrame({"region": ["R1"], "item": "I1", "from": [monday(6)], "to": pd.NaT})
    snapshot = Snapshot({"orders": orders, "items": items, "assortment": assortment}, AS_OF)
    codes, _ = all_cells(snapshot, None)
    units = np.zeros((4, 20), dtype=np.int32)
    units[[0, 1, 2, 3], [0, 8, 9, 11]] = 1
    entered, orderable, tries = first_weeks(snapshot, codes, WEEKS, units, np.zeros(4, dtype=bool))
    assert entered.tolist() == [0, 8, 9, 6]
    assert orderable.tolist() == [0, 9, 5, 6]
    assert tries.tolist() == [0, 1, 0, -1]

"""Frames against the declaration: what is typed, filled and refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_foundation.tables.frames import COPIES_ON_WRITE, complete_frames, unknown_ids
from foreship_foundation.tables.input_tables import INPUTS

ITEMS = {"items": INPUTS["items"].only("item", "price", "volume", "pack_size", "launch_date")}
LOCKS = {"overrides": INPUTS["overrides"].only("kind", "value", "region")}
LANES = {"lanes": INPUTS["lanes"]}
CELLS = {"assortment": INPUTS["assortment"]}


def faults_of(table: str, reads: dict, **columns: list) -> list[str]:
    """Return the faults of one frame."""
    return complete_frames({table: pd.DataFrame(columns)}, reads, [])[1]


def test_blanks_and_absent_columns_take_their_defaults() -> None:
    """A blank volume is 1, an absent pack 1, an absent first day none; types are the declared."""
    given = pd.DataFrame({"item": ["007", "NA"], "price": [2, 3], "volume": [np.nan, 2.0]})
    frames, faults = complete_frames({"items": given}, ITEMS, ["items"])
    assert not faults
    found = frames["items"]
    assert found["item"].tolist() == ["007", "NA"]
    assert found["volume"].tolist() == [1.0, 2.0]
    assert found["pack_size"].tolist() == [1, 1] and found["pack_size"].dtype == np.int64
    assert found["launch_date"].isna().all()
    assert list(given.columns) == ["item", "price", "volume"]


def test_a_column_that_is_typed_is_shared_and_writing_reaches_nobody() -> None:
    """Ten million prices are not held twice; what is written into one frame stays there."""
    given = pd.DataFrame({"item": ["A", "B"], "price": [2.0, 3.0], "pack_size": [1, 6]})
    for frame in (given, given.set_index(pd.Index([5, 0]))):
        frames, _ = complete_frames({"items": frame}, ITEMS, ["items"])
        found = frames["items"]
        together = np.shares_memory(found["price"].to_numpy(), frame["price"].to_numpy())
        assert together == (COPIES_ON_WRITE and frame is given)
        assert found["price"].tolist() == [2.0, 3.0] and found["pack_size"].tolist() == [1, 6]
        found.loc[0, "price"], frame.iloc[1, 1] = 7.0, 9.0
        assert found["price"].tolist() == [7.0, 3.0]
        assert frame["price"].tolist() == [2.0, 9.0]
        frame.iloc[1, 1] = 3.0


def test_ids_in_whole_numbers_are_text_and_others_are_refused() -> None:
    """7 is '7', as in a file; 7.5 has lost its digits somewhere, True is no id."""
    frames, _ = complete_frames({"items": pd.DataFrame({"item": [7], "price": [1]})}, ITEMS, [])
    assert frames["items"]["item"].tolist() == ["7"]
    (fault,) = faults_of("items", ITEMS, item=[7.5], price=[1])
    assert fault == "table items, row 1, column item: 7.5 must be text"
    assert len(faults_of("items", ITEMS, item=[True], price=[1])) == 1


def test_all_faults_are_told_at_once_with_row_value_and_remedy() -> None:
    """Two values, a blank and a missing column; the next table's faults with them."""
    bad = pd.DataFrame({"item": ["a", None], "volume": [-1.0, 1.0], "pack_size": [1, 0.5]})
    lock = pd.DataFrame({"kind": ["never"], "value": [1]})
    _, faults = complete_frames({"items": bad, "overrides": lock}, {**ITEMS, **LOCKS}, ["hubs"])
    assert faults == [
        "table hubs is missing",
        "table items, row 2, column item: a blank must be text",
        "table items: column price is missing",
        "table items, row 1, column volume: -1.0 must be a number, 0 to 1,000,000,000",
        "table items, row 2, column pack_size: 0.5 must be a whole number, 1 to 100000",
        "table overrides, row 1, column kind: 'never' must be one of fix, forbid, at_least, "
        "at_most, leave_out",
    ]


def test_the_first_rows_at_fault_are_shown_and_the_others_counted() -> None:
    """Five rows are named, three more are counted."""
    faults = faults_of("items", ITEMS, item=list("abcdefgh"), price=[0.0] * 8)
    assert len(faults) == 6
    assert faults[-1] == "table items, column price: 3 more such rows"


@pytest.mark.parametrize(
    ("values", "days"),
    [
        (["2026-05-04", None], ["2026-05-04", "NaT"]),
        (
            pd.to_datetime(["2026-05-04 23:59+02:00", "2026-05-05 00:00+02:00"]),
            ["2026-05-04", "2026-05-05"],
        ),
        ([pd.Timestamp("2026-05-04 12:00"), ""], ["2026-05-04", "NaT"]),
    ],
)
def test_dates_are_midnights_without_a_zone(values: list, days: list[str]) -> None:
    """ISO text, times of a zone and time stamps: the local day counts, a blank stays one."""
    given = pd.DataFrame({"item": ["a", "b"], "price": [1, 1], "launch_date": values})
    frames, faults = complete_frames({"items": given}, ITEMS, [])
    assert not faults
    assert (
        frames["items"]["launch_date"].to_numpy().astype("datetime64[D]").astype(str).tolist()
        == days
    )


@pytest.mark.parametrize("value", [20260504, "4.5.2026", "1850-01-01", "soon"])
def test_what_is_no_date_is_refused(value: object) -> None:
    """Numbers, other orders of day and month, far years and words."""
    (fault,) = faults_of("items", ITEMS, item=["a"], price=[1], launch_date=[value])
    assert "row 1, column launch_date" in fault and "must be a date" in fault


def test_a_week_is_named_by_its_monday() -> None:
    """A Tuesday is refused."""
    reads = {"prices": INPUTS["prices"]}
    cell = {"region": ["R"], "item": ["I"], "price": [1.0]}
    assert not faults_of("prices", reads, week=["2026-05-04"], **cell)
    (fault,) = faults_of("prices", reads, week=["2026-05-05"], **cell)
    assert "must be a Monday" in fault


def test_a_lock_may_be_blank_where_it_forbids_only() -> None:
    """`forbid` needs no number, `fix` does."""
    blank = {"kind": ["forbid", "fix"], "value": [None, None], "region": ["R", "R"]}
    assert faults_of("overrides", LOCKS, **blank) == [
        "table overrides, row 2, column value: a blank must be a whole number, 0 to 1,000,000,000"
    ]


def test_a_key_names_a_row_once_and_blank_days_are_alike() -> None:
    """Two windows of a cell need another first day; two without one are the same."""
    cell = {"region": ["R", "R"], "item": ["A", "A"]}
    assert not faults_of("assortment", CELLS, **cell, **{"from": [None, "2026-05-04"]})
    (fault,) = faults_of("assortment", CELLS, **cell)
    assert fault.startswith("table assortment, row 2, column region + item + from: 'R / A / ")


def test_rows_between_the_same_places_are_alternatives() -> None:
    """Truck beside express, both always open: no key forbids it."""
    way = {"origin": ["H", "H"], "destination": ["R", "R"], "cost_per_unit": [1, 2]}
    assert not faults_of("lanes", LANES, **way, lead_time_days=[4, 1])


def test_ids_that_no_table_declares_are_named() -> None:
    """A stock of an unknown item in an unknown place."""
    reads = {name: INPUTS[name] for name in ("items", "regions", "hubs", "stock")}
    tables = {
        "items": pd.DataFrame({"item": ["a"], "price": [2.0], "unit_cost": [1.0]}),
        "regions": pd.DataFrame({"region": ["R"]}),
        "hubs": pd.DataFrame({"hub": ["H"]}),
        "stock": pd.DataFrame({"location": ["R", "X"], "item": ["b", "a"], "quantity": [1, 1]}),
    }
    frames, faults = complete_frames(tables, reads, reads)
    assert not faults
    assert unknown_ids(frames, reads) == [
        "table stock, row 2, column location: 'X' must be in regions or hubs",
        "table stock, row 1, column item: 'b' must be in items",
    ]

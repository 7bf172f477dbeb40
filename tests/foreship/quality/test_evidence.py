"""What checks look at: known order lines, and warnings with their rows."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from foreship.quality.evidence import Evidence, monday
from tests.foreship.quality.shops import clean, evidence


def test_lines_end_before_the_monday_of_the_plan(tmp_path: Path) -> None:
    """Later orders are not known then; without a Monday all are, and the day after is today."""
    frames = clean("plain")
    days = frames["orders"]["date"].to_numpy().astype("datetime64[D]")
    early = evidence(frames, tmp_path, as_of="2024-10-07")
    assert (
        early.lines is not None and len(early.lines) == (days < np.datetime64("2024-10-07")).sum()
    )
    assert early.today == np.datetime64("2024-10-07")
    late = Evidence(early.tables)
    assert late.lines is not None and len(late.lines) == len(days)
    assert late.today == days.max() + 1


def test_weeks_are_counted_by_their_mondays(tmp_path: Path) -> None:
    """Every line lies in the seven days from the Monday of its week."""
    lines = evidence(clean("plain"), tmp_path).lines
    assert lines is not None
    mondays = np.array([monday(week) for week in lines.week])
    ahead = lines.day - mondays.astype("datetime64[D]").astype(np.int64)
    assert ((ahead >= 0) & (ahead < 7)).all()
    assert (mondays.astype(np.int64) % 7 == 4).all()  # 1970-01-05 was a Monday


def test_a_warning_names_rows_as_they_stand_in_the_file(tmp_path: Path) -> None:
    """Lines of a CSV, the header being line 1."""
    seen = evidence(clean("plain"), tmp_path)
    assert seen.lines is not None
    which = np.zeros(len(seen.lines), dtype=bool)
    which[[0, 4]] = True
    found = seen.about_lines(which, "quantity", "odd", "look at it")
    assert (found.rows, found.count, found.row_word) == ((2, 6), 2, "line")


def test_no_orders_no_lines(tmp_path: Path) -> None:
    """Neither an absent table nor one without the columns is looked at."""
    frames = clean("plain")
    del frames["orders"]
    seen = evidence(frames, tmp_path)
    assert seen.lines is None and seen.today is None
    assert seen.read("items", "volume") is None and seen.read("items", "price") is not None


def test_the_monday_of_the_plan_is_the_first_from_today_on(tmp_path: Path) -> None:
    """A Monday is its own; the day after it waits for the next; without orders none is known."""
    frames = clean("plain")
    for today, expected in (
        ("2026-11-16", "2026-11-16"), ("2026-11-17", "2026-11-23"), ("2026-11-22", "2026-11-23"),
    ):  # fmt: skip
        seen = dataclasses.replace(evidence(frames, tmp_path), as_of=np.datetime64(today))
        assert seen.next_monday == np.datetime64(expected)
    assert Evidence({}).next_monday is None


def test_lines_that_are_all_known_are_held_once(tmp_path: Path) -> None:
    """What was read is looked at as it lies; a price that nobody states takes no room."""
    frames = clean("plain")
    frames["orders"] = frames["orders"].drop(columns="price", errors="ignore")
    seen = evidence(frames, tmp_path)
    assert seen.lines is not None and len(seen.lines) == seen.tables["orders"].rows
    for column, held in (("quantity", seen.lines.units), ("item", seen.lines.item)):
        assert np.shares_memory(held, seen.values("orders", column))
    assert np.isnan(seen.lines.price).all() and seen.lines.price.strides == (0,)

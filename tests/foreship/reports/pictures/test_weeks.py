"""Weeks over a scale of units."""

from __future__ import annotations

import pytest

from foreship.reports.pictures.weeks import BASE, INSIDE, LEFT, TOP, WIDE, Weeks


def test_weeks_fill_the_picture_and_units_the_scale() -> None:
    """From the left edge to the right one, from zero to the most units."""
    at = Weeks(4, 8.0)
    assert (at.x(0), at.x(4)) == (LEFT, WIDE)
    assert (at.y(0.0), at.y(8.0), at.y(4.0)) == (BASE, TOP, BASE - INSIDE / 2)


def test_little_looks_little() -> None:
    """A tenth of a unit does not fill the picture."""
    assert Weeks(1, 0.1).y(0.1) > BASE - INSIDE / 5


@pytest.mark.parametrize("count", [0, 1, 30])
def test_nothing_is_drawn_outside(count: int) -> None:
    """However many weeks there are; no day is named where none is known."""
    sheet = str(Weeks(count, 3.0).sheet([], "<b>", ["2026-11-16"] * count))
    assert sheet.count("2026-11-16") == min(count, 2)
    assert "<title>&lt;b&gt;</title>" in sheet

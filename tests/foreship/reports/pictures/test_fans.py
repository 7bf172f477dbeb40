"""The fan of demand: sales at the left, the outlook beside them."""

from __future__ import annotations

import re

from foreship.reports.pictures.fans import Outlook, Sold, draw_fan

WEEK = Outlook("2026-11-16", 2.5, 0.0, 1.0, 2.0, 4.0, 8.0)
CERTAIN = Outlook("2026-11-23", 3.0, 3.0, 3.0, 3.0, 3.0, 3.0)


def heights(picture: str, shade: str) -> list[float]:
    """Return the heights of the blocks of a shade."""
    pattern = rf'height="([\d.]+)" class="{shade}"'
    return [float(each) for each in re.findall(pattern, picture)]


def test_bands_are_as_tall_as_what_they_hold() -> None:
    """Nine of ten outcomes are twice and two thirds as wide as a half of them here."""
    picture = str(draw_fan([WEEK], Sold(None, None), "Demand"))
    wide, narrow = heights(picture, "band")[0], heights(picture, "stripe")[0]
    assert abs(wide / narrow - 8 / 3) < 0.01


def test_what_is_certain_is_a_line_and_not_nothing() -> None:
    """A band without width can still be seen, and says what it is."""
    picture = str(draw_fan([CERTAIN], Sold(None, None), "Demand"))
    assert heights(picture, "band") == [1.0]
    assert "3.0 units expected" in picture


def test_sales_stand_at_the_left_as_the_mean_of_a_week() -> None:
    """Sixteen in four weeks are half as tall as eight a week; a year earlier is a dashed line."""
    picture = str(draw_fan([WEEK], Sold(16.0, 4.0), "Demand"))
    assert heights(picture, "here")[0] * 2 == heights(picture, "band")[0]
    assert "Sold in the last 4 weeks: 16 units" in picture
    assert picture.count('class="diagonal"') == 1


def test_sales_that_may_not_be_told_are_not_drawn() -> None:
    """Not even as zero."""
    picture = str(draw_fan([WEEK], Sold(None, 3.0), "Demand"))
    assert 'class="here"' not in picture
    assert "diagonal" not in picture

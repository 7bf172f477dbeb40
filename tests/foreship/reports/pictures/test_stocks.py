"""Stock by week as columns."""

from __future__ import annotations

import re

from foreship.reports.pictures.stocks import Projected, draw_means, draw_stock


def test_every_week_says_its_stock_and_the_chance_of_none() -> None:
    """Above and below its column, and where the pointer rests."""
    weeks = [Projected("2026-11-16", 2.66, 0.0), Projected("2026-11-23", 0.0, 0.985)]
    picture = str(draw_stock(weeks, "Stock"))
    assert picture.count("<rect") == 2
    for words in (">2.7</text>", ">0.0</text>", ">0 %</text>", ">98 %</text>"):
        assert words in picture
    assert "Week of 2026-11-16: 2.7 left at its end; none with a chance of 0 %" in picture


def test_it_stands_alone_as_a_picture_with_a_name() -> None:
    """For who cannot see it; without style or script of its own."""
    picture = str(draw_stock([Projected("2026-11-16", 1.0, 0.5)], "Stock of <b>"))
    assert 'role="img"' in picture
    assert "<title>Stock of &lt;b&gt;</title>" in picture
    assert "style" not in picture


def test_means_are_columns_with_their_numbers() -> None:
    """The tallest one is that of the most demand."""
    picture = str(draw_means([1.5, 3.0], ["2026-11-16", "2026-11-23"], "Demand"))
    first, second = (
        float(each) for each in re.findall(r'height="([\d.]+)" class="coming"', picture)
    )
    assert second == 2 * first
    assert ">1.5</text>" in picture
    assert ">3.0</text>" in picture

"""Frames as tables for a notebook: aligned, escaped, cut and said so."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd

from foreship.reports.tables_html import html_table


def _cells(html: str) -> list[list[tuple[str, bool]]]:
    """Return each row of a table as texts and whether they stand right."""
    rows = ElementTree.fromstring(html).iter("tr")
    return [
        [("".join(cell.itertext()), "right" in cell.attrib["style"]) for cell in row]
        for row in rows
    ]


def test_numbers_stand_right_with_the_decimals_of_their_column() -> None:
    """Shares have four decimals, money two, counts none; days are days; blanks are blank."""
    frame = pd.DataFrame(
        {
            "item": ["A", None],
            "units": [1200, 3],
            "p": [0.5, np.nan],
            "money": [1234.5, -2.0],
            "week": pd.to_datetime(["2026-11-16", None]),
            "sent": [True, False],
        }
    )
    head, first, second = _cells(html_table(frame))
    assert head == [
        ("item", False),
        ("units", True),
        ("p", True),
        ("money", True),
        ("week", False),
        ("sent", False),
    ]
    assert [text for text, _ in first] == ["A", "1,200", "0.5000", "1,234.50", "2026-11-16", "True"]
    assert [text for text, _ in second] == ["", "3", "", "-2.00", "", "False"]
    assert [right for _, right in second] == [right for _, right in head]


def test_ids_and_headings_are_escaped() -> None:
    """Whatever a table holds is text: nothing in it becomes an element."""
    html = html_table(pd.DataFrame({"<b>": ["<script>alert(1)</script>"]}))
    assert "<script>" not in html
    assert "<b>" not in html
    assert _cells(html) == [[("<b>", False)], [("<script>alert(1)</script>", False)]]


def test_a_long_frame_is_cut_and_says_so() -> None:
    """As many rows as asked for, and how many there are; a whole one says nothing."""
    frame = pd.DataFrame({"unit": range(2_130)})
    assert "the first 10 of 2,130 rows" in html_table(frame)
    assert len(_cells(html_table(frame, most=3))) == 1 + 3
    assert "the first" not in html_table(frame.head(10))


def test_labels_that_say_something_are_columns() -> None:
    """Names of rows are shown, bare counters are not; two columns of one name are both there."""
    index = pd.MultiIndex.from_tuples([("N", "A")], names=["region", "item"])
    frame = pd.DataFrame([[1.0, 2.0]], index=index, columns=["x", "x"])
    assert [text for text, _ in _cells(html_table(frame))[0]] == ["region", "item", "x", "x"]
    plain = pd.DataFrame({"x": [1]}, index=[7])
    assert [text for text, _ in _cells(html_table(plain))[0]] == ["x"]


def test_a_frame_without_rows_shows_its_headings() -> None:
    """Nothing to show is a table with headings, not a fault."""
    html = html_table(pd.DataFrame({"limit": pd.Series([], dtype=str), "price": []}))
    assert re.findall(r">(\w+)</th>", html) == ["limit", "price"]

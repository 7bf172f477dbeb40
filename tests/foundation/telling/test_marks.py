"""Numbers and days are written in the marks that a reader is used to."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreship_foundation.telling.marks import ENGLISH, Marks, marks, spoken_in
from foreship_foundation.telling.words import fixed, listed, money, number, percent, plural, units

GERMAN = Marks(group=".", decimal=",", minus="-", date="%d.%m.%Y")
INDIAN = Marks(sizes=(3, 2), minus="-")
POLISH = Marks(group="\u00a0", decimal=",", minus="-", date="%d.%m.%Y", least=2)


def test_words_follow_the_marks_that_are_spoken() -> None:
    """Money, units, shares, counts and lists alike; a number below a million has no groups."""
    with spoken_in(GERMAN):
        assert (money(-1234567.891), units(12000), percent(0.1234, 1)) == (
            "-1.234.567,89", "12.000", "12,3 %",
        )  # fmt: skip
        assert plural(1500, "line") == "1.500 lines"
        assert listed(range(1502), 2) == "0, 1 and 1.500 more"
        assert (number(-0.00005), number(1234.5), number(2.5e6)) == (
            "-0,00005", "1234,5", "2.500.000",
        )  # fmt: skip
    assert money(-1234567.891) == "\u22121,234,567.89"


@pytest.mark.parametrize(
    ("spoken", "value", "text"),
    [
        (INDIAN, 123456789, "12,34,56,789"),
        (INDIAN, 999, "999"),
        (INDIAN, 1000, "1,000"),
        (POLISH, 1234, "1234"),
        (POLISH, 12345, "12\u00a0345"),
    ],
)
def test_groups_are_of_the_sizes_of_a_language(spoken: Marks, value: int, text: str) -> None:
    """Indian numbers have pairs from the fourth digit on; Polish ones no mark before four."""
    with spoken_in(spoken):
        assert fixed(value) == text


def test_a_day_is_written_in_its_order() -> None:
    """Files and commands write the year first."""
    day = date(2026, 11, 3)
    assert (GERMAN.day(day), ENGLISH.day(day)) == ("03.11.2026", "2026-11-03")


def test_marks_end_with_what_was_spoken_in_them_and_reach_no_other_thread() -> None:
    """Two readers of two languages are answered at the same time."""
    heard: list[Marks] = []
    with spoken_in(GERMAN):
        other = threading.Thread(target=lambda: heard.append(marks()))
        other.start()
        other.join()
        assert marks() == GERMAN
    assert (heard, marks()) == ([ENGLISH], ENGLISH)


@given(
    st.floats(-1e12, 1e12),
    st.integers(0, 4),
    st.builds(
        Marks,
        group=st.sampled_from(".'\u202f"),
        decimal=st.sampled_from(",\u066b"),
        sizes=st.sampled_from([(3,), (3, 2)]),
        least=st.integers(1, 2),
    ),
)
def test_marks_change_no_digit(value: float, digits: int, spoken: Marks) -> None:
    """Without its marks a number is what it is in English."""
    english = fixed(value, digits)
    with spoken_in(spoken):
        own = fixed(value, digits)
    assert own.replace(spoken.group, "").replace(spoken.decimal, ".") == english.replace(",", "")

"""Numbers and days are written with the marks of the language that a browser asks for."""

from __future__ import annotations

from datetime import date

import pytest

from foreship.workbench.web.languages import LANGUAGES, marks_of
from foreship_foundation.telling.marks import ENGLISH, spoken_in
from foreship_foundation.telling.words import money


@pytest.mark.parametrize(
    ("accepted", "shown", "day"),
    [
        ("de", "\u22121.234,50", "06.11.2026"),
        ("fr-FR,fr;q=0.9", "\u22121\u202f234,50", "06/11/2026"),
        ("pl", "\u22121234,50", "06.11.2026"),
        ("en-US,en;q=0.5", "\u22121,234.50", "11/06/2026"),
        ("de-CH", "\u22121'234.50", "06.11.2026"),
        ("SV-se", "\u22121\u00a0234,50", "2026-11-06"),
    ],
)
def test_money_and_days_follow_the_browser(accepted: str, shown: str, day: str) -> None:
    """The country where it is known, else the language."""
    with spoken_in(marks_of(accepted)):
        assert money(-1234.5) == shown
    assert marks_of(accepted).day(date(2026, 11, 6)) == day


@pytest.mark.parametrize(
    ("accepted", "known"),
    [
        ("en;q=0.1, de;q=0.9", "de"), ("xx, de;q=0.3", "de"), ("de;q=0, fr", "fr"),
        ("de;q=x, fr;q=0.2", "fr"), ("de;q=inf, fr;q=0.2", "fr"), (" , ;q=1, fr", "fr"),
    ],
)  # fmt: skip
def test_the_most_wanted_language_that_is_known_counts(accepted: str, known: str) -> None:
    """One that is not wanted, or not known, or oddly weighed, is passed over."""
    assert marks_of(accepted) == LANGUAGES[known]


@pytest.mark.parametrize("accepted", ["", "*", "xx", "en", "xx," * 10_000 + "de", "\x00"])
def test_what_is_not_known_is_english(accepted: str) -> None:
    """As files and commands are written; a header without end is not read to it."""
    assert marks_of(accepted) == ENGLISH

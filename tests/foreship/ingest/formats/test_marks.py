"""Decimal marks and marks between thousands: proven by a column, by a file, declared or asked."""

from __future__ import annotations

import pyarrow as pa
import pytest

from foreship.forms import Form
from foreship.ingest.formats.marks import Marks, canonical, evidence_of, readings, settled


def marks_of(*texts: str, own: bool = False, form: Form | None = None, beside: str = "") -> str:
    """Return the decimal mark of a column, '?' where it is asked."""
    columns = {"one": evidence_of(pa.array(texts))}
    if beside:
        columns["other"] = evidence_of(pa.array([beside]))
    found = settled(columns, form or Form(), own)["one"]
    return "?" if found is None else found.decimal


@pytest.mark.parametrize(
    "text", ["1.5", "12.50", "0.123", ".123", "1234.567", "1,234.5", "1,234,567", "2.5e3", "1.2345"]
)
def test_a_number_proves_its_mark(text: str) -> None:
    """With the marks exchanged it proves the other one."""
    assert marks_of(text, "1.234") == "."
    other = text.translate({44: 46, 46: 44})
    assert marks_of(other, "1.234") == ","


def test_what_may_be_both_is_asked() -> None:
    """Unless the file proves it; in our own notation a point is a decimal one, a comma asked."""
    assert [marks_of(text) for text in ("1.234", "1,234")] == ["?", "?"]
    assert marks_of("1.234", beside="12,50") == ","
    assert marks_of("1,234", beside="12.50") == "."
    assert [marks_of(text, own=True, beside="12.50") for text in ("1.234", "1,234")] == [".", "?"]
    assert marks_of("1.234", form=Form(thousands=".")) == ","
    assert readings("1.234") == ("1.234", "1234")


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("1.234.567,5", "1234567.5"),
        ("1 234,5", "1234.5"),
        ("1\u202f234", "1234"),
        ("1'234,50", "1234.50"),
        ("12,5-", "-12.5"),
        ("+7", "+7"),
        (",5", ".5"),
    ],
)
def test_numbers_are_written_as_ours(text: str, ours: str) -> None:
    """Digits stay as they are: nothing is rounded on the way."""
    written, wrong = canonical(pa.array([text]), Marks(",", ". \u202f'"))
    assert (written.to_pylist(), wrong.tolist()) == ([ours], [False])


@pytest.mark.parametrize("text", ["1.5", "12.34,5", "1.2345", "1,2,3", "1 23", "--5", "5 pcs", "."])
def test_what_is_no_number_of_a_notation_stays_and_is_marked(text: str) -> None:
    """Groups have three digits, and there is one decimal mark."""
    written, wrong = canonical(pa.array([text]), Marks(",", ". "))
    assert (written.to_pylist(), wrong.tolist()) == ([text], [True])

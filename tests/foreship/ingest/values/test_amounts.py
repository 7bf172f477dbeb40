"""Numbers as they stand in a file: exact, or a named fault."""

from __future__ import annotations

import pytest

from foreship.ingest.values.amounts import parse_amounts
from foreship_foundation.tables.input_tables import INPUTS
from tests.foreship.table_files import PRICE, QUANTITY, findings, texts


def test_large_counts_are_exact() -> None:
    """Whole numbers never pass through a float: one below the most stays so."""
    found = findings(QUANTITY)
    numbers, blank = parse_amounts(QUANTITY, texts("999999999", "+7", " 8 "), found)
    assert numbers.tolist() == [999999999, 7, 8]
    assert not blank.any() and not found.faults


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1,5", "a decimal comma"),
        ("1,234", "a thousands mark"),
        ("1,234.5", "a thousands mark"),
        ("inf", "not a finite number"),
        ("-Infinity", "not a finite number"),
        ("1e999", "not a finite number"),
        ("٣", "digits that are not ASCII"),
        ("0x10", "not a number"),
        ("1_000", "not a number"),
        ("€5", "not a number"),
        ("--", "not a number"),
        ("-0.5", "negative price"),
        ("0", "price too small"),
    ],
)
def test_a_number_at_fault_says_how(text: str, problem: str) -> None:
    """Each way a price can be miswritten has its own words, and is named once."""
    found = findings(PRICE)
    parse_amounts(PRICE, texts("1", text), found)
    assert [(each.problem, each.rows) for each in found.faults] == [(problem, (2,))]


@pytest.mark.parametrize("text", ["1", "1.", ".5", "1e3", "1E-3", "+2.50", "007"])
def test_plain_numbers_are_numbers(text: str) -> None:
    """Every plain decimal is read as Python reads it."""
    found = findings(PRICE)
    numbers, _ = parse_amounts(PRICE, texts(text), found)
    assert numbers.tolist() == [float(text)]
    assert not found.faults


@pytest.mark.parametrize(("text", "flag"), [("WAHR", 1), ("Nein", 0), ("vrai", 1), ("Falso", 0)])
def test_flags_are_words_of_four_languages(text: str, flag: int) -> None:
    """As a spreadsheet writes them where it speaks German, French or Spanish."""
    column = INPUTS["availability"].column("in_stock")
    found = findings(column)
    assert parse_amounts(column, texts(text), found)[0].tolist() == [flag]
    assert not found.faults

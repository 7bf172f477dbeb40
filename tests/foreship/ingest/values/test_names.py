"""Ids and words: kept letter for letter, and named where the eye would miss what is wrong."""

from __future__ import annotations

import pyarrow as pa
import pytest

from foreship.ingest.values.names import LONGEST_ID, parse_names, parse_private
from foreship_foundation.tables.declaration import Column
from tests.foreship.table_files import findings, texts

ITEM = Column("item", "id", "what", required=True)
NOTE = Column("note", "text", "words", default="")


def found(*values: str, column: Column = ITEM, strict: bool = True) -> list[tuple[str, tuple]]:
    """Problems of some texts, with their rows."""
    told = findings(column)
    parse_names(column, texts(*values), told, strict=strict)
    return [(each.problem, each.rows) for each in told.faults]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (" a", "a space at its start or end"),
        ("a\u00a0", "a space at its start or end"),  # the space that does not break
        ("a\u200bb", "a hidden or control character"),
        ("../a", "a backslash or '../'"),
        ("a\\b", "a backslash or '../'"),
        ("x" * (LONGEST_ID + 1), f"over {LONGEST_ID} characters"),
    ],
)
def test_what_the_eye_does_not_see_is_named(value: str, problem: str) -> None:
    """The second row alone; plain text that is no id may hold it."""
    assert found("good", value) == [(problem, (2,))]
    assert found("good", value, column=NOTE, strict=False) == []


def test_one_word_in_two_spellings_is_two_ids_and_a_fault() -> None:
    """An o with two dots, in one sign and in two: both rows are named, others are not."""
    assert found("K\u00f6ln", "Paris", "Ko\u0308ln") == [
        ("one word in two Unicode spellings", (1, 3))
    ]


def test_a_spreadsheet_that_turned_all_ids_into_numbers_is_noticed() -> None:
    """7.0 and 8.0 and nothing else; one other id, and they may be names."""
    assert found("7.0", "8.0") == [("all ids end in '.0', a spreadsheet changed them", ())]
    assert found("7.0", "A8") == []


def test_blanks_of_a_required_id_are_named_and_coded_as_none() -> None:
    """Codes count the distinct texts; -1 is a blank."""
    told = findings(ITEM)
    names, codes = parse_names(ITEM, texts("a", "", "a", "b"), told, strict=True)
    assert [names[code].as_py() if code >= 0 else None for code in codes] == ["a", None, "a", "b"]
    assert [(each.problem, each.rows) for each in told.faults] == [("blank", (2,))]


def test_whole_numbers_are_text_and_said_to_be() -> None:
    """7 becomes '7'; numbers with a point have lost digits already."""
    told = findings(ITEM)
    names, codes = parse_names(ITEM, pa.chunked_array([pa.array([7, 7, 8])]), told, strict=True)
    assert [names[code].as_py() for code in codes] == ["7", "7", "8"]
    assert [each.severity for each in told.faults] == ["note"]
    refused = findings(ITEM)
    parse_names(ITEM, pa.chunked_array([pa.array([7.5])]), refused, strict=True)
    assert [each.problem for each in refused.faults] == ["holds double, not text"]


def test_numbers_with_blanks_are_ids_where_nothing_must_match() -> None:
    """An order's number, a fraction for its blanks, is a whole number; a true fraction is none."""
    order = Column("order_id", "id", "which", default="")
    numbers = pa.chunked_array([pa.array([536365.0, None, float("nan"), 536366.0])])
    names, codes = parse_names(order, numbers, told := findings(order), strict=False)
    assert names.to_pylist() == ["536365", "536366"]
    assert codes.tolist() == [0, -1, -1, 1]
    assert [each.severity for each in told.faults] == ["note"]
    broken = pa.chunked_array([pa.array([7.5])])
    parse_names(order, broken, refused := findings(order), strict=False)
    assert [each.severity for each in refused.faults] == ["fault"]


def test_a_word_must_be_one_of_the_choices() -> None:
    """A blank is no unknown word."""
    column = Column("kind", "text", "which", default="", choices=("fix", "forbid"))
    assert found("fix", "fixed", "", column=column, strict=False) == [("unknown word", (2,))]


def test_of_who_bought_nothing_but_who_is_who_is_kept() -> None:
    """Codes that are equal where the names are, -1 for nobody."""
    codes = parse_private(texts("Ann", "", "Bob", "Ann"))
    assert codes[1] == -1 and codes[0] == codes[3] != codes[2]
    assert len(parse_private(pa.chunked_array([pa.array([3, 3, 4])]))) == 3

"""One note says how a file is written; nothing is said of a plain one."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.forms import Form
from foreship.ingest.tables import read_table
from foreship_foundation.tables.input_tables import INPUTS


@pytest.mark.parametrize(
    ("count", "decimal"),
    [("1 200", ""), ("5-", ""), ("1 200,50", ","), ("1,234.50", "."), ("7", "")],
)
def test_only_what_a_number_shows_is_proposed(tmp_path: Path, count: str, decimal: str) -> None:
    """A blank between thousands says nothing of the decimal mark of next week's file."""
    (tmp_path / "items.csv").write_text(f"item;price;unit_cost\na;{count};1\n", "utf-8")
    read = read_table(INPUTS["items"], tmp_path / "items.csv")
    assert read.form == Form(delimiter=";", decimal=decimal)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("item,price,unit_cost\na,1.50,1\n", ""),
        ("item;price;unit_cost\na;1,50;1\n", "semicolons between values, decimal commas"),
        ("item\tprice\tunit_cost\nä\t1\t1\n", "tabs between values, letters in cp1252"),
        ('item,price,unit_cost\na,"1,234.50",1\n', "marks between thousands"),
        ("item,price,unit_cost,launch_date\na,1,1,13.1.2026\n", "dates as %d.%m.%Y"),
    ],
)
def test_how_a_file_is_written_is_said(tmp_path: Path, text: str, words: str) -> None:
    """Among the notes of its table."""
    (tmp_path / "items.csv").write_bytes(text.encode("cp1252"))
    found = read_table(INPUTS["items"], tmp_path / "items.csv")
    assert found.is_sound
    notes = [each.problem for each in found.faults if each.severity == "note"]
    assert len(notes) == bool(words)
    assert words in "".join(notes)

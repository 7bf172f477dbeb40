"""Rows that hold no data: left out, counted, said; all others stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.ingest.formats.rows import is_total
from foreship.ingest.tables import TableRead, read_table
from foreship_foundation.tables.input_tables import INPUTS

LINES = ["location,item,quantity,remark", "H1,a,5,", "R1,b,7,x"]


def read(path: Path, *lines: str) -> TableRead:
    """Read a stock table of these lines."""
    (path / "stock.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return read_table(INPUTS["stock"], path / "stock.csv")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (",,,", "blank row skipped in 1 row, line 3"),
        ("  , ,,", "blank row skipped"),
        ("location,item,quantity,remark", "repeated header skipped"),
        ("Summe:,,12,", "row of totals skipped in 1 row, line 3 (value 'Summe:')"),
        ("Grand total,,12,", "row of totals skipped"),
        ("Total général,,12,", "row of totals skipped"),
        ("Gesamtergebnis", "short lines without data skipped"),
        (",", "short lines without data skipped"),
    ],
)
def test_rows_without_data_are_skipped_and_said(tmp_path: Path, line: str, words: str) -> None:
    """The rows beside them keep the line they stand in."""
    found = read(tmp_path, LINES[0], LINES[1], line, LINES[2])
    assert found.is_sound
    assert found.frame["quantity"].tolist() == [5, 7]
    assert found.numbering(1) == 4
    assert [words in str(each) for each in found.faults if each.severity == "note"] == [True]
    assert not [each for each in found.faults if "totals says" in str(each)]


def test_a_total_that_is_not_the_sum_is_doubted(tmp_path: Path) -> None:
    """The export may have lost rows: both figures are said."""
    found = read(tmp_path, *LINES, "Total,,40,")
    (doubt,) = [each for each in found.faults if "totals says" in str(each)]
    assert (doubt.severity, doubt.column, doubt.rows) == ("warning", "quantity", (4,))
    assert "says 40, the rows read sum to 12" in doubt.problem


@pytest.mark.parametrize("line", [",,3,", "R1,,3,", ",b,3,", ",,,remark"])
def test_rows_that_say_something_stay_and_are_faults(tmp_path: Path, line: str) -> None:
    """A blank where none may be is no reason to drop what stands beside it."""
    found = read(tmp_path, *LINES, line)
    assert not found.is_sound
    assert found.rows == 3


@pytest.mark.parametrize("word", ["Total Care", "Summer", "Sumatra", "Totally", "T"])
def test_other_words_are_no_totals(word: str) -> None:
    """A product may be called so."""
    assert not is_total(["", word])


def test_blanks_behind_the_last_column_are_cut_and_values_are_not(tmp_path: Path) -> None:
    """A mark at the end of every line is no column; a value there is one too many."""
    found = read(tmp_path, LINES[0], *(f"{each},," for each in LINES[1:]))
    assert found.frame["quantity"].tolist() == [5, 7]
    assert "blanks after the last column left out in 2 rows" in str(found.faults[0])
    (fault,) = read(tmp_path, LINES[0], LINES[1] + ",,", LINES[2] + ",,y").faults
    assert (fault.severity, fault.rows) == ("fault", (3,))
    named = read(tmp_path, LINES[0] + ",", LINES[1] + ",z", LINES[2] + ",")
    assert "1 value under no heading not read" in " ".join(map(str, named.faults))

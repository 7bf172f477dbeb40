"""Workbooks that would unfold to more than a table."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from foreship.errors import InputError
from foreship.ingest.formats import container
from foreship.ingest.formats.container import open_container
from foreship.ingest.tables import read_table
from foreship_foundation.tables.input_tables import INPUTS
from tests.foreship.ingest.formats.books import HEADER, book, repacked, row

SHEET = "xl/worksheets/sheet1.xml"


def test_a_cell_in_the_far_corner_is_refused_before_it_asks_for_memory(tmp_path: Path) -> None:
    """One cell at the last row and column would be a grid of 17 thousand million."""
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    data = repacked(book(HEADER, row()), SHEET, lambda xml: xml.replace(b"</sheetData>", far))
    (tmp_path / "stock.xlsx").write_bytes(data)
    (fault,) = read_table(INPUTS["stock"], tmp_path / "stock.xlsx").faults
    assert "reaches to row 1,048,576 and column 16,384" in str(fault)


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/styles.xml"])
def test_a_bomb_is_refused(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part of blanks that unfolds a thousand times, whatever it claims to hold."""
    monkeypatch.setattr(container, "SWOLLEN", 2**20)
    bomb = repacked(book(HEADER, row()), part, lambda xml: xml + b" " * 2**22)
    with pytest.raises(InputError, match="unfold"):
        open_container(bomb, "stock").facts("Stock")
    with zipfile.ZipFile(io.BytesIO(bomb)) as folder:
        size = folder.getinfo(part).file_size
    liar = bomb.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    with pytest.raises(InputError, match="unfold"):
        open_container(liar, "stock").facts("Stock")


def test_errors_are_found_in_any_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """However the sheet is cut while it is passed through."""
    wrong = [row(quantity=lambda s, r, c: s.write_formula(r, c, "=NA()", None, "#N/A"))] * 40
    data = book(HEADER, *wrong)
    for size in (50, 333, 2**20):
        monkeypatch.setattr(container, "PIECE", size)
        assert open_container(data, "stock").facts("Stock").odd == {
            (n, 2): "#N/A" for n in range(1, 41)
        }

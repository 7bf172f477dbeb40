"""Several files of a year as one table, each in its own notation, rows named by file."""

from __future__ import annotations

from pathlib import Path

from foreship.ingest.tables import TableRead, read_table
from foreship_foundation.tables.input_tables import INPUTS
from tests.foreship.ingest.formats.books import book, row

PLAIN = "location,item,quantity,date\nH1,a,5,2026-01-05\n"


def read(folder: Path, **files: str | bytes) -> TableRead:
    """Read a stock table of these files."""
    (folder / "stock").mkdir(exist_ok=True)
    for name, data in files.items():
        content = data.encode() if isinstance(data, str) else data
        (folder / "stock" / name.replace("_", ".")).write_bytes(content)
    return read_table(INPUTS["stock"], folder / "stock")


def test_files_of_a_year_are_one_table(tmp_path: Path) -> None:
    """Commas, semicolons and a workbook; columns in another order, one of them absent."""
    sheet = book(["item", "quantity", "location"], ["c", 9, "H2"])
    more = "item;location;date;quantity\nb;R1;31.01.2026;1\n;;;\nb;R2;01.02.2026;2\n"
    found = read(tmp_path, a_csv=PLAIN, b_csv=more, c_xlsx=sheet)
    assert found.is_sound, [str(each) for each in found.faults]
    frame = found.frame
    assert frame["item"].tolist() == ["a", "b", "b", "c"]
    assert frame["quantity"].tolist() == [5, 1, 2, 9]
    assert [str(each)[:10] for each in frame["date"]] == [
        "2026-01-05", "2026-01-31", "2026-02-01", "NaT"]  # fmt: skip
    said = " ".join(map(str, found.faults))
    assert "blank row skipped in 1 row, line 3 of b.csv" in said
    assert "b.csv: read with semicolons between values, dates as %d.%m.%Y" in said


def test_rows_at_fault_are_named_by_their_file(tmp_path: Path) -> None:
    """The line as it stands in that file; with `--json` the file stands beside it."""
    more = PLAIN.replace("H1,a,5", "H1,b,5") + "H1,c,-2,2026-01-05\n"
    found = read(tmp_path, a_csv=PLAIN, b_csv=more)
    (fault,) = [each for each in found.faults if each.severity == "fault"]
    assert "line 3 of b.csv (value -2)" in str(fault)
    assert (fault.rows, fault.to_dict()["files"]) == ((3,), ["b.csv"])


def test_all_files_at_fault_are_named_at_once(tmp_path: Path) -> None:
    """And a file of another kind is refused."""
    found = read(tmp_path, a_csv=PLAIN + "H1,b\n", b_csv=b"")
    assert [str(each).split(" under")[0] for each in found.faults] == [
        "stock: 2 values",
        "stock: b.csv: the file is empty (0 bytes); write at least the header.",
    ]
    assert "all its files are .parquet, or all .csv" in str(read(tmp_path, c_pdf=b"x").faults[0])


def test_what_excel_leaves_open_is_no_data(tmp_path: Path) -> None:
    """The lock file `~$stock.xlsx` beside a workbook that somebody has open."""
    (tmp_path / "stock").mkdir()
    (tmp_path / "stock" / "~$a.xlsx").write_bytes(b"Anna")
    found = read(tmp_path, a_xlsx=book(["location", "item", "quantity"], row()[:3]))
    assert found.frame["quantity"].tolist() == [5]

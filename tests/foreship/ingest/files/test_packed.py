"""Packed text files: read as what they hold; damaged, cut off or endless ones are refused."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pytest

from foreship import files
from foreship.errors import InputError
from foreship.ingest.files.packed import ending_of, unpacked
from foreship.ingest.tables import read_table
from foreship_foundation.tables.input_tables import INPUTS

TEXT = b"location,item,quantity\nH1,00123,5\nNA,b,7\n"
PACKED = {"gz": gzip.compress(TEXT), "zst": pa.compress(TEXT, "zstd").to_pybytes()}


@pytest.mark.parametrize("ending", PACKED)
def test_a_packed_csv_is_the_csv(tmp_path: Path, ending: str) -> None:
    """Its rows, ids as text, lines counted in the text; in a folder beside a plain one, too."""
    (tmp_path / f"stock.CSV.{ending}").write_bytes(PACKED[ending])
    read = read_table(INPUTS["stock"], tmp_path / f"stock.CSV.{ending}")
    assert read.is_sound, read.faults
    assert read.frame["item"].tolist() == ["00123", "b"]
    assert read.numbering(0) == 2
    (tmp_path / "zzz.csv").write_bytes(TEXT.replace(b"H1", b"H2").replace(b"NA", b"R1"))
    assert read_table(INPUTS["stock"], tmp_path).frame["location"].tolist() == [
        "H1", "NA", "H2", "R1"]  # fmt: skip


@pytest.mark.parametrize("ending", PACKED)
@pytest.mark.parametrize("left", [1, 3, 10, -1, -5])
def test_a_file_cut_off_anywhere_is_refused(ending: str, left: int) -> None:
    """Also where its text is whole and only what proves it is missing."""
    with pytest.raises(InputError, match="damaged or cut off"):
        unpacked(PACKED[ending][:left], f"stock.csv.{ending}", "stock")


@pytest.mark.parametrize("ending", PACKED)
def test_what_is_not_packed_at_all_is_told_so(ending: str) -> None:
    """Text under the name of a packed file is not called damaged; nothing is nothing."""
    with pytest.raises(InputError, match=r"is not packed: .* name it stock\.csv if it is text"):
        unpacked(TEXT, f"stock.csv.{ending}", "stock")
    with pytest.raises(InputError, match="is empty"):
        unpacked(b"", f"stock.csv.{ending}", "stock")


def test_a_changed_byte_is_seen() -> None:
    """By the sum at the end of the file."""
    data = bytearray(PACKED["gz"])
    data[-6] ^= 1
    with pytest.raises(InputError, match="gzip data damaged"):
        unpacked(bytes(data), "stock.csv.gz", "stock")


def test_several_parts_one_after_the_other_are_one_text() -> None:
    """As a log that is written piece by piece."""
    assert unpacked(PACKED["gz"] * 2, "a.csv.gz", "stock") == TEXT * 2


def test_a_bomb_is_refused_before_it_unfolds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading ends where a file may hold no more."""
    monkeypatch.setattr(files, "LARGEST_FILE", 2**20)
    bomb = gzip.compress(b"\0" * 2**26)
    assert len(bomb) < 2**17
    with pytest.raises(InputError, match="unpacks to over 1,048,576 bytes"):
        unpacked(bomb, "stock.csv.gz", "stock")


def test_only_text_is_unpacked(tmp_path: Path) -> None:
    """A packed Parquet file or workbook is refused by name."""
    (tmp_path / "stock.parquet.gz").write_bytes(gzip.compress(b"PAR1"))
    (fault,) = read_table(INPUTS["stock"], tmp_path / "stock.parquet.gz").faults
    assert "only .csv.gz and .csv.zst" in str(fault)
    assert (ending_of("a.CSV.GZ"), ending_of("a.gz"), ending_of("b.parquet")) == (
        ".csv", "", ".parquet")  # fmt: skip

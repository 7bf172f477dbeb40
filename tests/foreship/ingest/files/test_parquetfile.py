"""Parquet files and folders of them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from foreship import files
from foreship.ingest.tables import read_table
from foreship_foundation.tables.input_tables import INPUTS
from tests.foreship.good_workspace import good_frames
from tests.foreship.table_files import mutations, sound


def test_a_partitioned_folder_is_a_table(tmp_path: Path) -> None:
    """Folders named column=value are text columns: region 007 keeps its zeros."""
    orders = good_frames()["orders"]
    for region, part in (("007", orders[:300]), ("N%2FA", orders[300:])):
        folder = tmp_path / "orders" / f"region={region}"
        folder.mkdir(parents=True)
        part.drop(columns="region").to_parquet(folder / "part.parquet")
    (tmp_path / "orders" / "_SUCCESS").write_text("")
    read = read_table(INPUTS["orders"], tmp_path / "orders")
    assert sound(read)["region"].tolist() == ["007"] * 300 + ["N/A"] * 600
    assert read.rows == 900
    assert read.sha256 != read_table(INPUTS["orders"], tmp_path / "orders" / "region=007").sha256


def test_parts_that_disagree_are_refused(tmp_path: Path) -> None:
    """Parts with text and with numbers in one column are not one table."""
    (tmp_path / "stock").mkdir()
    frame = pd.DataFrame({"location": ["H1"], "item": ["a"], "quantity": [1]})
    frame.to_parquet(tmp_path / "stock" / "a.parquet")
    frame.assign(item=[7]).to_parquet(tmp_path / "stock" / "b.parquet")
    (fault,) = read_table(INPUTS["stock"], tmp_path / "stock").faults
    assert "its files disagree" in str(fault)


@pytest.mark.sweep
def test_damaged_parquet_is_never_read_silently(tmp_path: Path) -> None:
    """Of 200 damages each is a named fault, or leaves every value as it was."""
    path = tmp_path / "orders.parquet"
    files.write_parquet(good_frames()["orders"], path)
    good = sound(read_table(INPUTS["orders"], path))
    for data in mutations(path.read_bytes(), 200, seed=3):
        path.write_bytes(data)
        read = read_table(INPUTS["orders"], path)
        if not read.faults:
            pd.testing.assert_frame_equal(read.frame, good)


@pytest.mark.parametrize(("asked", "is_memory"), [("size 4096", True), ("size 2000000000", False)])
def test_memory_that_runs_out_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str, is_memory: bool
) -> None:
    """A sound file that finds no memory says so; one that asks for gigabytes is damaged."""
    path = tmp_path / "stock.parquet"
    pd.DataFrame({"location": ["H1"], "item": ["a"], "quantity": [1]}).to_parquet(path)

    def starved(*_: object, **__: object) -> None:
        raise pa.ArrowMemoryError(f"malloc of {asked} failed")

    monkeypatch.setattr("pyarrow.parquet.ParquetFile.read", starved)
    if is_memory:
        with pytest.raises(MemoryError):
            read_table(INPUTS["stock"], path)
    else:
        assert "damaged" in str(read_table(INPUTS["stock"], path).faults[0])

"""Files are whole or absent, the same bytes for the same content, and hashed as they are read."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from foreship import files
from foreship.errors import InputError, StorageError


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": ["00123", "NA", "=1+1"],
            "day": pd.to_datetime(["2026-01-05", None, "2026-02-01"]),
            "x": [0.1, np.nan, 1e-300],
            "n": [1, 2, 3],
        }
    )


@pytest.mark.parametrize("write", [files.write_parquet, files.write_csv])
def test_same_frame_same_bytes(tmp_path: Path, write: object) -> None:
    """Writing a frame twice gives the same bytes, whatever its index."""
    assert callable(write)
    write(frame(), tmp_path / "a")
    write(frame().set_axis([7, 8, 9]), tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_parquet_reads_back_equal(tmp_path: Path) -> None:
    """Ids, missing dates and exact numbers survive Parquet."""
    files.write_parquet(frame(), tmp_path / "f.parquet")
    back = pd.read_parquet(tmp_path / "f.parquet")
    pd.testing.assert_frame_equal(back, frame(), check_dtype=False)


@pytest.mark.parametrize("step", [1, 3, 4, 8, 11, 100])
def test_parts_are_written_as_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Wherever a frame is cut, blocks without a row among them, the bytes are the same.

    Ids that are categories are written as the texts that they stand for.
    """
    monkeypatch.setattr(files, "GROUP_ROWS", 4)
    count = np.arange(24)
    whole = pd.DataFrame({"id": [f"I{n % 5}" for n in count], "n": count})
    files.write_parquet(whole, tmp_path / "whole")
    parts = [whole[first : first + step] for first in range(0, 24, step)]
    files.write_parquet_parts([whole[:0], *parts, whole[:0]], tmp_path / "parts")
    assert (tmp_path / "parts").read_bytes() == (tmp_path / "whole").read_bytes()
    coded = (each.astype({"id": "category"}) for each in parts)
    files.write_parquet_parts(coded, tmp_path / "coded")
    assert (tmp_path / "coded").read_bytes() == (tmp_path / "whole").read_bytes()
    back = pd.concat(files.read_parquet_parts(tmp_path / "parts"), ignore_index=True)
    pd.testing.assert_frame_equal(back, whole, check_dtype=False)
    files.write_parquet_parts([whole[:0], whole[:0]], tmp_path / "empty")
    assert list(pd.read_parquet(tmp_path / "empty").columns) == ["id", "n"]


def test_ids_of_a_frame_without_rows_are_texts(tmp_path: Path) -> None:
    """A reader finds the types that a frame with rows has, not a column of nothing."""
    import pyarrow.parquet as pq

    nothing = pd.DataFrame({"id": np.array([], dtype=object), "n": np.array([], dtype=np.int64)})
    files.write_parquet(nothing, tmp_path / "f.parquet")
    kinds = [str(each.type) for each in pq.read_schema(tmp_path / "f.parquet")]
    assert kinds == ["string", "int64"]


def test_a_flipped_bit_is_noticed(tmp_path: Path) -> None:
    """Pages carry checksums: no flipped bit inside a page reads back silently."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "f.parquet"
    files.write_parquet(pd.DataFrame({"n": np.arange(500) % 7}), path)
    content = bytearray(path.read_bytes())
    content[60] ^= 4
    path.write_bytes(content)
    with pytest.raises((OSError, pa.ArrowException)):
        pq.read_table(path, page_checksum_verification=True)


def test_csv_is_plain(tmp_path: Path) -> None:
    """CSV has LF, ISO dates, shortest exact numbers, blanks for what is missing."""
    files.write_csv(frame(), tmp_path / "f.csv")
    text = (tmp_path / "f.csv").read_bytes().decode()
    assert text == ("id,day,x,n\n00123,2026-01-05,0.1,1\nNA,,,2\n=1+1,2026-02-01,1e-300,3\n")


def test_json_is_plain(tmp_path: Path) -> None:
    """Numpy values become numbers, dates text, what is not finite null; keys are sorted."""
    value = {"b": np.float64("nan"), "a": [np.int64(3), np.array([1.5, np.inf])], "c": Path("x")}
    files.write_json(value | {"d": pd.Timestamp("2026-01-05")}, tmp_path / "f.json")
    text = (tmp_path / "f.json").read_text("utf-8")
    assert json.loads(text) == {
        "a": [3, [1.5, None]],
        "b": None,
        "c": "x",
        "d": "2026-01-05T00:00:00",
    }
    assert list(json.loads(text)) == ["a", "b", "c", "d"]


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fills up while flushing leaves the old content, no draft, and one clear error."""
    path = tmp_path / "f.json"
    files.write_json({"old": 1}, path)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left on device"):
        files.write_json({"new": 2}, path)
    assert json.loads(path.read_text("utf-8")) == {"old": 1}
    assert list(tmp_path.iterdir()) == [path]


def test_a_failing_writer_leaves_nothing(tmp_path: Path) -> None:
    """An error inside the writer is passed on, and nothing is left behind."""

    def fill(draft: Path) -> None:
        draft.write_text("half")
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        files.write_atomically(tmp_path / "f", fill)
    assert list(tmp_path.iterdir()) == []


def test_no_folder_is_a_storage_error(tmp_path: Path) -> None:
    """Writing into a folder that is not there is exit code 8."""
    with pytest.raises(StorageError) as refused:
        files.write_json({}, tmp_path / "gone" / "f.json")
    assert refused.value.exit_code == 8


def test_a_file_that_changes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that grows between the first and the last look is refused."""
    path = tmp_path / "orders.csv"
    path.write_text("a\n1\n")
    plain = Path.read_bytes

    def meanwhile(self: Path) -> bytes:
        data = plain(self)
        self.write_text("a\n1\n2\n")
        return data

    monkeypatch.setattr(Path, "read_bytes", meanwhile)
    with pytest.raises(InputError, match="changed while it was read"):
        files.read_whole(path, "orders")


def test_an_unreadable_file_is_a_storage_error(tmp_path: Path) -> None:
    """What the system refuses to read is exit code 8."""
    with pytest.raises(StorageError, match="cannot read"):
        files.read_whole(tmp_path / "gone.csv", "orders")
    with pytest.raises(StorageError, match="cannot read"):
        files.sha256(tmp_path / "gone.csv")


def test_a_file_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beyond the limit is refused before it is read."""
    path = tmp_path / "orders.csv"
    path.write_text("a\n1\n")
    monkeypatch.setattr(files, "LARGEST_FILE", 3)
    with pytest.raises(InputError, match="holds 4 bytes, limit 3"):
        files.read_whole(path, "orders")


def test_the_hash_of_a_folder(tmp_path: Path) -> None:
    """A folder's hash depends on its files' names and bytes, not on the order of writing."""
    for folder, names in (("one", "ab"), ("two", "ba")):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / name).write_text(name)
    one, two = files.sha256(tmp_path / "one"), files.sha256(tmp_path / "two")
    assert one == two
    (tmp_path / "two" / "a").rename(tmp_path / "two" / "c")
    assert files.sha256(tmp_path / "two") != one


def test_attributes_of_a_frame_survive_its_file(tmp_path: Path) -> None:
    """Written in pieces or by pandas itself, and read by pandas; other files have none."""
    frame = pd.DataFrame({"scenario": [0, 1], "units": [3, 4]})
    plain = tmp_path / "plain.parquet"
    files.write_parquet(frame, plain)
    frame.attrs["scenarios"] = 8
    files.write_parquet_parts([frame[:1], frame[1:]], tmp_path / "parts.parquet")
    files.write_parquet(frame, tmp_path / "whole.parquet")
    frame.to_parquet(tmp_path / "pandas.parquet")
    for name in ("parts", "whole", "pandas"):
        path = tmp_path / f"{name}.parquet"
        assert files.attributes_of(path) == pd.read_parquet(path).attrs == {"scenarios": 8}
    parts, whole = (tmp_path / f"{name}.parquet" for name in ("parts", "whole"))
    assert parts.read_bytes() == whole.read_bytes()
    (tmp_path / "text.csv").write_text("scenario,units\n")
    for path in (plain, tmp_path / "text.csv", tmp_path / "gone", tmp_path):
        assert files.attributes_of(path) == {}

"""Reading and writing files: whole or not at all, with the sha256 of everything read.

What is hashed is what is parsed: a file is read once, and a file that changes meanwhile is
an error. What is written lies under a temporary name until it is whole and on the disk.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foreship.errors import Fault, InputError, StorageError, UsageError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = [
    "attributes_of",
    "flush",
    "json_text",
    "path_of",
    "read_parquet_parts",
    "read_small",
    "read_whole",
    "replace_atomically",
    "sha256",
    "sha256_of_parts",
    "write_atomically",
    "write_csv",
    "write_json",
    "write_parquet",
    "write_parquet_parts",
]

LARGEST_FILE = 8 * 2**30  # bytes
GROUP_ROWS = 2**20  # rows of a Parquet row group
ATTRIBUTES = b"PANDAS_ATTRS"
"""where pandas keeps the `attrs` of a frame in a Parquet file"""
PARQUET = {"compression": "zstd", "write_page_checksum": True, "store_schema": False}


def path_of(given: object, name: str) -> Path:
    """Return a path that was given as text or as one.

    Raises
    ------
    UsageError
        If it is neither; `name` is what it was given for.
    """
    if not isinstance(given, (str, os.PathLike)):
        kind = type(given).__name__
        raise UsageError(f"{name}: {kind} is no path; give it as text or as a pathlib.Path")
    return Path(given)


def read_whole(path: Path, name: str) -> bytes:
    """Read a file once; refuse it if it changed in the meantime.

    Raises
    ------
    InputError
        If it changed, or is larger than `LARGEST_FILE`; `name` is the table in the message.
    StorageError
        If the system refuses to read it.
    """
    try:
        before = path.stat()
        if before.st_size > LARGEST_FILE:
            problem = f"{path} holds {before.st_size:,} bytes, limit {LARGEST_FILE:,}"
            raise InputError(faults=[Fault(name, problem, "cut old rows, or write Parquet")])
        data = path.read_bytes()
        after = path.stat()
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror}") from error
    if _marks(before) != _marks(after) or len(data) != after.st_size:
        problem = f"{path} changed while it was read"
        raise InputError(faults=[Fault(name, problem, "run again when it is written")])
    return data


def read_small(path: Path, limit: int) -> bytes:
    """Read a file that must be small and regular: a pipe is not waited for, a device not drained.

    Raises
    ------
    ValueError
        If it is no regular file, or holds more than `limit` bytes.
    OSError
        If the system refuses to read it.
    """

    def at_once(name: str, flags: int) -> int:
        return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))

    with open(path, "rb", opener=at_once) as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise ValueError("not a regular file")
        data = stream.read(limit + 1)
        size = max(len(data), os.fstat(stream.fileno()).st_size)
    if len(data) > limit:
        raise ValueError(f"{size:,} bytes, the limit is {limit:,}")
    return data


def _marks(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ino


def sha256(path: Path) -> str:
    """Return the sha256 of a file, or of a folder: of its files' names and hashes, sorted."""
    try:
        if path.is_dir():
            files = sorted(each for each in path.rglob("*") if each.is_file())
            return sha256_of_parts({str(each.relative_to(path)): sha256(each) for each in files})
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror}") from error


def sha256_of_parts(parts: Mapping[str, str]) -> str:
    """Return one hash for a folder whose files have the relative names and hashes `parts`."""
    digest = hashlib.sha256()
    for name in sorted(parts):
        digest.update(f"{name}\0{parts[name]}\n".encode())
    return digest.hexdigest()


def write_atomically(path: Path, fill: Callable[[Path], object]) -> None:
    """Do as `replace_atomically`, and say in our own words what the system refuses.

    Raises
    ------
    StorageError
        If the disk is full or refuses; `path` is then as it was.
    """
    try:
        replace_atomically(path, fill)
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror or error}") from error


def replace_atomically(path: Path, fill: Callable[[Path], object]) -> None:
    """Let `fill` write a temporary file, flush it and rename it to `path` in one step.

    Raises
    ------
    OSError
        If the system refuses; `path` is then as it was.
    """
    draft = path.with_name(f".draft-{secrets.token_hex(6)}")
    try:
        fill(draft)
        flush(draft)
        draft.replace(path)
        flush(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Have the system write a file, or what a folder lists, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as Parquet with page checksums; the same frame gives the same bytes.

    The index is left out; ids, categories too, are plain strings; missing numbers and dates are
    nulls; `attrs` are kept as pandas keeps them.
    """
    write_parquet_parts([frame], path)


def write_parquet_parts(frames: Iterable[pd.DataFrame], path: Path) -> None:
    """Write frames one below the other as one file, holding few of them in memory.

    The bytes are those of `write_parquet` of all rows, wherever the frames were cut; at least
    one frame is needed.
    """
    import pyarrow.parquet as pq

    def fill(draft: Path) -> None:
        with contextlib.ExitStack() as opened:
            writer = None
            for group in _groups(frames):
                if writer is None:
                    writer = opened.enter_context(pq.ParquetWriter(draft, group.schema, **PARQUET))
                    if group.schema.metadata:
                        writer.add_key_value_metadata(group.schema.metadata)
                writer.write_table(group, GROUP_ROWS)
                del group  # before the next one is made

    write_atomically(path, fill)


def _groups(frames: Iterable[pd.DataFrame]) -> Iterator[pa.Table]:
    """Yield the frames' rows as tables of `GROUP_ROWS` rows, the last one shorter."""
    import pyarrow as pa

    kept: list[pa.Table] = []
    rows = 0
    for frame in _filled(frames):
        told = {ATTRIBUTES: json.dumps(frame.attrs, sort_keys=True)} if frame.attrs else None
        table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(told)
        kept.append(table if len(frame) else _texts_where_unknown(table))
        rows += len(frame)
        while rows >= GROUP_ROWS:
            yield _first_rows(kept, GROUP_ROWS)
            rows -= GROUP_ROWS
            pa.default_memory_pool().release_unused()
    if kept:
        yield _first_rows(kept, rows)


def _first_rows(kept: list[pa.Table], rows: int) -> pa.Table:
    """Take the first rows off tables, as one table of plain values.

    Categories are made plain here, of no more rows than are asked for: texts take far more memory.
    """
    import pyarrow as pa

    taken: list[pa.Table] = []
    while kept and (rows or not taken):
        first = kept.pop(0)
        if first.num_rows > rows:
            kept.insert(0, first.slice(rows))
            first = first.slice(0, rows)
        rows -= first.num_rows
        taken.append(_in_plain_types(first) if first.num_rows else first)
    return pa.concat_tables(taken).combine_chunks()


def _in_plain_types(table: pa.Table) -> pa.Table:
    """Return a table whose columns of categories are columns of their values."""
    import pyarrow as pa

    fields = [
        each.with_type(each.type.value_type) if pa.types.is_dictionary(each.type) else each
        for each in table.schema
    ]
    schema = pa.schema(fields, table.schema.metadata)
    return table if schema.equals(table.schema) else table.cast(schema)


def _texts_where_unknown(table: pa.Table) -> pa.Table:
    """Return a table without rows whose columns of objects, of no type yet, are texts."""
    import pyarrow as pa

    fields = [
        each.with_type(pa.string()) if pa.types.is_null(each.type) else each
        for each in table.schema
    ]
    return table.cast(pa.schema(fields))


def _filled(frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Yield the frames that have rows, whose types are known; the last one if none has any."""
    some, last = False, None
    for frame in frames:
        last = frame
        if len(frame):
            some = True
            yield frame
    if not some and last is not None:
        yield last


def attributes_of(path: Path) -> dict[str, Any]:
    """Return the `attrs` that a frame had when pandas or `write_parquet` wrote it, if any.

    Nothing for a file that is no Parquet, and for one whose attributes are not plain values.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        told = (pq.read_schema(path).metadata or {}).get(ATTRIBUTES)
        found = json.loads(told) if told else {}
    except (OSError, ValueError, RecursionError, pa.ArrowException):
        return {}
    return found if isinstance(found, dict) else {}


def read_parquet_parts(path: Path) -> Iterator[pd.DataFrame]:
    """Yield the rows of one of our own Parquet files, part by part."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches():
            yield batch.to_pandas()


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as UTF-8 CSV with LF line ends, ISO dates and exact numbers.

    Text is written as it is: this is the machine's file, spreadsheets get the workbook.
    """
    write_atomically(
        path,
        lambda draft: frame.to_csv(
            draft, index=False, lineterminator="\n", date_format="%Y-%m-%d", encoding="utf-8"
        ),
    )


def write_json(value: Any, path: Path) -> None:
    """Write plain values as JSON with sorted keys; a number that is not finite becomes null."""
    text = json_text(value, indent=1, sort_keys=True)
    write_atomically(path, lambda draft: draft.write_text(text + "\n", "utf-8"))


def json_text(value: Any, **form: Any) -> str:
    """Return plain values as JSON that every reader takes: a number not finite becomes null.

    `form` is handed to `json.dumps`.
    """
    form = {"ensure_ascii": False, **form}
    return json.dumps(_finite(value), allow_nan=False, default=_plain, **form)


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _finite(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _plain(value: Any) -> Any:
    """Turn numpy scalars into Python's, arrays into lists, dates and paths into text."""
    if hasattr(value, "tolist"):
        return _finite(value.tolist())
    return value.isoformat() if hasattr(value, "isoformat") else str(value)

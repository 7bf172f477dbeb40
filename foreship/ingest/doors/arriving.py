"""What a database answered -> the columns every check begins with, and one hash of what they hold.

Rows of a database have no order: the hash is that of their content, whatever order they came in.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import pyarrow as pa

from foreship import files
from foreship.addresses.secrets import without_secrets
from foreship.errors import DoorMissing
from foreship.ingest.files.arrow_table import LARGEST_CELLS, raw_of
from foreship.ingest.files.sources import Source
from foreship.ingest.raw import Sought, refuse
from foreship_foundation.tables.contents import content_hash
from foreship_foundation.telling.words import plural

__all__ = ["bounded", "library_missing", "one_line", "quoted", "sought_of", "source_of"]

LONGEST = 300  # letters of what a database says that are told on


def sought_of(header: Sequence[str], sought: Sought) -> list[str]:
    """Return which columns are asked for; at least one, so that rows are counted."""
    return [each for each in header if each in sought.names] or list(header[:1])


def quoted(name: str) -> str:
    """Return a name as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def one_line(words: str) -> str:
    """Return what a database said in one line, not too long and without secrets."""
    return without_secrets(" ".join(words.split()))[:LONGEST]


def library_missing(place: str) -> DoorMissing:
    """Return the error for a database whose library is not installed."""
    return DoorMissing(f"{place} needs a library: pip install 'foreship[databases]'")


def bounded(schema: pa.Schema, batches: Iterable[pa.RecordBatch], table: str) -> pa.Table:
    """Gather batches; refuse more than a table may hold.

    Raises
    ------
    InputError
        For more than `LARGEST_CELLS` values, or more bytes than a file may have, or text that
        is no UTF-8.
    """
    kept: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        kept.append(batch)
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows * len(schema) > LARGEST_CELLS or size > files.LARGEST_FILE:
            problem = f"over {plural(rows, 'row')} of {plural(len(schema), 'column')}"
            remedy = f"the limit is {LARGEST_CELLS:,} values; ask for the rows of fewer years"
            raise refuse(table, problem, remedy)
    read = pa.Table.from_batches(kept, schema)
    try:
        read.validate(full=True)
    except pa.ArrowInvalid as error:
        raise refuse(table, f"text that is no UTF-8 ({str(error).splitlines()[0]})") from None
    return read


def source_of(header: Sequence[str], read: pa.Table, table: str, sought: Sought) -> Source:
    """Return what was read of a table.

    Parameters
    ----------
    header
        Names of all columns there are.
    read
        Those that were asked for.

    Raises
    ------
    InputError
        For a header, a column or a value that no table may have.
    """
    raw = dataclasses.replace(raw_of(read, table, sought.names), header=tuple(header))
    source = Source(sha256=_hash(read.select(list(raw.columns))))
    source.add(raw, table, sought)
    return source


def _hash(read: pa.Table) -> str:
    for at, each in enumerate(read.schema):
        if pa.types.is_timestamp(each.type) and each.type.tz:
            naive = read.column(at).cast(pa.timestamp(each.type.unit))
            read = read.set_column(at, each.name, naive)
        elif pa.types.is_decimal(each.type):
            # as text 1.5 and 1.50 differ; as the nearest number they do not
            read = read.set_column(at, each.name, read.column(at).cast(pa.float64()))
    return content_hash(read.to_pandas(date_as_object=False))

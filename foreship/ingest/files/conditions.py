"""Which rows of Parquet files are asked for: whole partitions by their folders, rows by values.

A blank meets no condition, as in SQL.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foreship.addresses.address import Condition
from foreship.errors import Fault, InputError
from foreship.ingest.raw import refuse
from foreship_foundation.arrays import Bools
from foreship_foundation.telling.near_names import nearest

__all__ = ["HIVE_NULL", "in_asked_partition", "partition_of", "refuse_unknown", "rows_asked_for"]

HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"
COMPARED: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
IN_ARROW: Final = {
    "=": pc.equal, "!=": pc.not_equal, "<": pc.less, "<=": pc.less_equal,
    ">": pc.greater, ">=": pc.greater_equal,
}  # fmt: skip


def partition_of(name: str) -> dict[str, str]:
    """Return the columns spelled in the folders of a part's relative name."""
    folders = PurePosixPath(name).parts[:-1]
    pairs = [folder.split("=", 1) for folder in folders if "=" in folder]
    return {unquote(key): unquote(value) for key, value in pairs}


def in_asked_partition(name: str, where: Sequence[Condition]) -> bool:
    """Whether a part may hold rows that are asked for, by its relative name alone."""
    values = partition_of(name)
    return all(_meets(values[each.column], each) for each in where if each.column in values)


def _meets(text: str, asked: Condition) -> bool:
    if text == HIVE_NULL:
        return False
    if asked.comparison in ("in", "not in"):
        found = any(_compared(text, "=", each) for each in asked.value)
        return found == (asked.comparison == "in")
    return _compared(text, asked.comparison, asked.value)


def _compared(text: str, comparison: str, value: Any) -> bool:
    """Compare as numbers where a number is asked for, else as text."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return COMPARED[comparison](text, str(value).lower() if value is True else str(value))
    try:
        return COMPARED[comparison](float(text), value)
    except ValueError:
        return comparison == "!="


def refuse_unknown(where: Sequence[Condition], known: Collection[str], table: str) -> None:
    """Raise InputError for conditions on columns that no file and no folder has."""
    faults = [
        Fault(table, f"`where` asks for column {each.column!r}", nearest(each.column, known))
        for each in where
        if each.column not in known
    ]
    if faults:
        raise InputError(faults=faults)


def rows_asked_for(read: pa.Table, where: Sequence[Condition], table: str) -> Bools:
    """Return which rows meet all conditions on columns of a file.

    Raises
    ------
    InputError
        If a value cannot be compared with what a column holds.
    """
    kept = np.ones(read.num_rows, dtype=bool)
    for each in where:
        if each.column in read.schema.names:
            met = _met(read.column(each.column), each, table)
            kept &= met.fill_null(False).to_numpy().astype(bool)
    return kept


def _met(column: pa.ChunkedArray, asked: Condition, table: str) -> pa.ChunkedArray:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    column = column.cast(kind)
    try:
        if not isinstance(asked.value, tuple):
            return IN_ARROW[asked.comparison](column, _scalar(asked.value, kind))
        found = [pc.equal(column, _scalar(each, kind)) for each in asked.value]
    except (pa.ArrowException, ValueError):
        problem = f"`where` compares column {asked.column!r} with {asked.value!r}"
        raise refuse(table, problem, f"the column holds {kind}") from None
    either = functools.reduce(pc.or_, found)
    return either if asked.comparison == "in" else pc.invert(either)


def _scalar(value: Any, kind: pa.DataType) -> Any:
    """Return a value to compare with; a text as what the column holds, such as a day."""
    return pa.scalar(value).cast(kind) if isinstance(value, str) else pa.scalar(value)

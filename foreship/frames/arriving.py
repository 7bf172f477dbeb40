"""A frame of any kind -> one Arrow table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from foreship.errors import Fault, InputError, UsageError
from foreship.ingest.raw import refuse, refuse_header
from foreship_foundation.telling.words import listed

if TYPE_CHECKING:
    import pandas as pd

    from foreship.frames.kinds import IntoFrame

__all__ = ["arrow_of", "pandas_of"]

KINDS = "pandas, polars, Arrow, a DuckDB relation, or lists by column"
LABELS = ("integer", "empty")
"""kinds of row labels that are no data"""


def arrow_of(
    given: IntoFrame | Mapping[str, Any], table: str, wanted: Collection[str] | None = None
) -> pa.Table:
    """Return a frame as an Arrow table; a stream of batches is read once.

    Parameters
    ----------
    given
        A frame of pandas, polars (lazy ones are collected) or another library that narwhals
        knows, an Arrow table or anything with an Arrow stream, or a mapping of columns.
    table
        Name used in messages.
    wanted
        Columns that will be read; any other may hold what it likes. Left out, all are.

    Raises
    ------
    UsageError
        If it is no frame, or a pandas frame keeps data in its index.
    InputError
        If a column holds values of several kinds, or two columns have one name.
    """
    if isinstance(given, pa.Table):
        return given
    kept: Any = given
    if _is_pandas(kept):
        return _of_pandas(kept, table, wanted)
    try:
        if isinstance(given, Mapping):
            return _of_columns(list(map(str, given)), list(given.values()), table, wanted)
        if isinstance(given, pa.RecordBatch):
            return pa.Table.from_batches([given])
        if hasattr(given, "__arrow_c_stream__"):
            return pa.table(given)
        return _by_narwhals(given, table)
    except pa.ArrowException as error:
        if "non-struct" in str(error):
            raise _no_frame(given, table) from None
        said = str(error).splitlines()[0][:200]
        problem, remedy = f"the frame cannot be read ({said})", "one kind of values a column"
        raise refuse(table, problem, remedy) from None


def pandas_of(given: IntoFrame | Mapping[str, Any], table: str) -> pd.DataFrame:
    """Return a frame of any kind in pandas; one of pandas as it is."""
    kept: Any = given
    frame: pd.DataFrame = kept if _is_pandas(kept) else arrow_of(given, table).to_pandas()
    return frame


def _is_pandas(given: Any) -> bool:
    return type(given).__module__.partition(".")[0] == "pandas" and hasattr(given, "columns")


def _of_pandas(frame: pd.DataFrame, table: str, wanted: Collection[str] | None) -> pa.Table:
    """Return a pandas frame; row labels that are no data, as a filter leaves them, are dropped."""
    named = [str(each) for each in frame.index.names if each is not None]
    if named or frame.index.nlevels > 1 or frame.index.inferred_type not in LABELS:
        what = f" ({listed(named)})" if named else ""
        raise UsageError(f"frame {table}: data stand in its index{what}; give frame.reset_index()")
    names = [str(each) for each in frame.columns]
    columns = [frame.iloc[:, place] for place in range(len(names))]
    return _of_columns(names, columns, table, wanted)


def _of_columns(
    names: list[str], columns: list[Any], table: str, wanted: Collection[str] | None
) -> pa.Table:
    """Return columns of Python's values; every column of several kinds is named at once."""
    refuse_header(table, names)
    found: dict[str, pa.Array | pa.ChunkedArray] = {}
    faults: list[Fault] = []
    for name, values in zip(names, columns, strict=True):
        try:
            found[name] = pa.array(_dense(values), from_pandas=True)
        except (pa.ArrowException, OverflowError, TypeError):
            if not hasattr(values, "__len__"):
                kind = type(values).__name__
                raise UsageError(
                    f"frame {table}: column {name!r} is one {kind}; give a list of values"
                ) from None
            if wanted is not None and name not in wanted:
                found[name] = pa.nulls(len(values))
                continue
            kinds = sorted({type(each).__name__ for each in values})
            several = f"values of several kinds ({listed(kinds[:5])})"
            odd = _first_of_another_kind(values) + 1
            remedy = f"make them one kind, ids text; the first of another kind is in row {odd}"
            problem = f"holds {several}"
            if len(kinds) == 1:
                problem, remedy = f"holds {kinds[0]}", "give text, numbers or dates"
            faults += refuse(table, f"column {name!r} {problem}", remedy).faults
    if faults:
        raise InputError(faults=faults)
    return pa.table(found)


def _first_of_another_kind(values: Any) -> int:
    """Return the position of the first value that is not of the commonest kind."""
    kinds = [type(each).__name__ for each in values]
    common = max(sorted(set(kinds)), key=kinds.count)
    return next((at for at, kind in enumerate(kinds) if kind != common), 0)


def _dense(values: Any) -> Any:
    """Return a sparse column of pandas with every value; any other as it is."""
    return values.sparse.to_dense() if hasattr(values, "sparse") else values


def _no_frame(given: Any, table: str) -> UsageError:
    kind = f"{type(given).__module__}.{type(given).__qualname__}".removeprefix("builtins.")
    return UsageError(f"frame {table}: a {kind} is no frame; give {KINDS}")


def _by_narwhals(given: Any, table: str) -> pa.Table:
    """Return a frame of another library that narwhals knows, a lazy one collected."""
    import narwhals.stable.v2 as nw

    try:
        frame = nw.from_native(given)
    except TypeError:
        raise _no_frame(given, table) from None
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect("pyarrow")
    found: pa.Table = frame.to_arrow()
    return found

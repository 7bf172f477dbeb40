"""One Arrow column -> typed values, by the kind the contract declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from foreship.ingest.distinct import Values
from foreship.ingest.findings import Findings
from foreship.ingest.values.amounts import grouped_by_points, parse_amounts
from foreship.ingest.values.days import parse_days
from foreship.ingest.values.names import parse_names, parse_private
from foreship_foundation.arrays import Bools
from foreship_foundation.tables.declaration import DATED, WORDED
from foreship_foundation.tables.input_tables import Column
from foreship_foundation.tables.ranges import filled

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Parsed", "parse_column", "typed_series"]


@dataclass(frozen=True)
class Parsed:
    """Typed values of one column.

    **Invariants:** for ids and text `values` holds positions in `names`, -1 where blank; for
    days datetime64[D], NaT where blank; for numbers int64 or float64 with defaults filled in.
    """

    values: npt.NDArray[Any]
    blank: Bools
    """rows that were blank"""
    names: pa.Array | None = None
    """distinct texts, not all of them in use; none of a private column"""
    grouped: Bools | None = None
    """rows of numbers written as 2.430, where the others are not: None where there are none"""

    def taken(self, kept: Bools) -> Parsed:
        """Return the values of some rows."""
        grouped = None if self.grouped is None else self.grouped[kept]
        return Parsed(self.values[kept], self.blank[kept], self.names, grouped)


def parse_column(
    column: Column,
    raw: Values,
    findings: Findings,
    date_format: str = "",
    *,
    strict: bool = True,
) -> Parsed:
    """Type one column and gather its faults.

    Parameters
    ----------
    column
        What the contract promises.
    raw
        Text from CSV, or any Arrow type from Parquet; text may be split already.
    findings
        Receives every fault and note.
    date_format
        strptime format of text dates, '' for ISO dates.
    strict
        Whether ids are searched for spaces and hidden characters.
    """
    if column.private:
        codes = parse_private(raw)
        return Parsed(codes, codes < 0)
    if column.kind in WORDED:
        names, codes = parse_names(column, raw, findings, strict=strict)
        return Parsed(codes, codes < 0, names)
    if column.kind in DATED:
        days = parse_days(column, raw, findings, date_format)
        return Parsed(days, np.isnat(days))
    return Parsed(*parse_amounts(column, raw, findings), grouped=grouped_by_points(raw))


def typed_series(column: Column, parsed: Parsed | None, rows: int) -> pd.Series[Any]:
    """Return the column of a frame: `parsed`, or `rows` defaults where it is absent."""
    import pandas as pd

    if column.kind in WORDED:
        if parsed is None or parsed.names is None:
            return pd.Series([""] * rows, dtype=str)
        names = pa.concat_arrays([parsed.names.cast(pa.string()), pa.array([""])])
        codes = np.where(parsed.blank, len(names) - 1, parsed.values).astype(np.int32)
        texts = pa.DictionaryArray.from_arrays(pa.array(codes), names).cast(pa.string())
        series: pd.Series[Any] = texts.to_pandas()
        return series
    if column.kind in DATED:
        days = np.full(rows, "NaT", "datetime64[D]") if parsed is None else parsed.values
        return pd.Series(days.astype("datetime64[ns]"))
    if parsed is None:
        return pd.Series(filled(column, np.zeros(rows), np.ones(rows, dtype=bool)))
    return pd.Series(parsed.values)

"""A file of quantiles or means, as other tools write them, as a frame with its line numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from foreship.errors import Fault, InputError
from foreship.files import read_whole
from foreship.forecasts.recognising import NAMES, form_of
from foreship.forms import Form
from foreship.ingest.distinct import Distinct, Values, is_text
from foreship.ingest.files.sources import read_one
from foreship.ingest.formats.workbook import DAY, NUMBER
from foreship.ingest.raw import Numbering, Sought

__all__ = ["ForecastFile", "forecast_in"]

TABLE = "demand"


@dataclass(frozen=True)
class ForecastFile:
    """What a file holds, ids and days as they stand there."""

    frame: pd.DataFrame
    numbering: Numbering
    path: Path

    @contextmanager
    def naming_lines(self) -> Iterator[None]:
        """Let faults of the frame's rows be told by the lines of the file."""
        try:
            yield
        except InputError as error:
            faults = [self._named(each) for each in error.faults]
            raise InputError(f"{self.path}: {error.args[0]}", faults) from None

    def _named(self, fault: Fault) -> Fault:
        rows = tuple(self.numbering(row - 1) for row in fault.rows)
        return replace(fault, rows=rows, row_word=self.numbering.word)


def forecast_in(path: Path) -> ForecastFile | None:
    """Return the quantiles or means that a file holds; None where it holds anything else.

    Scenarios, and what cannot be read, are for the reader of scenarios, which names every fault.
    """
    try:
        data = read_whole(path, TABLE)
        (head,) = read_one(path.name, data, TABLE, Sought(frozenset()), Form()).pieces
    except (InputError, ValueError):
        return None
    if form_of(head.header) == "scenarios":
        return None
    sought = Sought(frozenset(head.header))
    (raw,) = read_one(path.name, data, TABLE, sought, Form()).pieces
    columns = {name: _plain(name, each) for name, each in raw.columns.items()}
    return ForecastFile(pd.DataFrame(columns), raw.numbering, path)


def _plain(name: str, column: Values) -> pd.Series[Any]:
    """Return a column as a frame has it; text of numbers alone as numbers, but for ids and days."""
    held = column
    if isinstance(column, Distinct):
        names = pc.utf8_rtrim(column.names.cast(pa.string()), NUMBER + DAY)  # of Excel's cells
        held = names.take(pa.array(column.codes, mask=column.codes < 0))
    read: pd.Series[Any] = held.to_pandas()
    if name in NAMES or not is_text(column.type):
        return read
    try:
        return pd.to_numeric(read.mask(read == ""))
    except ValueError:
        return read

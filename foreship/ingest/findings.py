"""Collect the faults of a column, and turn masks of rows into places a planner can find."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from foreship.errors import SHOWN, Fault, Severity
from foreship.ingest.raw import Numbering
from foreship_foundation.tables.declaration import WITHHELD, names_a_person
from foreship_foundation.tables.input_tables import Column

__all__ = ["Findings", "fault_in_rows", "in_short"]

Show = Callable[[int], Any]
LONGEST_SHOWN = 43


def in_short(value: Any) -> str:
    """Show a value as in the file, shortened, with hidden characters spelled out.

    What names a person is withheld: a column of customers may have been taken for another.
    """
    if isinstance(value, tuple):
        return " ".join(in_short(each) for each in value)
    if names_a_person(value):
        return WITHHELD
    if isinstance(value, float) and not math.isfinite(value):
        return f"'{value}'"  # as it stands in the file, and no number of ours
    if not isinstance(value, str):
        return str(value)
    value = value[: 2 * LONGEST_SHOWN]
    shown = repr(value) if value.isprintable() else ascii(value)
    return shown if len(shown) <= LONGEST_SHOWN else shown[: LONGEST_SHOWN - 5] + "...'"


def fault_in_rows(
    table: str, column: str, bad: npt.NDArray[np.bool_], numbering: Numbering, **words: Any
) -> Fault:
    """Return one fault for all rows where `bad`; the first few are named.

    `words` are the other fields of `Fault`; `show` (position -> value) fills its values.
    """
    show: Show | None = words.pop("show", None)
    first = [int(at) for at in np.flatnonzero(bad)[:SHOWN]]
    return Fault(
        table,
        column=column,
        rows=tuple(numbering(at) for at in first),
        values=() if show is None else tuple(in_short(show(at)) for at in first),
        count=int(np.count_nonzero(bad)),
        row_word=numbering.word,
        files=tuple(map(numbering.file, first)) if numbering.files else (),
        **words,
    )


@dataclass
class Findings:
    """Faults and notes on one column of one table."""

    table: str
    column: Column
    numbering: Numbering
    faults: list[Fault] = field(default_factory=list)

    def add(
        self,
        bad: npt.NDArray[np.bool_],
        problem: str,
        remedy: str = "",
        show: Show | None = None,
        severity: Severity = "fault",
    ) -> None:
        """Add one fault for the rows where `bad`, if there are any."""
        if bad.any():
            words = {"problem": problem, "remedy": remedy, "show": show, "severity": severity}
            self.faults.append(
                fault_in_rows(self.table, self.column.name, bad, self.numbering, **words)
            )

    def refuse(self, problem: str, remedy: str) -> None:
        """Add a fault of the whole column."""
        self.faults.append(Fault(self.table, problem, remedy, column=self.column.name))

    def note(self, words: str) -> None:
        """Add a note on the whole column."""
        self.faults.append(Fault(self.table, words, column=self.column.name, severity="note"))

    def require(self, blank: npt.NDArray[np.bool_]) -> None:
        """Name the blanks of a column that may not have any."""
        if self.column.required and self.column.blank_where is None:
            wanted = {"id": "an id", "text": "a text", "date": "a date", "week": "a Monday"}
            self.add(blank, "blank", f"every row needs {wanted.get(self.column.kind, 'a number')}")

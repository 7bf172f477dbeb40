"""What is said of a file that is not in our own notation, and its totals as a proof of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foreship.errors import Fault
from foreship.forms import DELIMITERS
from foreship.ingest.distinct import bools, distinct, matches
from foreship.ingest.findings import in_short
from foreship.ingest.formats.marks import PLAIN, canonical
from foreship.ingest.formats.notation import InOurs
from foreship.ingest.formats.rows import Total
from foreship_foundation.tables.declaration import Table
from foreship_foundation.telling.words import number

__all__ = ["proven", "said_of"]

NUMBER = r"^-?[0-9]+(\.[0-9]*)?$"


def said_of(ours: InOurs, table: str) -> Iterator[Fault]:
    """Say in one note how a file is written, where that is not how we write."""
    written = ours.raw.written
    words = []
    if written.delimiter not in ("", ","):
        words.append(f"{DELIMITERS[written.delimiter]} between values")
    if written.encoding:
        words.append(f"letters in {written.encoding}")
    commas = [name for name, each in ours.marks.items() if each.decimal == ","]
    if commas:
        words.append("decimal commas")
    points = [name for name, each in ours.marks.items() if each.decimal == "." and each != PLAIN]
    if points:
        words.append("marks between thousands or signs at the end of numbers")
    words += [f"dates as {each}" for each in dict.fromkeys(ours.date_formats.values())]
    if words:
        yield Fault(table, f"read with {', '.join(words)}", severity="note")


def proven(ours: InOurs, total: Total, header: Mapping[str, str], table: Table) -> Iterator[Fault]:
    """Warn where the last row of totals is not the sum of what was read."""
    for column in table.columns:
        heading = header[column.name]
        if column.kind != "units" or heading not in ours.raw.columns:
            continue
        said = _number(pa.array([total.values.get(heading, "").strip()]), ours, heading)
        text = distinct(ours.raw.columns[heading])
        names = pc.utf8_trim_whitespace(text.names)
        if not len(said) or not (matches(names, NUMBER) | bools(pc.equal(names, ""))).all():
            continue
        values = pc.if_else(pc.equal(names, ""), "0", names).cast(pa.float64()).to_numpy()
        read = float(np.sum(np.append(values, 0.0)[text.codes]))
        if abs(read - said[0]) > 1e-6 * max(1.0, abs(read)):
            yield Fault(
                table.name,
                f"the row of totals says {number(said[0])}, the rows read sum to {number(read)}",
                "is the export whole? do rows of parts and of totals stand in it?",
                column.name,
                rows=(total.number,),
                count=1,
                values=(in_short(total.values[heading]),),
                row_word=ours.raw.numbering.word,
                severity="warning",
            )


def _number(text: pa.Array, ours: InOurs, heading: str) -> list[float]:
    written, _ = canonical(text, ours.marks.get(heading, PLAIN))
    return [float(written[0].as_py())] if matches(written, NUMBER)[0] else []

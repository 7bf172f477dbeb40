"""Cells of a workbook -> text of the kind that its column holds; what Excel changed is said."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foreship.ingest.distinct import Distinct, bools, matches
from foreship.ingest.findings import Findings
from foreship.ingest.formats.workbook import DAY, NUMBER, ODD
from foreship_foundation.arrays import Bools
from foreship_foundation.telling.words import plural

__all__ = ["ended", "named_days", "named_words", "without_errors"]

FIRST_SERIAL, LAST_SERIAL = 29_221, 109_575
"""1 January 1980 and the end of 2199 as Excel counts days from 1900"""
EPOCH = {False: np.datetime64("1899-12-30", "D"), True: np.datetime64("1904-01-01", "D")}
EARLIER = 1462
"""days by which Excel counts less from 1904"""


def ended(names: pa.Array, mark: str) -> Bools:
    """Tell which texts were a cell of the kind `mark`."""
    return bools(pc.ends_with(names, mark))


def bare(names: pa.Array, mark: str) -> pa.Array:
    """Return the texts without that mark."""
    return pc.replace_substring(names, mark, "")


def without_errors(
    found: Findings, text: Distinct, letter: str, also: tuple[str, str] | None = None
) -> Distinct:
    """Name error cells, and cells of the kind `also` (mark, problem) that may not stand here.

    They are replaced by a value of the column, so that each is named once.
    """
    names = text.names
    bad = ended(names, ODD)
    kinds: list[tuple[Bools, str, str]] = [
        (bad, "an error, or a formula without its value", "mend it, or save the values")
    ]
    if also is not None:
        other = ended(names, also[0])
        kinds.append((other, also[1], "format the column as text, and write it again"))
        bad = bad | other
    if not bad.any():
        return text
    for marked, problem, remedy in kinds:
        found.add(text.rows(marked), problem, remedy, _in_cell(found, text, letter))
    good = ~bad & ~bools(pc.equal(names, ""))
    kept = names.filter(pa.array(good))
    stand_in = kept[0].as_py() if len(kept) else ""
    return Distinct(pc.if_else(pa.array(bad), stand_in, names), text.codes)


def _in_cell(found: Findings, text: Distinct, letter: str) -> Callable[[int], str]:
    def show(at: int) -> str:
        return f"{text.show(at).rstrip(ODD + NUMBER + DAY)} in {letter}{found.numbering(at)}"

    return show


def named_words(found: Findings, text: Distinct) -> pa.Array:
    """Return ids and words as text; say where numbers stand for ids, whose zeros may be lost."""
    numbers = ended(text.names, NUMBER)
    names = bare(text.names, NUMBER)
    if not numbers.any() or found.column.kind != "id":
        return names
    fractions = numbers & matches(names, r"[.e]")
    found.add(
        text.rows(fractions), "a number with decimals for an id", "write it as text", text.show
    )
    count = int(text.rows(numbers).sum())
    zeros = matches(names, r"^0[0-9]") & ~numbers
    words = plural(count, "number")
    words += " read as text, 7 as '7': zeros before them are lost, if there were any"
    if zeros.any():
        example = names.filter(pa.array(zeros))[0].as_py()
        found.add(
            text.rows(numbers),
            f"numbers beside ids with zeros before them ({example!r})",
            "are their zeros lost? format the column as text",
            lambda at: names[int(text.codes[at])].as_py(),
            "warning",
        )
    else:
        found.note(words)
    return names


def named_days(found: Findings, text: Distinct, from_1904: bool) -> tuple[pa.Array, Bools]:
    """Return date cells as ISO days, and which texts were no text; serial numbers are said."""
    dates, numbers = ended(text.names, DAY), ended(text.names, NUMBER)
    names = bare(bare(text.names, DAY), NUMBER)
    if not numbers.any():
        return names, dates
    plain = np.zeros(len(names), dtype=bool)
    values = names.filter(pa.array(numbers)).cast(pa.float64()).to_numpy()
    least = FIRST_SERIAL - EARLIER * from_1904
    plain[numbers] = (values >= least) & (values < LAST_SERIAL - EARLIER * from_1904)
    compact = numbers & matches(names, r"^(19|20|21)[0-9]{6}$")
    strange = numbers & ~plain & ~compact
    found.add(text.rows(strange), "a number, not a date", "format the cells as dates", text.show)
    serial = names.filter(pa.array(plain)).cast(pa.float64()).to_numpy()
    days = EPOCH[from_1904] + np.floor(serial).astype("timedelta64[D]")
    isos = pa.array([str(each) for each in days], pa.string())
    names = pc.replace_with_mask(names, pa.array(plain), isos)
    if plain.any():
        count = int(text.rows(plain).sum())
        first = 1904 if from_1904 else 1900
        found.note(
            f"{plural(count, 'serial number')} read as days, as Excel counts them from {first}"
        )
    return names, dates | plain

"""Numbers: plain ASCII decimals, whole where units are counted, finite, in their range."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from foreship.ingest.distinct import Distinct, Values, bools, distinct, is_text, matches
from foreship.ingest.findings import Findings
from foreship_foundation.arrays import Bools
from foreship_foundation.tables.input_tables import Column
from foreship_foundation.tables.ranges import above, below, filled, is_whole

__all__ = ["grouped_by_points", "parse_amounts"]

Amounts: TypeAlias = npt.NDArray[Any]

WHOLE = r"^[+-]?[0-9]{1,18}$"
DECIMAL = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,9})?$"
GROUPED = r"^[+-]?[1-9][0-9]{0,2}\.[0-9]{3}$"
FINE = r"^[+-]?(0*\.[0-9]{3,}|[0-9]+\.[0-9]{4,}|[0-9]{4,}\.[0-9]{3})$"
"""with three decimals, and none that could part thousands"""
ZERO_AT_END = r"0$"
ALIKE = (r"^[+-]?[0-9]+$", r"^[+-]?[0-9]+\.[0-9]{2}$")
"""the ways in which all other numbers may be written alike"""
ENOUGH = 3
"""other numbers that show how a column is written"""
UNLIMITED = ("unlimited", "inf")
TRUE = ("true", "yes", "wahr", "ja", "vrai", "oui", "verdadero", "sí", "si")
FALSE = ("false", "no", "falsch", "nein", "faux", "non", "falso")
"""as spreadsheets of four languages write them"""
FOREIGN_DIGIT = r"[\x{660}-\x{669}\x{6F0}-\x{6F9}\x{966}-\x{96F}\x{FF10}-\x{FF19}]"
MISWRITTEN = (
    (
        r"(?i)^[+-]?(nan|inf|infinity)$",
        "not a finite number",
        "give a number, leave an optional one blank",
    ),
    (r"^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?$", "a thousands mark", "take the commas away"),
    (r"^[+-]?[0-9]*,[0-9]+$", "a decimal comma", "write 1.5, not 1,5"),
    (rf"^[+-]?[0-9.]*{FOREIGN_DIGIT}[\p{{Nd}}.]*$", "digits that are not ASCII", "write 0 to 9"),
    ("", "not a number", "give a number, leave an optional one blank"),
)
"""Pattern, what is wrong, what would be right; the first that fits names the fault."""


def parse_amounts(column: Column, raw: Values, findings: Findings) -> tuple[Amounts, Bools]:
    """Return the numbers of a column with blanks filled, and which rows were blank.

    Units and flags are int64, all others float64; a value at fault is 0 or the default, and
    has been named.
    """
    kind = raw.type
    if pa.types.is_null(kind):
        numbers, blank = np.zeros(len(raw)), np.ones(len(raw), dtype=bool)
    elif is_text(kind):
        numbers, blank = _text_amounts(column, distinct(raw), findings)
    elif _is_numeric(kind) or (column.kind == "flag" and pa.types.is_boolean(kind)):
        numbers, blank = _arrow_amounts(column, raw, findings)
    else:
        findings.refuse(f"holds {kind}, not numbers", "write numbers as numbers")
        blank = np.ones(len(raw), dtype=bool)
        return filled(column, np.zeros(len(raw)), blank), blank
    findings.require(blank)
    _judge_range(column, numbers, ~blank, findings)
    return filled(column, numbers, blank), blank


def grouped_by_points(raw: Values) -> Bools | None:
    """Tell which rows read like 2.430 in a column that has no third decimal; None: no row.

    Where 0.500 stands beside them the column was written with three decimals. A program that cuts
    zeros off writes 2.43, and so 12.5 beside 2.437: there a third decimal says nothing.
    """
    if not is_text(raw.type):
        return None
    text = distinct(raw)
    names = pc.utf8_trim_whitespace(text.names)
    grouped = matches(names, GROUPED)
    if not grouped.any() or matches(names, FINE).any():
        return None
    others = ~grouped & matches(names, DECIMAL)
    padded = (grouped & matches(names, ZERO_AT_END)).any() and others.any()
    alike = others.sum() >= ENOUGH and any(matches(names, each)[others].all() for each in ALIKE)
    return text.rows(grouped) if padded or alike else None


def _is_numeric(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )


def _arrow_amounts(
    column: Column, raw: pa.ChunkedArray, findings: Findings
) -> tuple[Amounts, Bools]:
    blank = np.asarray(raw.is_null().to_numpy(), dtype=bool)
    if pa.types.is_boolean(raw.type):
        raw = raw.cast(pa.int8())
    if pa.types.is_integer(raw.type) and raw.type != pa.uint64():
        return raw.cast(pa.int64()).fill_null(0).to_numpy(), blank
    numbers = raw.cast(pa.float64(), safe=False).fill_null(0.0).to_numpy()
    bad = ~np.isfinite(numbers)
    if column.default == np.inf:
        bad &= numbers != np.inf
    findings.add(bad, "not a finite number", "give a number", numbers.__getitem__)
    return numbers, blank


def _text_amounts(column: Column, text: Distinct, findings: Findings) -> tuple[Amounts, Bools]:
    names = pc.utf8_trim_whitespace(text.names)
    blank = bools(pc.equal(names, ""))
    if column.kind == "flag":
        names = _spelled_out(names)
    good = matches(names, DECIMAL)
    endless = bools(pc.is_in(pc.utf8_lower(names), pa.array(UNLIMITED)))
    endless &= column.default == np.inf
    numbers = np.where(endless, np.inf, np.nan)
    numbers[good] = names.filter(pa.array(good)).cast(pa.float64()).to_numpy()
    _name_miswritten(names, ~good & ~blank & ~endless, text, findings)
    huge = good & ~np.isfinite(numbers)
    findings.add(text.rows(huge), "not a finite number", "give a number", text.show)
    exact = _exact(names, blank) if is_whole(column) else None
    values: Amounts = numbers if exact is None else exact
    rows = np.append(values, values.dtype.type(0))[text.codes]
    return rows, text.rows(blank) | (text.codes < 0)


def _spelled_out(names: pa.Array) -> pa.Array:
    low = pc.utf8_lower(names)
    low = pc.if_else(pc.is_in(low, pa.array(TRUE)), "1", low)
    return pc.if_else(pc.is_in(low, pa.array(FALSE)), "0", low)


def _exact(names: pa.Array, blank: Bools) -> npt.NDArray[np.int64] | None:
    """Return whole numbers without a detour over floats; None where some are not whole."""
    whole = matches(names, WHOLE)
    if not (whole | blank).all():
        return None
    exact = np.zeros(len(names), dtype=np.int64)
    digits = pc.replace_substring_regex(names.filter(pa.array(whole)), r"^\+", "")
    exact[whole] = digits.cast(pa.int64()).to_numpy()
    return exact


def _name_miswritten(names: pa.Array, bad: Bools, text: Distinct, findings: Findings) -> None:
    for pattern, problem, remedy in MISWRITTEN:
        here = bad & matches(names, pattern)
        findings.add(text.rows(here), problem, remedy, text.show)
        bad = bad & ~here


def _judge_range(column: Column, numbers: Amounts, given: Bools, findings: Findings) -> None:
    show = numbers.__getitem__
    finite = given & np.isfinite(numbers)
    right = f"must be {column.span()}"
    if is_whole(column):
        broken = finite & (numbers != np.floor(numbers))
        whole = f"{column.unit or column.name} come whole"
        findings.add(broken, f"fractional {column.name}", whole, show)
    small = finite & below(column, numbers)
    low = f"must be {column.least()}"
    floored = column.above_zero or (column.low or 0) >= 0
    negative = small & (numbers < 0) & floored
    findings.add(negative, f"negative {column.name}", low, show)
    findings.add(small & ~negative, f"{column.name} too small", low, show)
    findings.add(finite & above(column, numbers), f"{column.name} too large", right, show)
    if column.kind == "flag":
        findings.add(finite & ~np.isin(numbers, (0, 1)), "neither 0 nor 1", "write 0 or 1", show)

"""One Arrow column -> typed values, by the kind the contract declares; every fault named.

Text is judged once a distinct value, not once a row: a column is first split into its
distinct texts and the code of each row, so that a million rows cost a few thousand looks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from foreship.contract import Column
from foreship.errors import SHOWN, Fault, Severity

if TYPE_CHECKING:
    from foreship.rawtable import Numbering

__all__ = ["Findings", "Parsed", "parse_column"]

Bools: TypeAlias = npt.NDArray[np.bool_]
Codes: TypeAlias = npt.NDArray[np.int32]

LONGEST_ID = 128  # characters
LONGEST_TEXT = 10_000
LARGEST_COUNT = 10**12
EARLIEST, LATEST = np.datetime64("1900-01-01"), np.datetime64("2200-01-01")

SPACE = r"^[\s\p{Z}]|[\s\p{Z}]$"
HIDDEN = r"[\p{Cc}\p{Cf}]"
PATHLIKE = r"\.\.[/\\]|\\"
WHOLE = r"^[+-]?[0-9]{1,30}$"
DECIMAL = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$"
NOT_FINITE = r"(?i)^[+-]?(nan|inf|infinity)$"
ISO_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]{5,18}(Z|[+-][0-9]{2}:?[0-9]{2})?)?$"
TRUE, FALSE = ("1", "true", "yes"), ("0", "false", "no")


@dataclass
class Findings:
    """Faults of one column of one table, gathered row by mask."""

    table: str
    column: Column
    numbering: Numbering
    faults: list[Fault] = field(default_factory=list)

    def add(
        self,
        bad: Bools,
        problem: str,
        remedy: str = "",
        show: Callable[[int], Any] | None = None,
        severity: Severity = "fault",
    ) -> None:
        """Add one fault for the rows where `bad`, if there are any."""
        count = int(np.count_nonzero(bad))
        if not count:
            return
        first = np.flatnonzero(bad)[:SHOWN]
        hidden = show is None or self.column.private
        values = () if hidden or show is None else tuple(in_short(show(int(at))) for at in first)
        self.faults.append(
            Fault(
                self.table,
                problem,
                remedy,
                column=self.column.name,
                rows=tuple(self.numbering(int(at)) for at in first),
                values=values,
                count=count,
                row_word=self.numbering.word,
                severity=severity,
            )
        )

    def refuse(self, problem: str, remedy: str) -> None:
        """Add a fault of the whole column."""
        self.faults.append(Fault(self.table, problem, remedy, column=self.column.name))

    def note(self, words: str) -> None:
        """Add a note on the whole column."""
        self.faults.append(Fault(self.table, words, column=self.column.name, severity="note"))


@dataclass(frozen=True)
class Parsed:
    """Typed values of one column.

    **Invariants:** `codes[i]` is the position of row i's text in `names`, -1 where blank, for
    kinds id and text; for all others `values` holds int64, float64 or datetime64[D].
    """

    values: npt.NDArray[Any]
    names: pa.Array | None = None
    filled: Bools | None = None
    """rows of a number column that were blank and hold the default now"""

    @property
    def codes(self) -> Codes:
        """Codes of an id or text column."""
        return self.values


def in_short(value: Any) -> str:
    """Show a value as it stands in the file, cut and with its hidden characters spelled."""
    if not isinstance(value, str):
        return str(value)
    shown = repr(value) if value.isprintable() else ascii(value)
    return shown if len(shown) <= 43 else shown[:38] + "...'"


def parse_column(
    column: Column,
    raw: pa.ChunkedArray,
    findings: Findings,
    date_format: str = "",
    strict: bool = True,
) -> Parsed:
    """Type one column.

    Parameters
    ----------
    column
        What the contract promises.
    raw
        Text from CSV, or any Arrow type from Parquet.
    findings
        Receives every fault and note.
    date_format
        strptime format of text dates, '' for ISO dates.
    strict
        Whether ids are searched for spaces and hidden characters.
    """
    if column.private:
        return _parse_private(raw)
    if column.kind in ("id", "text"):
        return _parse_name(column, raw, findings, strict and column.kind == "id")
    if column.kind in ("date", "week"):
        return _parse_day(column, raw, findings, date_format)
    return _parse_number(column, raw, findings)


# --- text and its distinct values -------------------------------------------------------------


@dataclass(frozen=True)
class _Text:
    """Distinct texts and the code of each row, -1 for null."""

    names: pa.Array
    codes: Codes

    def rows(self, bad_names: Any) -> Bools:
        """Return the rows whose text is marked in `bad_names` (one bool a distinct text)."""
        marked = np.append(np.asarray(bad_names, dtype=bool), False)
        return marked[self.codes]

    def show(self, position: int) -> Any:
        return self.names[int(self.codes[position])].as_py()


def _distinct(raw: pa.ChunkedArray) -> _Text:
    if not pa.types.is_dictionary(raw.type):
        raw = raw.dictionary_encode()
    whole = raw.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pa.array([], raw.type)
    codes = whole.indices.cast(pa.int32()).fill_null(-1).to_numpy(zero_copy_only=False)
    names, codes = _merged(whole.dictionary, codes)
    return _Text(names, codes)


def _merged(names: pa.Array, codes: Codes) -> tuple[pa.Array, Codes]:
    """Merge equal or null entries of a dictionary, which a file may well hold."""
    if names.null_count == 0 and pc.count_distinct(names).as_py() == len(names):
        return names, codes
    again = names.dictionary_encode()
    lookup = again.indices.cast(pa.int32()).fill_null(-1).to_numpy(zero_copy_only=False)
    return again.dictionary, np.append(lookup, np.int32(-1))[codes].astype(np.int32)


def _is_text(kind: pa.DataType) -> bool:
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(value) or pa.types.is_large_string(value))


def _matches(names: pa.Array, pattern: str) -> Bools:
    return _bools(pc.match_substring_regex(names, pattern))


def _bools(array: pa.Array) -> Bools:
    return np.asarray(array.fill_null(False).to_numpy(zero_copy_only=False), dtype=bool)


# --- ids and words ----------------------------------------------------------------------------


def _parse_private(raw: pa.ChunkedArray) -> Parsed:
    """Keep who is who as codes; forget the names here."""
    text = _distinct(raw)
    codes = text.codes
    if _is_text(text.names.type):
        codes = np.where(text.rows(_bools(pc.equal(text.names, ""))), -1, codes)
    return Parsed(codes.astype(np.int32), pa.array([], pa.string()))


def _parse_name(column: Column, raw: pa.ChunkedArray, findings: Findings, strict: bool) -> Parsed:
    kind = raw.type
    if pa.types.is_integer(kind):
        findings.note(f"whole numbers ({kind}) read as text, 7 as '7'")
        raw = raw.cast(pa.string())
    elif pa.types.is_null(kind):
        raw = raw.cast(pa.string())
    elif not _is_text(kind):
        findings.refuse(f"holds {kind}, not text", "write ids as text, they may have lost digits")
        return Parsed(np.full(len(raw), -1, np.int32), pa.array([], pa.string()))
    text = _distinct(raw)
    blank = _bools(pc.equal(text.names, ""))
    codes = np.where(text.rows(blank), np.int32(-1), text.codes).astype(np.int32)
    _require(column, codes < 0, findings)
    if strict:
        _judge_ids(text, findings)
    if column.choices:
        unknown = ~_bools(pc.is_in(text.names, pa.array(column.choices))) & ~blank
        findings.add(text.rows(unknown), "unknown word", column.span(), text.show)
    return Parsed(codes, text.names)


def _judge_ids(text: _Text, findings: Findings) -> None:
    names = text.names
    judged = (
        (_matches(names, SPACE), "a space at its start or end", "take it away"),
        (_matches(names, HIDDEN), "a hidden or control character", "take it away"),
        (_matches(names, PATHLIKE), "a backslash or '../'", "ids do not look like paths"),
        (
            _bools(pc.greater(pc.utf8_length(names), LONGEST_ID)),
            f"over {LONGEST_ID} characters",
            "is this an id?",
        ),
    )
    for bad, problem, remedy in judged:
        findings.add(text.rows(bad), problem, remedy, text.show)
    floats = _matches(names, r"^[0-9]+\.0$")
    used = np.unique(text.codes[text.codes >= 0])
    if len(used) and floats[used].all():
        findings.refuse("all ids end in '.0', a spreadsheet changed them", "export them as text")
    plain = pc.utf8_normalize(names, form="NFC")
    twins = _repeated(plain)
    findings.add(
        text.rows(twins), "one word in two Unicode spellings", "write it in one (NFC)", text.show
    )


def _repeated(names: pa.Array) -> Bools:
    encoded = names.dictionary_encode().indices.to_numpy(zero_copy_only=False)
    return np.bincount(encoded)[encoded] > 1 if len(encoded) else np.zeros(0, dtype=bool)


def _require(column: Column, blank: Bools, findings: Findings) -> None:
    if column.required and not column.blank_ok:
        findings.add(blank, "blank", f"every row needs {_article(column)}")


def _article(column: Column) -> str:
    words = {"id": "an id", "text": "a text", "date": "a date", "week": "a Monday"}
    return words.get(column.kind, "a number")


# --- days -------------------------------------------------------------------------------------


def _parse_day(
    column: Column, raw: pa.ChunkedArray, findings: Findings, date_format: str
) -> Parsed:
    kind = raw.type
    if pa.types.is_null(kind):
        days, show = np.full(len(raw), "NaT", "datetime64[D]"), None
    elif _is_text(kind):
        text = _distinct(raw)
        days, show = _text_days(text, findings, date_format), text.show
    elif pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        days = _arrow_days(raw, findings)
        show = lambda at: days[at]  # noqa: E731
    else:
        findings.refuse(f"holds {kind}, not dates", "write dates as dates or as 2026-05-04")
        return Parsed(np.full(len(raw), "NaT", "datetime64[D]"))
    _judge_days(column, days, findings, show)
    return Parsed(days)


def _arrow_days(raw: pa.ChunkedArray, findings: Findings) -> npt.NDArray[np.datetime64]:
    kind = raw.type
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        findings.note(f"times in {kind.tz}: the local day counts")
        raw = pc.local_timestamp(raw)
    if pa.types.is_timestamp(raw.type):
        raw = pc.floor_temporal(raw, unit="day")
    return np.asarray(raw.to_numpy(zero_copy_only=False)).astype("datetime64[D]")


def _text_days(text: _Text, findings: Findings, date_format: str) -> npt.NDArray[np.datetime64]:
    names = pc.utf8_trim_whitespace(text.names)
    blank = _bools(pc.equal(names, ""))
    fits = _fits(names, date_format) if date_format else _matches(names, ISO_DAY)
    days = _days_of(names, fits, date_format)
    remedy = (
        f"every date of this table reads as {date_format}"
        if date_format
        else f'write 2026-05-04, or say [columns] {findings.table}.date_format = "%d/%m/%Y"'
    )
    no_form = ~fits & ~blank
    slashed = no_form & _matches(names, r"^[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}$")
    findings.add(
        text.rows(slashed & (not date_format)),
        "day and month cannot be told apart",
        remedy,
        text.show,
    )
    findings.add(
        text.rows(no_form & ~(slashed & (not date_format))), "not a date", remedy, text.show
    )
    findings.add(
        text.rows(fits & np.isnat(days)), "no such day", "give a day of the calendar", text.show
    )
    if not date_format and _matches(names, r"(Z|[+-][0-9]{2}:?[0-9]{2})$")[fits].any():
        if (_bools(pc.greater(pc.utf8_length(names), 12)) & fits).any():
            findings.note("times carry an offset: the day as written counts")
    return np.append(days, np.datetime64("NaT", "D"))[text.codes]


def _fits(names: pa.Array, date_format: str) -> Bools:
    """Tell which texts have the shape of the format; whether the day exists is asked later."""
    shapes = {"%d": "[0-9]{1,2}", "%m": "[0-9]{1,2}", "%Y": "[0-9]{4}", "%y": "[0-9]{2}"}
    pattern, position = "", 0
    while position < len(date_format):
        code = date_format[position : position + 2]
        if code.startswith("%"):
            pattern += shapes.get(code, r"[\p{L}\p{N}]+")
            position += 2
        else:
            letter = date_format[position]
            pattern += letter if letter.isalnum() else f"[{letter}]" if letter != "^" else r"\^"
            position += 1
    return _matches(names, f"^{pattern}$")


def _days_of(names: pa.Array, fits: Bools, date_format: str) -> npt.NDArray[np.datetime64]:
    import pandas as pd

    days = np.full(len(names), "NaT", "datetime64[D]")
    if fits.any():
        texts = names.filter(pa.array(fits))
        if not date_format:
            texts = pc.utf8_slice_codeunits(texts, 0, 10)
        found = pd.to_datetime(
            pd.Series(texts.to_pylist(), dtype=object),
            format=date_format or "%Y-%m-%d",
            errors="coerce",
        )
        days[fits] = found.to_numpy().astype("datetime64[D]")
    return days


def _judge_days(
    column: Column,
    days: npt.NDArray[np.datetime64],
    findings: Findings,
    show: Callable[[int], Any] | None,
) -> None:
    blank = np.isnat(days)
    if not any(fault.severity == "fault" for fault in findings.faults):
        _require(column, blank, findings)
    far = ~blank & ((days < EARLIEST) | (days > LATEST))
    findings.add(far, "a year before 1900 or after 2199", "give the year in four digits", show)
    if column.kind == "week":
        sunday = ~blank & ((days.astype(np.int64) + 3) % 7 != 0)
        findings.add(sunday, "not a Monday", "a week is named by its Monday", show)


# --- numbers ----------------------------------------------------------------------------------


def _parse_number(column: Column, raw: pa.ChunkedArray, findings: Findings) -> Parsed:
    kind = raw.type
    if pa.types.is_null(kind):
        numbers, blank, show = np.zeros(len(raw)), np.ones(len(raw), dtype=bool), None
    elif _is_text(kind):
        text = _distinct(raw)
        numbers, blank = _text_numbers(column, text, findings)
        show = text.show
    elif _is_numeric(kind) or (column.kind == "flag" and pa.types.is_boolean(kind)):
        numbers, blank = _arrow_numbers(column, raw, findings)
        show = lambda at: numbers[at]  # noqa: E731
    else:
        findings.refuse(f"holds {kind}, not numbers", "write numbers as numbers")
        return Parsed(_empty(column, len(raw)))
    _require(column, blank, findings)
    _judge_range(column, numbers, ~blank, findings, show)
    return Parsed(_filled(column, numbers, blank), filled=blank)


def _is_numeric(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )


def _empty(column: Column, rows: int) -> npt.NDArray[Any]:
    return _filled(column, np.zeros(rows), np.ones(rows, dtype=bool))


def _whole(column: Column) -> bool:
    return column.kind in ("units", "flag")


def _filled(column: Column, numbers: npt.NDArray[Any], blank: Bools) -> npt.NDArray[Any]:
    if _whole(column):
        default = column.default if isinstance(column.default, (int, float)) else 0
        safe = np.where(blank | ~np.isfinite(numbers), default, numbers)
        return np.clip(safe, -LARGEST_COUNT * 10, LARGEST_COUNT * 10).astype(np.int64)
    default = column.default if isinstance(column.default, (int, float)) else np.nan
    return np.where(blank, default, numbers).astype(np.float64)


def _arrow_numbers(
    column: Column, raw: pa.ChunkedArray, findings: Findings
) -> tuple[npt.NDArray[Any], Bools]:
    blank = np.asarray(raw.is_null().to_numpy(), dtype=bool)
    if pa.types.is_boolean(raw.type):
        raw = raw.cast(pa.int8())
    if pa.types.is_integer(raw.type) and raw.type != pa.uint64():
        return raw.cast(pa.int64()).fill_null(0).to_numpy(), blank
    numbers = raw.cast(pa.float64(), safe=False).fill_null(0.0).to_numpy()
    _refuse_not_finite(column, numbers, findings)
    return numbers, blank


def _refuse_not_finite(column: Column, numbers: npt.NDArray[Any], findings: Findings) -> None:
    bad = ~np.isfinite(numbers)
    if column.default == np.inf:
        bad &= numbers != np.inf
    findings.add(bad, "not a finite number", "give a number", lambda at: numbers[at])


def _text_numbers(
    column: Column, text: _Text, findings: Findings
) -> tuple[npt.NDArray[Any], Bools]:
    names = pc.utf8_trim_whitespace(text.names)
    blank = _bools(pc.equal(names, ""))
    unlimited = np.zeros(len(names), dtype=bool)
    if column.default == np.inf:
        unlimited = _bools(pc.is_in(pc.utf8_lower(names), pa.array(["unlimited", "inf"])))
    if column.kind == "flag":
        names = _spelled_flags(names)
    good = _matches(names, DECIMAL)
    numbers = np.where(unlimited, np.inf, np.nan)
    numbers[good] = names.filter(pa.array(good)).cast(pa.float64()).to_numpy()
    _name_bad_numbers(names, ~good & ~blank & ~unlimited, text, findings)
    huge = good & ~np.isfinite(numbers)
    findings.add(text.rows(huge), "not a finite number", "give a number", text.show)
    exact = _exact(names, blank) if _whole(column) else None
    values: npt.NDArray[Any] = numbers if exact is None else exact
    return np.append(values, values.dtype.type(0))[text.codes], text.rows(blank) | (text.codes < 0)


def _exact(names: pa.Array, blank: Bools) -> npt.NDArray[np.int64] | None:
    """Return whole numbers without a detour over floats; None where some are not whole."""
    whole = _matches(names, WHOLE) & _bools(pc.less(pc.utf8_length(names), 19))
    if not (whole | blank).all():
        return None
    exact = np.zeros(len(names), dtype=np.int64)
    stripped = pc.replace_substring_regex(names.filter(pa.array(whole)), r"^\+", "")
    exact[whole] = stripped.cast(pa.int64()).to_numpy()
    return exact


def _spelled_flags(names: pa.Array) -> pa.Array:
    low = pc.utf8_lower(names)
    low = pc.if_else(pc.is_in(low, pa.array(TRUE)), "1", low)
    return pc.if_else(pc.is_in(low, pa.array(FALSE)), "0", low)


def _name_bad_numbers(names: pa.Array, bad: Bools, text: _Text, findings: Findings) -> None:
    kinds = (
        (NOT_FINITE, "not a finite number", "give a number, or leave an optional one blank"),
        (r"^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?$", "a thousands mark", "take the commas away"),
        (r"^[+-]?[0-9]*,[0-9]+$", "a decimal comma", "write 1.5, not 1,5"),
        (r"^[+-]?[\p{Nd}.]+$", "digits that are not ASCII", "write 0 to 9"),
        ("", "not a number", "give a number, or leave an optional one blank"),
    )
    for pattern, problem, remedy in kinds:
        here = bad & _matches(names, pattern)
        findings.add(text.rows(here), problem, remedy, text.show)
        bad = bad & ~here


def _judge_range(
    column: Column,
    numbers: npt.NDArray[Any],
    given: Bools,
    findings: Findings,
    show: Callable[[int], Any] | None,
) -> None:
    finite = given & np.isfinite(numbers)
    unit = column.unit or column.name
    if _whole(column):
        broken = finite & (numbers != np.floor(numbers))
        findings.add(broken, f"fractional {column.name}", f"{unit} come whole", show)
        findings.add(
            finite & (np.abs(numbers) > LARGEST_COUNT), "over 10^12", "is this a count?", show
        )
    low = 0.0 if column.above_zero else column.low
    if low is not None:
        below = finite & ((numbers <= low) if column.above_zero else (numbers < low))
        word = "negative" if low == 0 and (numbers[below] < 0).all() else "too small"
        findings.add(below, f"{word} {column.name}", f"must be {column.span()}", show)
    if column.high is not None:
        findings.add(
            finite & (numbers > column.high),
            f"{column.name} too large",
            f"must be {column.span()}",
            show,
        )
    if column.kind == "flag":
        findings.add(finite & ~np.isin(numbers, (0, 1)), "neither 0 nor 1", "write 0 or 1", show)

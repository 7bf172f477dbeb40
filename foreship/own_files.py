"""What a run's own files must hold before anybody reads them: manifest, summary and frames.

A hash proves that a file is the one that was written, not who wrote it: a manifest may have been
made again around other files. Whatever is not as we write it is refused here, in one sentence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foreship.errors import OtherSchema, Tampered, UsageError
from foreship.files import read_small
from foreship_foundation.tables.declaration import DATED, WORDED, Table
from foreship_foundation.tables.derived import DERIVED
from foreship_foundation.tables.input_tables import INPUTS
from foreship_foundation.tables.output_files import (
    ADJUSTED,
    AHEAD,
    ASKED,
    CELL_ORDERS,
    CHANGES,
    DEPARTURES,
    EXCEPTIONS,
    FACTS,
    FORECAST,
    LAW,
    NEEDS,
    PLAN,
    PROJECTED,
    SUMMARY,
    UNITS,
    WITHOUT,
)
from foreship_foundation.telling.words import listed

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "EXTRAS",
    "INBOUND",
    "KEPT",
    "MANIFEST",
    "MODEL",
    "PLAN_LINES",
    "READABLE",
    "SCHEMA_VERSION",
    "read_frame",
    "read_manifest",
    "read_summary",
    "refuse_damaged",
    "untyped_columns",
]

MANIFEST = "manifest.json"
SCHEMA_VERSION = 1
READABLE: Mapping[int, str] = {1: "files and keys have only been added since 0.1"}
"""schemas of runs that are read, each with what makes that possible"""
LARGEST_OBJECT = 50_000_000
"""bytes beyond which a manifest or a summary is not ours"""
LARGEST_NUMBER = 1e300
ROUNDED = 1e-6
"""how far a number may lie beyond its range by rounding"""
KEPT = "inputs"
"""folder of a run with the tables that its plan was made from"""
PLAN_LINES = "plan.parquet"
"""file of a run with the lines of its plan"""
INBOUND = "inbound.csv"
"""file of a run with what its plan sends, as the warehouse takes it"""
MODEL = "model"
"""folder of a run with the model that its forecast was made by"""
EXTRAS: Mapping[str, Table] = {
    each.name: each for each in (ASKED, WITHOUT, ADJUSTED, FACTS, PROJECTED, EXCEPTIONS, CHANGES)
}
"""what is worked out of a finished plan, each where it says something"""
FRAMES: Mapping[str, Table] = {
    "forecast.parquet": FORECAST, "law.parquet": LAW, PLAN_LINES: PLAN, "units.parquet": UNITS,
    "orders.parquet": CELL_ORDERS, "departures.parquet": DEPARTURES, "needs.parquet": NEEDS,
    "ahead.parquet": AHEAD, **EXTRAS,
}  # fmt: skip
Check = Callable[[Any], bool]


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a run folder.

    Raises
    ------
    UsageError
        If there is none.
    Tampered
        If it is not as we write it.
    OtherSchema
        If it is of a schema that this version does not read; all of READABLE are read.
    """
    path = folder / MANIFEST
    try:
        found = _object_in(path)
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"the folder {folder} is not a run: it has no {MANIFEST}") from None
    version = found.get("schema_version")
    if _is_count(version) and version not in READABLE:
        versions = found.get("versions")
        by = versions.get("foreship") if isinstance(versions, dict) else None
        maker = f"foreship {by}" if _is_text(by) else "the version that made it"
        raise OtherSchema(
            f"{path} is of schema {version}, this foreship reads {listed(READABLE)}; read the run "
            f"with {maker}, or make it again"
        )
    refuse_damaged(path, [each for each, holds in REQUIRED.items() if not holds(found.get(each))])
    known = {each: holds for each, holds in KNOWN.items() if each in found}
    refuse_damaged(path, [each for each, holds in known.items() if not holds(found[each])])
    return found


def read_summary(path: Path) -> dict[str, Any]:
    """Read `summary.json`; raise Tampered if it is not as we write it."""
    found = _object_in(path)
    wrong = [each for each, holds in SUMMED_UP.items() if not holds(found.get(each))]
    refuse_damaged(path, wrong if found else [])
    return found


def read_frame(path: Path) -> pd.DataFrame:
    """Read a Parquet file of a run; raise Tampered if it cannot be read or lacks a column."""
    import pandas as pd
    import pyarrow as pa

    try:
        frame = pd.read_parquet(path)
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError):
        raise Tampered(f"{path} cannot be read; make the run again") from None
    refuse_damaged(path, untyped_columns(path, frame))
    return frame


def untyped_columns(path: Path, frame: pd.DataFrame) -> list[str]:
    """Return the columns that rows of a run's Parquet file lack, or hold in another type."""
    if path.parent.name == KEPT:
        return _untyped_inputs(path.stem, frame)
    table = FRAMES.get(path.name)
    columns = () if table is None else table.columns
    return [each.name for each in columns if not _is_typed(frame, each)]


def _untyped_inputs(name: str, frame: pd.DataFrame) -> list[str]:
    """Return the columns of a kept input table that are not as the contract types them."""
    table = INPUTS.get(name) or DERIVED.get(name)
    if table is None:
        return [name]
    absent = [each.name for each in table.columns if each.required and each.name not in frame]
    here = [each for each in table.columns if each.name in frame]
    return absent + [each.name for each in here if not _is_typed(frame, each)]


def _object_in(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file, {} for anything else that may be there."""
    try:
        found = json.loads(read_small(path, LARGEST_OBJECT).decode("utf-8"))
    except (ValueError, RecursionError, IsADirectoryError):
        found = {}
    return found if isinstance(found, dict) else {}


def refuse_damaged(path: Path, names: Sequence[str]) -> None:
    """Raise Tampered where a file of ours has damaged parts, and name the first of them."""
    if names:
        raise Tampered(f"{path} is damaged ({', '.join(names[:5])}); make the run again")


def _is_typed(frame: pd.DataFrame, column: Any) -> bool:
    """Whether a frame has a column of its kind, without blanks where words or days stand."""
    from pandas.api import types

    if column.name not in frame:
        return False
    values = frame[column.name]
    if column.kind in WORDED:
        return bool(types.is_string_dtype(values) and not values.isna().any())
    if column.kind in DATED:
        due = column.required and values.isna().any()
        return bool(types.is_datetime64_dtype(values) and not due)
    if column.kind in ("units", "flag"):
        return bool(types.is_integer_dtype(values))
    if not types.is_numeric_dtype(values) or types.is_bool_dtype(values):
        return False
    # an unlimited capacity is blank in its file and beyond any range here
    values = values if column.required else values[values.notna() & (values != column.default)]
    return all(
        (sign * (values - end) >= -ROUNDED).all()
        for sign, end in ((1, column.low), (-1, column.high))
        if end is not None
    )


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_number(value: Any) -> bool:
    """Whether a value is a finite number; true and false are none."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and bool(abs(value) <= LARGEST_NUMBER)  # NaN is not below anything


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_day(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value).isoformat() == value)
    except (ValueError, TypeError):
        return False


def _is_moment(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (ValueError, TypeError):
        return False


def _or_none(holds: Check) -> Check:
    return lambda value: value is None or holds(value)


def _each(holds: Check) -> Check:
    """Whether a value is a list of such."""
    return lambda value: isinstance(value, list) and all(holds(each) for each in value)


def _by_name(holds: Check) -> Check:
    """Whether a value is an object of such; JSON's names are text."""
    return lambda value: isinstance(value, dict) and all(holds(each) for each in value.values())


def _with(**parts: Check) -> Check:
    """Whether a value is an object that has these parts."""
    return lambda value: (
        isinstance(value, dict) and all(holds(value.get(name)) for name, holds in parts.items())
    )


def _is_setting(value: Any) -> bool:
    plain = value is None or isinstance(value, str | bool) or _is_number(value)
    return plain or _each(lambda each: _is_text(each) or _is_condition(each))(value)


def _is_condition(value: Any) -> bool:
    """Whether a value is a condition on rows: a column, a comparison, what it is compared with."""
    plain = _each(lambda each: isinstance(each, str | bool) or _is_number(each))
    return isinstance(value, list) and all(plain([each]) or plain(each) for each in value)


def _is_config(value: Any) -> bool:
    """Whether a value holds settings by section, those that readers count with in their range."""
    section = _by_name(lambda each: _is_setting(each) or _by_name(_is_setting)(each))
    if not _by_name(section)(value):
        return False
    weeks = value.get("plan", {}).get("review_weeks", 1)
    level = value.get("risk", {}).get("level", 0.0)
    return _is_count(weeks) and 0 < weeks < 1000 and _is_number(level) and 0.0 <= level < 1.0


REQUIRED: Mapping[str, Check] = {
    "schema_version": _is_count,
    "run_id": lambda value: _is_text(value) and value.isalnum(),
    "as_of": _is_day,
    "written": _is_moment,
    "notes": _each(_is_text),
    "files": _by_name(_with(bytes=_is_count, sha256=_is_text)),
}
KNOWN: Mapping[str, Check] = {
    "command": _is_text,
    "config": _is_config,
    "versions": _by_name(_is_text),
    "inputs": _each(
        _with(
            name=_is_text,
            path=_is_text,
            rows=_is_count,
            sha256=_is_text,
            content=_or_none(_is_text),
        )
    ),
    "seeds": _by_name(_is_count),
    "scenarios": lambda value: _is_count(value) and 0 < value < 10**9,
    "obsolescence": lambda value: _is_number(value) and 0.0 <= value < 1.0,
    "base": _is_text,
    "whatif": lambda value: isinstance(value, dict),
    "warnings": _each(_is_text),
    "workspace": _is_text,
}
"""facts that only some commands know, or that a test leaves out"""
PRICE = _with(limit=_is_text, family=_is_text, price=_is_number, unit=_is_text, words=_is_text)
ORDERS = _with(
    periods=_is_count, orders_seen=_is_count, worth_serving_there=_is_number, whole=_is_number,
    units_there=_is_number, gain=_is_number, bound=_is_number, gap=_is_number,
)  # fmt: skip
AHEAD_PRICE = _with(limit=_is_text, week=_is_day, price=_is_number)
LATER = _with(
    prices=_each(AHEAD_PRICE), objective=_is_number, bound=_is_number, gap=_is_number,
)  # fmt: skip
UNMET = _with(
    row=_is_text, words=_is_text, wanted=_is_number, reached=_is_number, because=_is_text,
)  # fmt: skip
STATUS = SUMMARY.column("status").choices
SUMMED_UP: Mapping[str, Check] = {
    "schema_version": _or_none(lambda value: _is_count(value) and value in READABLE),
    "status": lambda value: value in STATUS,
    "termination": _is_text,
    "objective": _is_number,
    "bound": _or_none(_is_number),
    "gap": _or_none(_is_number),
    "continuous_gap": _or_none(_is_number),
    "totals": _by_name(_is_number),
    "cvar": _or_none(_is_number),
    "cvar_out_of_sample": _or_none(_is_number),
    "out_of_sample_paths": _or_none(_is_count),
    "risk_budget": _or_none(_is_number),
    "risk_level": _or_none(_is_number),
    "shadow_prices": _each(PRICE),
    "relaxed": _each(_by_name(_is_setting)),
    "counts": _by_name(_is_number),
    "orders": _or_none(ORDERS),
    "ahead": _or_none(LATER),
    "asked": _or_none(_by_name(_is_number)),
    "unmet": _or_none(_each(UNMET)),
    "held_by": _or_none(_each(_with(gate=_is_text, words=_is_text))),
    "solver": _or_none(_by_name(_is_text)),
    "metrics": _or_none(lambda value: isinstance(value, dict)),
}

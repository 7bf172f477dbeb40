"""A workspace that passed its checks: typed tables, config, and the hash of everything read."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship.config import Config
from foreship.errors import Fault, InputError, UsageError
from foreship.files import path_of
from foreship.ingest.findings import fault_in_rows
from foreship.ingest.tables import empty_frame, read_table
from foreship.params import StoreParams
from foreship.places.place import folder_of, is_in_store
from foreship.quality.checks import demand_doubts
from foreship.workspace.buyers import buyers_read
from foreship.workspace.changed import other_settings, other_tables
from foreship.workspace.checking import Inspection, inspect
from foreship.workspace.held_tables import HeldTables
from foreship.workspace.typed_frames import filled
from foreship_foundation.tables.contents import content_hash
from foreship_foundation.tables.input_tables import INPUTS
from foreship_foundation.tables.output_files import DEMAND
from foreship_foundation.telling.words import listed, plural, sentences
from foreship_foundation.trading_weeks import next_monday

if TYPE_CHECKING:
    from foreship.frames.kinds import IntoFrame
    from foreship.ingest.tables import TableRead

__all__ = [
    "DOUBTS",
    "IN_MEMORY",
    "Workspace",
    "contents_of",
    "inputs_of",
    "monday",
    "open_workspace",
    "read_demand",
    "workspace_of",
]

DOUBTS = "doubts"
"""where a frame of one's own demand keeps what is odd about it"""
IN_MEMORY = "(in memory)"
"""path of a table that was read from no file"""


@dataclass(frozen=True)
class Workspace:
    """Tables that passed every check, with every default filled in; it does not change.

    **Invariants:** `tables` holds a frame for every table of the contract, absent ones without
    rows; ids are text, dates are midnights, quantities whole; there is no customer id in it.
    `tables["buyers"]` holds how many customers first bought in each cell, week by week.
    """

    path: Path
    config: Config
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    as_of: pd.Timestamp
    """the Monday a plan is made for"""
    read: tuple[dict[str, Any], ...] = ()
    """name, path, rows and sha256 of every table read"""
    contents: Mapping[str, str] = field(default_factory=dict, repr=False)
    """content hash of every table as it was read"""
    findings: tuple[Fault, ...] = field(default=(), repr=False)
    """what was found odd, filled or left out"""
    said: tuple[str, ...] = field(default=(), repr=False)
    """what else was noticed, one sentence each"""
    stated_items: pd.DataFrame | None = field(default=None, compare=False, repr=False)
    """`items` with the blanks that settings have filled"""
    out: Path | None = None
    """folder in which runs, what-ifs, approvals and releases lie; None: the workspace itself"""
    keeper: object = field(default=None, compare=False, repr=False)
    """what must live as long as this workspace, as the temporary folder of one of frames"""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", HeldTables(self.tables))

    @property
    def runs_at(self) -> Path:
        """The folder in which its runs lie, and their lock."""
        return self.out or self.path

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """What the checks of data quality doubt, each told in `notes` too."""
        return tuple(each for each in self.findings if each.severity == "warning")

    @property
    def inputs(self) -> tuple[dict[str, Any], ...]:
        """Name, path, rows and sha256 of every table as it is now, and the hash of its content.

        A table that does not hold what was read, given to `with_tables` or written into, is
        "(in memory)", and its sha256 is that of its content.
        """
        return inputs_of(self, contents_of(self))

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found odd, filled, left out or assumed, one sentence each."""
        expired = _expired(self.tables["overrides"], self.as_of)
        found = (*map(str, self.findings), *self.said)
        return tuple(sentences((*found, *expired, *_assumed(self.config))))

    def default_as_of(self) -> pd.Timestamp:
        """Return the Monday after the last order that does not stand alone, as `open` does.

        Raises
        ------
        UsageError
            If there is no order.
        """
        if self.tables["orders"].empty:
            raise UsageError("there is no order to take the week from")
        return _next_monday(self.tables["orders"]["date"].to_numpy())

    def at(self, as_of: str | pd.Timestamp) -> Workspace:
        """Return the same workspace for another Monday; its tables and settings stay as they are.

        Raises
        ------
        UsageError
            If that is not a Monday.
        """
        return dataclasses.replace(self, as_of=monday(as_of))

    def with_tables(self, **frames: IntoFrame) -> Workspace:
        """Return another workspace, with some tables replaced and all else the same.

        Parameters
        ----------
        frames
            By table name, of any kind (pandas, polars, Arrow, DuckDB). They are checked, typed and
            filled as files are. `orders` with a `customer` column are counted into `buyers` and
            lose it, without one `buyers` stay those that were read. An empty frame is a table
            without rows.

        Raises
        ------
        UsageError
            For a name that is not a table, or what is no frame.
        InputError
            With every fault of the frames, and of the other tables beside them.
        """
        return dataclasses.replace(self, **other_tables(self, frames))

    def with_settings(self, **values: Any) -> Workspace:
        """Return another workspace, with some settings replaced and all else the same.

        Parameters
        ----------
        values
            By `section__setting`, as `risk__budget=400`; None takes a setting away, so that its
            default holds.

        Raises
        ------
        UsageError
            With every setting that does not exist or is out of its range.
        """
        return dataclasses.replace(self, **other_settings(self, values))

    def __str__(self) -> str:
        present = [name for name in INPUTS if len(self.tables[name])]
        width = max(map(len, present), default=0)
        rows = [f"{name:<{width}} {plural(len(self.tables[name]), 'row'):>17}" for name in present]
        lines = [f"Workspace {self.path}, as of {self.as_of.date()}"]
        lines += [f"├── {row}" for row in rows]
        lines.append(f"└── {plural(len(self.notes), 'note')}")
        return "\n".join([*lines, *(f"    {note}" for note in self.notes)])

    def __repr__(self) -> str:
        there = [name for name in INPUTS if len(self.tables[name])]
        rows = sum(len(self.tables[name]) for name in there)
        lines = [f"Workspace {self.path}, as of {self.as_of.date()}"]
        lines.append(f"  {plural(rows, 'row')} in {listed(there)}")
        lines.append(f"  {plural(len(self.notes), 'note')} (workspace.notes)")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from foreship.reports.tables_html import html_table

        there = {name: len(self.tables[name]) for name in INPUTS if len(self.tables[name])}
        rows = pd.DataFrame({"table": list(there), "rows": list(there.values())})
        title, *_, notes = repr(self).splitlines()
        table = html_table(rows, most=len(INPUTS))
        return f"<p>{escape(title)}</p>{table}<p>{escape(notes.strip())}</p>"


def open_workspace(
    path: str | Path,
    as_of: str | pd.Timestamp | None = None,
    *,
    history: bool = True,
    config: Config | None = None,
    out: str | Path | None = None,
) -> Workspace:
    """Read, check and type a workspace.

    Parameters
    ----------
    path
        Folder with `foreship.toml`.
    as_of
        The Monday a plan is made for; left out, the Monday after the last order. The few orders
        that stand alone long after all others, as one mistyped year does, do not move it.
    history
        Whether orders are needed; a plan on one's own demand does without.
    config
        Settings and tables in the place of those of `foreship.toml`, as a plan that is tried asks.
    out
        Folder for the runs, made if it is not there, or a place in a store such as
        `s3://bucket/plans`; left out, the workspace itself.

    Raises
    ------
    UsageError
        If the config is at fault, `as_of` is not a Monday, or there is neither `as_of` nor
        an order.
    InputError
        With every fault of every table.
    StorageError
        If the system refuses to read a file.
    """
    day = None if as_of is None else monday(as_of)
    until = None if day is None else np.datetime64(day, "D")
    found = inspect(path, history=history, as_of=until, config=config)
    found.report().raise_if_faulty()
    return workspace_of(found, found.path, day, out=_apart(found.path, out, found.config.store))


def workspace_of(
    found: Inspection,
    path: Path,
    as_of: pd.Timestamp | None,
    *,
    out: Path | None = None,
    keeper: object = None,
) -> Workspace:
    """Return the workspace of tables that were found without a fault.

    Parameters
    ----------
    path
        Its folder.
    as_of
        The Monday a plan is made for; None: the Monday after the last order.
    out, keeper
        As in `Workspace`.

    Raises
    ------
    UsageError
        If there is neither `as_of` nor an order.
    """
    orders = found.tables.get("orders")
    stray: list[str] = []
    if as_of is None:
        as_of, stray = _monday_after(orders)
    stated = {
        name: found.tables[name].frame if name in found.tables else empty_frame(table)
        for name, table in INPUTS.items()
    }
    frames = filled(stated, found.config.economics) | {"buyers": buyers_read(orders)}
    contents = {name: content_hash(frame) for name, frame in frames.items()}
    report = found.report()
    return Workspace(
        path,
        found.config,
        frames,
        as_of,
        _inputs(found, frames, contents),
        contents,
        (*report.warnings, *report.notes),
        tuple(stray),
        stated["items"],
        out,
        keeper,
    )


def _apart(path: Path, out: str | Path | None, settings: StoreParams) -> Path | None:
    """Return the folder for the runs, made where it is not there; None if it is the workspace."""
    if out is None or (not is_in_store(out) and path_of(out, "out").resolve() == path.resolve()):
        return None
    return folder_of(out, settings)


def monday(as_of: str | pd.Timestamp) -> pd.Timestamp:
    """Return `as_of` as a midnight; raise UsageError where it is not a Monday."""
    given: Any = as_of
    try:
        if isinstance(given, Real) and not pd.isna(float(given)):
            raise TypeError  # a number would be read as so many nanoseconds since 1970
        day = pd.Timestamp(as_of)
    except (ValueError, TypeError):
        raise UsageError(f"as_of {as_of!r} is not a date; write it as 2026-11-16") from None
    if pd.isna(day):
        raise UsageError("as_of is blank; write it as 2026-11-16")
    day = day.tz_localize(None).normalize()
    if day.weekday() != 0:
        before = day - pd.Timedelta(days=day.weekday())
        after = before + pd.Timedelta(days=7)
        raise UsageError(
            f"as_of {day.date()} is a {day.day_name()}; a plan is made for a Monday, "
            f"{before.date()} or {after.date()}"
        )
    return day


def read_demand(path: str | Path, workspace: Workspace) -> pd.DataFrame:
    """Read one's own forecast: `region, item, week, scenario, units` [`order_size`].

    Parameters
    ----------
    path
        CSV or Parquet; rows that are absent are 0 units. What is odd about it is told in the
        frame's `attrs["doubts"]`, one sentence each.
    workspace
        Whose regions and items it speaks of.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    read = read_table(DEMAND, Path(path))
    faults = [each for each in read.faults if each.severity == "fault"]
    for column in ("region", "item"):
        known = set(workspace.tables[f"{column}s"][column])
        unknown = set(read.names_of(column)) - known
        if unknown:
            words = {
                "problem": f"not in {column}s",
                "remedy": f"add it to {column}s, or take the rows out",
                "show": functools.partial(read.value, column),
            }
            rows = read.rows_named(column, unknown)
            faults.append(fault_in_rows(DEMAND.name, column, rows, read.numbering, **words))
    if faults:
        raise InputError(f"{path} has {plural(len(faults), 'fault')}:", faults)
    warned = [each for each in read.faults if each.severity == "warning"]
    read.frame.attrs[DOUBTS] = [str(each) for each in (*warned, *demand_doubts(read))]
    return read.frame


def _monday_after(orders: TableRead | None) -> tuple[pd.Timestamp, list[str]]:
    """Return the default `as_of`, and name the orders that it leaves behind."""
    if orders is None or not orders.rows:
        raise UsageError("there is no order to take the week from; give --as-of, a Monday")
    days = orders.parsed["date"].values
    day = _next_monday(days)
    late = days[days >= day.to_datetime64()]
    if not len(late):
        return day, []
    count = plural(len(late), "order line is", "order lines are")
    said = (
        f"{count} dated {late.min()} to {late.max()}, long after all others: as_of is {day.date()}"
    )
    return day, [f"{said}; correct the dates, or give --as-of"]


def _next_monday(days: npt.NDArray[np.datetime64]) -> pd.Timestamp:
    """Return the Monday after the last day that does not stand alone."""
    return pd.Timestamp(next_monday(days)).as_unit("ns")


def _expired(overrides: pd.DataFrame, as_of: pd.Timestamp) -> list[str]:
    gone = overrides.loc[overrides["expires"] < as_of]
    if gone.empty:
        return []
    expired = plural(len(gone), "override has", "overrides have")
    return [f"{expired} expired before {as_of.date()}: no longer heeded."]


def contents_of(workspace: Workspace) -> dict[str, str]:
    """Return the content hash of every table as it is now, by its name."""
    return {name: content_hash(frame) for name, frame in workspace.tables.items()}


def inputs_of(workspace: Workspace, now: Mapping[str, str]) -> tuple[dict[str, Any], ...]:
    """Return `workspace.inputs` by what its tables hold `now`."""
    other = [name for name in now if now[name] != workspace.contents.get(name)]
    kept = (each for each in workspace.read if each["name"] not in other)
    changed = (
        {
            "name": name,
            "path": IN_MEMORY,
            "rows": len(workspace.tables[name]),
            "sha256": now[name],
        }
        for name in other
    )
    held, stated = dict(now), workspace.stated_items
    if stated is not None and "items" not in other:
        held["items"] = content_hash(stated)  # as read: what settings fill is no other input
    return tuple(each | {"content": held[each["name"]]} for each in (*kept, *changed))


def _assumed(config: Config) -> list[str]:
    return [f"Assumed {key}: {words}" for key, words in config.assumptions.items()]


def _inputs(
    found: Inspection, frames: Mapping[str, pd.DataFrame], contents: Mapping[str, str]
) -> tuple[dict[str, Any], ...]:
    """Return where each table was read and its hash: of its files, or of what it holds."""
    named = found.config.tables
    return tuple(
        {
            "name": name,
            "path": named.get(name) or named.get("orders") or IN_MEMORY,
            "rows": read.rows if read.sha256 else len(frames[name]),
            "sha256": read.sha256 or contents[name],
        }
        for name, read in found.tables.items()
    )

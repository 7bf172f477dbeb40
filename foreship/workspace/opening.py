"""A workspace that passed its checks: typed tables, config, and the hash of everything read."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship.config import Config
from foreship.errors import Fault, InputError, UsageError
from foreship.ingest.findings import fault_in_rows
from foreship.ingest.tables import empty_frame, read_table
from foreship.params import StoreParams
from foreship.places.place import folder_of, is_in_store
from foreship.quality.checks import demand_doubts
from foreship.workspace.checking import Inspection, inspect
from foreship.workspace.held_tables import HeldTables
from foreship.workspace.typed_frames import filled, typed_frames, unused_columns
from foreship_foundation.orders.buyers import first_purchases
from foreship_foundation.tables.contents import content_hash
from foreship_foundation.tables.input_tables import INPUTS
from foreship_foundation.tables.output_files import DEMAND
from foreship_foundation.telling.words import listed, plural, sentences
from foreship_foundation.trading_weeks import next_monday

if TYPE_CHECKING:
    from foreship.ingest.tables import TableRead

__all__ = ["DOUBTS", "Workspace", "monday", "open_workspace", "read_demand"]

DOUBTS = "doubts"
"""where a frame of one's own demand keeps what is odd about it"""


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
    found: tuple[str, ...] = field(default=(), repr=False)
    """what was found odd, filled or left out, one sentence each"""
    warnings: tuple[Fault, ...] = field(default=(), repr=False)
    """what the checks of data quality doubt, each told in `found` too"""
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
    def inputs(self) -> tuple[dict[str, Any], ...]:
        """Name, path, rows and sha256 of every table as it is now.

        A table that does not hold what was read, given to `with_tables` or written into, is
        "(in memory)", with the hash of its content.
        """
        now = {name: content_hash(frame) for name, frame in self.tables.items()}
        other = [name for name in now if now[name] != self.contents.get(name)]
        kept = (each for each in self.read if each["name"] not in other)
        changed = (
            {
                "name": name,
                "path": "(in memory)",
                "rows": len(self.tables[name]),
                "sha256": now[name],
            }
            for name in other
        )
        return (*kept, *changed)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found odd, filled, left out or assumed, one sentence each."""
        expired = _expired(self.tables["overrides"], self.as_of)
        return tuple(sentences((*self.found, *expired, *_assumed(self.config))))

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

    def with_tables(self, **frames: pd.DataFrame) -> Workspace:
        """Return another workspace, with some tables replaced and all else the same.

        Frames are typed, filled and checked as the rooms do with frames of one's own; `orders` with
        a `customer` column are counted into `buyers` and lose it, without one `buyers` stay those
        that were read. Columns that no table has are said among the notes, with what was meant.

        Raises
        ------
        UsageError
            For a name that is not a table.
        InputError
            With every fault of the frames.
        """
        strange = [name for name in frames if name not in self.tables]
        if strange:
            raise UsageError(f"no such table: {listed(strange)}; known: {listed(self.tables)}")
        typed = typed_frames(frames, self.tables)
        tables = filled({**self.tables, **typed}, self.config.economics)
        found = (*self.found, *unused_columns(frames))
        replaced = dataclasses.replace(self, tables=tables, found=found)
        if "orders" in typed and "buyers" not in typed and len(self.tables["buyers"]):
            words = "orders were replaced without their customers: buyers are those read before"
            replaced = dataclasses.replace(replaced, found=(*found, words))
        return replaced

    def __str__(self) -> str:
        present = [name for name in INPUTS if len(self.tables[name])]
        width = max(map(len, present), default=0)
        rows = [f"{name:<{width}} {plural(len(self.tables[name]), 'row'):>17}" for name in present]
        lines = [f"Workspace {self.path}, as of {self.as_of.date()}"]
        lines += [f"├── {row}" for row in rows]
        lines.append(f"└── {plural(len(self.notes), 'note')}")
        return "\n".join([*lines, *(f"    {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


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
    report = found.report()
    report.raise_if_faulty()
    orders = found.tables.get("orders")
    stray: list[str] = []
    if day is None:
        day, stray = _monday_after(orders)
    buyers = _buyers(orders)
    frames = {
        name: found.tables[name].frame if name in found.tables else empty_frame(table)
        for name, table in INPUTS.items()
    }
    frames = filled(frames, found.config.economics) | {"buyers": buyers}
    contents = {name: content_hash(frame) for name, frame in frames.items()}
    spoken = (*(str(each) for each in (*report.warnings, *report.notes)), *stray)
    read = _inputs(found)
    return Workspace(
        found.path,
        found.config,
        frames,
        day,
        read,
        contents,
        spoken,
        report.warnings,
        _apart(found.path, out, found.config.store),
    )


def _apart(path: Path, out: str | Path | None, settings: StoreParams) -> Path | None:
    """Return the folder for the runs, made where it is not there; None if it is the workspace."""
    if out is None or (not is_in_store(out) and Path(out).resolve() == path.resolve()):
        return None
    return folder_of(out, settings)


def monday(as_of: str | pd.Timestamp) -> pd.Timestamp:
    """Return `as_of` as a midnight; raise UsageError where it is not a Monday."""
    try:
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


def _buyers(orders: TableRead | None) -> pd.DataFrame:
    """Count the customers who first bought in each cell, by week; nobody is named."""
    if orders is None or "customer" not in orders.parsed:
        empty = {name: pd.Series([], dtype=str) for name in ("region", "item")}
        week, customers = pd.Series([], dtype="datetime64[ns]"), pd.Series([], dtype=np.int64)
        return pd.DataFrame({"week": week, **empty, "customers": customers})
    who, item, region = (orders.parsed[name].values for name in ("customer", "item", "region"))
    place, what, mondays, count = first_purchases(region, item, who, orders.parsed["date"].values)
    return pd.DataFrame(
        {
            "week": mondays.astype("datetime64[ns]"),
            "region": pd.Series(orders.text("region", place), dtype=str),
            "item": pd.Series(orders.text("item", what), dtype=str),
            "customers": count,
        }
    ).sort_values(["region", "item", "week"], ignore_index=True)


def _expired(overrides: pd.DataFrame, as_of: pd.Timestamp) -> list[str]:
    gone = overrides.loc[overrides["expires"] < as_of]
    if gone.empty:
        return []
    expired = plural(len(gone), "override has", "overrides have")
    return [f"{expired} expired before {as_of.date()}: no longer heeded."]


def _assumed(config: Config) -> list[str]:
    return [f"Assumed {key}: {words}" for key, words in config.assumptions.items()]


def _inputs(found: Inspection) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "name": name,
            "path": found.config.tables.get(name, found.config.tables.get("orders", "")),
            "rows": read.rows,
            "sha256": read.sha256,
        }
        for name, read in found.tables.items()
    )

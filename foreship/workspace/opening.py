"""A workspace that passed its checks: typed tables, config, and the hash of everything read."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from foreship.config import Config
from foreship.errors import InputError, UsageError
from foreship.ingest.findings import fault_in_rows
from foreship.ingest.rules import LEFT_OUT
from foreship.ingest.tables import empty_frame, read_table
from foreship.quality.checks import demand_doubts
from foreship.workspace.checking import Inspection, inspect
from foreship_foundation.derived import items_with_economics, lanes_with_parcel_cost
from foreship_foundation.input_tables import INPUTS
from foreship_foundation.output_files import DEMAND

if TYPE_CHECKING:
    from foreship.ingest.tables import TableRead

__all__ = ["DOUBTS", "Workspace", "monday", "open_workspace", "read_demand"]

DOUBTS = "doubts"
"""where a frame of one's own demand keeps what is odd about it"""


@dataclass(frozen=True)
class Workspace:
    """Tables that passed every check, with every default filled in.

    **Invariants:** `tables` holds a frame for every table of the contract, absent ones without
    rows; ids are text, dates are midnights, quantities whole; there is no customer id in it.
    `tables["buyers"]` holds how many customers first bought in each cell, week by week.
    """

    path: Path
    config: Config
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    as_of: pd.Timestamp
    """the Monday a plan is made for"""
    inputs: tuple[dict[str, Any], ...] = ()
    """name, path, rows and sha256 of every table read"""
    notes: tuple[str, ...] = ()
    """what was found odd, filled or left out, one sentence each"""

    def default_as_of(self) -> pd.Timestamp:
        """Return the Monday after the last order.

        Raises
        ------
        UsageError
            If there is no order.
        """
        if self.tables["orders"].empty:
            raise UsageError("there is no order to take the week from")
        return _next_monday(self.tables["orders"]["date"].max())

    def with_tables(self, **frames: pd.DataFrame) -> Workspace:
        """Return the same workspace with some tables replaced.

        Raises
        ------
        UsageError
            For a name that is not a table.
        """
        strange = [name for name in frames if name not in self.tables]
        if strange:
            raise UsageError(
                f"no such table: {', '.join(strange)}; known: {', '.join(self.tables)}"
            )
        kept = tuple(each for each in self.inputs if each["name"] not in frames)
        changed = tuple(_in_memory(name, frame) for name, frame in frames.items())
        return dataclasses.replace(self, tables={**self.tables, **frames}, inputs=(*kept, *changed))

    def __str__(self) -> str:
        present = [name for name in INPUTS if len(self.tables[name])]
        width = max(map(len, present), default=0)
        rows = [f"{name:<{width}} {len(self.tables[name]):>12,} rows" for name in present]
        lines = [f"Workspace {self.path}, as of {self.as_of.date()}"]
        lines += [f"├── {row}" for row in rows]
        lines.append(f"└── {len(self.notes)} note{'' if len(self.notes) == 1 else 's'}")
        return "\n".join([*lines, *(f"    {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def open_workspace(
    path: str | Path, as_of: str | pd.Timestamp | None = None, *, history: bool = True
) -> Workspace:
    """Read, check and type a workspace.

    Parameters
    ----------
    path
        Folder with `foreship.toml`.
    as_of
        The Monday a plan is made for; left out, the Monday after the last order.
    history
        Whether orders are needed; a plan on one's own demand does without.

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
    found = inspect(path, history=history, as_of=None if day is None else np.datetime64(day, "D"))
    report = found.report()
    report.raise_if_faulty()
    orders = found.tables.get("orders")
    day = _monday_after(orders) if day is None else day
    buyers = _buyers(orders)
    frames = {
        name: found.tables[name].frame if name in found.tables else empty_frame(table)
        for name, table in INPUTS.items()
    }
    economics = found.config.economics
    frames["items"] = items_with_economics(
        frames["items"], economics.holding_rate_per_year, economics.lost_sale_share
    )
    frames["lanes"] = _usable_lanes(frames)
    frames |= {name: _known_cells(frames[name], frames) for name in LEFT_OUT}
    frames["buyers"] = buyers
    spoken = [str(each) for each in (*report.warnings, *report.notes)]
    notes = (*spoken, *_expired(frames["overrides"], day), *_assumed(found.config))
    return Workspace(found.path, found.config, frames, day, _inputs(found), notes)


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
    """Read one's own forecast: `region, item, week, scenario, units`.

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
        raise InputError(f"{path} has {len(faults)} fault{'s' * (len(faults) > 1)}:", faults)
    warned = [each for each in read.faults if each.severity == "warning"]
    read.frame.attrs[DOUBTS] = [str(each) for each in (*warned, *demand_doubts(read))]
    return read.frame


def _in_memory(name: str, frame: pd.DataFrame) -> dict[str, Any]:
    """Describe a table that was replaced in memory, so that its run is another one."""
    rows = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    digest = hashlib.sha256(rows.tobytes() + repr(list(frame.columns)).encode()).hexdigest()
    return {"name": name, "path": "(in memory)", "rows": len(frame), "sha256": digest}


def _monday_after(orders: TableRead | None) -> pd.Timestamp:
    if orders is None or not orders.rows:
        raise UsageError("there is no order to take the week from; give --as-of, a Monday")
    return _next_monday(pd.Timestamp(orders.parsed["date"].values.max()))


def _next_monday(day: pd.Timestamp) -> pd.Timestamp:
    return day.as_unit("ns").normalize() + pd.Timedelta(days=7 - day.weekday())


def _usable_lanes(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Fill `direct_cost`, and leave out lanes between hubs, which the check has warned of."""
    lanes = lanes_with_parcel_cost(frames["lanes"])
    hubs = frames["hubs"]["hub"]
    between = lanes["origin"].isin(hubs) & lanes["destination"].isin(hubs)
    return lanes.loc[~between].reset_index(drop=True) if between.any() else lanes


def _known_cells(frame: pd.DataFrame, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Leave out rows of unknown items or regions, which the check has warned of."""
    known = frame["item"].isin(frames["items"]["item"])
    known &= frame["region"].isin(frames["regions"]["region"])
    return frame if known.all() else frame.loc[known].reset_index(drop=True)


def _buyers(orders: TableRead | None) -> pd.DataFrame:
    """Count the customers who first bought in each cell, by week; nobody is named.

    A customer counts once a cell, so that a sum over weeks is a number of distinct customers.
    """
    if orders is None or "customer" not in orders.parsed:
        empty = {name: pd.Series([], dtype=str) for name in ("region", "item")}
        week, customers = pd.Series([], dtype="datetime64[ns]"), pd.Series([], dtype=np.int64)
        return pd.DataFrame({"week": week, **empty, "customers": customers})
    who, item = orders.parsed["customer"].values, orders.parsed["item"].values
    day = orders.parsed["date"].values.astype("datetime64[D]").astype(np.int64)
    start, days = (int(day.min()), int(np.ptp(day)) + 1) if len(day) else (0, 1)
    people, items = int(who.max(initial=0)) + 2, int(item.max(initial=0)) + 1
    lines = orders.parsed["region"].values.astype(np.int64)
    # 0 is the unknown buyer, who counts for nobody
    lines = ((lines * items + item) * people + who + 1) * days + (day - start)
    lines.sort()
    pair = lines // days
    first = lines[np.append(True, pair[1:] != pair[:-1])[: len(pair)]]
    # 1970-01-01 was a Thursday, three days after its Monday
    week = (first % days + start + 3) // 7 * 7 - 3
    cells, place = np.unique(np.stack([first // days // people, week]), axis=1, return_inverse=True)
    counts = np.bincount(place.ravel(), first // days % people > 0, minlength=cells.shape[1])
    return pd.DataFrame(
        {
            "week": cells[1].astype("datetime64[D]").astype("datetime64[ns]"),
            "region": pd.Series(orders.text("region", cells[0] // items), dtype=str),
            "item": pd.Series(orders.text("item", cells[0] % items), dtype=str),
            "customers": counts.astype(np.int64),
        }
    ).sort_values(["region", "item", "week"], ignore_index=True)


def _expired(overrides: pd.DataFrame, as_of: pd.Timestamp) -> list[str]:
    gone = overrides.loc[overrides["expires"] < as_of]
    return [f"overrides: {len(gone)} expired before {as_of.date()} and do not hold"] * bool(
        len(gone)
    )


def _assumed(config: Config) -> list[str]:
    return [f"assumed: {key}: {words}" for key, words in config.assumptions.items()]


def _inputs(found: Inspection) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "name": name,
            "path": found.config.tables[name],
            "rows": read.rows,
            "sha256": read.sha256,
        }
        for name, read in found.tables.items()
    )

"""A workspace with some tables or settings replaced: another one, checked as the first was."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd
import pyarrow as pa

from foreship.config import Config
from foreship.errors import Fault
from foreship.frames.arriving import arrow_of
from foreship.frames.reading import frame_path, reader_of
from foreship.ingest.tables import read_table
from foreship.workspace.buyers import buyers_read
from foreship.workspace.changed_config import config_with
from foreship.workspace.checking import CheckReport, Given, inspect_given
from foreship.workspace.given import given_frame, refuse_unknown_tables
from foreship.workspace.typed_frames import filled
from foreship_foundation.tables.contents import content_hash
from foreship_foundation.tables.derived import BUYERS, LOST_SALE_SHARE_STATED
from foreship_foundation.tables.input_tables import INPUTS

if TYPE_CHECKING:
    from foreship.frames.kinds import IntoFrame
    from foreship_optimize.params import EconomicsParams

__all__ = ["other_settings", "other_tables", "stated_tables"]

EXTRA = {"items": (LOST_SALE_SHARE_STATED,)}
"""columns that tables of an open workspace have beside those of files"""
WITHOUT_CUSTOMERS = "orders were replaced without their customers: buyers are those read before"


class Held(Protocol):
    """What is asked of a workspace that another one is made of."""

    @property
    def config(self) -> Config:
        """Its settings."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Its typed and filled tables."""

    @property
    def as_of(self) -> pd.Timestamp:
        """Its Monday."""

    @property
    def contents(self) -> Mapping[str, str]:
        """Content hash of every table as it was read."""

    @property
    def findings(self) -> tuple[Fault, ...]:
        """What was found odd about its tables."""

    @property
    def said(self) -> tuple[str, ...]:
        """What else was noticed."""

    @property
    def stated_items(self) -> pd.DataFrame | None:
        """`items` with the blanks that settings have filled."""


def other_tables(workspace: Held, frames: Mapping[str, IntoFrame]) -> dict[str, Any]:
    """Return the fields of a workspace that frames in the place of some tables change.

    What was found odd about tables that stay is still told, as far as it is still so.

    Raises
    ------
    UsageError, InputError
    """
    refuse_unknown_tables(frames, workspace.tables)
    stated = stated_tables(workspace)
    given = {
        name: _held(name, stated[name])
        for name in INPUTS
        if name not in frames and (len(stated[name]) or INPUTS[name].required)
    }
    for name, frame in frames.items():
        if name in INPUTS:
            one = given_frame(name, frame, workspace.config)
            given[name] = dataclasses.replace(one, extra=EXTRA.get(name, ()))
    history = len(stated["orders"]) > 0
    found = inspect_given(given, workspace.config, history=history, as_of=_day(workspace))
    report = _without_emptiness(found.report(), frames)
    report.raise_if_faulty()
    typed = {name: found.tables[name].frame for name in frames if name in INPUTS}
    tables = stated | typed
    buyers = _buyers(workspace, frames, found.tables)
    changed: dict[str, Any] = {
        "tables": filled(tables, workspace.config.economics) | buyers,
        "findings": _findings(workspace.findings, report, frames),
        "stated_items": tables["items"],
    }
    unknown = "orders" in frames and "buyers" not in frames and len(workspace.tables["buyers"])
    if unknown and "customer" not in found.tables["orders"].parsed:
        changed["said"] = (*workspace.said, WITHOUT_CUSTOMERS)
    return changed


def other_settings(workspace: Held, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a workspace that other settings change; blanks are filled by these.

    Raises
    ------
    UsageError
        With every setting that cannot be.
    """
    config = config_with(workspace.config, values)
    stated = stated_tables(workspace)
    buyers = {"buyers": workspace.tables["buyers"]}
    tables = filled(stated, config.economics) | buyers
    contents = dict(workspace.contents)
    if content_hash(workspace.tables["items"]) == contents.get("items"):
        contents["items"] = content_hash(tables["items"])  # what was read, filled otherwise
    return {"config": config, "tables": tables, "contents": contents}


def stated_tables(workspace: Held) -> dict[str, pd.DataFrame]:
    """Return the tables as they are, items with the blanks that settings have filled.

    Items that were written into since are taken as they stand.
    """
    tables = {name: workspace.tables[name] for name in INPUTS}
    stated = workspace.stated_items
    if stated is not None:
        then = _filled_items(stated, workspace.config.economics, tables)
        if content_hash(then) == content_hash(tables["items"]):
            tables["items"] = stated
    return tables


def _filled_items(
    stated: pd.DataFrame, economics: EconomicsParams, tables: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    return filled({**tables, "items": stated}, economics)["items"]


def _held(name: str, frame: pd.DataFrame) -> Given:
    """Return a table of the workspace as one that is checked again beside others."""
    arrow = pa.Table.from_pandas(frame, preserve_index=False)
    return Given(frame_path(name), reader_of(arrow), own=False, extra=EXTRA.get(name, ()))


def _day(workspace: Held) -> Any:
    return workspace.as_of.to_datetime64().astype("datetime64[D]")


def _without_emptiness(report: CheckReport, frames: Mapping[str, object]) -> CheckReport:
    """Return a report without the doubt that a table which was given empty is whole."""
    meant = [each for each in report.faults if each.table in frames and "no rows" in each.problem]
    return dataclasses.replace(
        report, faults=tuple(each for each in report.faults if each not in meant)
    )


def _findings(
    before: tuple[Fault, ...], report: CheckReport, frames: Mapping[str, object]
) -> tuple[Fault, ...]:
    """Return what was found of the tables that stay, and what is found now of all others.

    A check of data quality sees several tables at once: what it doubts holds as it finds it now.
    """
    now = (*report.warnings, *report.notes)
    doubted = {(each.table, each.check) for each in now if each.check}
    known = {(each.table, each.check) for each in before if each.check}
    kept = [
        each
        for each in before
        if each.table not in frames and (not each.check or (each.table, each.check) in doubted)
    ]
    new = [
        each
        for each in now
        if each.table in frames or (each.check and (each.table, each.check) not in known)
    ]
    return (*kept, *new)


def _buyers(
    workspace: Held, frames: Mapping[str, IntoFrame], tables: Mapping[str, Any]
) -> dict[str, pd.DataFrame]:
    """Return the buyers given, those that orders with customers name, or those known before."""
    if "buyers" in frames:
        arrow = arrow_of(frames["buyers"], "buyers", BUYERS.names)
        read = read_table(BUYERS, frame_path("buyers"), reader=reader_of(arrow))
        faults = tuple(each for each in read.faults if each.severity == "fault")
        CheckReport(frame_path("buyers"), {}, faults).raise_if_faulty()
        return {"buyers": read.frame}
    if "orders" in frames and "customer" in tables["orders"].parsed:
        return {"buyers": buyers_read(tables["orders"])}
    return {"buyers": workspace.tables["buyers"]}

"""What if: settings by their declarations, numbers of tables, and the plans tried so far."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from foreship.config import SECTIONS, Config
from foreship.errors import UsageError
from foreship.files import write_atomically
from foreship.jobs.identity import NEVER_ANSWERING_SECTIONS
from foreship.jobs.trying.changed_settings import text_of
from foreship.pipeline.kept_tables import KEPT_TABLES
from foreship.reports.markup import Column, Content, Markup, element, table
from foreship.workbench.door.who import said_to_be
from foreship.workbench.drafts.lasting import refuse_linked
from foreship.workbench.held.run import HeldRun
from foreship.workbench.web import forms, links
from foreship.workbench.web.figures import Source, number
from foreship.workspace.schema import settings_of
from foreship_foundation.tables.input_tables import INPUTS
from foreship_foundation.tables.output_files import SUMMARY
from foreship_foundation.telling.near_names import nearest
from foreship_foundation.telling.words import money, units

__all__ = ["NUMBERS", "asked_settings", "changed_table", "form_of", "tried_table"]

NUMBERS: Final = {
    "hubs": ("hub",), "regions": ("region",), "lanes": ("origin", "destination"),
    "items": ("item",),
}  # fmt: skip
"""tables of which one number of one row is tried -> the ids that say which row"""
FIELD: Final = "set-"
HEADS: Final = (
    Column("Run"), Column("What was tried"), Column("Units", number=True),
    Column("Lines", number=True), Column("Cost", number=True),
    Column("Gain", number=True, help="expected gain of the plan, money after cost"),
    Column("CVaR", number=True),
)  # fmt: skip


def form_of(run: str, config: Config, held: HeldRun, who: str) -> Markup:
    """Write the form of a trial: every setting that answers differently, by its declaration."""
    sections = [
        _section(name, getattr(config, name))
        for name in SECTIONS
        if name not in NEVER_ANSWERING_SECTIONS
    ]
    return forms.form(
        links.try_it(run),
        element("p", "Fill in only what shall differ; all else stays as it is.", class_="soft"),
        _number_fields(held),
        *sections,
        forms.button("Plan with it"),
        element("span", f" {said_to_be(who)}", class_="soft"),
        label="What if",
    )


def _section(name: str, now: object) -> Markup:
    fields = [
        forms.field(
            f"{FIELD}{name}.{each['name']}",
            f"{each['name']} (now {text_of(getattr(now, each['name']))})",
            help=_meaning(each),
            autocomplete="off",
        )
        for each in settings_of(name)
    ]
    return element("details", element("summary", name), *fields)


def _meaning(told: Mapping[str, Any]) -> str:
    facts = ", ".join(str(each) for each in (told["unit"], told["range"]) if each)
    return f"{told['meaning']} ({facts})" if facts else str(told["meaning"])


def _number_fields(held: HeldRun) -> Markup:
    """Write the fields by which one number of one row of a table differs."""
    known = [name for name in NUMBERS if name in held.view.tables]
    blank = forms.Choice("", "none")
    columns = {
        each.name
        for name in known
        for each in INPUTS[name].columns
        if each.kind in ("units", "number", "money") and each.name in held.view.tables[name]
    }
    return element(
        "details",
        element("summary", "A capacity or a cost"),
        forms.select("table", "Table", [blank, *(forms.Choice(each, each) for each in known)]),
        forms.field("ids", "Row", help="its id; of a lane `origin to destination`"),
        forms.select(
            "column", "Column", [blank, *(forms.Choice(each, each) for each in sorted(columns))]
        ),
        forms.field("value", "Value", autocomplete="off"),
    )


def asked_settings(form: Mapping[str, str]) -> list[str]:
    """Return what a form sets, as `KEY=VALUE`; the command checks it by its declaration."""
    said = {key.removeprefix(FIELD): value.strip() for key, value in form.items()
            if key.startswith(FIELD) and value.strip()}  # fmt: skip
    return [f"{key}={value}" for key, value in sorted(said.items())]


def changed_table(held: HeldRun, form: Mapping[str, str], place: Path) -> str:
    """Write a table of the run with one other number; return `NAME=FILE`, blank where none is.

    The file is called by its content: the same trial twice is the same one.

    Parameters
    ----------
    place
        Folder for such tables, which need not be there.

    Raises
    ------
    UsageError
        If the row or the column is not there, or nothing is put in its place.
    StorageError
        If it cannot be written, or the folder is not ours but a link.
    """
    name = form.get("table", "")
    if not name:
        return ""
    if name not in NUMBERS or name not in held.view.tables or name not in KEPT_TABLES:
        raise UsageError(f"{name!r} is no table of which a number is tried")
    frame = held.view.tables[name].copy()
    column, value = form.get("column", ""), form.get("value", "").strip()
    if column not in frame or column in NUMBERS[name] or not value:
        raise UsageError(
            f"say a column of {name} and its value; {nearest(column, list(map(str, frame)))}"
        )
    rows = _rows(frame, NUMBERS[name], form.get("ids", "").strip())
    kept = [each.name for each in INPUTS[name].columns if each.name in frame and not each.derived]
    told = frame[kept].astype(object).where(frame[kept].notna(), "")
    told = told.map(lambda each: "" if each in (float("inf"), float("-inf")) else each)
    told = told.astype(object)  # a column of numbers alone would refuse a text
    told.loc[rows, column] = value
    text = told.to_csv(index=False, lineterminator="\n")
    mark = hashlib.sha256(text.encode()).hexdigest()[:16]
    path = place / f"{mark}-{name}.csv"
    refuse_linked(place)
    place.mkdir(parents=True, exist_ok=True)
    write_atomically(path, lambda draft: draft.write_text(text, encoding="utf-8"))
    return f"{name}={path.resolve()}"


def _rows(frame: pd.DataFrame, keys: tuple[str, ...], ids: str) -> pd.Series:
    """Return which rows bear the ids asked for."""
    named = frame[list(keys)].astype(str).agg(" to ".join, axis=1)
    found = named == ids
    if not found.any():
        raise UsageError(f"no row is called {ids!r}; {nearest(ids, list(named))}")
    return found


def tried_table(plans: pd.DataFrame) -> Markup:
    """Write plans side by side, a row a plan, each with its figures and what was tried."""
    return table(HEADS, map(_row, plans.to_dict("records")))


def _row(row: Mapping[Any, Any]) -> list[Content]:
    run = str(row["run"])
    return [element("a", run, href=links.week(run)), row["tried"], *_figures(run, row)]


def _figures(run: str, row: Mapping[Any, Any]) -> Iterator[Content]:
    lines = links.lines(run)
    yield number(units(row["units"]), lines)
    yield number(units(row["lines"]), lines)
    yield number(money(row["cost"]), lines)
    yield number(money(row["expected_gain"]), lines)
    known = row["cvar"] is not None and row["cvar"] == row["cvar"]
    yield number(money(row["cvar"]), Source(run, SUMMARY.name, "cvar")) if known else ""

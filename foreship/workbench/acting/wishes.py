"""A planner's tables of wishes as a page: what stands in them, and the form of a further row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from foreship.errors import Fault
from foreship.jobs.deciding.asked_files import ASKED, SIGNED, AskedFile
from foreship.reports.markup import Column as Heading
from foreship.reports.markup import Content, Markup, element, join, table
from foreship.workbench.door.who import said_to_be
from foreship.workbench.web import forms, links
from foreship.workbench.web.faulty import fault_table
from foreship.workbench.web.figures import Source, number
from foreship.workbench.web.moments import day_of
from foreship_foundation.tables.declaration import Column
from foreship_foundation.tables.input_tables import INPUTS
from foreship_foundation.tables.output_files import ASKED as PRICED
from foreship_foundation.telling.words import plural, sentence

__all__ = ["AUTHOR", "body_of", "row_body", "row_of"]

AUTHOR = "author"
FIGURE = "value"
"""column of figures, of each of the tables"""
TYPES: Mapping[str, str] = {"units": "number", "date": "date", "week": "date"}
"""kind of a column -> type of its field; any other is text, as it stands in the file"""


def row_of(name: str, form: Mapping[str, str], who: str) -> dict[str, str]:
    """Return the row that a form asks for; its author is whoever is said to send it."""
    row = {each.name: form.get(each.name, "").strip() for each in INPUTS[name].columns}
    return {**row, AUTHOR: who}


def body_of(
    there: AskedFile,
    who: str,
    monday: str,
    *,
    form: Mapping[str, str] | None = None,
    faults: Sequence[Fault] = (),
) -> Markup:
    """Write the page of a table.

    Parameters
    ----------
    monday
        Of the newest run, blank without any: it can be planned anew with what is asked.
    form, faults
        A row that could not stand, and why.
    """
    parts: list[Content] = [
        element("h1", "What is asked of the next plans"),
        _tables(there.table),
        element("h2", there.table),
        element("p", sentence(INPUTS[there.table].meaning), class_="soft"),
        _rows(there),
    ]
    if faults:
        problem = element("p", f"The row has {plural(len(faults), 'fault')}; it is not written.")
        parts.append(element("section", problem, fault_table(faults), role="alert"))
    if there.why_not:
        parts.append(element("p", f"{there.why_not}."))
    else:
        parts.append(_asking(there, who, form or {}, faults))
    parts.append(_next(there, monday))
    return element("div", *parts)


def _tables(here: str) -> Markup:
    rows = []
    for each in ASKED:
        current = "page" if each == here else None
        rows.append(element("li", element("a", each, href=links.asked(each), aria_current=current)))
    return element("nav", element("ul", *rows), aria_label="Tables of wishes")


def _rows(there: AskedFile) -> Content:
    if not there.rows:
        return element("p", "Nothing is asked.")
    heads = [*(Heading(each) for each in there.columns), Heading("")]
    rows = [
        [*(_cell(there, place, each) for each in there.columns), _taking_back(there, place)]
        for place in range(len(there.rows))
    ]
    return table(heads, rows, caption=plural(len(rows), "row"))


def _cell(there: AskedFile, place: int, column: str) -> Content:
    """Write a value; a figure leads to its row."""
    value = there.rows[place].get(column, "")
    is_figure = value and column == FIGURE
    return number(value, links.asked_row(there.table, place + 1)) if is_figure else day_of(value)


def row_body(there: AskedFile, place: int, run: str) -> Markup:
    """Write the page of a row: its file, its values and what they mean.

    Parameters
    ----------
    place
        Of the row, from 0.
    run
        The newest run where it priced rows of the table, else blank.
    """
    known = {each.name: each for each in INPUTS[there.table].columns}
    heads = (Heading("Column"), Heading("Value"), Heading("What it means"))
    rows = [
        [name, there.rows[place].get(name, ""), known[name].meaning if name in known else ""]
        for name in there.columns
    ]
    file = join([f"{there.path.name}, SHA-256 ", element("code", there.sha256)])
    priced = Source(run, PRICED.name, "cost", {"table": there.table}).link
    return element(
        "div",
        element("h1", f"Row {place + 1} of {there.table}"),
        element("p", file, class_="soft"),
        table(heads, rows),
        element("p", element("a", "What such rows cost the newest plan", href=priced))
        if run
        else "",
        element("p", element("a", f"All rows of {there.table}", href=links.asked(there.table))),
    )


def _taking_back(there: AskedFile, place: int) -> Content:
    if there.why_not:
        return ""
    return forms.form(
        links.asked_deed("take-back"),
        forms.hidden(table=there.table, row=place, sha=there.sha256),
        forms.button("Take back", aria_label=f"Take back row {place + 1}"),
    )


def _asking(there: AskedFile, who: str, form: Mapping[str, str], faults: Sequence[Fault]) -> Markup:
    declared = [each for each in INPUTS[there.table].columns if each.name != AUTHOR]
    said = {name: each.problem for each in faults for name in str(each.column).split(", ")}
    fields = [_field(each, form.get(each.name, ""), said.get(each.name, "")) for each in declared]
    return forms.form(
        links.asked(),
        forms.hidden(table=there.table, sha=there.sha256),
        *fields,
        forms.button("Ask for it"),
        element("span", f" {said_to_be(who)}", class_="soft"),
        label=f"A further row of {there.table}",
    )


def _field(column: Column, value: str, fault: str) -> Markup:
    required = "" if column.required or column.name in SIGNED else None
    help_ = f"{column.meaning}{f' ({column.unit})' if column.unit else ''}"
    if column.choices:
        blank = [] if column.required else [forms.Choice("", str(column.blank()))]
        listed = [*blank, *(forms.Choice(each, each.replace("_", " ")) for each in column.choices)]
        return forms.select(column.name, column.name, listed, value, fault=fault, help=help_)
    bounds = dict(_bounds(column))
    kind = TYPES.get(column.kind, "text")
    return forms.field(
        column.name, column.name, value, kind=kind, fault=fault, help=help_, required=required,
        autocomplete="off", **(bounds if kind == "number" else {}),
    )  # fmt: skip


def _bounds(column: Column) -> Iterator[tuple[str, Any]]:
    yield "step", "any"
    for name, bound in (("min", column.low), ("max", column.high)):
        if bound is not None:
            yield name, f"{bound:.0f}"


def _next(there: AskedFile, monday: str) -> Content:
    """Say from when on it holds, and offer to see at once what comes of it."""
    words = element("p", "What is asked holds from the next plan on.")
    if not monday:
        return words
    trial = forms.form(
        links.asked_deed("try"), forms.hidden(table=there.table), forms.button("Try it")
    )
    anew = forms.form(
        links.plan(), forms.hidden(as_of=monday), forms.button(f"Plan {day_of(monday)} anew")
    )
    return join([words, trial if there.rows and not there.why_not else "", anew])

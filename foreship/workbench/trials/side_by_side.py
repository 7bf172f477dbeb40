"""Plans that were tried side by side: what each was, its figures, and which are compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from foreship.reports.markup import Content, Markup, element
from foreship.workbench.trials.apart import name_of
from foreship.workbench.web import forms, links
from foreship.workbench.web.figures import Source, number
from foreship_foundation.tables.output_files import SUMMARY
from foreship_foundation.telling.words import money, units

__all__ = ["compared_table", "tried_table"]

FIGURES: Final = ("units", "lines", "cost", "gain", "CVaR")
HEADS: Final = ("run", "what was tried", *FIGURES)


def tried_table(run: str, plans: pd.DataFrame, tried: Sequence[str]) -> Markup:
    """Write plans, each with its figures and what was tried; those ticked are set side by side.

    Parameters
    ----------
    plans
        As `what_ifs` has them.
    tried
        Names of those that can be ticked.
    """
    rows = []
    for row in plans.to_dict("records"):
        name = str(row["run"])
        box = forms.field("with", "compare", name, kind="checkbox", id=f"with-{name}",
                          aria_label=f"compare {name}")  # fmt: skip
        rows.append([box if name in tried else "", *_row(row)])
    button = forms.button("Show the lines in which they differ")
    words = element("span", " at most four at once", class_="soft")
    return forms.form(
        links.tried_lines(run),
        _cards(("", *HEADS), rows),
        button if tried else "",
        words if tried else "",
        method="get",
        label="Compare what was tried",
    )


def compared_table(plans: pd.DataFrame, run: str, trials: Sequence[str]) -> Markup:
    """Write the figures of a plan and of those beside it, each by the letter lines name it by."""
    named = {run: "this plan"}
    named |= {each: name_of(place, len(trials)) for place, each in enumerate(trials)}
    rows = {str(row["run"]): row for row in plans.to_dict("records")}
    told = [[words, *_row(rows[name])] for name, words in named.items() if name in rows]
    return _cards(("plan", *HEADS), told)


def _cards(heads: Sequence[str], rows: Sequence[Sequence[Content]]) -> Markup:
    """Write a table whose rows are cards where the page is narrow: roles are written out."""
    kinds = ["n" if head in FIGURES else None for head in heads]
    head = [
        element("th", title, role="columnheader", scope="col", class_=kind)
        for title, kind in zip(heads, kinds, strict=True)
    ]
    body = []
    for row in rows:
        told = zip(heads, kinds, row, strict=True)
        cells = [element("td", cell, role="cell", data_head=title or None, class_=kind)
                 for title, kind, cell in told]  # fmt: skip
        body.append(element("tr", *cells, role="row"))
    cards = element(
        "table",
        element("thead", element("tr", *head, role="row"), role="rowgroup"),
        element("tbody", *body, role="rowgroup"),
        role="table",
        class_="lines",
    )
    return element("div", cards, class_="scroll")


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

"""Lines in which plans differ as a grid: units before and after, money, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from foreship.reading.explaining.explanation import explain
from foreship.reading.views import INTO_REGIONS
from foreship.reports.markup import Content, Markup, element, short
from foreship.workbench.grid.query import Query
from foreship.workbench.grid.table import framed
from foreship.workbench.held.run import HeldRun
from foreship.workbench.trials.apart import PAGE, Apart, columns_of
from foreship.workbench.web import links
from foreship.workbench.web.figures import number
from foreship_foundation.tables.output_files import FACTS
from foreship_foundation.telling.words import money, plural, sentence, units

__all__ = ["line_table", "why"]

CAPTION: Final = "Lines in which the plans differ"
QUESTION: Final = "Why not one more"
STAYS: Final = "Nothing of it is moved from there in this plan."


def line_table(
    rows: pd.DataFrame, held: HeldRun, trials: Sequence[HeldRun], asked: Apart
) -> Markup:
    """Write the page of lines that an address is at; with one plan tried, why it has so many."""
    columns = list(columns_of(len(trials)))
    head = [_heading(key, title, asked, is_number=right) for key, title, right in columns]
    if len(trials) == 1:
        head.append(element("th", "why", role="columnheader", scope="col"))
    first = (asked.page - 1) * PAGE
    shown = rows.iloc[first : first + PAGE].to_dict("records")
    body = [
        _row(row, columns, held, trials, place, first + place + 2)
        for place, row in enumerate(shown)
    ]
    count = plural(len(rows), "line differs", "lines differ")
    return element(
        "div",
        element("p", f"{count}.", role="status", class_="totals"),
        framed(CAPTION, head, body, count=len(rows), class_="apart") if body else "",
        _pager(len(rows), asked),
    )


def _heading(key: str, title: str, asked: Apart, *, is_number: bool) -> Markup:
    """Write a heading that sorts; once more turns the order around."""
    here = asked.sort == key
    turned = not asked.desc if here else is_number
    order = ("descending" if asked.desc else "ascending") if here else "none"
    link = element("a", title, href=asked.link(sort=key, desc=turned), data_key=f"head-{key}")
    return element(
        "th", link, role="columnheader", scope="col", aria_sort=order,
        class_="n" if is_number else None,
    )  # fmt: skip


def _row(
    row: Mapping[Any, Any],
    columns: Sequence[tuple[str, str, bool]],
    held: HeldRun,
    trials: Sequence[HeldRun],
    place: int,
    index: int,
) -> Markup:
    cells = []
    for at, (key, title, right) in enumerate(columns):
        content = _content(row, key, held, trials)
        cells.append(_cell(f"{place}-{key}", title, content, right=right, entry=place == at == 0))
    if len(trials) == 1:
        cells.append(_cell(f"{place}-why", "why", why(trials[0], row), right=False, entry=False))
    return element("tr", *cells, role="row", aria_rowindex=index)


def _cell(key: str, title: str, content: Content, *, right: bool, entry: bool) -> Markup:
    return element(
        "td", content, role="gridcell", tabindex="0" if entry else "-1", data_head=title,
        data_key=key, class_="n" if right else None,
    )  # fmt: skip


def _content(row: Mapping[Any, Any], key: str, held: HeldRun, trials: Sequence[HeldRun]) -> Content:
    """Return what stands in a cell, with the page that it leads to."""
    region, item = str(row["region"]), str(row["item"])
    if key == "item":
        return element("a", item, href=links.cell(held.name, region, item), tabindex="-1")
    if key == "region":
        return element("a", region, href=links.region(held.name, region), tabindex="-1")
    if key == "before":
        return number(units(row[key]), _lines(held, region, item), in_grid=True)
    kind, underline, place = key.partition("_")
    if underline and place.isdigit():
        trial = trials[int(place)]
        if kind == "gain":
            shown = money(row[key], sign=True)
            return number(shown, links.cell(trial.name, region, item), in_grid=True)
        return number(units(row[key]), _lines(trial, region, item), in_grid=True)
    return str(row[key]).replace("_", " ") if key == "action" else short(str(row[key]))


def _lines(held: HeldRun, region: str, item: str) -> str:
    return links.lines(held.name, Query(item=item, region=region).text)


def why(trial: HeldRun, row: Mapping[Any, Any]) -> str:
    """Say why a plan has so many units of a line: its own reason, or why there is not one more."""
    lines, facts = trial.view.lines, trial.view.extras.get(FACTS.name)
    same: Callable[[str], pd.Series[bool]] = lambda name: lines[name] == row[name]  # noqa: E731
    found = lines.index[same("action") & same("origin") & same("destination") & same("item")]
    if len(found):
        known = facts is not None and "reason" in facts and int(found[0]) < len(facts)
        return str(facts["reason"].iloc[int(found[0])]) if known and facts is not None else ""
    if row["action"] not in INTO_REGIONS:
        return STAYS
    item, region = str(row["item"]), str(row["region"])
    told = explain(trial.part(item=item, region=region), item, region).why_not_more
    return sentence(told.removeprefix(QUESTION).lstrip(": "))


def _pager(count: int, asked: Apart) -> Content:
    """Write the way to the pages before and after; nothing where there is one alone."""
    last = max(-(-count // PAGE), 1)
    if last == 1 and asked.page == 1:
        return ""
    wanted = {
        "Page before": min(asked.page - 1, last) if asked.page > 1 else None,
        "Next page": asked.page + 1 if asked.page < last else None,
    }
    ways = [
        element("a", words, href=asked.link(page=page), data_key=f"page-{words}")
        for words, page in wanted.items()
        if page is not None
    ]
    where = element("span", f"Page {units(asked.page)} of {units(last)}")
    return element("nav", where, *ways, aria_label="Pages of the lines", class_="pager")

"""The lines of a page as a grid that keyboards and screen readers know: HTML's roles in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from foreship.own_files import PLAN_LINES
from foreship.reports.markup import Content, Markup, element, join, text_of
from foreship.workbench.grid.choosing import shown
from foreship.workbench.grid.columns import COLUMNS, SHOWN, GridColumn
from foreship.workbench.grid.figures import shown_value
from foreship.workbench.grid.lines import LineColumns
from foreship.workbench.grid.query import Query
from foreship_foundation.actions import ACTIONS
from foreship_foundation.arrays import Ints

__all__ = ["GRID", "Extra", "Ways", "framed", "grid_table", "heading", "keys_shown"]

GRID: Final = "#grid"
"""the part of a page that a new query takes the place of"""
ENDS: Final = {each.name: (each.origin, each.destination) for each in ACTIONS}
"""kinds of the places at which an action begins and ends"""
FOLLOWS_FROM: Final = {"margin": "break_even"}
"""columns that no file holds -> one of the line's row that they follow from"""
KNOWN_BY: Final = ("action", "region", "origin", "destination", "item")
"""columns that the links of a line are made from"""


@dataclass(frozen=True)
class Ways:
    """Where the links of a grid lead; whoever shows it knows the addresses."""

    lines: Callable[[Query], str]
    cell: Callable[[str, str], str]
    """of a region and an item"""
    region: Callable[[str], str]
    figure: Callable[[str, str, int], str]
    """of a file of the run, a column in it, and a line"""


@dataclass(frozen=True)
class Extra:
    """A further column at the end of the grid, written by whoever shows it."""

    key: str
    title: str
    content: Callable[[int], Content]
    """what stands in the row of a line"""
    help: str = ""


def keys_shown(columns: LineColumns, query: Query) -> tuple[str, ...]:
    """Return the columns that a query shows: those it names, else the usual ones with content."""
    known = {each.key for each in columns.columns}
    if not any(columns.ids.item.called):
        known -= {"name"}
    return query.columns or tuple(key for key in SHOWN if key in known)


def grid_table(
    columns: LineColumns,
    rows: Ints,
    query: Query,
    ways: Ways,
    *,
    caption: str,
    extras: Sequence[Extra] = (),
) -> Markup:
    """Write the page of lines that a query is at.

    Every figure leads to where it comes from, the item to its cell and its reasons, places to
    their pages; arrows lead from cell to cell, so that one cell alone is in the order of the tab
    key.

    Parameters
    ----------
    rows
        All lines that the query means, (M,), in its order.
    caption
        What the grid holds, for those who hear it.
    """
    told = [COLUMNS[key] for key in keys_shown(columns, query)]
    head = [
        *(heading(each.key, each.title, query, ways, number=each.is_number, help_=each.help)
          for each in told),
        *(_plain_heading(each) for each in extras),
    ]  # fmt: skip
    written = _Rows(columns, told, ways, extras)
    first = (query.page - 1) * query.size + 2  # the heading is row 1
    body = written.of(shown(rows, query), first)
    return framed(caption, head, body, count=len(rows))


def framed(
    caption: str, head: Sequence[Markup], body: Iterable[Markup], *, count: int, class_: str = ""
) -> Markup:
    """Write the table around the rows of a page.

    Parameters
    ----------
    count
        Rows below the heading on all pages together.
    class_
        A further class of the table.
    """
    table = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *head, role="row", aria_rowindex=1), role="rowgroup"),
        element("tbody", join(body), role="rowgroup"),
        role="grid",
        aria_rowcount=count + 1,
        aria_colcount=len(head),
        class_=f"lines {class_}".rstrip(),
    )
    return element("div", table, class_="scroll")


def heading(
    key: str, title: str, query: Query, ways: Ways, *, number: bool, help_: str = ""
) -> Markup:
    """Write the heading of a column that is sorted by it: once more turns the order around."""
    sorted_here = query.sort == key
    # numbers are asked for by the largest first, words by the alphabet
    turned = not query.desc if sorted_here else number
    link = ways.lines(query.but(sort=key, desc=turned))
    order = ("descending" if query.desc else "ascending") if sorted_here else "none"
    return element(
        "th",
        swapping(title, link, data_key=f"head-{key}"),
        role="columnheader",
        scope="col",
        aria_sort=order,
        title=help_ or None,
        class_="n" if number else None,
    )


def swapping(words: Content, link: str, **attributes: object) -> Markup:
    """Write a link that changes the grid alone; without scripts, or by a new tab, the page."""
    return element(
        "a",
        words,
        href=link,
        hx_get=link,
        hx_target=GRID,
        hx_swap="outerHTML",
        hx_push_url="true",
        **attributes,
    )


def _plain_heading(extra: Extra) -> Markup:
    return element("th", extra.title, role="columnheader", scope="col", title=extra.help or None)


class _Rows:
    """Rows of lines in prepared form: what does not change from row to row is written once."""

    def __init__(
        self,
        columns: LineColumns,
        told: Sequence[GridColumn],
        ways: Ways,
        extras: Sequence[Extra],
    ) -> None:
        self.columns, self.told, self.ways, self.extras = columns, told, ways, extras
        cells = [_opened(each.title, each.key, number=each.is_number) for each in told]
        cells += [_opened(each.title, each.key, number=False) for each in extras]
        inner = "".join(f"{each}%s</td>" for each in cells)
        self.form = f'<tr role="row" aria-rowindex="%s" data-line="%s">{inner}</tr>'

    def of(self, rows: Ints, first: int) -> Iterator[Markup]:
        """Yield the rows of some lines; `first` is the place of the first in the whole grid."""
        keys = tuple(each.key for each in self.told)
        values = self.columns.rows(rows, (*KNOWN_BY, *keys))
        for place, (line, each) in enumerate(zip(rows.tolist(), values, strict=True)):
            known = dict(zip(KNOWN_BY, each, strict=False))
            told = zip(self.told, each[len(KNOWN_BY) :], strict=True)
            cells = [self._cell(column, value, line, known) for column, value in told]
            cells += [text_of(extra.content(line)) for extra in self.extras]
            named = [part for cell in cells for part in (line, cell)]
            row = self.form % (first + place, line, *named)
            # arrows lead on from the one cell that the tab key reaches
            yield Markup(row if place else row.replace('tabindex="-1"', 'tabindex="0"', 1))

    def _cell(self, column: GridColumn, value: Any, line: int, known: dict[str, str]) -> str:
        words = text_of(shown_value(column, value, known["action"]))
        if value is None or value == "":
            return words
        if column.is_number:
            file, key = column.source or PLAN_LINES, FOLLOWS_FROM.get(column.key, column.key)
            return _link(self.ways.figure(file, key, line), words, "figure-link")
        link = self._leads(column.key, str(value), known)
        return _link(link, words) if link else words

    def _leads(self, key: str, value: str, known: dict[str, str]) -> str:
        """Return where a word leads: the cell, a region, the lines of a hub; '' for others."""
        if key == "item":
            return self.ways.cell(known["region"], value)
        if key == "region":
            return self.ways.region(value)
        if key in ("origin", "destination"):
            kind = ENDS[known["action"]][key == "destination"]
            return self.ways.region(value) if kind == "region" else self._hub(value)
        return self._hub(value) if key == "hub" else ""

    def _hub(self, hub: str) -> str:
        return self.ways.lines(Query(hub=hub))


def _opened(title: str, key: str, *, number: bool) -> str:
    """Write the beginning of a cell; its heading stands in it, for where cells are cards."""
    kind = ' class="n"' if number else ""
    head, name = (text_of(each).replace("%", "%%") for each in (title, key))
    return f'<td role="gridcell" tabindex="-1" data-head="{head}" data-key="%s-{name}"{kind}>'


def _link(link: str, words: str, kind: str = "") -> str:
    """Write a link inside a cell, which arrows and Enter reach and the tab key passes."""
    named = f' class="{kind}"' if kind else ""
    return f'<a href="{text_of(link)}" tabindex="-1"{named}>{words}</a>'

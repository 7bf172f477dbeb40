"""The part of a page that a query changes: what its lines come to, the lines, and other pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from foreship.reports.markup import Content, Markup, element, join
from foreship.workbench.grid.choosing import chosen, page_count
from foreship.workbench.grid.columns import COLUMNS
from foreship.workbench.grid.groups import Group, groups
from foreship.workbench.grid.lines import LineColumns
from foreship.workbench.grid.query import Query
from foreship.workbench.grid.table import GRID, Extra, Ways, framed, grid_table, heading, swapping
from foreship.workbench.grid.totals import Totals, totals
from foreship_foundation.telling.words import fixed, money, plural, units

__all__ = ["grid", "group_table", "pager", "totals_told"]

NO_GROUP, FIGURE = "none", "figure-link"


def grid(columns: LineColumns, query: Query, ways: Ways, *, extras: Sequence[Extra] = ()) -> Markup:
    """Write the lines or groups that a query means, with their sums and the way to more of them.

    Its id is that of `table.GRID`: an answer to another query takes its place.

    Raises
    ------
    UsageError
        If the query asks for what the run does not have; see `chosen`.
    """
    rows = chosen(columns, query)
    said = totals_told(totals(columns, rows), len(columns), query, ways)
    if query.group:
        found = groups(columns, rows, query)
        body: list[Content] = [group_table(found, query, ways), pager(len(found), query, ways)]
    else:
        told = grid_table(columns, rows, query, ways, caption="Lines of the plan", extras=extras)
        body = [told, pager(len(rows), query, ways)]
    status = element("p", said, role="status", class_="totals")
    return element("div", status, *body, id=GRID.removeprefix("#"))


def totals_told(found: Totals, lines: int, query: Query, ways: Ways) -> Markup:
    """Say what the lines shown come to, and of how many they are.

    A sum leads to its lines, the largest first; a count of items or regions to the lines by them.
    """
    of = f" of {units(lines)}" if query.chooses else ""
    count = f"{units(found.lines)}{of} {'line' if lines == 1 else 'lines'}"

    def summed(key: str, words: str) -> Content:
        return swapping(words, ways.lines(query.but(group="", sort=key, desc=True)), class_=FIGURE)

    def grouped(key: str, words: str) -> Content:
        return swapping(words, ways.lines(query.but(group=key, sort="", desc=False)), class_=FIGURE)

    by = [
        grouped("item", plural(found.items, "item")), " in ",
        grouped("region", plural(found.regions, "region")),
    ]  # fmt: skip
    said: list[list[Content]] = [
        [swapping(count, ways.lines(query.but(group="")), class_=FIGURE)],
        [summed("quantity", plural(found.units, "unit"))],
        by,
        ["cost ", summed("cost", money(found.cost))],
        ["expected gain line by line ", summed("expected_gain", money(found.expected_gain))],
        *([before, summed(key, words), after] for key, before, words, after in _sizes(found)),
    ]
    return join([*[part for each in said for part in ("; ", *each)][1:], "."])


def _sizes(found: Totals) -> Iterator[tuple[str, str, str, str]]:
    """Yield column, words before, figure and words after of each size that is known."""
    if found.volume is not None:
        yield "volume", "volume ", fixed(found.volume, 1), ""
    if found.kg is not None:
        yield "kg", "", f"{fixed(found.kg, 1)} kg", ""
    if found.cases is not None:
        yield "cases", "", plural(found.cases, "case"), ""


def pager(count: int, query: Query, ways: Ways) -> Content:
    """Write the way to the pages before and after; nothing where there is one page alone."""
    last = page_count(count, query)
    if last == 1 and query.page == 1:
        return ""
    wanted = {
        "First page": 1 if query.page > 1 else None,
        "Page before": min(query.page - 1, last) if query.page > 1 else None,
        "Next page": query.page + 1 if query.page < last else None,
        "Last page": last if query.page < last else None,
    }
    links = [
        swapping(words, ways.lines(query.but(page=page)), data_key=f"page-{words}")
        for words, page in wanted.items()
        if page is not None
    ]
    where = element("span", f"Page {units(query.page)} of {units(last)}")
    return element("nav", where, *links, aria_label="Pages of the grid", class_="pager")


def group_table(found: Sequence[Group], query: Query, ways: Ways) -> Markup:
    """Write the page of groups that a query is at, with their sums; each leads to its lines."""
    column = COLUMNS[query.group]
    head = [
        heading(query.group, column.title, query, ways, number=False, help_=column.help),
        element("th", "lines", role="columnheader", scope="col", class_="n"),
        *(
            heading(key, COLUMNS[key].title, query, ways, number=True, help_=COLUMNS[key].help)
            for key in ("quantity", "cost", "expected_gain")
        ),
    ]
    first = (query.page - 1) * query.size
    page = found[first : first + query.size]
    rows = [
        _group(each, query, ways, place, first + place + 2)  # the heading is row 1
        for place, each in enumerate(page)
    ]
    caption = f"Lines of the plan by {column.title}"
    return framed(caption, head, rows, count=len(found), class_="groups")


def _group(group: Group, query: Query, ways: Ways, place: int, row: int) -> Markup:
    # lines without a group have nothing that they could be filtered by
    inside = query.but(group="", sort="", desc=False, **{query.group: group.id} if group.id else {})
    link = ways.lines(inside)
    label = f"{group.id} {group.name}".strip() or NO_GROUP
    figures: list[tuple[str, Callable[[float], str], float]] = [
        ("lines", units, group.lines),
        ("quantity", units, group.units),
        ("cost", money, group.cost),
        ("expected_gain", money, group.expected_gain),
    ]
    name = element("a", label, href=link, tabindex="-1") if group.id else label
    cells = [_cell(f"{place}-name", COLUMNS[query.group].title, name, "", entry=place == 0)]
    for key, written, value in figures:
        figure = element("a", written(value), href=link, tabindex="-1", class_="figure-link")
        title = COLUMNS[key].title if key in COLUMNS else key
        cells.append(_cell(f"{place}-{key}", title, figure if group.id else written(value), "n"))
    return element("tr", *cells, role="row", aria_rowindex=row)


def _cell(key: str, title: str, content: Content, kind: str, *, entry: bool = False) -> Markup:
    return element(
        "td",
        content,
        role="gridcell",
        tabindex="0" if entry else "-1",
        data_head=title,
        data_key=key,
        class_=kind or None,
    )

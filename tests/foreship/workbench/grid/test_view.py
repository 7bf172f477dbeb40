"""The part of a page that a query changes."""

from __future__ import annotations

import re
from html import unescape

import pytest

from foreship.errors import UsageError
from foreship.workbench.grid.choosing import chosen
from foreship.workbench.grid.totals import totals
from foreship.workbench.grid.view import grid, totals_told
from tests.foreship.run_views import empty_view
from tests.foreship.workbench.made_runs import asked, grid_of, plain_ways, told_view

COLUMNS, _ = grid_of(told_view())


def test_totals_are_told_of_what_is_shown() -> None:
    """Of how many lines, units and money; in a status that is read out."""
    query = asked(region="Lyon")
    found = totals(COLUMNS, chosen(COLUMNS, query))
    told = totals_told(found, len(COLUMNS), query, plain_ways())
    said = re.sub("<[^>]*>", "", told)
    assert said.startswith(f"{found.lines} of {len(COLUMNS)} lines; {found.units} units; ")
    assert f"cost {found.cost:,.2f}" in said and "in 1 region;" in said
    assert f'<p role="status" class="totals">{told}</p>' in grid(COLUMNS, query, plain_ways())


def test_a_total_leads_to_the_lines_that_it_sums() -> None:
    """The largest first; a count of items or regions to the lines by item or region."""
    told = grid(COLUMNS, asked(region="Lyon", group="hub"), plain_ways())
    status = unescape(told.partition("</p>")[0])
    assert 'href="/lines?region=Lyon&sort=cost&desc=1"' in status
    assert 'href="/lines?region=Lyon&group=item"' in status


def test_pages_lead_on_and_back() -> None:
    """First and last, before and next, only where there are such."""

    def names(page: str) -> list[str]:
        text = grid(COLUMNS, asked(page=page, size="100"), plain_ways())
        return re.findall(r'data-key="page-([^"]+)"', text)

    last = str(-(-len(COLUMNS) // 100))
    assert names("1") == ["Next page", "Last page"] and names(last) == ["First page", "Page before"]
    assert names("1000") == ["First page", "Page before"]
    assert "pager" not in grid(COLUMNS, asked(region="Lyon", size="500"), plain_ways())


def test_groups_lead_to_their_lines() -> None:
    """Every figure of a group is a link to the lines that it sums; lines of no hub have none."""
    text = unescape(grid(COLUMNS, asked(group="hub", q="tea", page="1"), plain_ways()))
    assert text.count('href="/lines?q=tea&hub=Metz"') == 5
    assert ">none</td>" in text and text.count('role="row"') == 5


def test_many_groups_come_by_pages() -> None:
    """Each knows its place among all of them."""
    text = grid(COLUMNS, asked(group="item", size="25", page="2"), plain_ways())
    places = re.findall(r'aria-rowindex="(\d+)"', text)
    assert places == ["1", *map(str, range(27, 52))] and 'data-key="page-Next page"' in text


def test_an_empty_plan_is_an_empty_grid() -> None:
    """With its headings; what is asked for wrongly is refused all the same."""
    columns, _ = grid_of(empty_view())
    told = re.sub("<[^>]*>", "", grid(columns, asked(), plain_ways()))
    assert "0 lines; 0 units" in told
    with pytest.raises(UsageError, match="no region"):
        grid(columns, asked(region="Atlantis"), plain_ways())

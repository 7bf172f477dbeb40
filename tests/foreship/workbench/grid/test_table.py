"""The grid's markup: roles in full, links that lead to their source, ids as text."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import numpy as np

from foreship.workbench.grid.choosing import chosen
from foreship.workbench.grid.table import Extra, grid_table, keys_shown
from tests.foreship.workbench.made_runs import asked, grid_of, plain_ways, told_view

VIEW = told_view()
COLUMNS, _ = grid_of(VIEW)
HOSTILE = "<script>alert('%s')</script>\u202e\"&"


def written(**fields: str) -> str:
    """Write the grid of a query."""
    query = asked(**fields)
    rows = chosen(COLUMNS, query)
    return str(grid_table(COLUMNS, rows, query, plain_ways(), caption="Lines"))


def test_roles_and_places_are_told_in_full() -> None:
    """All lines are counted, a row knows its place among them, one cell is reached by tab."""
    text = written(size="25", page="2")
    assert f'aria-rowcount="{len(COLUMNS) + 1}"' in text
    places = re.findall(r'<tr role="row" aria-rowindex="(\d+)"', text)
    assert places == ["1", *map(str, range(27, 52))]
    cells = text.count('role="gridcell"')
    assert cells == 25 * len(keys_shown(COLUMNS, asked())) and text.count('tabindex="0"') == 1
    keys = re.findall(r'data-key="([^"]+)"', text)
    assert len(keys) == len(set(keys)) > cells


def test_the_heading_of_the_sorted_column_says_so_and_turns_around() -> None:
    """Others begin with the largest number, or the alphabet."""
    text = unescape(written(sort="cost", desc="1"))
    assert text.count('aria-sort="descending"') == 1 and 'href="/lines?sort=cost"' in text
    assert 'hx-get="/lines?sort=quantity&desc=1"' in text and 'href="/lines?sort=item"' in text


def test_every_figure_leads_to_its_file_and_line() -> None:
    """The item leads to its cell, a region to its page, a hub to its lines."""
    shown = "item,origin,destination,cost,margin,on_hand"
    text = written(columns=shown, action="return")
    row = int(VIEW.lines.index[VIEW.lines["action"] == "return"][0])
    line = VIEW.lines.loc[row]
    links = [f"cell/{line['origin']}/{line['item']}", f"region/{line['origin']}", "lines?hub=Metz"]
    links += [f"from/plan.parquet/{name}/{row}" for name in ("cost", "break_even")]
    for link in (*links, f"from/facts.parquet/on_hand/{row}"):
        assert f'href="/{link}"' in text
    outside = re.sub(r"<a .*?</a>|<[^>]+>", "", text)
    assert not re.search(r"\d", outside)


def test_what_stands_in_a_cell_is_text() -> None:
    """Marks of HTML, signs of our own form and letters that turn text around."""
    view = replace(VIEW, lines=VIEW.lines.head(2).assign(item=HOSTILE, origin=HOSTILE),
                   extras={}, tables={})  # fmt: skip
    columns, _ = grid_of(view)
    extra = Extra("own", HOSTILE, lambda line: f"{HOSTILE}{line}")
    text = str(grid_table(columns, np.array([0, 1]), asked(), plain_ways(), caption=HOSTILE,
                          extras=[extra]))  # fmt: skip
    assert "<script" not in text and "\u202e" not in text and "alert(&#x27;%s&#x27;)" in text
    assert " style=" not in text and "&lt;script&gt;" in text

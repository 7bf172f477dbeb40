"""Cells of an item or a region as numbers, and in words only those that are shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship.reading.explaining.cell_rows import (
    cell_frame,
    cell_rows,
    most_moved_first,
    totals,
    worded,
)
from foreship.reading.views import RunView
from tests.foreship.run_views import make_view


@pytest.fixture(scope="module")
def view() -> RunView:
    """A run of 20 items."""
    return make_view(items=20)


def test_numbers_are_those_of_each_cell(view: RunView) -> None:
    """Stock and moves as the cell itself counts them, demand as the forecast sums it."""
    cells = cell_frame(view, region="Lyon")
    assert cells["item"].tolist() == sorted(view.table("items")["item"])
    forecast = view.forecast[view.forecast["region"] == "Lyon"].set_index("item")
    for row in cells.to_dict("records"):
        stock = view.cell("Lyon", row["item"])
        told = (row["on_hand"], row["coming"], row["sent"], row["leaving"])
        assert told == (stock.on_hand, stock.inbound, stock.arriving, stock.leaving)
        weekly = forecast.loc[[row["item"]], "mean"].mean()
        stays = stock.on_hand + stock.inbound + stock.arriving - stock.leaving
        assert row["weeks_of_cover"] == pytest.approx(stays / weekly)
    assert totals(cells)[2] == cells["sent"].sum()


def test_some_rows_are_worded_as_all_of_them(view: RunView) -> None:
    """A page of a region says what the whole list says of its cells."""
    every = cell_rows(view, region="Lyon")
    part = worded(view, cell_frame(view, region="Lyon").iloc[5:9], "item")
    assert part == every[5:9] and len({each.reason for each in every}) > 3
    item = view.lines["item"].iloc[0]
    assert (
        worded(view, cell_frame(view, item=item).iloc[:1], "region")
        == cell_rows(view, item=item)[:1]
    )


def test_what_is_not_known_is_none(view: RunView) -> None:
    """Without a forecast neither demand nor cover; and no cell is no row."""
    bare = replace(view, forecast=None)
    assert {(each.forecast, each.weeks_of_cover) for each in cell_rows(bare, region="Lyon")} == {
        (None, None)
    }
    assert len(cell_frame(view, item="nothing")) == 0
    assert np.isnan(cell_frame(bare, region="Lyon")["forecast"]).all()


def test_most_moved_comes_first(view: RunView) -> None:
    """Then what most lies of, then by name."""
    cells = cell_frame(view, region="Lyon").head(4)
    cells = cells.assign(sent=[0, 2, 0, 0], leaving=[0, 0, 3, 0], on_hand=[5, 9, 0, 5])
    names = cells["item"].tolist()
    ordered = most_moved_first(cells.iloc[::-1], "item")["item"].tolist()
    assert ordered == [names[2], names[1], names[0], names[3]]

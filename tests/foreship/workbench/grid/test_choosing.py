"""Filters, search and order against the same by plain pandas."""

from __future__ import annotations

import numpy as np
import pytest

from foreship.errors import UsageError
from foreship.workbench.grid.choosing import chosen, page_count, shown
from tests.foreship.workbench.made_runs import asked, grid_of, told_view

VIEW = told_view()
COLUMNS, _ = grid_of(VIEW)
LINES = VIEW.lines


def rows(**fields: str) -> list[int]:
    """Choose by fields of an address."""
    return chosen(COLUMNS, asked(**fields)).tolist()


def test_without_a_filter_it_is_the_plan_in_its_order() -> None:
    """And backwards, if asked."""
    assert rows() == list(range(len(LINES)))
    assert rows(desc="1") == list(range(len(LINES)))[::-1]


def test_filters_hold_all_together() -> None:
    """Region, hub, action and bounds."""
    mine = LINES[(LINES["origin"] == "Metz") & (LINES["quantity"] >= 2) & (LINES["cost"] <= 3.0)]
    assert rows(hub="Metz", action="ship", min_quantity="2", max_cost="3") == mine.index.tolist()
    lyon = rows(region="Lyon")
    assert lyon and {COLUMNS.cell(row)[0] for row in lyon} == {"Lyon"}


def test_days_bound_days() -> None:
    """The day itself is in."""
    mine = LINES[LINES["arrival_date"] <= "2026-11-18"]
    assert rows(max_arrival_date="2026-11-18") == mine.index.tolist()


def test_a_search_finds_words_in_ids_and_names_at_both_ends() -> None:
    """Every word must be somewhere; case does not count."""
    first = LINES[LINES["destination"] == "Paris"].iloc[0]
    mine = LINES[(LINES["item"] == first["item"]) & (LINES["destination"] == "Paris")]
    assert rows(q=f"TEA {first['item']} par") == mine.index.tolist()
    assert rows(q="tea nowhere") == []


def test_sorting_keeps_what_is_chosen() -> None:
    """The same lines in the order of their gain."""
    found = rows(region="Lyon", sort="expected_gain", desc="1")
    gain = LINES["expected_gain"][found].tolist()
    assert gain == sorted(gain, reverse=True) and sorted(found) == rows(region="Lyon")


def test_pages_hold_every_line_once() -> None:
    """The last one is shorter; beyond it there is none."""
    query = asked(size="25", sort="cost")
    every = chosen(COLUMNS, query)
    pages = [shown(every, query.but(page=n + 1)) for n in range(page_count(len(every), query))]
    assert np.concatenate(pages).tolist() == every.tolist() and len(pages[-1]) <= 25
    assert len(shown(every, query.but(page=len(pages) + 1))) == 0
    assert page_count(0, query) == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("region", "Lion", "nearest: Lyon"), ("hub", "Lyon", "no hub"), ("item", "103", "no item"),
     ("category", "coffee", "no line is of the category"), ("sort", "lane", "no column `lane`"),
     ("min_lane", "1", "no column `lane`")],
)  # fmt: skip
def test_what_the_run_does_not_have_is_refused(field: str, value: str, said: str) -> None:
    """A filter that can find nothing is a mistake, not an empty plan."""
    with pytest.raises(UsageError, match=said):
        rows(**{field: value})

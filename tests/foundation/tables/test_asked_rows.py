"""Rows of policies and adjustments that nobody can mean, and which of several rows holds."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_foundation.tables.asked_rows import (
    faults_in_frame,
    faults_of_adjustments,
    faults_of_policies,
    rank_of,
    unknown_categories,
)


def rows(*each: tuple[str, float, str, str, str]) -> dict[str, np.ndarray]:
    """Return columns of rows `kind, value, region, item, category`."""
    names = ("kind", "value", "region", "item", "category")
    return {
        name: np.array([row[place] for row in each], dtype=float if name == "value" else object)
        for place, name in enumerate(names)
    }


def places(found) -> dict[str, list[int]]:
    """Return the rows at fault by what is wrong with them."""
    return {each.problem: each.bad.nonzero()[0].tolist() for each in found if each.bad.any()}


def test_shares_two_scopes_and_twins_are_faults() -> None:
    """Two minimums of one item in one region clash; in another region they do not."""
    given = rows(
        ("minimum", 2.0, "R", "A", ""), ("minimum", 3.0, "R", "A", ""),
        ("minimum", 3.0, "S", "A", ""), ("service", 1.0, "", "", ""),
        ("fair_share", 1.5, "", "", ""), ("maximum", 9.0, "", "A", "toys"),
    )  # fmt: skip
    assert places(faults_of_policies(given, np.ones(6, dtype=bool))) == {
        "beside an item": [5],
        "a share above 1": [4],
        "a service of 1": [3],
        "rows of one kind about the same": [0, 1],
    }


def test_a_row_that_has_expired_is_no_twin() -> None:
    """The old minimum ended before the day of the plan."""
    given = rows(("minimum", 2.0, "R", "A", ""), ("minimum", 3.0, "R", "A", ""))
    assert places(faults_of_policies(given, np.array([False, True]))) == {}


def test_a_minimum_above_the_maximum_of_the_same_cells_is_a_fault() -> None:
    """About other cells, weeks of cover, as many units and rows that have ended are none."""
    given = rows(
        ("maximum", 2.0, "R", "A", ""), ("minimum", 5.0, "R", "A", ""),
        ("presentation", 2.0, "R", "A", ""), ("cover_weeks", 9.0, "R", "A", ""),
        ("minimum", 5.0, "", "A", ""), ("maximum", 1.0, "", "B", ""),
        ("presentation", 2.0, "", "B", ""),
    )  # fmt: skip
    live = np.ones(7, dtype=bool)
    assert places(faults_of_policies(given, live)) == {
        "above the maximum of the same cells": [1, 6]
    }
    live[[0, 6]] = False
    assert places(faults_of_policies(given, live)) == {}


@pytest.mark.parametrize(
    ("value", "bad"), [(-0.1, True), (0.0, False), (100.0, False), (101, True)]
)
def test_a_factor_lies_between_nothing_and_a_hundred(value: float, bad: bool) -> None:
    """Units to add may be fewer, too."""
    given = rows(("times", value, "", "", ""), ("plus", -5.0, "R", "", ""))
    assert bool(places(faults_of_adjustments(given))) is bad


def test_the_most_specific_row_ranks_first() -> None:
    """Item and region, item, category and region, category, region, all."""
    scopes = [
        ("R", "A", ""),
        ("", "A", ""),
        ("R", "", "c"),
        ("", "", "c"),
        ("R", "", ""),
        ("",) * 3,
    ]
    given = rows(*(("minimum", 1.0, *each) for each in scopes))
    assert rank_of(given).tolist() == [0, 1, 2, 3, 4, 5]


def test_a_category_that_no_item_has_is_named_with_the_one_meant() -> None:
    """Two of three rows are about toys, one spelt so; blank means any."""
    rows = {"category": np.array(["toy", "toys", ""], dtype=object)}
    found = unknown_categories(rows, {"toys", ""})
    assert found.bad.tolist() == [True, False, False]
    assert faults_in_frame("policies", [found]) == [
        "table policies, row 1, column category: no item has this category; is it 'toys'?"
    ]
    assert unknown_categories(rows, {"garden"}).remedy == "one of items.category"

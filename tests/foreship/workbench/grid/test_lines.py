"""Lines as columns: the values of the run, and orders that are whole."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from foreship.errors import UsageError
from foreship.reading.views import RunView
from foreship.workbench.grid.lines import KEPT_ORDERS
from tests.foreship.run_views import empty_view, make_view
from tests.foreship.workbench.made_runs import grid_of, told_view


@pytest.fixture(scope="module")
def view() -> RunView:
    """A run with facts of its lines."""
    return told_view()


def test_values_are_those_of_the_run(view: RunView) -> None:
    """Plan and facts side by side, in the order of the plan; what is unknown is None."""
    columns, _ = grid_of(view)
    rows = columns.rows(np.array([3, 0]), ("item", "quantity", "sold_4_weeks", "category"))
    lines = view.lines
    assert rows[0][:3] == (lines["item"][3], lines["quantity"][3], 3.0)
    assert rows[1] == (lines["item"][0], lines["quantity"][0], None, "tea")


@pytest.mark.parametrize("desc", [False, True])
@pytest.mark.parametrize("key", ["item", "expected_gain", "arrival_date", "sold_4_weeks"])
def test_an_order_is_sorted_with_ties_as_in_the_plan(view: RunView, key: str, desc: bool) -> None:
    """Every line once; what is not known stands last, whichever way."""
    columns, _ = grid_of(view)
    order = columns.order(key, desc=desc)
    assert sorted(order.tolist()) == list(range(len(columns)))
    found = columns.frame[key].iloc[order]
    known = found.dropna()
    assert found.notna().tolist() == sorted(found.notna(), reverse=True)
    pairs = list(zip(known, known.index, strict=True))
    assert [value for value, _ in pairs] == sorted(known, reverse=desc)
    assert all(one[1] < two[1] for one, two in pairwise(pairs) if one[0] == two[0])


def test_orders_are_kept_but_not_without_end(view: RunView) -> None:
    """The same array again; the oldest go."""
    columns, _ = grid_of(view)
    first = columns.order("cost")
    assert columns.order("cost") is first
    for each in columns.columns:
        columns.order(each.key)
    assert len(columns._orders) == KEPT_ORDERS and columns.order("cost") is not first


def test_a_line_is_about_the_region_where_it_arrives_else_leaves(view: RunView) -> None:
    """A move between regions where it arrives, a return where it leaves; its hub beside it."""
    columns, _ = grid_of(view)
    lines = view.lines
    for action, side in (("redirect", "destination"), ("return", "origin"), ("markdown", "origin")):
        row = int(lines.index[lines["action"] == action][0])
        assert columns.cell(row) == (lines[side][row], lines["item"][row])
    row = int(lines.index[lines["action"] == "return"][0])
    assert columns.rows(np.array([row]), ("hub",)) == [("Metz",)]


def test_a_run_without_facts_has_fewer_columns() -> None:
    """And says which there are to who asks for others."""
    columns, _ = grid_of(make_view(items=4))
    with pytest.raises(UsageError, match="no column `reason`"):
        columns.column("reason")
    assert len(grid_of(empty_view())[0]) == 0

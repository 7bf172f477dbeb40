"""What lines come to."""

from __future__ import annotations

import numpy as np

from foreship.workbench.grid.totals import totals
from tests.foreship.run_views import make_view
from tests.foreship.workbench.made_runs import grid_of, told_view


def test_totals_are_the_sums_of_the_lines_in_any_order() -> None:
    """The same to the last digit, however they are sorted."""
    view = told_view()
    columns, _ = grid_of(view)
    rows = np.arange(0, len(columns), 3)
    found, lines = totals(columns, rows), view.lines.iloc[rows]
    assert (found.lines, found.units) == (len(rows), lines["quantity"].sum())
    assert found.cost == lines["cost"].to_numpy().sum()
    assert found.items == lines["item"].nunique() and found.cases == len(rows)
    assert totals(columns, rows[::-1]) == found


def test_sizes_are_unknown_without_facts_and_nothing_is_zero() -> None:
    """None, so that no page says 0 kg of what nobody weighed."""
    columns, _ = grid_of(make_view(items=4))
    found = totals(columns, np.zeros(0, dtype=np.int64))
    assert (found.lines, found.cost, found.items, found.kg) == (0, 0.0, 0, None)

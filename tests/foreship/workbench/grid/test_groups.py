"""Groups add up to the lines they are made of, and their filter finds just these."""

from __future__ import annotations

import pytest

from foreship.workbench.grid.choosing import chosen
from foreship.workbench.grid.columns import GROUPS
from foreship.workbench.grid.groups import groups
from foreship.workbench.grid.totals import totals
from tests.foreship.workbench.made_runs import asked, grid_of, told_view

COLUMNS, _ = grid_of(told_view())


@pytest.mark.parametrize("by", GROUPS)
def test_groups_add_up_and_lead_to_their_lines(by: str) -> None:
    """Every line is in one of them; what a group's filter finds is what the group counts."""
    query = asked(group=by, min_quantity="1")
    rows = chosen(COLUMNS, query)
    found, whole = groups(COLUMNS, rows, query), totals(COLUMNS, rows)
    assert sum(each.lines for each in found) == whole.lines
    assert sum(each.cost for each in found) == pytest.approx(whole.cost)
    for each in found:
        if each.id:
            inside = totals(COLUMNS, chosen(COLUMNS, query.but(group="", **{by: each.id})))
            assert (inside.lines, inside.units) == (each.lines, each.units)


def test_groups_are_sorted_as_asked() -> None:
    """By gain where nothing is said, by their own name or a sum where it is."""

    def ids(**fields: str) -> list[str]:
        query = asked(group="region", **fields)
        return [each.id for each in groups(COLUMNS, chosen(COLUMNS, query), query)]

    assert (
        ids(sort="region") == sorted(ids()) and ids(sort="region", desc="1") == sorted(ids())[::-1]
    )
    query = asked(group="region", sort="cost", desc="1")
    cost = [each.cost for each in groups(COLUMNS, chosen(COLUMNS, query), query)]
    assert cost == sorted(cost, reverse=True)
    gain = [
        each.expected_gain for each in groups(COLUMNS, chosen(COLUMNS, asked()), query.but(sort=""))
    ]
    assert gain == sorted(gain, reverse=True)

"""Limits of one's own over moves, and the rows that a weight is told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.errors import TableFault
from foreship_optimize.limits import limits_of
from foreship_optimize.own_limits.limit import Limit
from foreship_optimize.own_limits.weighing import WAYS, ways_of, with_own_limits
from tests.optimize.program_builder import two_hubs_three_regions

MONDAY = pd.Timestamp("2026-11-16")


def test_each_limit_is_a_row_of_what_units_count() -> None:
    """Moves of weight 0 are not in it; its name, unit and side are those that were stated."""
    problem = two_hubs_three_regions().problem()
    ways = ways_of(problem, MONDAY)
    assert list(ways.columns) == list(WAYS)
    hub = ways["origin"].iloc[0]
    limit = Limit("out of one hub", 4.0, lambda rows: 2.0 * (rows["origin"] == hub), "kg")
    limits = limits_of(with_own_limits(problem, [limit], MONDAY))
    (row,) = np.flatnonzero(limits.family == "own limit")
    assert (limits.words[row], limits.unit[row], limits.at_most[row]) == ("out of one hub", "kg", 4)
    mine = limits.row == row
    assert limits.move[mine].tolist() == np.flatnonzero(ways["origin"] == hub).tolist()
    assert set(limits.coefficient[mine]) == {2.0}


def test_names_stand_once() -> None:
    """Two limits of one name could not be told apart in words and prices."""
    problem = two_hubs_three_regions().problem()
    with pytest.raises(TableFault, match="that name stands twice"):
        with_own_limits(problem, [Limit("a", 1.0, lambda rows: np.ones(len(rows)))] * 2, MONDAY)


@pytest.mark.parametrize("weight", [lambda rows: rows["sender"], lambda rows: rows.sender])
def test_a_weight_that_asks_for_no_column_is_told_which_there_are(weight) -> None:
    """By the name of the limit, with the column that it asked for."""
    problem = two_hubs_three_regions().problem()
    with pytest.raises(
        TableFault, match=r"limit few: weight .*sender.*its rows have action, origin"
    ):
        with_own_limits(problem, [Limit("few", 1.0, weight)], MONDAY)

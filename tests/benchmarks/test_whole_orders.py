"""The benchmark of plans by the order: whole orders from units sent, and policies of two runs."""

from __future__ import annotations

import pandas as pd
import pytest

from benchmarks.whole_orders.fill import fill_of
from benchmarks.whole_orders.paired import paired
from foreship.errors import UsageError
from foreship_foundation.intervals import sum_over_weeks


def test_orders_take_units_only_if_all_of_theirs_are_there_and_weeks_begin_anew():
    """Two A, one B. Week 0: y lacks its second B and takes nothing; x takes A and B; z the other A.

    The blank line wants one more A. Week 1 has all units again. Two of four, one of one.
    """
    lines = pd.DataFrame(
        [("ship", "R", "A", 2, 3.0), ("ship", "R", "B", 1, 1.0), ("return", "H", "A", 9, 9.0)],
        columns=["action", "destination", "item", "quantity", "cost"],
    )
    rows = [
        (1, "a", "B", 2, 0), (2, "x", "A", 1, 0), (2, "x", "B", 1, 0), (3, "z", "A", 1, 0),
        (4, "", "A", 1, 0), (9, "w", "A", 2, 1),
    ]  # fmt: skip
    coming = pd.DataFrame(rows, columns=["date", "order_id", "item", "quantity", "week"])
    found = fill_of(lines, coming.assign(region="R"))
    assert (found.units, found.freight) == (3, 4.0)
    assert found.orders_whole == 3 / 5
    assert found.units_there == (1 + 2 + 1 + 0 + 2) / 8


def weekly(policy: str, earned: list[float], first: str = "2026-01-05") -> pd.DataFrame:
    weeks = pd.date_range(first, periods=len(earned), freq="7D")
    return pd.DataFrame({"policy": policy, "week": weeks, "earned": earned})


def test_policies_of_two_runs_are_paired_week_by_week_whatever_the_order_of_rows():
    """The sum of differences, and the interval that every replay states."""
    mine, its = weekly("foreship", [5.0, 1.0, 4.0]), weekly("plan_by_unit", [2.0, 2.0, 2.0])
    found = paired(mine.sample(frac=1.0, random_state=1), "foreship", its, "plan_by_unit", "earned")
    assert found == sum_over_weeks((mine["earned"] - its["earned"]).to_numpy())
    assert found.value == 4.0


def test_other_weeks_and_names_that_are_none_are_refused():
    """Said with what was probably meant."""
    mine = weekly("foreship", [5.0, 1.0])
    with pytest.raises(UsageError, match="weeks differ"):
        paired(mine, "foreship", weekly("other", [1.0, 1.0], "2026-01-12"), "other", "earned")
    with pytest.raises(UsageError, match="did you mean 'foreship'"):
        paired(mine, "foreshp", mine, "foreship", "earned")
    with pytest.raises(UsageError, match="did you mean 'earned'"):
        paired(mine, "foreship", mine, "foreship", "earnd")

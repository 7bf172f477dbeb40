"""What rows of `adjustments` do to a forecast, and what is said of those that do nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from foreship_forecast.errors import TableFault
from foreship_forecast.features.adjustments import adjusted_distribution
from tests.forecast.small_law import distribution
from tests.forecast.small_market import AS_OF

ITEMS = pd.DataFrame({"item": ["I0", "I1"], "category": ["tea", "coffee"]})
FOREVER = AS_OF + pd.Timedelta(weeks=50)


def rows(*given: dict[str, Any]) -> pd.DataFrame:
    """Return rows of `adjustments` as the room completes them."""
    blank = {"expires": FOREVER, "week": pd.NaT, "region": "", "item": "", "category": ""}
    frame = pd.DataFrame([blank | each for each in given])
    return frame.astype({"expires": "datetime64[ns]", "week": "datetime64[ns]"})


def test_factors_multiply_then_units_add_up() -> None:
    """Twice, half as much again, and 6 units of a week in all, shared by what is expected."""
    said = distribution(2, 2, 3, seed=4)
    region, item = said.region[0], said.item[0]
    table = rows(
        {"kind": "times", "value": 2.0, "region": region},
        {"kind": "times", "value": 1.5, "item": item, "week": AS_OF},
        {"kind": "plus", "value": 6.0, "item": item, "week": AS_OF},
    )
    found = adjusted_distribution(said, table, ITEMS)
    before, after = said.mean(), found.mean()
    wanted = before.copy()
    wanted[said.region == region] *= 2.0
    here = said.item == item
    wanted[here, 0] = wanted[here, 0] * 1.5 + 6.0 * before[here, 0] / before[here, 0].sum()
    assert after == pytest.approx(wanted, rel=1e-9)
    assert found.adjusted is not None
    assert found.adjusted["mean"].to_numpy() == pytest.approx(wanted[wanted != before], rel=1e-9)
    assert found.adjusted["mean_before"].to_numpy() == pytest.approx(before[wanted != before])
    assert found.without_adjustments().law is said.law
    assert any("3 adjustments move what is expected of" in each for each in found.notes)


def test_without_rows_it_is_the_same_forecast() -> None:
    """The very object; rows that change nothing leave the law as it is."""
    said = distribution(2, 2, 2)
    assert adjusted_distribution(said, _none(), ITEMS) is said
    same = adjusted_distribution(said, rows({"kind": "times", "value": 1.0}), ITEMS)
    assert same.law is said.law and same.unadjusted is None and same.adjusted is None


def _none() -> pd.DataFrame:
    return rows({"kind": "times", "value": 1.0})[:0]


def test_rows_that_do_nothing_are_counted_and_said() -> None:
    """Expired, of a week that is over, of nothing on offer."""
    said = distribution(2, 2, 2)
    table = rows(
        {"kind": "times", "value": 2.0, "expires": AS_OF - pd.Timedelta(days=1)},
        {"kind": "times", "value": 2.0, "week": AS_OF - pd.Timedelta(weeks=1)},
        {"kind": "plus", "value": 2.0, "item": "gone"},
        {"kind": "plus", "value": 2.0, "category": "wine"},
    )
    found = adjusted_distribution(said, table, ITEMS)
    assert found.law is said.law
    assert list(found.notes) == [
        "1 adjustment has expired: not heeded.",
        "1 adjustment is of no week that the forecast looks at: not heeded.",
        "2 adjustments are of nothing that is on offer: not heeded.",
    ]


def test_a_row_holds_in_weeks_that_begin_by_its_last_day() -> None:
    """A week without a date means each of them; the last day may be a Monday."""
    said = distribution(1, 2, 4, seed=1)
    until = AS_OF + pd.Timedelta(weeks=1)
    found = adjusted_distribution(
        said, rows({"kind": "times", "value": 3.0, "expires": until}), ITEMS
    )
    assert found.mean() / said.mean() == pytest.approx(
        np.tile([3.0, 3.0, 1.0, 1.0], (2, 1)), rel=1e-9
    )


def test_more_taken_than_there_is_leaves_nothing_and_is_said() -> None:
    """A minus beyond the mean: 0, and a sentence."""
    said = distribution(1, 2, 2, seed=1)
    found = adjusted_distribution(said, rows({"kind": "plus", "value": -1e6}), ITEMS)
    assert (found.mean() == 0).all()
    assert "Adjustments take more than is expected" in found.notes[-1]


def test_more_than_a_week_can_count_is_refused_by_name() -> None:
    """Ten million units of two items."""
    said = distribution(1, 2, 2, seed=1)
    with pytest.raises(TableFault, match=r"adjustments: item I00? in R.* would sell 65,53"):
        adjusted_distribution(said, rows({"kind": "plus", "value": 1e7}), ITEMS)

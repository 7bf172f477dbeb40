"""Hubs short before they are refilled, counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from foreship.exceptions.hub_needs import hubs_short
from tests.foreship.exceptions.hand_made import AS_OF, frame, seen

WEEK = pd.Timedelta(weeks=1)
NEEDS = frame(
    "hub item week stock mean",
    ("H", "A", AS_OF, 5.0, 7.0),
    ("H", "A", AS_OF + WEEK, 0.0, 9.0),
    ("H", "B", AS_OF, 5.0, 5.5),
)


def test_what_is_short_before_the_refill_is_told() -> None:
    """Seven needed of five: two short at a margin of 4; half a unit of B is nothing to look at."""
    found = list(hubs_short(seen(needs=NEEDS)))
    assert [(each.hub, each.item, each.money) for each in found] == [("H", "A", pytest.approx(8.0))]
    assert found[0].words.startswith("H (North) is expected to need 2.0 units of A (Lamp) more")


def test_a_later_refill_looks_further() -> None:
    """Refilled after two weeks, the second week's nine count too."""
    weeks = {"plan": {"hub_refill_weeks": 2}}
    found = list(hubs_short(seen(needs=NEEDS, assumptions=weeks)))
    assert found[0].money == pytest.approx(4.0 * (2 + 9))


def test_nothing_is_said_where_needs_are_not_known() -> None:
    """A run without needs has no hub that is short."""
    assert not list(hubs_short(seen()))

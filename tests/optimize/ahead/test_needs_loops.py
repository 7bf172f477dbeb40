"""What hubs need for many cells, in compiled loops: to the bit what arrays say of few."""

from __future__ import annotations

import pandas as pd

from foreship_optimize.ahead.needs import needs_of
from foreship_optimize.planning import make_plan
from tests.optimize.ahead.as_many import as_many, market
from tests.optimize.small_network import STEADY
from tests.optimize.table_builder import MONDAY


def test_needs_of_hubs_are_those_of_few_cells(monkeypatch):
    """The table is the same to the bit, priced lanes, lines and parcels in it."""
    tables, demand = market()
    plan = make_plan(tables, demand, MONDAY, STEADY)
    few = needs_of(tables, demand, MONDAY, STEADY, 0.0, plan)
    as_many(monkeypatch)
    many = needs_of(tables, demand, MONDAY, STEADY, 0.0, plan)
    pd.testing.assert_frame_equal(many, few, check_exact=True)
    assert few["sent"].any() and (few["mean"] > few["sent"]).any()

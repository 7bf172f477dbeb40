"""What depends on the region beside the item: equations 34 and 35 on paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.network.regional_terms import holding_of, lost_share_of
from foreship_optimize.network.transport.places_and_lanes import read_network
from foreship_optimize.tables import Tables, complete
from tests.optimize.small_network import STEADY, item, lane, tables_of
from tests.optimize.table_builder import MONDAY

TWO = {"items": [item("I", lost=0.2), item("K", lost=0.2)], "stock": [("H", "I", 5)],
       "hubs": [("H", 0, 0), ("G", 0, 0)]}  # fmt: skip
REGION, ITEM = np.zeros(2, dtype=np.int64), np.arange(2)


def network_of(stated=None, **rows):
    """Network of two hubs and two items, some tables of which state further columns."""
    tables = complete(tables_of(**{**TWO, **rows}), STEADY.economics)
    more = {name: tables[name].assign(**columns) for name, columns in (stated or {}).items()}
    return read_network(Tables({**tables, **more}, STEADY.economics), MONDAY)


def test_a_day_more_loses_the_same_share_of_those_who_still_wait():
    """Two days at 10 % a day lose 1 - .9 x .9 = .19; what an item states goes before it."""
    network = replace(network_of(), lost_share_per_day=0.1, parcel_days=np.array([2.0]))
    stated = replace(network, lost_share_stated=np.array([True, False]))
    assert lost_share_of(stated, REGION, ITEM) == pytest.approx([0.2, 0.19])


def test_without_a_worth_of_days_or_without_days_the_constant_holds():
    """Neither the one nor the other alone says who is lost."""
    network = replace(network_of(), lost_share_stated=np.zeros(2, dtype=bool))
    days = replace(network, parcel_days=np.array([2.0]))
    worth = replace(network, lost_share_per_day=0.1)
    for found in (network, days, worth):
        assert lost_share_of(found, REGION, ITEM) == pytest.approx([0.2, 0.2])


def test_the_days_saved_are_those_of_the_cheapest_parcel():
    """G is cheaper and takes three days; of H's two rows the one that costs less does not count."""
    lanes = [lane("H", "R", direct=5.0), lane("G", "R", direct=4.0), lane("G", "R", 2.0)]
    found = network_of({"lanes": {"direct_days": [1.0, 3.0, 2.0]}}, lanes=lanes)
    assert found.parcel_days == pytest.approx([3.0])


def test_a_region_is_charged_what_holding_costs_there_more_than_at_the_hub():
    """.10 a week there; at G, whose lane is the cheapest, 10 x .26 / 52 = .05; K states .30."""
    stated = {
        "hubs": {"holding_rate_per_year": [5.0, 0.26]},
        "items": {"hub_holding_cost_per_week": [np.nan, 0.3]},
    }
    network = network_of(stated, lanes=[lane("H", "R", 2.0), lane("G", "R", 1.0)])
    assert holding_of(network, REGION, ITEM) == pytest.approx([0.05, 0.0])


def test_without_a_hub_that_states_it_a_region_is_charged_all_of_it():
    """And so is a region that no lane reaches."""
    assert holding_of(network_of(), REGION, ITEM) == pytest.approx([0.1, 0.1])
    alone = replace(network_of(lanes=[]), hub_holding_rate=np.array([0.26, 0.26]))
    assert holding_of(alone, REGION, ITEM) == pytest.approx([0.1, 0.1])

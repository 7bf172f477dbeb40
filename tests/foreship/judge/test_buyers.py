"""Buyers: their patience and their weekly means."""

from __future__ import annotations

import numpy as np
import pytest

from foreship.judge.buyers import Buyers, patience
from foreship.judge.network import Network
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, orders, world


def test_patience_depends_on_ids_and_seed_alone():
    """A draw is the same whatever other regions and items exist; its share is lost_sale_share."""
    items = world()["items"].assign(lost_sale_share=[0.25, 0.75])
    small = Network.from_tables(world(items=items[1:]), EXITS)
    large = Network.from_tables(world(items=items), EXITS)

    def draw(network, seed, count=4000):
        at = [MONDAY.astype("datetime64[D]").astype(int), network.regions.get_loc("R2")]
        cell = [np.array([each]) for each in (*at, network.items.get_loc("L"), count)]
        return patience(network, *cell, seed)

    assert (draw(small, 3) == draw(large, 3)).all()
    assert (draw(small, 3) != draw(small, 4)).any()
    assert (draw(small, 3)[:10] == draw(small, 3, count=10)).all()
    assert draw(small, 3).mean() == pytest.approx(0.25, abs=4 * np.sqrt(0.25 * 0.75 / 4000))


def test_means_look_at_the_trailing_weeks_only():
    """Refills see the last weeks before Monday, fewer where the history is shorter."""
    tables = world(orders=orders((-30, "R1", "K", 5), (-7, "R2", "K", 6), (0, "R1", "K", 99)))
    network = Network.from_tables(tables, EXITS)
    buyers = Buyers.from_orders(tables["orders"], network, MONDAY, 1)
    assert buyers.mean_by_item(MONDAY, 2, 2).tolist() == [3.0, 0.0]
    assert buyers.mean_by_item(MONDAY, 52, 2).tolist() == [11 / 5, 0.0]
    assert buyers.mean_by_cell(MONDAY, 1, (2, 2)).tolist() == [[0.0, 0.0], [6.0, 0.0]]

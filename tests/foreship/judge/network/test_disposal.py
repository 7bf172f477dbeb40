"""What it costs to be rid of a unit."""

from __future__ import annotations

import numpy as np
import pytest

from foreship.judge.carried_out.departures import PlanRefused, read_plan
from foreship.judge.network.network import Network
from tests.foreship.played_weeks import EXITS, replay
from tests.foreship.small_world import MONDAY, frame, plan, world


def test_exits_cost_what_the_settings_say():
    """Markdown gives up its share of the price, a gift the unrecovered part of its cost."""
    tables = world(stock=frame("location item quantity", [("R1", "L", 4)]))
    lines = plan(("markdown", "R1", "", "L", 2), ("give_away", "R1", "", "L", 1))
    (ledger,), state, _ = replay(tables, [lines])
    assert ledger.exits == pytest.approx(2 * 0.3 * 30 + 0.75 * 20)
    assert ledger.holding == pytest.approx(0.25)
    assert (ledger.moved["markdown"], ledger.moved["give_away"]) == (2, 1)
    assert ledger.margin == 0
    assert state.units == 1


def test_exits_table_replaces_the_settings():
    """The most specific row holds, and an exit without a row does not exist."""
    rows = [
        ("markdown", "", "", 1.0, 0.0, np.inf, 0),
        ("markdown", "", "R1", 2.0, 0.0, np.inf, 0),
        ("markdown", "L", "", 3.0, 0.5, np.inf, 2),
        ("liquidate", "L", "R1", 0.0, 15.0, np.inf, 0),
        ("donate", "", "", 1.0, 0.0, np.inf, 0),
        ("redirect", "", "", 0.75, 0.0, np.inf, 0),
    ]
    exits = frame("exit item region cost recovery capacity delay_weeks", rows)
    network = Network.from_tables(world(exits=exits), EXITS)

    def price(kind, region, item):
        at = network.regions.get_indexer([region]), network.items.get_indexer([item])
        return network.exits.handling(kind, *at)[0]

    assert price("markdown", "R2", "K") == pytest.approx(0.3 * 10 + 1)
    assert price("markdown", "R1", "K") == pytest.approx(0.3 * 10 + 2)
    assert price("markdown", "R1", "L") == pytest.approx(0.3 * 30 + 3 - 0.5 + 2 * 0.25)
    assert price("liquidate", "R1", "L") == pytest.approx(20 - 15)
    assert np.isnan(price("liquidate", "R2", "L"))
    assert np.isnan(price("return", "R1", "K"))
    assert price("redirect", "R1", "K") == 0.75, "the table stands in for redirect_handling"
    gift = plan(("give_away", "R1", "", "L", 1))
    assert read_plan(network, gift, MONDAY).exit_cost == pytest.approx([5.0])
    named = gift.assign(exit="donate")
    assert read_plan(network, named, MONDAY).exit_cost == pytest.approx([21.0])
    with pytest.raises(PlanRefused, match="no such exit"):
        read_plan(network, plan(("return", "R1", "H1", "K", 1)), MONDAY)

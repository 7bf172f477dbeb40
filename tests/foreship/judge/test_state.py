"""Where every unit is: opening, landing, leaving, and the tables that a plan sees of it."""

from __future__ import annotations

import numpy as np
import pytest

from foreship.judge.departures import PlanRefused, read_plan
from foreship.judge.network import Network
from foreship.judge.state import opening_state
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, date, frame, inbound, plan, world


def opened(**changes):
    """Open a world in which R1 has two kettles and expects three on Thursday, one on Friday."""
    stock = frame("location item quantity", [("R1", "K", 2), ("H1", "K", 8), ("H1", "L", 3)])
    coming = inbound(("R1", "K", 1, 4), ("R1", "K", 3, 3), ("H2", "L", 5, 9))
    tables = world(**({"stock": stock, "inbound": coming} | changes))
    network = Network.from_tables(tables, EXITS)
    return network, opening_state(network, tables)


def test_units_are_all_there_and_where_the_tables_say():
    """2 + 8 + 3 on hand and 1 + 3 + 5 on their way; rows are R1, R2, H1, H2."""
    _, state = opened()
    assert state.on_hand.tolist() == [[2, 0], [0, 0], [8, 3], [0, 0]]
    assert state.units == 22


@pytest.mark.parametrize(("day", "kettles", "lots"), [(2, 2, 3), (3, 5, 2), (4, 6, 1), (30, 6, 0)])
def test_what_is_due_lands_on_its_day_and_not_before(day: int, kettles: int, lots: int):
    """No unit is lost or made by it."""
    _, state = opened()
    landed = state.land(MONDAY + np.timedelta64(day, "D"))
    assert (landed.on_hand[0, 0], len(landed.coming_to)) == (kettles, lots)
    assert landed.units == state.units
    assert state.on_hand[0, 0] == 2  # the state before is still what it was


def test_units_that_leave_are_under_way_or_gone():
    """A ship of two is under way for two days; a gift of one has left the network."""
    network, state = opened()
    lines = plan(("ship", "H1", "R1", "K", 2), ("give_away", "R1", "", "K", 1))
    after = state.depart(network, read_plan(network, lines, MONDAY))
    assert after.on_hand[:, 0].tolist() == [1, 0, 6, 0]
    assert after.units == state.units - 1
    assert after.coming_on[-1] == MONDAY + np.timedelta64(2, "D")


def test_a_plan_that_moves_more_than_there_is_names_every_shortage():
    """What is on its way cannot leave yet."""
    network, state = opened()
    lines = plan(("give_away", "R1", "", "K", 3), ("ship", "H1", "R2", "L", 4))
    with pytest.raises(PlanRefused) as refused:
        state.depart(network, read_plan(network, lines, MONDAY))
    assert refused.value.faults == [
        "R1 has 2 of K, the plan moves 3", "H1 has 3 of L, the plan moves 4",
    ]  # fmt: skip


def test_what_lies_in_or_comes_to_a_region_takes_its_room():
    """Six kettles of volume 1 in R1; the lamps that come to a hub take none."""
    network, state = opened()
    assert state.volume(network).tolist() == [6.0, 0.0]
    assert state.in_regions(network).tolist() == [[6, 0], [0, 0]]


def test_its_tables_open_the_same_state_again():
    """Lots of one place, item and day are one row."""
    coming = inbound(("R1", "K", 1, 3), ("R1", "K", 3, 3))
    network, state = opened(inbound=coming)
    tables = state.to_tables(network)
    assert tables["inbound"].to_numpy().tolist() == [["R1", "K", 4, date(3)]]
    again = opening_state(network, tables)
    assert again.on_hand.tolist() == state.on_hand.tolist() and again.units == state.units


def test_unknown_places_and_items_are_refused_by_name():
    """The first of them is shown."""
    stock = frame("location item quantity", [("R1", "K", 1), ("R9", "K", 1), ("R1", "X", 1)])
    with pytest.raises(ValueError, match=r"stock: 2 rows name unknown .*, the first 'R9', 'K'"):
        opened(stock=stock)

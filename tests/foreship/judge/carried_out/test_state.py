"""Where every unit is: it lands on its day, leaves once, and is counted where it lies and goes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from foreship.judge.carried_out.departures import PlanRefused, read_plan
from foreship.judge.carried_out.state import State, opening_state
from foreship.judge.network.network import Network
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, date, frame, inbound, lane, plan, world

DAY = np.timedelta64(1, "D")
STOCK = frame("location item quantity", [("H1", "K", 8), ("R1", "K", 2), ("R2", "L", 1)])
LOTS = inbound(("R1", "K", 3, 1), ("R2", "L", 4, 2), ("H2", "K", 5, 2), ("R1", "K", 1, 1))


def opened(**changes: Any) -> tuple[Network, State]:
    """Return the small world with 11 units there and 13 on their way, and its state."""
    tables = world(**{"stock": STOCK, "inbound": LOTS, **changes})
    network = Network.from_tables(tables, EXITS)
    return network, opening_state(network, tables)


def test_units_are_on_hand_or_on_their_way() -> None:
    """Two lots of one place, item and day are one; all units are 11 + 13."""
    _, state = opened()
    assert state.on_hand.tolist() == [[2, 0], [0, 1], [8, 0], [0, 0]]
    assert state.coming_to.tolist() == [3, 0, 1]
    assert state.coming_item.tolist() == [0, 0, 1]
    assert state.coming_units.tolist() == [5, 4, 4]
    assert ((state.coming_on - MONDAY) // DAY).tolist() == [2, 1, 2]
    assert state.units == 24


def test_units_land_on_their_day() -> None:
    """Four kettles on Tuesday, the rest on Wednesday; what is late lands as well."""
    _, state = opened()
    assert state.land(MONDAY) is state
    tuesday = state.land(MONDAY + DAY)
    assert tuesday.on_hand.tolist() == [[6, 0], [0, 1], [8, 0], [0, 0]]
    assert tuesday.coming_units.tolist() == [5, 4] and tuesday.units == 24
    later = state.land(MONDAY + 9 * DAY)
    assert later.on_hand.tolist() == [[6, 0], [0, 5], [8, 0], [5, 0]]
    assert len(later.coming_on) == 0
    assert state.on_hand[0, 0] == 2


def test_a_plan_takes_its_units_away_and_on_their_way() -> None:
    """Two kettles of H1 under way for R1 and one back to H1; one lamp is gone from R2 for good."""
    network, state = opened()
    lines = plan(
        ("ship", "H1", "R1", "K", 2), ("return", "R1", "H1", "K", 1), ("markdown", "R2", "", "L", 1)
    )
    after = state.depart(network, read_plan(network, lines, MONDAY))
    assert after.on_hand.tolist() == [[1, 0], [0, 0], [6, 0], [0, 0]]
    assert after.coming_to[3:].tolist() == [0, 2]
    assert after.coming_item[3:].tolist() == [0, 0]
    assert after.coming_units[3:].tolist() == [2, 1]
    assert ((after.coming_on[3:] - MONDAY) // DAY).tolist() == [2, 2]
    assert after.units == state.units - 1
    assert state.on_hand[2, 0] == 8


def test_a_plan_cannot_take_what_is_not_there() -> None:
    """Two lines that are good alone take three kettles of R1's two."""
    network, state = opened()
    lines = plan(("return", "R1", "H1", "K", 2), ("redirect", "R1", "R2", "K", 1))
    with pytest.raises(PlanRefused, match="R1 has 2 of K, the plan moves 3"):
        state.depart(network, read_plan(network, lines, MONDAY))
    all_of_it = plan(("return", "R1", "H1", "K", 2))
    assert state.depart(network, read_plan(network, all_of_it, MONDAY)).on_hand[0, 0] == 0


def test_what_lies_in_and_comes_to_regions_is_counted_there() -> None:
    """R1 2 + 4 kettles of 1, R2 1 + 4 lamps of 3; hubs and what comes to them do not count."""
    network, state = opened()
    assert state.volume(network).tolist() == [6.0, 15.0]
    assert state.in_regions(network).tolist() == [[6, 0], [0, 5]]
    _, hub = opened(inbound=inbound(("H1", "K", 5, 2)))
    assert hub.volume(network).tolist() == [2.0, 3.0]
    assert state.on_hand[0, 0] == 2


def test_a_plan_sees_stock_and_inbound_as_tables() -> None:
    """Sorted, one row a lot, and back to the same state."""
    network, state = opened()
    tables = state.to_tables(network)
    assert tables["stock"].to_numpy().tolist() == [["H1", "K", 8], ["R1", "K", 2], ["R2", "L", 1]]
    assert tables["inbound"].to_numpy().tolist() == [
        ["H2", "K", 5, date(2)], ["R1", "K", 4, date(1)], ["R2", "L", 4, date(2)]
    ]  # fmt: skip
    again = opening_state(network, tables)
    assert (again.on_hand == state.on_hand).all() and again.units == state.units


@pytest.mark.parametrize("row", [("R9", "K"), ("R1", "X"), ("R9", "X")])
def test_units_of_places_and_items_that_no_table_knows_are_refused(row: tuple[str, str]) -> None:
    """In stock and in inbound, by the table's name and the first such row."""
    stock = pd.concat([STOCK, frame("location item quantity", [(*row, 1)])])
    with pytest.raises(ValueError, match=f"stock: 1 row .* '{row[0]}', '{row[1]}'"):
        opened(stock=stock)
    with pytest.raises(ValueError, match=f"inbound: 1 row .* '{row[0]}', '{row[1]}'"):
        opened(inbound=inbound((*row, 1, 1)))


def late_world(sd: float = 3.0, **changes):
    """Return a world whose lane to R1 takes 5 days, give or take `sd`; that to R2 keeps its 3."""
    lanes = pd.DataFrame([lane("H1", "R1", 1.0, 5, lead_time_sd_days=sd), lane("H1", "R2", 1.0, 3)])
    return world(lanes=lanes, **changes)


def test_what_is_late_stands_in_inbound_on_the_day_on_which_it_should_come() -> None:
    """Each lot lands on the day drawn for its departure, however many lines and policies it has.

    Until then a policy sees the promised day, also when it is past; afterwards `lateness` has both.
    """
    tables = late_world()
    network = Network.from_tables(tables, EXITS, seed=17)
    lines = plan(
        ("ship", "H1", "R1", "K", 2), ("ship", "H1", "R1", "L", 1), ("ship", "H1", "R2", "K", 1)
    )
    leaving = read_plan(network, lines, MONDAY)
    told = ((leaving.told - MONDAY) // DAY).tolist()
    lands = ((leaving.arrival - MONDAY) // DAY).tolist()
    assert told == [5, 5, 3]
    assert lands[0] == lands[1] > 7 and lands[2] == 3
    alone = read_plan(network, lines.iloc[[1]], MONDAY)
    assert alone.arrival.tolist() == leaving.arrival.tolist()[1:2]
    state = opening_state(network, tables).depart(network, leaving).land(MONDAY + 7 * DAY)
    assert state.to_tables(network)["inbound"]["arrival_date"].tolist() == [date(5), date(5)]
    seen = state.to_tables(network)["lateness"]
    assert seen.to_dict("records") == [
        {
            "location": "R2", "item": "K", "promised": date(3), "came": date(3), "quantity": 1,
            "received": 1,
        }
    ]  # fmt: skip
    state = state.land(MONDAY + lands[0] * DAY)
    assert not len(state.to_tables(network)["inbound"])
    came = state.to_tables(network)["lateness"]
    assert came["came"].tolist() == [date(lands[0]), date(lands[0]), date(3)]
    assert came["promised"].tolist() == [date(5), date(5), date(3)]
    network, state = opened()
    assert "lateness" not in state.to_tables(network)

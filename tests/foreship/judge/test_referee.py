"""The judge against a unit-by-unit referee, and against its own tables in another order."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship.judge.buyers import patience
from foreship.judge.network.network import Network
from tests.foreship.played_weeks import EXITS, WEEK, replay
from tests.foreship.slow_referee import Referee
from tests.foreship.small_world import MONDAY, date, frame, inbound, orders, plan, world

quantities = st.integers(0, 4)


order_rows = st.lists(
    st.tuples(
        st.integers(-14, 20), st.sampled_from(["R1", "R2"]), st.sampled_from(["K", "L"]), quantities
    ),
    max_size=25,
).map(lambda rows: [row for row in rows if row[3]])


stock_rows = st.lists(
    st.tuples(
        st.sampled_from(["R1", "R2", "H1", "H2"]), st.sampled_from(["K", "L"]), st.integers(1, 9)
    ),
    max_size=6,
    unique_by=lambda row: row[:2],
)


inbound_rows = st.lists(
    st.tuples(
        st.sampled_from(["R1", "R2", "H1", "H2"]),
        st.sampled_from(["K", "L"]),
        st.integers(1, 5),
        st.integers(-3, 25),
    ),
    max_size=3,
)


moves = st.lists(
    st.tuples(
        st.sampled_from(
            [
                ("ship", "H1", "R1"),
                ("ship", "H1", "R2"),
                ("ship", "H2", "R1"),
                ("ship", "H2", "R2"),
                ("redirect", "R1", "R2"),
                ("return", "R1", "H1"),
                ("markdown", "R2", ""),
                ("give_away", "R1", ""),
            ]
        ),
        st.sampled_from(["K", "L"]),
        st.integers(1, 6),
        st.integers(0, 2),
    ),
    max_size=6,
)


def affordable(wishes, shelf, referee, monday):
    """Cut wishes to what is there and leaves, so that any random plan can be carried out."""
    left, lines = dict(shelf), []
    for (action, origin, destination), item, quantity, turn in wishes:
        days = [monday]
        if action in ("ship", "redirect", "return"):
            days = referee.departures(origin, destination, monday)
        units = min(quantity, left.get((origin, item), 0)) if days else 0
        left[origin, item] = left.get((origin, item), 0) - units
        if units:
            lines.append((action, origin, destination, item, units, days[turn % len(days)]))
    return lines


def agree(tables, wishes, cover):
    """Check money and units of three weeks against a plain unit-by-unit replay."""
    network = Network.from_tables(tables, EXITS)
    referee = Referee(tables, EXITS, draws(network, tables["orders"]))
    mondays = [pd.Timestamp(MONDAY + week * WEEK) for week in range(3)]

    def fast(week):
        def lines(state):
            on_hand = {
                (network.locations[at], network.items[item]): int(state.on_hand[at, item])
                for at, item in np.argwhere(state.on_hand)
            }
            sent = affordable(wishes[week], on_hand, referee, mondays[week])
            return plan(*[line[:5] for line in sent]).assign(ship_date=[line[5] for line in sent])

        return lines

    ledgers, state, _ = replay(tables, [fast(week) for week in range(3)], cover=cover, trailing=2)
    planned = zip(wishes, mondays, strict=True)

    def slow(shelf, _):
        wished, monday = next(planned)
        return affordable(wished, shelf, referee, monday)

    money = referee.play(mondays, slow, cover, 2)
    for name in ("margin", "parcels", "last_mile", "freight", "holding", "exits"):
        assert sum(getattr(each, name) for each in ledgers) == pytest.approx(money.get(name, 0.0))
    for name in ("served_locally", "served_from_hub", "lost"):
        assert sum(getattr(each, name) for each in ledgers) == money.get(name, 0)
    left = {
        (network.locations[at], network.items[item]): int(state.on_hand[at, item])
        for at, item in np.argwhere(state.on_hand)
    }
    assert left == {key: units for key, units in referee.shelf.items() if units}
    assert state.units - state.on_hand.sum() == sum(lot[3] for lot in referee.road)


def drawn_world(buying, stock, coming, **changes):
    """Return a world of drawn orders, stock and inbound, in which not every buyer waits."""
    return world(
        items=world()["items"].assign(lost_sale_share=[0.3, 0.6]),
        orders=orders(*buying),
        stock=frame("location item quantity", stock).astype({"quantity": np.int64}),
        inbound=inbound(*coming),
        **changes,
    )


three_plans = st.lists(moves, min_size=3, max_size=3)


@pytest.mark.sweep
@pytest.mark.parametrize("examples", [30, pytest.param(300, marks=pytest.mark.nightly)])
def test_the_judge_agrees_with_a_unit_by_unit_referee(examples: int):
    """Money and units of random worlds and plans equal a plain unit-by-unit replay.

    Thirty worlds; three hundred nightly.
    """
    settings(max_examples=examples)(agree_on_worlds)()


@given(order_rows, stock_rows, inbound_rows, three_plans, st.integers(0, 3))
def agree_on_worlds(buying, stock, coming, wishes, cover):
    """Play a world and its plans twice."""
    agree(drawn_world(buying, stock, coming), wishes, cover)


transport = st.fixed_dictionaries(
    {
        "departs": st.sampled_from(["", "Tue", "Mon Thu", "Sun Wed Fri"]),
        "vehicle_cost": st.sampled_from([0.0, 7.0]),
        "vehicle_capacity": st.sampled_from([np.inf, 3.0, 5.5]),
        "vehicle_kg": st.sampled_from([np.inf, 4.0]),
        "line_cost": st.sampled_from([0.0, 0.3]),
    }
)
closings = st.lists(
    st.tuples(
        st.integers(0, 27),
        st.sampled_from(["closed", "Closure: strike", "fair"]),
        st.sampled_from(["R1", "R2", "H1", "H2", ""]),
    ),
    max_size=8,
)


@pytest.mark.sweep
@pytest.mark.parametrize("examples", [20, pytest.param(200, marks=pytest.mark.nightly)])
def test_they_agree_on_vehicles_weekdays_and_closed_docks(examples: int):
    """The same with whole vehicles, item lines, departures on weekdays and days without docks.

    Twenty worlds; two hundred nightly.
    """
    settings(max_examples=examples)(agree_on_transport)()


@given(order_rows, stock_rows, three_plans, st.lists(transport, min_size=6, max_size=6), closings)
def agree_on_transport(buying, stock, wishes, terms, closed):
    """Play a world with terms of transport and closed docks twice."""
    lanes = world()["lanes"].to_dict("records")
    lanes = pd.DataFrame([lane | more for lane, more in zip(lanes, terms, strict=True)])
    calendar = frame("date event region", [(date(day), what, where) for day, what, where in closed])
    agree(drawn_world(buying, stock, [], lanes=lanes, calendar=calendar), wishes, 1)


def draws(network, table):
    """Return who waits, keyed by (day, region, item, running number)."""
    totals = table.groupby(["date", "region", "item"])["quantity"].sum()
    answer = {}
    for (day, region, item), units in totals.to_dict().items():
        number = np.datetime64(day, "D").astype(np.int64)
        at = [number, network.regions.get_loc(region), network.items.get_loc(item), units]
        waits = patience(network, *[np.array([each], dtype=np.int64) for each in at], 1)
        answer |= {(day, region, item, n): bool(wait) for n, wait in enumerate(waits)}
    return answer


@settings(max_examples=25)
@given(order_rows, stock_rows, st.randoms(use_true_random=False))
def test_row_order_does_not_matter(buying, stock, random):
    """Shuffled tables give the same ledgers, to the bit."""
    lines = plan(("ship", "H1", "R1", "K", 2), ("ship", "H2", "R2", "K", 1))
    opening = [("H1", "K", 3), ("H2", "K", 2), *[row for row in stock if row[0] in ("R1", "R2")]]
    items = world()["items"].assign(lost_sale_share=[0.3, 0.6])
    tables = world(
        items=items, orders=orders(*buying), stock=frame("location item quantity", opening)
    )
    shuffled = {
        name: table.sample(frac=1, random_state=random.randrange(2**32)).reset_index(drop=True)
        for name, table in tables.items()
    }
    assert replay(tables, [lines], cover=2)[0] == replay(shuffled, [lines], cover=2)[0]

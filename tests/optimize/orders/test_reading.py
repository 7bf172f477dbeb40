"""From tables to past orders, what lies there, what keeping costs, and credits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.orders.order_credits import OrderCredits
from foreship_optimize.orders.reading import (
    OrdersRead,
    held_at_hubs,
    keeping_of,
    lying_on_arrival,
    read_orders,
    retained_worth,
)
from foreship_optimize.valuation.inputs import Ground, read_ground
from tests.optimize.orders.order_world import (
    ITEMS,
    REGIONS,
    drawn_orders,
    settings,
    wanted,
    world,
)
from tests.optimize.small_network import day
from tests.optimize.table_builder import MONDAY, frame


def ground_of(tables: dict[str, pd.DataFrame], **plan: float) -> Ground:
    return read_ground(tables, wanted(), MONDAY, settings(**plan), 0.0)


def read_of(tables: dict[str, pd.DataFrame], orders: pd.DataFrame, **plan: float) -> OrdersRead:
    ground = ground_of(tables, **plan)
    return read_orders(
        orders, ground.network, ground.cells, ground.wanted, ground.economics(),
        ground.params.plan, MONDAY,
    )  # fmt: skip


def credits_of(read: OrdersRead) -> OrderCredits:
    """What the program is told: credits at the margin of the plan that settled."""
    sent = read.settling.plan()
    return read.credits_at(read.settling.at_the_margin(sent), sent)


def busy() -> dict[str, pd.DataFrame]:
    """Two A lie in S, one B comes today and four C in sixty days."""
    tables = world(drawn_orders(0))
    tables["stock"] = pd.concat([tables["stock"], frame("stock", [("S", "A", 2)])])
    tables["inbound"] = frame("inbound", [("S", "B", 1, day(0)), ("S", "C", 4, day(60))])
    return tables


def test_what_lies_there_when_units_arrive_and_the_room_that_all_of_it_leaves():
    """S: 2 A, 1 B now; the 4 C come later but have their room kept: 12 - 7."""
    ground = ground_of(busy())
    money = ground.economics()
    assert lying_on_arrival(ground.cells, money.arrival_day).tolist() == [0, 0, 0, 2, 1, 0]
    worth = retained_worth(money, 6)
    keeping = keeping_of(ground.network, ground.cells, money, worth, 1)
    assert keeping.room.tolist() == [np.inf, 5.0]
    assert keeping.supply.tolist() == [70, 40, 40]
    assert (keeping.dearer >= 0).all() and keeping.idle == pytest.approx(np.full(6, 0.1))
    twice = keeping_of(ground.network, ground.cells, money, worth, 2)
    assert twice.idle == pytest.approx(np.full(6, 0.2))


def test_a_cell_that_may_not_be_stocked_can_be_sent_nothing():
    """An assortment without (R, C), whose units may still lie there."""
    tables = busy()
    pairs = [("R", "A"), ("R", "B"), ("S", "A"), ("S", "B"), ("S", "C")]
    tables["assortment"] = frame("assortment", [(*pair, pd.NaT, pd.NaT) for pair in pairs])
    tables["stock"] = pd.concat([tables["stock"], frame("stock", [("R", "C", 1)])])
    ground = ground_of(tables)
    money = ground.economics()
    keeping = keeping_of(ground.network, ground.cells, money, retained_worth(money, 6), 1)
    assert np.isinf(keeping.dearer).tolist() == [False, False, True, False, False, False]
    read = read_of(tables, tables["orders"])
    assert read.settling.plan()[2] == 0


def test_hubs_that_hold_an_item_serve_it_and_else_those_that_soon_will():
    """Only H has B; nobody has C, which comes to G within the review."""
    tables = world(drawn_orders(0))
    tables["stock"] = frame("stock", [("H", "B", 1), ("G", "A", 1)])
    tables["inbound"] = frame("inbound", [("G", "C", 4, day(3)), ("G", "B", 4, day(3))])
    assert held_at_hubs(ground_of(tables).network, 1).tolist() == [
        [True, False], [False, True], [True, False],
    ]  # fmt: skip


def test_rows_and_the_future_have_no_say_and_names_none_but_as_names():
    """Shuffled tables and poisoned later orders: the same credits to the last bit."""
    tables = busy()
    read = read_of(tables, tables["orders"])
    told = credits_of(read)
    mixed = {name: each.sample(frac=1.0, random_state=3) for name, each in tables.items()}
    later = tables["orders"].assign(date=MONDAY, quantity=50)
    other = read_of(mixed, pd.concat([mixed["orders"], later]))
    again = credits_of(other)
    for name in ("region", "item", "share", "net", "most", "further"):
        assert np.array_equal(getattr(told, name), getattr(again, name)), name
    assert told.share.max() > 0 and told.net.max() > 0


def test_credits_name_the_cells_that_they_speak_of():
    """Row by row the region and item of a cell, with the units that may be sent there."""
    tables = busy()
    read = read_of(tables, tables["orders"], payback_weeks=1.0)
    told = read.credits_at(read.settling.at_the_margin(np.arange(6)), np.arange(6))
    names = [(region, name) for region in REGIONS for name in ITEMS]
    assert list(zip(told.region, told.item, strict=True)) == names
    assert told.most.tolist() == list(range(6))


def test_orders_of_unknown_items_and_regions_change_nothing_that_is_known():
    """They are seen, but no cell of the plan is theirs."""
    tables = busy()
    odd = tables["orders"].head(30)
    odd = pd.concat([odd.assign(item="nobody's"), odd.assign(region="nowhere")])
    odd = odd.assign(order_id=[f"odd{at}" for at in range(len(odd))])
    plain, more = (
        read_of(tables, each) for each in (tables["orders"], pd.concat([odd, tables["orders"]]))
    )
    assert len(more.past) == len(plain.past) + 60
    assert len(more.worth_serving) == len(plain.worth_serving)
    assert more.settling.seen.units.tolist() == plain.settling.seen.units.tolist()
    assert more.settling.plan().tolist() == plain.settling.plan().tolist()

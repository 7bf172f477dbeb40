"""Who buys and who waits: days, means and draws against plain Python."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import pytest

from foreship.judge.buyers import Buyers, patience
from foreship.judge.network.network import Network
from tests.foreship.judge.splitmix import splitmix
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, orders, world

DAY = np.timedelta64(1, "D")
LINES = [
    (-20, "R2", "L", 3), (-6, "R1", "K", 2), (-1, "R2", "L", 8), (-1, "R1", "L", 4),
    (0, "R2", "K", 1), (0, "R1", "K", 2), (0, "R1", "K", 1), (2, "R2", "L", 5),
]  # fmt: skip


def network(share: float = 0.4) -> Network:
    """Return the small world; so many buyers do not wait for a parcel."""
    return Network.from_tables(world(items=world()["items"].assign(lost_sale_share=share)), EXITS)


def read(*rows, seed: int = 1, share: float = 0.4) -> Buyers:
    """Read orders; buyers draw from the first Monday on."""
    return Buyers.from_orders(orders(*rows), network(share), MONDAY, seed)


def waits(seed: int, day: int, region: str, item: str, number: int, share: float) -> bool:
    """Draw one buyer, one number after the other."""

    def bits(name: str) -> int:
        return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")

    base = splitmix(day ^ splitmix(seed))
    base = splitmix(splitmix(base ^ bits(region)) ^ bits(item))
    return (splitmix(base ^ splitmix(number)) >> 11) / 2**53 >= share


def test_every_buyer_draws_for_themselves() -> None:
    """Units of three cells, one after the other, against a plain draw of each."""
    day = int(MONDAY.astype("datetime64[D]").astype(int))
    cells = [(day, 0, 1, 20), (day, 1, 0, 30), (day + 1, 0, 1, 25)]
    columns = [np.array(each, dtype=np.int64) for each in zip(*cells, strict=True)]
    expected = [
        waits(9, date, ("R1", "R2")[region], ("K", "L")[item], number, 0.4)
        for date, region, item, units in cells
        for number in range(units)
    ]
    assert patience(network(), *columns, 9).tolist() == expected
    assert 30 < sum(expected) < 60


def test_the_share_of_each_item_is_its_own() -> None:
    """Nobody waits for an item that is lost for sure, all for one that never is."""
    items = world()["items"].assign(lost_sale_share=[1.0, 0.0])
    both = Network.from_tables(world(items=items), EXITS)
    zero, count = np.zeros(2, dtype=np.int64), np.array([50, 50])
    assert (
        patience(both, zero, zero, np.array([0, 1]), count, 1).tolist()
        == [False] * 50 + [True] * 50
    )


def test_buyers_of_a_day_are_added_up_by_cell() -> None:
    """Monday's three kettles of R1 in two lines, one of R2; what no table knows is counted."""
    found = read(*LINES, (0, "R9", "K", 9), (0, "R1", "X", 9), (0, "R9", "X", 9))
    assert found.left_out == 3
    today = found.on(MONDAY)
    assert (today.region.tolist(), today.item.tolist()) == ([0, 1], [0, 0])
    assert today.quantity.tolist() == [3, 1]
    assert found.on(MONDAY + DAY).quantity.tolist() == []
    assert found.on(MONDAY + 2 * DAY).quantity.tolist() == [5]
    assert found.on(MONDAY - DAY).quantity.tolist() == [4, 8]


def test_only_buyers_of_the_replay_draw() -> None:
    """Nine from Monday on; of the five lamps behind the first two the others' draws are told."""
    found = read(*LINES)
    assert len(found.waiting_before) == 1 + 3 + 1 + 5
    assert found.first.tolist() == [0, 0, 0, 0, 0, 3, 4]
    later = found.on(MONDAY + 2 * DAY)
    day = int(MONDAY.astype("datetime64[D]").astype(int)) + 2
    drawn = [waits(1, day, "R2", "L", number, 0.4) for number in range(5)]
    assert later.who_wait(np.array([0])).tolist() == [sum(drawn)]
    assert later.who_wait(np.array([2])).tolist() == [sum(drawn[2:])]
    assert later.who_wait(np.array([5])).tolist() == [0]


@pytest.mark.parametrize(
    ("weeks", "means"), [(1, [[2.0, 4.0], [0.0, 8.0]]), (2, [[1.0, 2.0], [0.0, 4.0]]),
                         (3, [[2 / 3, 4 / 3], [0.0, 11 / 3]]), (9, [[2 / 3, 4 / 3], [0.0, 11 / 3]])]
)  # fmt: skip
def test_means_are_of_the_weeks_before_monday(weeks: int, means) -> None:
    """By cell and by item, over as many weeks as there are: the first order lies three back."""
    found = read(*LINES)
    assert found.mean_by_cell(MONDAY, weeks, (2, 2)) == pytest.approx(np.array(means))
    wide = found.mean_by_cell(MONDAY, weeks, (2, 3))
    assert wide == pytest.approx(np.pad(np.array(means), ((0, 0), (0, 1))))
    assert found.mean_by_item(MONDAY, weeks, 2) == pytest.approx(np.sum(means, axis=0))


def test_before_any_order_every_mean_is_nought() -> None:
    """Four weeks earlier nothing had been ordered, nor ever without orders."""
    before = MONDAY - 28 * DAY
    assert read(*LINES).mean_by_cell(before, 4, (2, 2)).tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert read().mean_by_item(MONDAY, 4, 2).tolist() == [0.0, 0.0]
    assert read().on(MONDAY).quantity.tolist() == []


def test_row_order_and_other_rows_change_no_draw() -> None:
    """The same buyers whatever else is ordered, and in whatever order it stands."""
    found, turned = read(*LINES), read(*LINES[::-1])
    for name in ("date", "region", "item", "quantity", "first", "waiting_before"):
        assert (getattr(found, name) == getattr(turned, name)).all()


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

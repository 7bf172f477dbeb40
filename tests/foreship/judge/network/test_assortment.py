"""Until when a cell may sell what arrives there."""

from __future__ import annotations

import numpy as np

from foreship.judge.network.assortment import Assortment
from tests.foreship.small_world import MONDAY, date, frame

TODAY = int(MONDAY.astype(np.int64))


def over(rows, arrives: int, day: int) -> bool:
    """Whether R1 sells no kettle on a day, of those that came on another."""
    table = frame("region item from to", [("R1", "K", date(a), date(b)) for a, b in rows])
    found = Assortment.from_table(table).over_before(
        [("R1", "K"), ("R2", "K")], np.array([TODAY + arrives] * 2), np.array([TODAY + day] * 2)
    )
    assert found[1] == bool(rows)
    return bool(found[0])


def test_a_window_counts_until_its_last_day() -> None:
    """Sold from Monday to Sunday: on Sunday it is not over, on the next Monday it is."""
    assert not over([(0, 6)], 2, 6)
    assert over([(0, 6)], 2, 7)


def test_windows_that_touch_are_one_and_a_gap_is_not_bridged() -> None:
    """Monday to Thursday, and from Friday, or from Saturday on."""
    assert not over([(4, 20), (0, 3)], 2, 9)
    assert over([(5, 20), (0, 3)], 2, 9)
    assert not over([(5, 20), (0, 3)], 4, 9)


def test_without_a_table_nothing_is_ever_over() -> None:
    """All may be sold."""
    assert not over([], 0, 10**6)

"""Units that go back and forth: what is sent in and taken out again, cell by cell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.judge.back_and_forth import EarlierMoves
from foreship.judge.carried_out.departures import read_plan
from foreship.judge.network.network import Network
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, lane, plan, whole_world, world

NETWORK = Network.from_tables(
    world(lanes=pd.concat([whole_world()["lanes"], pd.DataFrame([lane("R2", "R1", 0.75, 1)])])),
    EXITS,
)
NOTHING = plan()


def found(*plans: pd.DataFrame, weeks: int = 4) -> list[int]:
    """Count the units of one plan a week."""
    earlier, units = EarlierMoves(weeks), []
    for week, lines in enumerate(plans):
        leaving = read_plan(NETWORK, lines, MONDAY + 7 * week)
        earlier, each = earlier.then(NETWORK, leaving)
        units.append(each)
    return units


def into(units: int, region: str = "R1", item: str = "K") -> pd.DataFrame:
    """Ship units into a region."""
    return plan(("ship", "H1", region, item, units))


def back(units: int) -> pd.DataFrame:
    """Bring kettles from R1 back to their hub."""
    return plan(("return", "R1", "H1", "K", units))


def onward(origin: str, destination: str, units: int) -> pd.DataFrame:
    """Move kettles between regions."""
    return plan(("redirect", origin, destination, "K", units))


def test_what_is_sent_taken_out_and_sent_again_counts_each_time_but_the_first() -> None:
    """5 in; 3 of 4 in all come back (2 were there before); 7 in: 5 go where 5 were taken from."""
    assert found(into(3), back(5), into(7)) == [0, 3, 5]


def test_a_unit_is_taken_back_once() -> None:
    """Of 3 sent, 2 come back, then 1 and no more; sales in between are not asked for."""
    assert found(into(3), back(2), back(4), back(1)) == [0, 2, 1, 0]


def test_a_move_between_regions_counts_where_it_leaves() -> None:
    """R1 -> R2 and back is one move back a unit, not two; what R1 then lacks is no longer open."""
    assert found(onward("R1", "R2", 2), onward("R2", "R1", 2), into(2)) == [0, 2, 0]
    assert found(onward("R1", "R2", 2), into(3)) == [0, 2]
    both = pd.concat([onward("R2", "R1", 1), into(3)], ignore_index=True)
    assert found(onward("R1", "R2", 2), both) == [0, 1 + 1]


def test_only_plans_of_the_last_weeks_count_the_oldest_first() -> None:
    """With two weeks to look back, 2 units of week 0 are forgotten in week 3, 1 of week 2 is not.

    One of week 1 meets a unit of week 0 first, so that the one sent in week 1 is still open.
    """
    assert found(into(2), NOTHING, into(1), back(3), weeks=2) == [0, 0, 0, 1]
    assert found(into(1), into(1), back(1), back(1), weeks=2) == [0, 0, 1, 1]


def test_plans_of_one_week_items_and_regions_stand_apart() -> None:
    """In and out in one plan is no change of mind; nor is another item, or another region."""
    both = pd.concat([into(2), back(2)], ignore_index=True)
    assert found(both) == [0]
    assert found(into(2, item="L"), back(2)) == [0, 0]
    assert found(into(2, region="R2"), back(2)) == [0, 0]


def test_what_leaves_the_network_is_gone_but_not_moved_back() -> None:
    """Two of three are marked down: one is left to be returned. Shipping there again is forth."""
    gone = plan(("markdown", "R1", "", "K", 2))
    assert found(into(3), gone, back(3)) == [0, 0, 1]
    assert found(gone, into(3)) == [0, 2]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_lines_does_not_matter(seed: int) -> None:
    """Random plans of five weeks, their lines shuffled and cut into single units."""
    draw = np.random.default_rng(seed)
    ways = [("ship", "H1", "R1"), ("ship", "H1", "R2"), ("redirect", "R1", "R2"),
            ("redirect", "R2", "R1"), ("return", "R1", "H1"), ("give_away", "R2", "")]  # fmt: skip
    plans = [
        plan(*((*ways[at], "KL"[at % 2], int(draw.integers(1, 4))) for at in draw.permutation(6)))
        for _ in range(5)
    ]
    cut = [
        each.loc[each.index.repeat(each["quantity"])].assign(quantity=1).sample(
            frac=1.0, random_state=seed
        )
        for each in plans
    ]  # fmt: skip
    assert found(*plans) == found(*cut)
    assert sum(found(*plans)) > 0

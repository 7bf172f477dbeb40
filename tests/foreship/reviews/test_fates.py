"""Where the units of a plan are."""

from __future__ import annotations

import numpy as np
import pytest

from foreship.reviews.arrivals import arrivals_of
from foreship.reviews.fates import fates_of
from tests.foreship.reviews.reviewed_shop import receipts, sent, shop
from tests.foreship.small_world import date

LINES = sent(("ship", "H1", "R1", "K", 3, 2), ("ship", "H1", "R2", "K", 2, 3))


def fates(past, lines=LINES, rows=(), later=None):
    pieces = arrivals_of(lines, receipts(*rows), date(14)).pieces
    found = fates_of(past, past.sent(lines, pieces), len(lines), later or {})
    return found.sold.tolist(), found.moved_on.tolist(), found.lying.tolist(), found.not_there


def test_what_lay_there_is_sold_first() -> None:
    """Three kettles bought where two lay: one of the line's three is sold, the others lie."""
    lots = [("H1", "K", 8), ("R1", "K", 2)]
    past = shop((3, "R1", "K", 1), (4, "R1", "K", 1), (5, "R1", "K", 1), stock=lots)
    assert fates(past) == ([1, 0], [0, 0], [2, 2], 0)


def test_what_is_bought_before_it_comes_is_not_its_own() -> None:
    """A late truck sells nothing of the days before it."""
    past = shop((3, "R1", "K", 1), (5, "R1", "K", 1))
    assert fates(past)[0] == [2, 0]
    assert fates(past, rows=[(4, "R1", "K", 3), (3, "R2", "K", 2)])[0] == [1, 0]


def test_later_plans_move_units_on() -> None:
    """Of three units one is sold in the first week; the plan of the second takes both others."""
    past = shop((3, "R1", "K", 1), (12, "R1", "K", 1))
    redirect = sent(("redirect", "R1", "R2", "K", 2, 8))
    assert fates(past, later={date(7): redirect}) == ([1, 0], [2, 0], [0, 2], 0)
    more = redirect.assign(quantity=5)
    assert fates(past, later={date(7): more}) == ([1, 0], [2, 0], [0, 2], 3)


@pytest.mark.parametrize("seed", range(5))
def test_every_unit_that_came_is_somewhere(seed: int) -> None:
    """Sold, moved on and lying sum to what was received, whatever was bought and came."""
    draw = np.random.default_rng(seed)
    rows = [(int(day), ("R1", "R2")[draw.integers(2)], "K", int(draw.integers(1, 3)))
            for day in draw.integers(0, 14, 6)]  # fmt: skip
    came = [(int(draw.integers(2, 10)), "R1", "K", int(draw.integers(1, 4))), (3, "R2", "K", 1)]
    found = arrivals_of(LINES, receipts(*came), date(14)).pieces
    received = found[found["day"].notna()].groupby("line")["units"].sum()
    sold, moved, lying, _ = fates(shop(*rows), rows=came)
    total = np.array(sold) + moved + lying
    assert total.tolist() == received.reindex([0, 1], fill_value=0).tolist()

"""Too little and too much in a region: when it is said, and the money counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from foreship.exceptions.region_stock import dead_stock, exits_due, stock_outs
from tests.foreship.exceptions.hand_made import AS_OF, cell, frame, line, seen

EMPTY = {"sold_out": 0.8, "unserved": 3.0, "wanted": 4.0}


def test_a_stock_out_counts_what_hubs_lack() -> None:
    """Three units find nothing, one of five in the hub is left: 2 of 3 are lost, at 4 + 2 each."""
    sent = tuple(line(1.0, quantity=n) for n in (3, 1))
    found = list(stock_outs(seen(cell("R", "A", **EMPTY, line=0), lines=sent)))
    assert [each.money for each in found] == [pytest.approx(2 * (4.0 + 2.0))]
    assert (found[0].region, found[0].item, found[0].line) == ("R", "A", 0)
    assert found[0].words == (
        "R will be sold out of A (Lamp) with a chance of 80 %: 3.0 units of 4.0 wanted find "
        "nothing there, and hubs have 1 unit left."
    )


def test_no_stock_out_where_hubs_can_send_after_the_order() -> None:
    """Five in the hub serve three orders by parcel; a chance of .4 is no stock-out either."""
    assert not list(stock_outs(seen(cell("R", "A", **EMPTY))))
    assert not list(stock_outs(seen(cell("R", "B", **EMPTY | {"sold_out": 0.4}))))


def test_regions_share_what_hubs_lack() -> None:
    """Two regions want three each of the five in the hub: a sixth of each want is lost."""
    found = list(stock_outs(seen(cell("Q", "A", **EMPTY), cell("R", "A", **EMPTY))))
    assert [each.money for each in found] == [pytest.approx(0.5 * 6.0)] * 2


def test_dead_stock_is_counted_beyond_half_a_year() -> None:
    """Thirty stay at one a week: four beyond 26 weeks, at 2.6 of holding and 1 of loss."""
    found = list(dead_stock(seen(cell("R", "A", stays=30), cell("Q", "A", stays=26))))
    assert [(each.region, each.money) for each in found] == [("R", pytest.approx(4 * 3.6))]
    assert "keeps 30 units of A (Lamp), 4 more than 26 weeks of demand" in found[0].words


def test_units_are_due_where_the_assortment_ends_this_week() -> None:
    """Two lie where it ends on Thursday; not said of a later end, nor of what the plan takes."""
    ends = frame(
        "region item to",
        ("R", "A", AS_OF + pd.Timedelta(days=3)),
        ("Q", "A", AS_OF + pd.Timedelta(days=30)),
        ("R", "B", AS_OF - pd.Timedelta(days=9)),
    )
    cells = (cell("R", "A", stays=2), cell("Q", "A", stays=2), cell("R", "B", stays=0))
    found = list(exits_due(seen(*cells, tables={"assortment": ends})))
    assert [(each.region, each.item) for each in found] == [("R", "A")]
    assert found[0].money == pytest.approx(2 * 1.1)
    assert "where the assortment ends on 2026-11-19" in found[0].words


def test_a_cell_that_is_open_again_is_not_due() -> None:
    """One window ends this week, another never does."""
    ends = frame("region item to", ("R", "A", AS_OF), ("R", "A", pd.NaT))
    assert not list(exits_due(seen(cell("R", "A", stays=2), tables={"assortment": ends})))

"""What regions differ in: buyers that days of waiting lose, and holding beyond that at a hub."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from foreship.judge.account.ending_stock import sale_ahead
from foreship.judge.buyers import Buyers
from foreship.judge.network.network import Network
from tests.foreship.played_weeks import EXITS, replay
from tests.foreship.small_world import MONDAY, lane, orders, plan, world

CELLS = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])


def settings(per_day: float | None) -> SimpleNamespace:
    """Return economics that price a day of waiting, and in which nothing is sent back."""
    return SimpleNamespace(
        customer_return_handling=0.0,
        customer_return_resold_share=0.0,
        lost_sale_share_per_day=per_day,
    )


def network(per_day: float | None = None, **changes) -> Network:
    """Read the small world with some tables replaced: parcels take R1 4 days, R2 3."""
    return Network.from_tables(world(**changes), EXITS, settings(per_day))


def test_each_day_of_waiting_loses_its_share_of_buyers() -> None:
    """2 % a day for 4 and 3 days; a stated share goes first; unknown days leave the constant."""
    items = world()["items"].assign(lost_sale_share=0.3)
    found = network(0.02, items=items.assign(lost_sale_share_stated=[0.0, 1.0]))
    four, three = 1 - 0.98**4, 1 - 0.98**3
    assert found.lost_share_of(*CELLS, MONDAY) == pytest.approx([four, 0.3, three, 0.3])
    for other in (
        network(None, items=items.assign(lost_sale_share_stated=0.0)),
        network(0.02, items=items),
        network(
            0.02,
            items=items.assign(lost_sale_share_stated=0.0),
            lanes=world()["lanes"].assign(direct_days=np.nan),
        ),
    ):
        assert other.lost_share_of(*CELLS, MONDAY).tolist() == [0.3] * 4


def test_buyers_wait_as_often_as_their_days_say() -> None:
    """Of 4,000 buyers each R1's wait for .9^4, R2's for .9^3; a sale is worth as much more."""
    items = world()["items"].assign(lost_sale_share=0.0, lost_sale_share_stated=0.0)
    sold = orders((0, "R1", "K", 4000), (0, "R2", "K", 4000))
    found = network(0.1, items=items, orders=sold)
    buyers = Buyers.from_orders(sold, found, MONDAY, 5)
    waiting = buyers.on(MONDAY).who_wait(np.zeros(2, dtype=int)) / 4000
    assert waiting == pytest.approx([0.9**4, 0.9**3], abs=0.02)
    worth = sale_ahead(found, *CELLS, MONDAY, np.ones((2, 2), dtype=bool))
    lost = 1 - 0.9**4
    assert worth[0] == pytest.approx((1 - lost) * 5.0 + lost * 4.0 - 1.0)


def test_a_region_is_charged_what_it_costs_beyond_its_hub() -> None:
    """A kettle costs .10 a week there and 6 x 26 % / 52 = .03 at H1; a lamp states .20 of its .25.

    R2's hub states no rate; what costs more at its hub than there costs nothing there.
    """
    hubs = world()["hubs"].assign(holding_rate_per_year=[0.26, np.nan])
    items = world()["items"].assign(hub_holding_cost_per_week=[np.nan, 0.2])
    found = network(hubs=hubs, items=items)
    assert found.holding_of(*CELLS) == pytest.approx([0.07, 0.05, 0.10, 0.05])
    dear = network(hubs=hubs.assign(holding_rate_per_year=9.0))
    assert dear.holding_of(*CELLS).tolist() == [0.0] * 4
    assert dear.saved_at_hubs(np.array([[2, 0], [0, 1]])) == pytest.approx(2 * 0.1 + 0.25)
    assert network().held_at_hub is None
    assert network().holding_of(*CELLS).tolist() == [0.10, 0.25, 0.10, 0.25]


def test_a_week_pays_the_difference_for_what_lies_there() -> None:
    """Three kettles in R1 on Sunday night cost .07 each, and so does the delay of an exit."""
    hubs = world()["hubs"].assign(holding_rate_per_year=[0.26, 0.0])
    tables = world(hubs=hubs, lanes=pd.DataFrame([lane("H1", "R1", 1.0, 2)]))
    (ledger,), _, played = replay(tables, [plan(("ship", "H1", "R1", "K", 3))])
    assert ledger.holding == pytest.approx(3 * 0.07)
    late = pd.DataFrame(
        [{"exit": "markdown", "item": "", "region": "", "cost": 0.0, "recovery": 0.0,
          "capacity": np.inf, "delay_weeks": 2.0}]
    )  # fmt: skip
    exits = network(hubs=hubs, exits=late).exits
    assert exits.handling("markdown", *CELLS) == pytest.approx(
        [3.0 + 2 * 0.07, 9.0 + 2 * (0.25 - 20 * 0.26 / 52), 3.0 + 2 * 0.1, 9.0 + 2 * 0.25]
    )
    assert played.held_at_hub is not None

"""What a plan promised and brought, by line and by region and category."""

from __future__ import annotations

import pandas as pd
import pytest

from foreship.reviews.line_money import cell_of_lines, gain_by_line, money_table
from tests.foreship.reviews.reviewed_shop import sent, shop
from tests.foreship.small_world import date

CATEGORIES = pd.Series({"K": "kitchen", "L": "light"})
LINES = sent(
    ("ship", "H1", "R1", "K", 2, 2),
    ("ship", "H2", "R1", "K", 1, 3),
    ("ship", "H1", "R2", "L", 1, 3),
)
BOUGHT = [(4, "R1", "K", 3), (5, "R2", "L", 1), (6, "R2", "K", 5)]


def test_both_columns_sum_to_the_whole_plan() -> None:
    """What lines promise more than the plan stands in a row of its own, without a place."""
    past = shop(*BOUGHT, until=date(70))
    send = past.sent(LINES)
    came = past.came(send)
    table = money_table(past, send, came, LINES, 15.0, CATEGORIES)
    assert table["promised"].sum() == pytest.approx(15.0, abs=1e-9)
    assert table["came"].sum() == pytest.approx(came.gain, abs=1e-9)
    assert table.loc[table["region"] == "", "promised"].tolist() == [15.0 - 20.0]
    kettles = table[(table["region"] == "R1") & (table["category"] == "kitchen")]
    assert kettles["promised"].tolist() == [15.0]


def test_a_line_has_its_cost_and_its_units_share_of_the_cell() -> None:
    """Two lines into one cell: equal gains a unit but for what each cost to get there."""
    past = shop(*BOUGHT, until=date(70))
    send = past.sent(LINES)
    came = past.came(send)
    gain = gain_by_line(past, send, came, LINES)
    cell = came.by_cell[0, 0]  # R1, K
    assert gain[0] == pytest.approx(cell * 2 / 3 - came.by_piece[0])
    assert gain[1] == pytest.approx(cell / 3 - came.by_piece[1])


def test_a_redirect_is_told_where_it_arrives_and_shares_both_ends() -> None:
    """Its cell is where its units arrive; what its origin lacks then is its own too."""
    lines = sent(("redirect", "R1", "R2", "K", 1, 1))
    assert cell_of_lines(lines).to_dict("records") == [{"region": "R2", "item": "K"}]
    past = shop((3, "R1", "K", 1), stock=[("R1", "K", 1)], until=date(70))
    send = past.sent(lines)
    came = past.came(send)
    assert came.by_cell[0, 0] < 0  # the buyer in R1 gets nothing
    assert gain_by_line(past, send, came, lines)[0] == pytest.approx(came.gain, abs=1e-9)

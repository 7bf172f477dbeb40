"""Sales of several days together."""

from __future__ import annotations

from foreship.judge.account.fill import Fill
from foreship.judge.account.sales import Sales


def test_sales_add_up_term_by_term():
    """Each of the seven with its like; without orders there are no counts by order."""
    both = Sales(*range(7)) + Sales(*range(10, 80, 10))
    assert both == Sales(10, 21, 32, 43, 54, 65, 76)


def test_counts_by_order_add_up_too():
    """A sum begins with nothing."""
    day = Sales(fill=Fill(orders=2, lines=3))
    assert (Sales() + day + day).fill == Fill(orders=4, lines=6)

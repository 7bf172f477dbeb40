"""Sales of single weeks: of the run's own orders, while they are that, and of enough buyers."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from foreship.config import load_config
from foreship.files import sha256
from foreship.workbench.held.sales import PAST_WEEKS, PastSales

ORDERS = """date,region,item,quantity,customer
2026-11-15,Lyon,00101,2,Ada
2026-11-09,Lyon,00101,1,Ben
2026-11-08,Lyon,00101,4,Ada
2026-11-16,Lyon,00101,9,Cy
2026-11-09,Nice,00101,5,Ada
2026-01-05,Nice,00101,7,Cy
"""
"""the fourth is of the plan's own Monday, on which it was not known yet"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return a workspace of orders alone."""
    (tmp_path / "foreship.toml").write_text('[tables]\norders = "orders.csv"\n')
    (tmp_path / "orders.csv").write_text(ORDERS)
    return tmp_path


def sales_of(shop: Path, least: int = 1, **inputs: str) -> PastSales:
    """Return the sales before a run that was made from orders of a hash, else of these."""
    known = {"name": "orders", "sha256": inputs.get("sha256") or sha256(shop / "orders.csv")}
    facts: dict[str, Any] = {"inputs": [known], "config": {"privacy": {"min_customers": least}}}
    run: Any = SimpleNamespace(as_of="2026-11-16", fact=facts.__getitem__)
    return PastSales(shop, load_config(shop / "foreship.toml"), run)


def test_each_week_is_what_was_ordered_in_it_and_known_on_the_monday(shop: Path) -> None:
    """A week without an order is 0; so many weeks are told, the last one up to the Sunday."""
    told = sales_of(shop).of("00101", "Lyon")
    assert [each.units for each in told.weeks] == [0.0] * (PAST_WEEKS - 2) + [4.0, 3.0]
    assert told.weeks[-1].monday == pd.Timestamp("2026-11-09")
    assert told.why_not == ""
    assert sum(each.units for each in sales_of(shop).of("none", "Lyon").weeks) == 0.0


def test_weeks_before_the_first_order_are_not_told_as_nothing_sold(shop: Path) -> None:
    """Nor is the week in which it was placed, which may have begun before."""
    lines = [each for each in ORDERS.splitlines() if "2026-01" not in each]
    (shop / "orders.csv").write_text("\n".join(lines) + "\n")
    weeks = sales_of(shop).of("00101", "Lyon").weeks
    assert [(f"{each.monday:%m-%d}", each.units) for each in weeks] == [("11-09", 3.0)]


def test_other_orders_are_not_told_as_those_of_the_run(shop: Path) -> None:
    """It is said that they have changed."""
    told = sales_of(shop, sha256="0" * 64).of("00101", "Lyon")
    assert told.weeks == () and "have changed since" in told.why_not
    (shop / "foreship.toml").write_text("")
    assert "have changed since" in sales_of(shop).of("00101", "Lyon").why_not


def test_too_few_buyers_keep_their_weeks_untold(shop: Path) -> None:
    """Lyon has two before the Monday, and Nice two in all."""
    assert sales_of(shop, 2).of("00101", "Lyon").weeks
    told = sales_of(shop, 3).of("00101", "Lyon")
    assert told.weeks == () and "too few buyers" in told.why_not


def test_orders_that_cannot_be_read_are_told(shop: Path) -> None:
    """In a sentence: the page stands without them."""
    hash_then = sha256(shop / "orders.csv")
    (shop / "orders.csv").unlink()
    told = sales_of(shop, sha256=hash_then).of("00101", "Lyon")
    assert told.weeks == () and told.why_not

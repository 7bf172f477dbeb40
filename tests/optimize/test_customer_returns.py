"""What customers send back lowers what a sale is worth, and never what was ordered."""

from __future__ import annotations

import pandas as pd
import pytest

from foreship_optimize.customer_returns import return_shares, units_by_item

MONDAY = pd.Timestamp("2026-11-16")


def rows(*found: tuple[str, str, int]) -> pd.DataFrame:
    """Day, item and quantity."""
    table = pd.DataFrame(found, columns=["date", "item", "quantity"])
    return table.assign(date=pd.to_datetime(table["date"]), region="R1")


def tables(**more: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Three items in two categories; 60 shirts and 20 socks and 20 pans ordered."""
    items = pd.DataFrame(
        {
            "item": ["shirt", "socks", "pan"],
            "category": ["cloth", "cloth", "kitchen"],
            "price": [20.0, 5.0, 30.0],
            "unit_cost": [8.0, 2.0, 10.0],
        }
    )
    orders = rows(
        ("2026-11-02", "shirt", 60), ("2026-11-03", "socks", 20), ("2026-11-04", "pan", 20)
    )
    return {"items": items, "orders": orders, **more}


def test_shares_are_shrunk_over_item_category_and_all() -> None:
    """Twenty of a hundred came back, all of them shirts (equation 4b by hand)."""
    back = rows(("2026-11-10", "shirt", 20))
    found, faults = return_shares(tables(returns=back), MONDAY)
    cloth, kitchen = (20 + 20 * 0.2) / 100, (0 + 20 * 0.2) / 40
    wanted = [(20 + 20 * cloth) / 80, (0 + 20 * cloth) / 40, (0 + 20 * kitchen) / 40]
    assert found.tolist() == pytest.approx(wanted) and not faults


def test_without_returns_nothing_comes_back() -> None:
    """No table, an empty one, one of later days, or shares that the items state themselves."""
    plain, back = tables(), rows(("2026-11-10", "shirt", 20))
    stated = plain["items"].assign(customer_return_share=0.5)
    for more in (
        {},
        {"returns": rows()},
        {"returns": rows(("2026-11-16", "shirt", 9))},
        {"returns": back, "items": stated},
    ):
        assert return_shares({**plain, **more}, MONDAY) == (None, [])


def test_no_sale_comes_back_more_than_once() -> None:
    """More may come back than was ordered here; the share stops at one."""
    back = rows(("2026-11-10", "shirt", 900))
    share, _ = return_shares(tables(returns=back), MONDAY)
    assert share.max() == 1.0


def test_what_came_back_is_a_share_of_what_was_ordered() -> None:
    """Returns without orders, or with a day that is none, are faults and no share."""
    back = rows(("2026-11-10", "shirt", 20))
    alone = {name: each for name, each in tables(returns=back).items() if name != "orders"}
    share, faults = return_shares(alone, MONDAY)
    assert share is None and "table orders is missing" in faults
    odd = tables(returns=back.assign(date="soon"))
    share, faults = return_shares(odd, MONDAY)
    assert share is None and "table returns, row 1, column date: 'soon'" in faults[0]


def test_units_are_those_of_days_before_the_plan() -> None:
    """Sunday counts and Monday does not."""
    told = rows(("2026-11-15", "shirt", 2), ("2026-11-16", "shirt", 5), ("2026-11-15", "pan", 1))
    assert units_by_item(told, MONDAY).to_dict() == {"pan": 1.0, "shirt": 2.0}
    assert units_by_item(None, MONDAY).empty

"""Orders of several items without a tariff of further units."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from foreship.quality.orders.baskets import parcels_carry_orders
from tests.foreship.quality.shops import Frames, clean, evidence, found_by


def in_baskets(each: int = 4, share: float = 1.0) -> Frames:
    """Return a shop in which a share of the lines stand in orders of so many items."""
    frames = clean("plain")
    items = frames["items"]["item"].to_numpy()
    orders = frames["orders"].reset_index(drop=True)
    lines = np.arange(len(orders))
    baskets = lines < share * len(orders)
    first = np.where(baskets, lines - lines % each, lines)
    orders = orders.assign(
        date=orders["date"].to_numpy()[first],
        region=orders["region"].to_numpy()[first],
        item=np.where(baskets, items[lines % each % len(items)], orders["item"]),
        order_id=[f"O{number}" for number in first],
    )
    return frames | {"orders": orders}


def test_orders_of_several_items_ask_for_a_tariff(tmp_path: Path) -> None:
    """It is said in words what is done without one, and which columns are asked for."""
    (said,) = found_by(parcels_carry_orders, evidence(in_baskets(2), tmp_path))
    assert "lanes.direct_further" in said and "100 % of order lines" in said
    assert "every unit were a parcel of its own" in said and "last_mile_further" in said


@pytest.mark.parametrize(
    ("table", "column"), [("lanes", "direct_further"), ("regions", "last_mile_further")]
)
def test_a_stated_tariff_is_enough(table: str, column: str, tmp_path: Path) -> None:
    """Of parcels or of deliveries, and of one row; a column of blanks states nothing."""
    frames = in_baskets(2)
    stated = [0.5, *[np.nan] * (len(frames[table]) - 1)]
    for name, values, count in (("one", stated, 0), ("blank", np.nan, 1)):
        (folder := tmp_path / name).mkdir()
        changed = frames | {table: frames[table].assign(**{column: values})}
        assert len(found_by(parcels_carry_orders, evidence(changed, folder))) == count


@pytest.mark.parametrize(("share", "count"), [(0.45, 0), (0.55, 1)])
def test_half_of_the_lines_must_have_company(share: float, count: int, tmp_path: Path) -> None:
    """Where most orders hold one item, a parcel a unit says nearly the same."""
    assert len(found_by(parcels_carry_orders, evidence(in_baskets(2, share), tmp_path))) == count


def test_lines_of_one_item_are_no_company(tmp_path: Path) -> None:
    """An order keyed in as two lines of an item is one line; so are orders nobody named."""
    twice = in_baskets(2)
    twice["orders"] = twice["orders"].assign(item="I0")
    unnamed = in_baskets(2)
    unnamed["orders"] = unnamed["orders"].assign(order_id="")
    few = in_baskets(2)
    few["orders"] = few["orders"].head(10)
    for name, frames in (("twice", twice), ("unnamed", unnamed), ("few", few)):
        (folder := tmp_path / name).mkdir()
        assert found_by(parcels_carry_orders, evidence(frames, folder)) == []


def test_one_id_on_two_days_or_in_two_regions_is_two_orders(tmp_path: Path) -> None:
    """Ids that start again every day gather nothing across days."""
    frames = clean("plain")
    one_a_day = frames["orders"].drop_duplicates(["date", "region"]).assign(order_id="1")
    assert len(set(one_a_day["item"])) > 1
    changed = evidence(frames | {"orders": one_a_day}, tmp_path)
    assert found_by(parcels_carry_orders, changed) == []

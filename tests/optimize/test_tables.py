"""The tables this room reads: checked, filled, with the margin of a sale derived."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_foundation.tables.derived import LOST_SALE_SHARE_STATED
from foreship_optimize.errors import TableFault
from foreship_optimize.params import EconomicsParams
from foreship_optimize.tables import READS, complete
from tests.optimize.small_network import item, lane, tables_of


def blank_economics(**more: float) -> dict[str, pd.DataFrame]:
    """Item I (price 20, cost 10) without holding cost and lost share, with what a test adds."""
    tables = tables_of()
    blank = {"holding_cost_per_week": np.nan, "lost_sale_share": np.nan}
    return tables | {"items": tables["items"].assign(**(blank | more))}


def test_blanks_are_filled_from_the_settings_and_values_stay():
    """A quarter of 10 over 52 weeks; a share of .2; what a table says is left alone."""
    economics = EconomicsParams(holding_rate_per_year=0.26, lost_sale_share=0.2)
    filled = complete(blank_economics(), economics)["items"].iloc[0]
    assert filled["holding_cost_per_week"] == pytest.approx(0.05)
    assert filled["lost_sale_share"] == 0.2
    said = complete(tables_of(items=[item(lost=0.7)]), economics)["items"].iloc[0]
    assert (said["holding_cost_per_week"], said["lost_sale_share"]) == (0.1, 0.7)


def test_the_margin_pays_for_what_customers_send_back():
    """A tenth comes back: 20 refunded and 1 handled, 10 saved on the half that is resold.

    20 - 10 - .1 (20 + 1 - .5 x 10) = 8.40 instead of 10.
    """
    economics = EconomicsParams(customer_return_handling=1.0, customer_return_resold_share=0.5)
    tables = blank_economics(customer_return_share=0.1)
    assert complete(tables, economics)["items"]["margin"].tolist() == pytest.approx([8.4])
    assert complete(tables_of())["items"]["margin"].tolist() == pytest.approx([10.0])


def test_a_lane_without_a_parcel_cost_has_that_of_its_units():
    """Blank: 1.00 like the lane; stated: as stated."""
    rows = [lane("H", "R", 1.0, direct=np.nan), lane("R", "H", 1.0, direct=7.0)]
    lanes = complete(tables_of(lanes=rows))["lanes"].set_index("origin")["direct_cost"]
    assert (lanes["H"], lanes["R"]) == (1.0, 7.0)


def test_a_further_unit_without_a_cost_has_that_of_the_first():
    """Of a parcel and of a delivery, absent or blank; stated: as stated."""
    tables = tables_of()
    first = complete(tables)
    assert (first["lanes"]["direct_further"] == first["lanes"]["direct_cost"]).all()
    assert (first["regions"]["last_mile_further"] == first["regions"]["last_mile_cost"]).all()
    tables["lanes"] = tables["lanes"].assign(
        direct_further=[0.5, *[np.nan] * (len(tables["lanes"]) - 1)]
    )
    tables["regions"] = tables["regions"].assign(last_mile_further=0.25)
    found = complete(tables)
    assert found["lanes"]["direct_further"].iloc[0] == 0.5
    assert found["lanes"]["direct_further"].iloc[1:].equals(first["lanes"]["direct_cost"].iloc[1:])
    assert (found["regions"]["last_mile_further"] == 0.25).all()


def test_all_faults_of_all_tables_are_told_at_once():
    """A place that is hub and region, and stock of an item nobody sells."""
    tables = tables_of(hubs=[("H", np.nan, np.nan), ("R", np.nan, np.nan)], stock=[("H", "X", 1)])
    with pytest.raises(TableFault) as caught:
        complete(tables)
    told = caught.value.faults
    assert "table hubs: 'R' is also a region; a place needs one id of its own" in told
    assert any("stock" in each and "'X'" in each for each in told)
    assert str(caught.value) == "\n".join(told)


def test_complete_tables_come_back_as_they_are_unless_asked_for_other_economics():
    """They are filled once; another filling of the same tables would be a mistake."""
    economics = EconomicsParams(lost_sale_share=0.2)
    filled = complete(tables_of(), economics)
    assert complete(filled) is filled and complete(filled, economics) is filled
    with pytest.raises(ValueError, match="other economics"):
        complete(filled, EconomicsParams(lost_sale_share=0.3))


def test_tables_and_columns_of_others_are_left_alone():
    """Orders are not read, and only the columns this room reads come back."""
    filled = complete(tables_of())
    assert set(filled) == set(READS)
    flag = {LOST_SALE_SHARE_STATED.name}  # only where the share of a day is given
    assert set(filled["items"]) == {*READS["items"].names, "margin"} - flag
    by_day = complete(tables_of(), EconomicsParams(lost_sale_share_per_day=0.015))
    assert set(filled["items"]) | flag == set(by_day["items"])


def test_what_came_back_is_read_from_orders_and_returns():
    """Ten of a hundred units came back by Monday: of 20 units known elsewhere, a tenth too."""
    dates = {"date": pd.to_datetime(["2026-11-02"]), "item": ["I"], "region": ["R"]}
    sold, back = (pd.DataFrame({**dates, "quantity": [units]}) for units in (100, 10))
    tables = tables_of() | {"orders": sold, "returns": back}
    monday = pd.Timestamp("2026-11-16")
    assert complete(tables)["items"]["customer_return_share"].tolist() == [0.0]
    known = complete(tables, as_of=monday)["items"]
    assert known["customer_return_share"].tolist() == pytest.approx([0.1])
    assert known["margin"].tolist() == pytest.approx([10.0 - 0.1 * 20.0])
    early = complete(tables, as_of=pd.Timestamp("2026-11-02"))["items"]
    assert early["customer_return_share"].tolist() == [0.0]
    with pytest.raises(TableFault, match="table orders is missing"):
        complete(tables_of() | {"returns": back, "orders": None}, as_of=monday)

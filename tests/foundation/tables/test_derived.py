"""What is derived from tables: economics of items and lanes where a blank meant something."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_foundation.tables.derived import (
    BUYERS,
    DERIVED,
    LOST_SALE_SHARE_STATED,
    items_with_economics,
    lanes_with_further_units,
    lanes_with_parcel_cost,
    regions_with_further_units,
)
from foreship_foundation.tables.input_tables import INPUTS


def test_blank_economics_come_from_the_settings() -> None:
    """26 % of 20 a year are .10 a week; what is stated stays, nought included."""
    items = pd.DataFrame({
        "unit_cost": [20.0, 20.0], "holding_cost_per_week": [np.nan, 0.0],
        "lost_sale_share": [0.0, np.nan],
    })  # fmt: skip
    filled = items_with_economics(items, 0.26, 0.04)
    assert filled["holding_cost_per_week"].tolist() == pytest.approx([0.1, 0.0])
    assert filled["lost_sale_share"].tolist() == [0.0, 0.04]
    assert items["holding_cost_per_week"].isna().tolist() == [True, False]


def test_a_parcel_costs_what_the_lane_costs_where_nothing_is_said() -> None:
    """1.50 by lane; a stated 0 is 0."""
    lanes = pd.DataFrame({"cost_per_unit": [1.5, 1.5], "direct_cost": [np.nan, 0.0]})
    assert lanes_with_parcel_cost(lanes)["direct_cost"].tolist() == [1.5, 0.0]


def test_a_further_unit_costs_what_the_first_one_costs_where_nothing_is_said() -> None:
    """Blank or absent: 5.00 of a parcel, 2.50 of a delivery; a stated 0 is 0."""
    lanes = pd.DataFrame({"direct_cost": [5.0, 5.0, 5.0], "direct_further": [np.nan, 0.0, 0.5]})
    assert lanes_with_further_units(lanes)["direct_further"].tolist() == [5.0, 0.0, 0.5]
    without = lanes.drop(columns="direct_further")
    assert lanes_with_further_units(without)["direct_further"].tolist() == [5.0, 5.0, 5.0]
    regions = pd.DataFrame({"last_mile_cost": [2.5, 2.5], "last_mile_further": [None, 0.25]})
    assert regions_with_further_units(regions)["last_mile_further"].tolist() == [2.5, 0.25]
    bare = regions.drop(columns="last_mile_further")
    assert regions_with_further_units(bare)["last_mile_further"].tolist() == [2.5, 2.5]


def test_derived_columns_are_marked_and_no_file_holds_them() -> None:
    """None of them is a column of an input table of the same name."""
    for name, table in DERIVED.items():
        stated = INPUTS[name].names if name in INPUTS else ()
        derived = [each for each in table.columns if each.derived]
        assert derived and not {each.name for each in derived} & set(stated)
    assert BUYERS.key == ("week", "region", "item")


def test_a_stated_share_is_told_from_a_filled_one_only_where_days_count() -> None:
    """With a share a day the flag says who stated one, and stays when items are filled again."""
    items = pd.DataFrame({
        "unit_cost": 20.0, "holding_cost_per_week": 0.1, "lost_sale_share": [0.2, np.nan],
    })  # fmt: skip
    name = LOST_SALE_SHARE_STATED.name
    once = items_with_economics(items, 0.26, 0.04, 0.015)
    assert once[name].tolist() == [1.0, 0.0]
    assert items_with_economics(once, 0.26, 0.04, 0.015)[name].tolist() == [1.0, 0.0]
    more = pd.concat([once, items], ignore_index=True)
    assert items_with_economics(more, 0.26, 0.04, 0.015)[name].tolist() == [1.0, 0.0, 1.0, 0.0]
    assert name not in items_with_economics(items, 0.26, 0.04)
    assert name not in items_with_economics(once, 0.26, 0.04)

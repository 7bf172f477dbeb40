"""Ids and dates as numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foreship_foundation.tables.declaration import NEVER
from foreship_optimize.network.transport.codes import codes_of, days_from
from tests.optimize.small_network import day
from tests.optimize.table_builder import MONDAY


def test_ids_have_the_place_of_their_sorted_order():
    """Unknown ids are -1, and a number is no text."""
    ids = np.array(["A", "B", "C"], dtype=object)
    assert codes_of(["C", "A", "?", 1, None], ids).tolist() == [2, 0, -1, -1, -1]


def test_days_are_counted_from_the_plan_and_a_blank_is_what_is_asked():
    """Three days before, the day itself, a late hour of the next day, and no date."""
    dates = [day(-3), day(0), day(1) + pd.Timedelta(hours=23), pd.NaT]
    assert days_from(MONDAY, dates, NEVER).tolist() == [-3, 0, 1, NEVER]

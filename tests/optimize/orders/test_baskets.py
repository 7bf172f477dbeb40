"""The values that work by order stands on cannot be changed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from foreship_optimize.orders.baskets import Baskets


def test_some_orders_keep_their_lines():
    """The second of three is left out."""
    made = Baskets(
        period=np.array([0, 1, 2]),
        first=np.array([0, 1, 3, 5]),
        cell=np.array([4, 0, 1, 2, 3]),
        units=np.array([1, 2, 3, 4, 5]),
        saving=np.array([1.0, 2.0, 3.0]),
        weight=np.ones(3) / 3,
    )
    some = made.where(np.array([True, False, True]))
    assert some.order.tolist() == [0, 1, 1] and some.period.tolist() == [0, 2]
    assert some.cell.tolist() == [4, 2, 3] and some.units.tolist() == [1, 4, 5]
    assert some.saving.tolist() == [1.0, 3.0]


def test_baskets_are_a_frozen_value():
    """No field can be set anew."""
    none = np.zeros(0, np.int64)
    made = Baskets(none, np.zeros(1, np.int64), none, none, np.zeros(0), np.ones(1))
    with pytest.raises(FrozenInstanceError):
        made.period = none  # type: ignore[misc]

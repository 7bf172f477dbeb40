"""The values that work by order stands on cannot be changed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from foreship_optimize.orders.baskets import Baskets


def test_baskets_are_a_frozen_value():
    """No field can be set anew."""
    none = np.zeros(0, np.int64)
    made = Baskets(none, np.zeros(1, np.int64), none, none, np.zeros(0), np.ones(1))
    with pytest.raises(FrozenInstanceError):
        made.period = none  # type: ignore[misc]

"""The shipping problem: rows found by what they name, parts that keep their rows."""

from __future__ import annotations

import numpy as np

from foreship_optimize.problem import LateUnits


def test_rows_are_found_by_unit_and_day():
    """Known pairs give their row; other days, other units and -1 give -1."""
    money = np.zeros(3)
    late = LateUnits(np.array([1, 1, 4]), np.array([3, 9, 3]), money, money, money, money)
    found = late.find(np.array([1, 1, 4, 4, 0, -1]), np.array([9, 3, 3, 9, 3, 3]))
    assert found.tolist() == [1, 0, 2, -1, -1, -1]

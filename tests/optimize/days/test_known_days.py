"""Orders whose days are known are cut where they fall."""

from __future__ import annotations

import numpy as np

from foreship_optimize.days.known_days import KnownDays

MONDAY = np.datetime64("2026-11-16")
DAILY = np.arange(28).reshape(2, 14)


def test_units_before_a_day_are_those_of_the_days_before_it():
    """Two cells, the second week: 7 + 8 + 9 of the first, 21 .. 23 of the other."""
    law = KnownDays(DAILY)
    found = law.before(np.array([1, 0]), 1, MONDAY, 3)
    assert found.tolist() == [[21 + 22 + 23], [7 + 8 + 9]]
    assert law.scenarios == 1

"""How large a plan is: cost of its lines, units and lines."""

from __future__ import annotations

import pandas as pd

from foreship.approval.gates.seen import Size


def test_the_size_of_a_plan() -> None:
    """Two lines of 2 and 3 units for 1.5 and 4; none is of no size."""
    lines = pd.DataFrame({"cost": [1.5, 4.0], "quantity": [2, 3]})
    assert Size.of(lines) == Size(5.5, 5, 2)
    assert Size.of(lines[:0]) == Size(0.0, 0, 0)

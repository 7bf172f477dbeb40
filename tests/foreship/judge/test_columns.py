"""Columns as arrays: what is absent or blank, and ids that no table knows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.judge.columns import floats_or, known_positions, positions

KNOWN = pd.Index(["H1", "R1"], dtype=object)


def test_a_column_that_says_nothing_has_its_blank() -> None:
    """An absent column is blank in all its rows, a missing number in its own."""
    table = pd.DataFrame({"kg": [2.0, np.nan]})
    assert floats_or(table, "kg", np.inf).tolist() == [2.0, np.inf]
    assert floats_or(table, "cost", 0.0).tolist() == [0.0, 0.0]


def test_an_unknown_id_is_told_apart() -> None:
    """One that no table knows is at -1, or named where it must be known."""
    ids = pd.Series(["R1", "R9"])
    assert positions(ids, KNOWN).tolist() == [1, -1]
    with pytest.raises(ValueError, match=r"lanes\.origin: unknown \['R9'\]"):
        known_positions(ids, KNOWN, "lanes.origin")

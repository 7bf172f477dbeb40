"""Cells known for their first sale alone: what their counts are worth."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_forecast.history.entry import LEAST, chance_of_entry


def test_counts_of_those_seen_mean_all_like_them() -> None:
    """Multiplied by the chance of being seen, mean sales of the seen are those of all, by law."""
    for chance, weeks in ((0.1, 3), (0.3, 2), (0.8, 6)):
        seen = chance_of_entry(np.array([chance]), np.array([weeks]))[0]
        sales_of_seen = weeks * chance / (1.0 - (1.0 - chance) ** weeks)
        assert sales_of_seen * seen == pytest.approx(weeks * chance)


def test_who_is_here_in_any_case_counts_in_full() -> None:
    """Without a try, or with a certain sale, the factor is 1; it never falls below its least."""
    found = chance_of_entry(np.array([0.2, 1.0, 0.0]), np.array([0, 3, 1]))
    assert found.tolist() == pytest.approx([1.0, 1.0, LEAST])

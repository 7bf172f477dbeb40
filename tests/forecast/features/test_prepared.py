"""Features of a snapshot are laid out once, and never in place of others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foreship_forecast.features.prepared import prepared
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.params import ForecastParams
from tests.forecast.small_market import AS_OF, shop

PARAMS = ForecastParams(horizon_weeks=2)


def test_the_same_question_has_the_same_answer() -> None:
    """Settings that features do not read change nothing; those they read do, and so do cells."""
    snapshot = Snapshot(shop(regions=2, items=3, weeks=20), AS_OF)
    found = prepared(snapshot, PARAMS, 3)
    assert prepared(snapshot, replace(PARAMS, rounds=5, seed=7), 3) is found
    more = (np.array(["R9"], object), np.array(["I0"], object))
    assert prepared(snapshot, PARAMS, 3, more).panel.shape[0] == found.panel.shape[0] + 1
    assert prepared(snapshot, PARAMS, 3) is found
    for params, customers in (
        (replace(PARAMS, history_weeks=10), 3),
        (replace(PARAMS, largest_order=5.0), 3),
        (replace(PARAMS, horizon_weeks=3), 3),
        (PARAMS, 2),
    ):
        assert prepared(snapshot, params, customers) is not found


def test_another_snapshot_has_its_own() -> None:
    """Two of the same tables share nothing, equal as they are."""
    one, two = (Snapshot(shop(regions=2, items=3, weeks=20), AS_OF) for _ in range(2))
    first, second = (prepared(each, PARAMS, 3) for each in (one, two))
    assert first is not second
    np.testing.assert_array_equal(first.pace.level, second.pace.level)

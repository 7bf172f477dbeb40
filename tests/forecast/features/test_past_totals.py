"""Past totals of a panel: against loops, whatever the number of blocks, and thinned."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_forecast.features import past_totals as module
from foreship_forecast.features.matrix import Features
from foreship_forecast.features.past_totals import past_totals
from foreship_forecast.features.rows import Rows
from foreship_forecast.history.panel import panel_of
from foreship_forecast.history.snapshot import Snapshot
from tests.forecast.small_market import AS_OF, shop


def features_of(regions: int, items: int, weeks: int, ahead: int) -> Features:
    snapshot = Snapshot(shop(regions, items, weeks), AS_OF)
    return Features.of(snapshot, panel_of(snapshot, 104), ahead)


def test_totals_are_of_cells_known_at_the_origin_in_weeks_observed() -> None:
    """By three loops: what a cell that had entered ordered and was expected to, week by week."""
    ahead = 3
    features = features_of(2, 2, 16, ahead)
    panel, found = features.panel, past_totals(features, ahead)
    cells, weeks = panel.shape
    ordered, expected = np.zeros((2, weeks, ahead))
    for cell in range(cells):
        for origin in range(int(panel.entered[cell]), weeks):
            for step in range(1, ahead + 1):
                if origin + step < weeks and panel.known[cell, origin + step]:
                    row = Rows(*(np.array([each]) for each in (cell, origin, step)))
                    levels = features.levels(row)
                    ordered[origin, step - 1] += panel.units[cell, origin + step]
                    expected[origin, step - 1] += levels.chance[0] * (1.0 + levels.extra[0])
    assert found.ordered == pytest.approx(ordered)
    assert found.expected == pytest.approx(expected)


def test_blocks_change_nothing_and_a_thinned_panel_stands_for_all(monkeypatch) -> None:
    """In blocks of one cell the same totals; of every third cell, a third of them.

    No more than eight weeks are added up, whatever the horizon.
    """
    features = features_of(6, 20, 30, 12)
    whole = past_totals(features, 12)
    assert whole.expected.shape == (features.panel.shape[1], 8)
    monkeypatch.setattr(module, "BLOCK_VALUES", 1)
    blocks = past_totals(features, 12)
    assert blocks.ordered.tolist() == whole.ordered.tolist()
    assert blocks.expected == pytest.approx(whole.expected)
    cells, weeks = features.panel.shape
    monkeypatch.setattr(module, "MOST_ROWS", cells * weeks * 8 // 3)
    third = past_totals(features, 12)
    assert third.expected.sum() / whole.expected.sum() == pytest.approx(1 / 3, rel=0.2)

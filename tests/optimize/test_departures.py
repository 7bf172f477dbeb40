"""Departures: what stands where nothing is stated of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.departures import Departures


def test_without_rows_every_lane_leaves_at_once_and_free() -> None:
    """Three lanes and two items: day 0, each its own group, no vehicle, no weight."""
    filled = Departures.none().filled(3, 2)
    assert filled.day.tolist() == [0, 0, 0]
    assert filled.group.tolist() == [0, 1, 2]
    assert np.isinf(filled.vehicle_volume).all() and np.isinf(filled.vehicle_kg).all()
    assert np.isnan(filled.paid).all()
    assert filled.weight_kg.tolist() == [0.0, 0.0]
    assert not filled.charged


def test_rows_that_are_there_stay() -> None:
    """Filling is for where nothing was stated."""
    own = replace(Departures.none().filled(2, 1), day=np.array([1, 2]))
    assert own.filled(2, 1) is own


@pytest.mark.parametrize("name", ["vehicle_cost", "line_cost"])
def test_a_vehicle_or_a_line_that_costs_is_charged(name: str) -> None:
    """One lane of two is enough."""
    own = replace(Departures.none().filled(2, 1), **{name: np.array([0.0, 0.5])})
    assert own.charged

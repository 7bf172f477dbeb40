"""Weeks sold out: how far forecasts are off that leave them out, and that take them as bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.forecast.censoring import KINDS, PARAMS, bias

QUICK = replace(PARAMS, rounds=24)
"""what censoring does shows long before a forecast is at its best"""


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("kind", "seeds"),
    [(kind, 1) for kind in KINDS]
    + [pytest.param(kind, 2, marks=pytest.mark.nightly) for kind in KINDS],
)
def test_the_size_of_both_mistakes(kind: str, seeds: int) -> None:
    """Where demand empties shelves, masking is too low by far and bounds are right, within noise.

    Where outages come at random, masking costs nothing, and bounds are too high by less: weeks
    with orders are kept and those without are not, which chooses the better ones.
    One market of 4 units a week, about 15 % of its weeks out; the mean of two nightly.
    """
    drawn = [KINDS[kind](seed, 4.0, 2.0) for seed in range(1, 1 + seeds)]
    assert np.mean([each.out.mean() for each in drawn]) == pytest.approx(0.15, abs=0.01)
    masked, bounds = (
        np.mean([bias(each, treatment, QUICK) for each in drawn], axis=0)
        for treatment in ("masked", "bounds")
    )
    if kind == "shelves":
        assert -0.05 < masked[0] < -0.02
        assert -0.28 < masked[1] < -0.14
        assert np.abs(bounds).max() < 0.05
        assert abs(bounds[0]) < 0.012
    else:
        assert abs(masked[0]) < 0.012
        assert abs(masked[1]) < 0.05
        assert 0.005 < bounds[0] - masked[0] < 0.03
        assert 0.02 < bounds[1] - masked[1] < 0.10

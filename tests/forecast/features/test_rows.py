"""Rows: targets inside their weeks, observed, after the origin, and thinned fairly."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_forecast.features.rows import (
    WARM_UP,
    Rows,
    calibration_rows,
    labels,
    prediction_rows,
    training_rows,
)
from tests.forecast.small_market import random_panel

Triple = tuple[int, int, int]


def triples(rows: Rows) -> list[Triple]:
    """Return (cell, origin, horizon) of each row, in order."""
    columns = (rows.cell.tolist(), rows.origin.tolist(), rows.horizon.tolist())
    return list(zip(*columns, strict=True))


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(0, 3), st.integers(7, 20))
def test_training_rows_are_all_that_qualify(seed: int, first: int, more: int, last: int) -> None:
    """By three loops: entered by the origin, target known or censored and before `last`."""
    horizons = range(first, first + more + 1)
    panel = random_panel(np.random.default_rng(seed), 2, 3, 20)
    cells = range(panel.shape[0])
    expected = [
        (cell, origin, ahead)
        for cell, origin, ahead in itertools.product(cells, range(WARM_UP, last - 1), horizons)
        if origin + ahead < last
        and panel.counted((cell, origin + ahead))
        and panel.entered[cell] <= origin
    ]
    assert triples(training_rows(panel, horizons, last, 10**9, 1)) == expected


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(5, 18))
def test_calibration_rows_lie_in_the_held_out_weeks(seed: int, horizon: int, first: int) -> None:
    """Origins from the week before; counted targets only; nothing a training row has seen."""
    panel = random_panel(np.random.default_rng(seed), 2, 3, 20)
    rows = calibration_rows(panel, horizon, first, 10**9, 1)
    assert (rows.target >= first).all()
    assert (rows.origin >= first - 1).all()
    units, whole = labels(panel, rows)
    assert (whole == ~panel.censored[rows.cell, rows.target]).all()
    assert (units[~whole] > 0).all()
    taught = {(cell, origin + ahead) for cell, origin, ahead in triples(
        training_rows(panel, range(1, horizon + 1), first, 10**9, 1)
    )}  # fmt: skip
    judged = {(cell, origin + ahead) for cell, origin, ahead in triples(rows)}
    assert not taught & judged
    assert triples(rows) == sorted(triples(rows))


def test_thinned_rows_keep_every_stretch() -> None:
    """Of thousands about as many as asked remain, drawn from all cells and weeks alike."""
    panel = random_panel(np.random.default_rng(2), 5, 8, 60)
    whole = training_rows(panel, range(1, 7), 60, 10**9, 1)
    some = training_rows(panel, range(1, 7), 60, 1500, 1)
    assert len(whole) > 4 * 1500
    assert 1300 < len(some) < 1700
    assert set(triples(some)) <= set(triples(whole))
    share = len(some) / len(whole)
    for mine, all_ in ((some.cell, whole.cell), (some.origin, whole.origin)):
        kept, there = np.bincount(mine, minlength=60), np.bincount(all_, minlength=60)
        # stretches hold one row each: a group's count is off by a few, not by its square root
        assert (np.abs(kept - share * there) <= 6 + 2.5 * np.sqrt(share * there)).all()


def test_the_seed_and_only_the_seed_moves_the_thinning() -> None:
    """Same seed, same rows; another seed, others."""
    panel = random_panel(np.random.default_rng(2), 5, 8, 60)
    one, two, other = (training_rows(panel, range(1, 7), 60, 500, seed) for seed in (1, 1, 2))
    assert triples(one) == triples(two)
    assert triples(one) != triples(other)


def test_prediction_rows_start_from_the_last_week() -> None:
    """Every horizon of each cell asked for, in order, by hand."""
    panel = random_panel(np.random.default_rng(0), 1, 3, 10)
    found = prediction_rows(panel, np.array([0, 2]), 2)
    assert triples(found) == [(0, 9, 1), (0, 9, 2), (2, 9, 1), (2, 9, 2)]
    assert found.target.tolist() == [10, 11, 10, 11]


def test_unripe_labels_are_refused() -> None:
    """A target week that is not over by as_of has no label to read."""
    panel = random_panel(np.random.default_rng(0), 1, 3, 10)
    with pytest.raises(ValueError, match="unripe"):
        labels(panel, prediction_rows(panel, np.array([1]), 1))

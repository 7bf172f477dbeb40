"""Rolling statistics: each column is what a loop over the columns up to it gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreship_forecast.history.sweeps import (
    by_week,
    carried,
    columns,
    counted_first,
    gap_since,
    highest_yet,
    lagged,
    ratio,
    rolling_max,
    rolling_sum,
    running_sum,
)

matrices = st.tuples(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 14)).map(
    lambda drawn: np.random.default_rng(drawn[0]).poisson(1.5, drawn[1:]).astype(np.float64)
)


@given(matrices, st.integers(1, 20))
def test_sums_and_maxima_are_those_of_the_window(values: np.ndarray, window: int) -> None:
    """Over the last w columns, fewer at the start, whatever w is against the width."""
    total, highest = rolling_sum(values, window), rolling_max(values, (window,))[window]
    for t in range(values.shape[1]):
        seen = values[:, max(0, t + 1 - window) : t + 1]
        assert total[:, t] == pytest.approx(seen.sum(axis=1))
        assert highest[:, t].tolist() == seen.max(axis=1).tolist()


@given(matrices, st.lists(st.integers(1, 16), min_size=1, max_size=5, unique=True).map(sorted))
def test_several_maxima_at_once_are_each_their_own(values: np.ndarray, windows: list[int]) -> None:
    """Windows that build upon each other give what each gives alone."""
    together = rolling_max(values, tuple(windows))
    for window in windows:
        assert (together[window] == rolling_max(values, (window,))[window]).all()


def test_true_counts_as_one() -> None:
    """A mask can be summed: weeks known of the last two, by hand."""
    mask = np.array([[True, False, True, True]])
    assert rolling_sum(mask, 2).tolist() == [[1.0, 1.0, 1.0, 2.0]]


@given(matrices)
def test_all_columns_so_far_are_added_up_and_compared(values: np.ndarray) -> None:
    """The running sum and maximum are numpy's, bit for bit, in whatever order a matrix lies."""
    tenths = values / 10.0
    for each in (tenths, by_week(tenths)):
        assert running_sum(each).tolist() == np.cumsum(tenths, axis=1).tolist()
        assert highest_yet(each).tolist() == np.maximum.accumulate(tenths, axis=1).tolist()


def test_columns_come_one_by_one_and_whole() -> None:
    """More columns than are laid out at a time: each as it stands in the matrix."""
    values = np.arange(3 * 40).reshape(3, 40)
    found = list(columns(values))
    assert np.array_equal(np.stack(found, axis=1), values)
    assert all(each.flags.c_contiguous for each in found)


@given(matrices, st.integers(0, 16))
def test_a_lag_moves_columns_and_fills_with_blanks(values: np.ndarray, weeks: int) -> None:
    """Column t holds column t - w; before the first there is nothing, even beyond the width."""
    moved = lagged(values, weeks)
    for t in range(values.shape[1]):
        before = values[:, t - weeks] if t >= weeks else np.full(len(values), np.nan)
        assert np.array_equal(moved[:, t], before, equal_nan=True)


@given(matrices)
def test_gaps_count_known_columns_only(values: np.ndarray) -> None:
    """Columns that could not be observed do not lengthen the wait for the next sale."""
    known = values != 2
    happened = known & (values > 2)
    gap = gap_since(happened, known)
    for row, t in np.ndindex(*values.shape):
        times = np.flatnonzero(happened[row, : t + 1])
        if len(times):
            assert gap[row, t] == known[row, times[-1] + 1 : t + 1].sum()
        else:
            assert np.isnan(gap[row, t])


def test_a_ratio_to_nothing_is_blank() -> None:
    """Above / below, blank where below is 0."""
    found = ratio(np.array([3.0, 0.0, 2.0]), np.array([2.0, 0.0, 0.0]))
    assert found[0] == 1.5
    assert np.isnan(found[1:]).all()


def test_blanks_are_filled_from_before_and_never_from_after() -> None:
    """By hand: a leading blank stays, later ones take the last value."""
    nan = np.nan
    found = carried(np.array([[nan, 1.0, nan, nan, 4.0], [nan] * 5]))
    assert np.array_equal(found, [[nan, 1.0, 1.0, 1.0, 4.0], [nan] * 5], equal_nan=True)


@given(matrices, st.integers(0, 13))
def test_no_column_reads_a_later_one(values: np.ndarray, cut: int) -> None:
    """What stands after a column can be anything without changing it."""
    last = min(cut, values.shape[1] - 1)
    other = values.copy()
    other[:, last + 1 :] += 7.0
    known, later = values != 1, other != 1
    later[:, : last + 1] = known[:, : last + 1]
    for mine, theirs in (
        (rolling_sum(values, 3), rolling_sum(other, 3)),
        (rolling_max(values, (5,))[5], rolling_max(other, (5,))[5]),
        (running_sum(values), running_sum(other)),
        (highest_yet(values), highest_yet(other)),
        (gap_since(values > 2, known), gap_since(other > 2, later)),
    ):
        assert np.array_equal(mine[:, : last + 1], theirs[:, : last + 1], equal_nan=True)


def test_counted_columns_come_first_in_their_order() -> None:
    """The places point at the latest counted column so far, -1 before the first."""
    counted = np.array([[False, True, False, True], [True, True, True, True]])
    order, place = counted_first(counted)
    assert order.tolist() == [[1, 3, 0, 2], [0, 1, 2, 3]]
    assert place.tolist() == [[-1, 0, 0, 1], [0, 1, 2, 3]]

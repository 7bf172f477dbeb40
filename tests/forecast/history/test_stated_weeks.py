"""Values of a few weeks: what is laid out, looked up and added up is what a matrix would hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_forecast.history.stated_weeks import StatedWeeks

NAN = float("nan")


def filled(rng: np.random.Generator, blank: float) -> tuple[StatedWeeks, np.ndarray]:
    """Return values of some of 6 cells x 9 weeks, and the same as a matrix."""
    matrix = np.where(rng.random((6, 9)) < 0.3, rng.uniform(1, 9, (6, 9)), blank)
    matrix[2] = blank
    at = np.indices(matrix.shape).reshape(2, -1)
    order = rng.permutation(matrix.size)
    found = StatedWeeks.of(matrix.shape, (at[0][order], at[1][order]), matrix.ravel()[order], blank)
    return found, matrix


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, NAN]))
def test_a_list_is_what_a_matrix_holds(seed: int, blank: float) -> None:
    """All weeks of cells, single ones, and those of some cells alone."""
    rng = np.random.default_rng(seed)
    stated, matrix = filled(rng, blank)
    np.testing.assert_array_equal(stated.laid_out(np.arange(6)), matrix)
    cells = rng.permutation(6)[:4]
    np.testing.assert_array_equal(stated.part(cells).laid_out(np.arange(4)), matrix[cells])
    cell, week = rng.integers(0, 6, 20), rng.integers(0, 9, 20)
    np.testing.assert_array_equal(stated.at(cell, week), matrix[cell, week])
    assert len(stated.place) == int((~np.isnan(matrix) & (matrix != blank)).sum())


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_sums_up_to_a_week_are_those_of_the_cell(seed: int) -> None:
    """The latest value up to a week, and sum and number of all up to it, of that cell alone."""
    stated, matrix = filled(np.random.default_rng(seed), NAN)
    cell, week = np.indices((6, 9)).reshape(2, -1)
    position = stated.latest(cell, week)
    total, count = stated.up_to(position)
    for place, (row, last) in enumerate(zip(cell, week, strict=True)):
        there = np.flatnonzero(~np.isnan(matrix[row, : last + 1]))
        assert count[place] == len(there)
        assert total[place] == pytest.approx(matrix[row, there].sum())
        if len(there):
            assert stated.week_of(position[place : place + 1]).tolist() == [there[-1]]
            assert stated.value[position[place]] == matrix[row, there[-1]]


def test_of_two_values_for_one_week_the_later_row_holds() -> None:
    """A price that is stated twice is that of its last row, and none where that one is blank."""
    cell, week = np.array([0, 0, 0, 0]), np.array([1, 1, 2, 2])
    found = StatedWeeks.of((1, 4), (cell, week), np.array([5.0, 6.0, 7.0, NAN]), NAN)
    np.testing.assert_array_equal(found.laid_out(np.array([0])), [[NAN, 6.0, NAN, NAN]])


def test_nothing_stated_is_blank_everywhere() -> None:
    """Without a row every week is blank, and no sum has a value."""
    nothing = np.array([], dtype=np.int64)
    found = StatedWeeks.of((2, 3), (nothing, nothing), np.array([]), 0.0)
    assert found.at(np.array([0, 1]), np.array([2, 0])).tolist() == [0.0, 0.0]
    assert found.laid_out(np.array([1])).tolist() == [[0.0, 0.0, 0.0]]
    assert found.latest(np.array([1]), np.array([2])).tolist() == [-1]


def test_cells_of_a_week_are_those_that_state_it() -> None:
    """Of each week, whatever stands before and behind it."""
    stated, matrix = filled(np.random.default_rng(3), NAN)
    for week in range(9):
        assert (
            stated.stated_in(week).tolist() == np.flatnonzero(~np.isnan(matrix[:, week])).tolist()
        )

"""Histograms of sample paths: counted by hand on two or three paths."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.valuation.unit_worth.path_histograms import (
    PathHistograms,
    counted,
    early_weeks,
    histograms_of_paths,
    stayed,
    tail_law,
)


def test_weeks_after_the_review_are_added_up_to_windows():
    """Weeks (1, 2), (3, 0), (2, 2) on two paths, reviewed after the first: 5 and 2 in two weeks.

    Up to the week-end inside the window 3 and 0; demand is clipped at 4.
    """
    weekly = np.array([[[1, 2], [3, 0], [2, 2]]])
    found = histograms_of_paths(weekly, 1, 2, ranks=4)
    assert found.windows.tolist() == [[[4, 2]]]
    assert found.early.tolist() == [[[[3, 0]]]]
    assert (found.count, found.ranks) == (1, 4)


def test_beyond_the_horizon_the_last_weeks_come_again_on_other_paths():
    """Each repeated week has the law of its original, and its paths are turned, so independent."""
    weekly = np.random.default_rng(0).poisson(2.0, (1, 5, 50))
    found = histograms_of_paths(weekly, 5, 1, ranks=99).windows[0, 0]
    first_of_the_last_four = weekly[0, 1]
    assert sorted(found.tolist()) == sorted(first_of_the_last_four.tolist())
    assert found.tolist() != first_of_the_last_four.tolist()


def test_joint_counts_are_shares_of_the_paths():
    """Three paths: (0, 2), (1, 0), (1, 2), a third each."""
    table = counted(np.array([[0, 1, 1]]), np.array([[2, 0, 2]]), 2)[0]
    assert table == pytest.approx(np.array([[0, 0, 1], [1, 0, 1], [0, 0, 0]]) / 3)


def test_a_unit_that_stayed_is_evidence_of_its_path():
    """Unit 1 stayed on the first path only, which then wants two; unit 2 stayed on all three.

    Where nobody was on a path, there is no law but zeros.
    """
    joint = counted(np.array([[0, 1, 1]]), np.array([[2, 0, 2]]), 2)
    assert stayed(joint)[0] == pytest.approx(np.array([[0, 0, 1], [1 / 3, 0, 2 / 3]]))
    sold = counted(np.array([[2, 2]]), np.array([[1, 1]]), 2)
    assert stayed(sold)[0].tolist() == [[0, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize(
    ("span", "law"),
    [
        (1, [2 / 8, 6 / 8]),  # the last four windows of one week: 0 1 | 1 1 | 1 1 | 1 0
        (2, [1 / 4, 3 / 4]),  # the last two
        (4, [1 / 2, 1 / 2]),  # the last one
    ],
)
def test_the_last_four_weeks_are_the_law_beyond_the_horizon(span: int, law: list[float]):
    """Five windows on two paths; the longer a window, the fewer of them."""
    windows = np.array([[[0, 0], [0, 1], [1, 1], [1, 1], [1, 0]]])
    found = PathHistograms(windows, np.zeros((1, 5, span - 1, 2), dtype=np.int64), 1)
    assert tail_law(found, span)[0] == pytest.approx(law)


def test_week_ends_that_a_unit_lay_through_by_hand():
    """Windows of two weeks on three paths: 1, 1 and 2 units, of which 0, 1 and 1 in the first week.

    Of the two paths that want one unit, unit 1 lay through the first week-end on one; of the path
    that wants two, unit 1 is gone by then and unit 2 is not. No path wants none.
    """
    found = PathHistograms(np.array([[[1, 1, 2]]]), np.array([[[[0, 1, 1]]]]), 2)
    weeks = early_weeks(found, 0)
    assert weeks is not None
    assert weeks[0].tolist() == [[0.0, 0.0], [0.5, 1.0], [0.0, 1.0]]
    single = PathHistograms(np.array([[[1, 1, 2]]]), np.zeros((1, 1, 0, 3), dtype=np.int64), 2)
    assert early_weeks(single, 0) is None

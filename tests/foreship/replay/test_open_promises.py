"""What became of a plan's own units, week by week."""

from __future__ import annotations

import numpy as np

from foreship.judge.gain.own_units import OwnUnits
from foreship.replay.open_promises import OpenPromise

OWN = OwnUnits(
    region=np.array([0, 1]),
    item=np.array([1, 0]),
    sent=np.array([4, 2]),
    each=np.array([2.0, 10.0]),
    dearer=0.5,
)


def test_own_units_are_taken_after_those_that_lay_there():
    """Two weeks take five: three lay there, so two of four were needed. Elsewhere two are too many.

    What orders take beyond the plan's units is of later plans: no loss is below what was paid more.
    """
    promise = OpenPromise.made(7, OWN, np.array([[3, 0], [0, 0]]))
    after = promise.after(np.array([[9, 2], [0, 9]])).after(np.array([[9, 3], [0, 9]]))
    assert (after.row, after.weeks) == (7, 0)
    assert after.loss == 0.5 + 2 * 2.0 + 2 * 10.0
    all_taken = promise.after(np.array([[0, 90], [50, 0]]))
    assert all_taken.loss == 0.5


def test_units_on_their_way_count_from_the_week_in_which_they_land():
    """Three land in the second week: what the first one takes was the plan's, though they came too.

    Of the second week's four, three were theirs.
    """
    promise = OpenPromise.made(0, OWN, np.array([[0, 3], [0, 0]]))
    after = promise.after(np.array([[0, 2], [0, 0]]))
    assert after.needed.tolist() == [2, 0]
    assert after.after(np.array([[0, 4], [0, 0]])).needed.tolist() == [3, 0]

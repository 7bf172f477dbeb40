"""How far a policy gets between the two references, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from foreship.judge.gain.gap_closed import gap_closed
from foreship_foundation.intervals import ratio_of_sums


def test_a_gap_is_closed_by_what_was_earned_of_what_there_was() -> None:
    """Two of four in every week: a half, without doubt, whatever all policies earn alike."""
    shared = np.random.default_rng(1).normal(size=9)
    found = gap_closed(shared + 2, shared, shared + 4)
    assert (found.value, found.low, found.high) == pytest.approx((0.5, 0.5, 0.5))


def test_the_interval_is_that_of_the_ratio() -> None:
    """Weekly profits less those of `reactive`, over those of the oracle less the same."""
    profit, reactive, oracle = np.random.default_rng(2).normal((4.0, 0.0, 9.0), size=(8, 3)).T
    between = ratio_of_sums(profit - reactive, oracle - reactive)
    assert gap_closed(profit, reactive, oracle) == between


def test_an_oracle_that_loses_closes_nothing() -> None:
    """Where the oracle does not beat `reactive` there is no gap."""
    found = gap_closed(np.ones(3), np.ones(3), np.zeros(3))
    assert np.isnan([found.value, found.low, found.high]).all()

"""Speeds: levels by hand, and which candidate is believed after what."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_forecast.levels.speeds import (
    DAMPING,
    ITEM_PRIOR,
    KNOWING,
    NETWORK_PRIOR,
    REGION_PRIOR,
    SHARES,
    TRENDS,
    Speeds,
)

DUE = 20.0


def followed(weeks: list[float], due: float = DUE) -> Speeds:
    """Return the state of one group at level 1 that sold some multiples of what was due."""
    speeds = Speeds.of(np.ones(1), 2.0, ITEM_PRIOR, 0.9, 8.0)
    for times in weeks:
        speeds.update(np.array([times * due]), np.array([due]), 10.0, np.array([True]))
    return speeds


def fast_share(speeds: Speeds) -> float:
    """Return how much candidates are believed that forget most of a month."""
    return float(speeds.weights[0, SHARES >= 0.35].sum())


@pytest.mark.parametrize("prior", [ITEM_PRIOR, REGION_PRIOR, NETWORK_PRIOR])
def test_candidates_are_chances_before_anything_was_seen(prior: np.ndarray) -> None:
    """One chance for each candidate, adding up to 1; a group starts at its level."""
    assert prior.shape == SHARES.shape == TRENDS.shape
    assert prior.sum() == pytest.approx(1.0)
    speeds = Speeds.of(np.array([3.0, 0.5]), 5.0, prior, 0.9, 8.0)
    assert speeds.weights == pytest.approx(np.stack([prior, prior]))
    assert speeds.level(4) == pytest.approx([3.0, 0.5])


def test_a_week_by_hand() -> None:
    """Eqs. 54-56: 30 units where a level of 1 brings 10, from level 1 believed as 2 units due."""
    speeds = followed([3.0], due=10.0)
    # all candidates had said 10, so that none is believed more than before; each but the slowest
    # is mixed with some units at the slowest one's level, that with as many at the anchor
    slow = (0.98 * 2 + 30 + KNOWING) / (0.98 * 2 + 10 + KNOWING / 1.0)
    logs = {1: 0.0, 3: 0.0}
    for share, trend, prior in zip(SHARES.tolist(), TRENDS.tolist(), ITEM_PRIOR, strict=True):
        level = np.log(((1 - share) * 2 + 30 + KNOWING) / ((1 - share) * 2 + 10 + KNOWING / slow))
        level = np.log(slow) if share == SHARES[0] else level
        for horizon in logs:
            steep = level - share * level  # the second smoothing has gone a share of the way
            ahead = sum(DAMPING**step for step in range(1, horizon + 1))
            reach = steep * (1 + share / (1 - share) * ahead) if trend else 0.0
            logs[horizon] += prior * (level + reach)
    for horizon, log in logs.items():
        assert speeds.level(horizon) == pytest.approx([np.exp(log)])
    assert speeds.slowest() == pytest.approx([slow])


def test_evidence_by_hand() -> None:
    """A second week moves the beliefs by its negative binomial likelihood (eq. 55)."""
    before = followed([3.0])
    said = np.exp(before._log_levels()[0]) * DUE
    after = followed([3.0, 1.0])
    likelihood = DUE * np.log(said) - (DUE + 10.0) * np.log(said + 10.0)
    raised = ITEM_PRIOR * np.exp(np.maximum(likelihood - likelihood.max(), -8.0))
    assert after.weights[0] == pytest.approx(raised / raised.sum())


def test_a_constant_series_gives_its_level() -> None:
    """Five times what was due for a year: the level is 5 at every horizon."""
    speeds = followed([5.0] * 52)
    for horizon in (1, 4, 8):
        assert speeds.level(horizon) == pytest.approx([5.0], rel=0.02)


@settings(max_examples=25)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=30), st.floats(0.0, 300.0))
def test_weights_add_up_to_one_whatever_comes(units: list[int], due: float) -> None:
    """No candidate is lost for good, and no figure is infinite."""
    speeds = followed([])
    for each in units:
        speeds.update(np.array([float(each)]), np.array([due]), 10.0, np.array([True]))
    assert speeds.weights.sum() == pytest.approx(1.0)
    assert (speeds.weights > ITEM_PRIOR * np.exp(-8.0) * 0.999).all()
    assert np.isfinite(speeds.level(8)).all() and (speeds.level(8) > 0).all()


def test_three_weeks_are_a_change_and_one_is_none() -> None:
    """Three times as much for three weeks is mostly believed; after one such week it is not."""
    steady = [1.0] * 60
    changed, once = followed([*steady, 3, 3, 3]), followed([*steady, 3, 1])
    assert fast_share(changed) > 0.8
    assert changed.level() == pytest.approx([3.0], rel=0.2)
    assert followed([*steady, 3]).level()[0] < 1.5
    assert fast_share(once) < 0.1 < fast_share(followed(steady)) < 0.25
    assert once.level() == pytest.approx([1.0], rel=0.2)


def test_a_fall_is_seen_as_well_as_a_rise() -> None:
    """A third of it for three weeks."""
    fallen = followed([1.0] * 60 + [1 / 3] * 3)
    assert fast_share(fallen) > 0.5
    assert fallen.level()[0] < 0.55


def test_a_trend_goes_on_and_dies_away() -> None:
    """Growth of 8 % a week: the next week is met, later ones grow, ever more slowly."""
    growth = 1.08 ** np.arange(30)
    speeds = followed(growth.tolist())
    levels = np.log([speeds.level(horizon)[0] for horizon in range(1, 9)])
    assert speeds.level() == pytest.approx([1.08**30], rel=0.1)
    steps = np.diff(levels)
    assert (steps > 0).all() and (np.diff(steps) < 0).all()
    assert steps.max() < np.log(1.08)


def test_unseen_groups_keep_their_state() -> None:
    """Only the group that was seen moves; the other's state is the same to the bit."""
    speeds = Speeds.of(np.array([1.0, 2.0]), 2.0, ITEM_PRIOR, 0.9, 8.0)
    both = np.array([True, True])
    speeds.update(np.array([30.0, 50.0]), np.array([10.0, 10.0]), 10.0, both)
    names = [each.name for each in fields(Speeds) if each.name not in _SETTINGS]
    before = {name: getattr(speeds, name).copy() for name in names}
    speeds.update(np.array([90.0, 90.0]), np.array([10.0, 10.0]), 10.0, np.array([False, True]))
    for name, state in before.items():
        assert getattr(speeds, name)[0].tobytes() == state[0].tobytes()
        assert getattr(speeds, name)[1].tobytes() != state[1].tobytes()


_SETTINGS = {"prior", "forgetting", "setback", "anchor"}


def test_some_groups_start_again() -> None:
    """One of two goes to a new level, believed as much as told; the other stays."""
    speeds = Speeds.of(np.array([1.0, 2.0]), 2.0, ITEM_PRIOR, 0.9, 8.0)
    speeds.restart(np.array([True, False]), np.array([7.0, 9.0]), 30.0)
    assert speeds.level() == pytest.approx([7.0, 2.0])
    assert speeds.below[:, 0].tolist() == [30.0, 2.0]


def test_groups_tell_each_other_nothing() -> None:
    """Followed together or each alone, in any order, the levels are the same."""
    rng = np.random.default_rng(3)
    units, due = rng.poisson(12.0, (20, 3)).astype(float), rng.uniform(5.0, 20.0, (20, 3))
    together = Speeds.of(np.ones(3), 2.0, ITEM_PRIOR, 0.9, 8.0)
    turned = Speeds.of(np.ones(3), 2.0, ITEM_PRIOR, 0.9, 8.0)
    for week in range(20):
        together.update(units[week], due[week], 5.0, np.ones(3, dtype=bool))
        turned.update(units[week, ::-1], due[week, ::-1], 5.0, np.ones(3, dtype=bool))
    assert together.level(3).tolist() == turned.level(3)[::-1].tolist()


def test_all_weeks_ahead_at_once_are_those_one_by_one() -> None:
    """Levels of eight weeks ahead, of groups that grow, shrink and stay as they are."""
    speeds = Speeds.of(np.array([1.0, 2.0, 0.5]), 2.0, ITEM_PRIOR, 0.9, 8.0)
    for week in range(12):
        came = DUE * np.array([1.2**week, 2.0 * 0.8**week, 0.5])
        speeds.update(came, np.full(3, DUE), 10.0, np.ones(3, dtype=bool))
    found = speeds.levels(8)
    assert found.shape == (8, 3) and (np.diff(found[:, 0]) > 0).all()
    for ahead in range(8):
        np.testing.assert_allclose(found[ahead], speeds.level(ahead + 1), rtol=1e-12)

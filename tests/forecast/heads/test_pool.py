"""The soft pool: who is believed how much, by class, and what its judge may know."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.special import expit, logit

from foreship_forecast.features.rows import Rows
from foreship_forecast.heads import pool as pooling
from foreship_forecast.heads.pool import CLASSES, HEADS, SIZES, Answers, Judged, Pool, fit_pool
from foreship_forecast.levels.cell_levels import Levels

ROWS = 400
"""rows a week"""
SKILL, BLIND = (0.9, 0.1), (0.5, 0.5)
"""what is said of rows of which nine in ten sell, and of those of which one in ten does"""


def said(
    weeks: int,
    chance: tuple[tuple[float, float], ...],
    place: tuple[int, int] = (0, 0),
    seed: int = 1,
) -> tuple[Answers, Judged]:
    """Return answers and what came: in each week the first half of the rows sell nine times in ten.

    Each head says one chance of the first half and another of the second; every other row is of
    the second class. Sizes are all alike.
    """
    rng = np.random.default_rng(seed)
    fast = np.tile(np.arange(ROWS) < ROWS // 2, weeks)
    sold = rng.random(weeks * ROWS) < np.where(fast, 0.9, 0.1)
    heads = np.stack([np.where(fast, high, low) for high, low in chance])
    count = weeks * ROWS
    extra, trust = np.ones((len(SIZES), count)), np.ones(count)
    answers = Answers(heads, extra, trust, np.tile(place, count // 2))
    week = np.repeat(np.arange(weeks), ROWS)
    return answers, Judged(sold.astype(np.float64), np.zeros(count, dtype=bool), week)


def even(chance: list[float], size: list[float]) -> Pool:
    """Return a pool with the same weights in every class."""
    return Pool((tuple(chance),) * CLASSES, (tuple(size),) * CLASSES)


def one_row(chances: list[float], extras: list[float], trust: float = 1.0) -> Answers:
    """Return the answers of all heads to one row."""
    chance, extra = np.array(chances)[:, None], np.array(extras)[:, None]
    return Answers(chance, extra, np.array([trust]), np.array([0]))


@pytest.mark.parametrize("weeks", [1, 2, 13])
@pytest.mark.parametrize("best", range(len(HEADS)))
def test_nobody_is_believed_wholly_or_not_at_all(weeks: int, best: int) -> None:
    """However much better one head is: weights lie between 0 and 1 and add up to 1."""
    chance = tuple(SKILL if head == best else BLIND for head in range(len(HEADS)))
    pool = fit_pool(*said(weeks, chance), weeks=80)
    for weights in (np.array(pool.chance), np.array(pool.size)):
        assert weights.min() >= 0.5 * pooling.LEAST_WEIGHT
        assert weights.max() < 1.0
        np.testing.assert_allclose(weights.sum(axis=1), 1.0, atol=1e-12)


def test_heads_that_do_not_take_part_have_no_weight() -> None:
    """Where nothing was learned, plain rates share the chance and the level has the size."""
    answers, judged = said(6, (BLIND, SKILL, BLIND, BLIND))
    answers.chance[0] = np.nan
    pool = fit_pool(answers, judged, weeks=0)
    assert pool.learned() == 0.0
    assert {row[0] for row in pool.chance} == {0.0}
    assert set(pool.size) == {(0.0, 0.0, 1.0)}
    chance, extra = pool.pooled(answers)
    assert ((chance > 0) & (chance < 1)).all() and extra.tolist() == pytest.approx([1.0] * 2400)


def test_one_held_out_week_leaves_the_prior() -> None:
    """Whatever it says: a single week has no standard error, and proves nothing."""
    weeks = 39
    pool = fit_pool(*said(1, (BLIND, SKILL, BLIND, BLIND)), weeks=weeks)
    prior = [0.75, 0.25 * 0.6, 0.25 * 0.2, 0.25 * 0.2]  # 39 weeks against 13
    np.testing.assert_allclose(pool.chance, np.tile(prior, (CLASSES, 1)), rtol=1e-9)
    np.testing.assert_allclose(pool.size, np.tile(pooling.SIZE_PRIOR, (CLASSES, 1)), rtol=1e-9)


def test_no_week_at_all_leaves_the_prior() -> None:
    """Of a history too short to hold weeks out."""
    nothing = np.empty(0)
    answers = Answers(np.empty((4, 0)), np.empty((3, 0)), nothing, nothing.astype(np.int64))
    judged = Judged(nothing, nothing.astype(bool), nothing.astype(np.int64))
    pool = fit_pool(answers, judged, weeks=0)
    np.testing.assert_allclose(pool.chance, np.tile(pooling.PLAIN_PRIOR, (CLASSES, 1)))


def test_a_few_weeks_shrink_to_the_plain_rates() -> None:
    """Boosters are believed the more, the more weeks they learned from: half of all at 13."""
    believed = [fit_pool(*said(1, (SKILL,) * 4), weeks).learned() for weeks in (1, 4, 13, 52, 104)]
    assert believed == sorted(believed)
    assert believed[0] < 0.1 and believed[-1] > 0.85
    assert believed[2] == pytest.approx(0.5)


def test_more_held_out_weeks_prove_more() -> None:
    """The same lead over two weeks is believed less than over thirteen."""
    lead = (SKILL, (0.8, 0.2), BLIND, BLIND)
    weights = [
        np.mean([fit_pool(*said(weeks, lead, seed=seed), 13).learned() for seed in range(5)])
        for weeks in (1, 2, 13)
    ]
    assert pytest.approx(weights[0]) == 0.5
    assert 0.5 < weights[1] < weights[2] - 0.05


def test_a_head_that_is_better_in_every_week_gets_nearly_all_of_its_class() -> None:
    """Boosters know one class, the level the other: each is believed where it knows better.

    A third class, of which no row was held out, takes the weights of all rows together.
    """
    answers, judged = said(10, (SKILL, SKILL, BLIND, BLIND), place=(2, 7))
    for head, blind in ((0, 7), (1, 2)):
        here = answers.place == blind
        answers.chance[head, here] = 0.5
    pool = fit_pool(answers, judged, weeks=13)
    boosters, level = np.array(pool.chance)[:, 0], np.array(pool.chance)[:, 1]
    assert boosters[2] > 0.9 and level[7] > 0.9
    assert boosters[7] < 0.1 and level[2] < 0.1
    assert 0.1 < boosters[0] < 0.9


def test_the_size_is_weighed_apart_from_the_chance() -> None:
    """All heads say one chance; of the sizes only the second follows what is ordered."""
    answers, judged = said(10, (SKILL,) * 4)
    mean = np.where(np.arange(len(judged.units)) % 4 < 2, 1.0, 12.0)
    rng = np.random.default_rng(3)
    units = judged.units * (1.0 + rng.poisson(mean))
    answers.extra[:] = mean.mean()
    answers.extra[1] = mean
    pool = fit_pool(answers, Judged(units, judged.censored, judged.week), weeks=13)
    np.testing.assert_allclose(pool.chance, np.tile([0.5, 0.3, 0.1, 0.1], (CLASSES, 1)))
    assert min(row[1] for row in pool.size) > 0.9


def test_bounds_do_not_judge_sizes() -> None:
    """A censored week sold, and nobody knows how much: it leaves the weights of sizes as before."""
    answers, judged = said(6, (SKILL,) * 4)
    answers.extra[0] = 5.0
    before = fit_pool(answers, judged, weeks=13)
    more = np.arange(len(judged.units)) % 5 == 0
    units = np.where(more & (judged.units > 0), 500.0, judged.units)
    bounded = fit_pool(answers, Judged(units, more, judged.week), weeks=13)
    told = fit_pool(answers, Judged(units, np.zeros_like(more), judged.week), weeks=13)
    assert bounded.chance == before.chance == told.chance
    np.testing.assert_allclose(bounded.size, before.size, atol=0.1)
    assert np.abs(np.array(told.size) - before.size).max() > 0.15


def test_a_week_is_never_judged_by_its_own_shift() -> None:
    """The shift of log odds that a week is judged with comes of the weeks before it alone."""
    rng = np.random.default_rng(2)
    week = np.repeat([3, 4, 5], 300)
    odds, sold = rng.normal(size=900), rng.random(900) < 0.7

    def shifts(sold: np.ndarray) -> list[float]:
        return [shift for _, shift in pooling._shifted(odds, sold, week)]

    first, second, third = shifts(sold)
    assert first == 0.0 and second > 0.1 and third > 0.1
    assert shifts(np.where(week == 5, ~sold, sold)) == [first, second, third]
    changed = shifts(np.where(week == 4, ~sold, sold))
    assert changed[:2] == [first, second] and changed[2] != third
    miss = [
        (sold[week == each] - expit(odds[week == each])).sum()
        / ((expit(odds) * expit(-odds))[week == each].sum() + pooling.SHIFT_PRIOR)
        for each in (3, 4)
    ]
    forgetting = pooling.FORGETTING
    assert second == pytest.approx(miss[0] / (forgetting + 1.0))
    below = forgetting * (forgetting + 1.0) + 1.0
    assert third == pytest.approx((forgetting * miss[0] + miss[1]) / below)


def test_a_constant_bias_is_not_held_against_a_head() -> None:
    """Calibration mends it: a head that knows which rows sell, at half the odds, is still best."""
    low = tuple(float(expit(logit(each) - np.log(2.0))) for each in SKILL)
    pool = fit_pool(*said(13, (low, (0.8, 0.2), BLIND, BLIND)), weeks=13)
    assert pool.learned() > 0.8


def test_sizes_are_judged_after_the_factor_of_the_other_weeks() -> None:
    """Half of what sells in every week loses next to nothing; half of it in late weeks loses."""
    rng = np.random.default_rng(5)
    week = np.repeat(np.arange(8), 300)
    mean = rng.uniform(4.0, 40.0, len(week))
    units = 1.0 + rng.poisson(mean)
    halved = np.where(week >= 4, mean / 2.0, mean)
    losses = pooling._size_losses(np.stack([mean, mean / 2.0, halved]), units, week).mean(axis=1)
    assert losses[1] == pytest.approx(losses[0], rel=0.02)
    assert losses[2] > 1.1 * losses[0]


def test_chances_are_pooled_in_log_odds_and_sizes_in_logs() -> None:
    """Even odds and nine to one make three to one; one unit and four make two."""
    pool = even([0.5, 0.5, 0.0, 0.0], [0.5, 0.0, 0.5])
    chance, extra = pool.pooled(one_row([0.5, 0.9, 0.1, 0.1], [1.0, 99.0, 4.0]))
    assert (chance[0], extra[0]) == pytest.approx((0.75, 2.0))


def test_what_boosters_lose_by_doubt_the_level_gets() -> None:
    """Believed wholly, by half and not at all; the other rates keep what they had."""
    pool = even([0.8, 0.0, 0.0, 0.2], [0.3, 0.3, 0.4])
    for trust in (1.0, 0.5, 0.0):
        chance, extra = pool.pooled(one_row([0.9, 0.2, 0.5, 0.5], [8.0, 8.0, 1.0], trust))
        odds = 0.8 * (trust * logit(0.9) + (1.0 - trust) * logit(0.2))
        assert logit(chance[0]) == pytest.approx(odds)
        assert extra[0] == pytest.approx(8.0 ** (0.6 * trust))


def test_a_certain_head_does_not_silence_the_others() -> None:
    """Chances of 0 and 1 are held off the ends, so that log odds stay finite."""
    pool = even([0.5, 0.5, 0.0, 0.0], [0.0, 0.0, 1.0])
    chance, _ = pool.pooled(one_row([1.0, 0.5, 0.5, 0.5], [1.0] * 3))
    assert 0.99 < chance[0] < 1.0
    chance, _ = pool.pooled(one_row([1.0, 0.0, 0.5, 0.5], [1.0] * 3))
    assert chance[0] == pytest.approx(0.5)


def test_classes_are_of_horizon_and_volume() -> None:
    """Next week, the two after it and all later ones, each in four classes of units a week."""
    horizon = np.array([1, 1, 1, 1, 2, 3, 4, 52])
    units = np.array([0.25, 0.3, 1.5, 4.1, 0.1, 0.1, 0.1, 9.0])
    zeros = np.zeros(8, dtype=np.int64)
    found = Answers.of(
        np.ones((4, 8)),
        np.ones((3, 8)),
        np.ones(8),
        Rows(zeros, zeros, horizon),
        Levels(units, units, units),
    )
    assert found.place.tolist() == [0, 1, 2, 3, 4, 4, 8, 11]
    assert CLASSES == 12


def test_a_pool_survives_its_json_to_the_bit() -> None:
    """Weights of fits are written and read back."""
    pool = fit_pool(*said(7, (SKILL, BLIND, BLIND, BLIND), place=(1, 9)), weeks=30)
    assert Pool.from_json(json.loads(json.dumps(pool.to_json()))) == pool


@pytest.mark.parametrize(
    ("chance", "size", "words"),
    [
        ([0.5, 0.5, 0.5, 0.5], [0.2, 0.4, 0.4], "weights of the chance should add up to 1"),
        ([-0.5, 0.5, 0.5, 0.5], [0.2, 0.4, 0.4], "weights of the chance should add up to 1"),
        ([float("nan")] * 4, [0.2, 0.4, 0.4], "weights of the chance should add up to 1"),
        ([1.0, 0.0, 0.0], [0.2, 0.4, 0.4], "weights of the chance should be 12 x 4"),
        ([1.0, 0.0, 0.0, 0.0], [0.2, 0.4], "weights of the size should be 12 x 3"),
        ([1.0, 0.0, 0.0, 0.0], [0.2, 0.4, 0.5], "weights of the size should add up to 1"),
    ],
)
def test_what_is_no_share_is_refused(chance: list[float], size: list[float], words: str) -> None:
    """Too much in all, less than nothing, no number, a head too few."""
    with pytest.raises(ValueError, match=words):
        even(chance, size)
    with pytest.raises(ValueError, match="12 x 4"):
        Pool(((1.0, 0.0, 0.0, 0.0),) * 11, ((0.0, 0.0, 1.0),) * CLASSES)

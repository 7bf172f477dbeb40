"""What is known ahead: its columns by hand, and effects learned from weeks that had them."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_forecast.levels.known_effects import (
    KEPT,
    LARGEST,
    LARGEST_PRICE_CHANGE,
    PRICE_WEEKS,
    KnownAhead,
    Learner,
)
from tests.forecast.levels.small_markets import stated

NAN = float("nan")


def at(*values: int) -> np.ndarray:
    """Return positions."""
    return np.array(values, dtype=np.int64)


def test_columns_by_hand() -> None:
    """An event of one region, a promotion, and the price against the mean of what was stated."""
    ahead = KnownAhead(
        event=(np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]),),
        promotion=stated(np.array([[0, 1, 0.5], [0, 0, 0]], dtype=np.float32), 0.0),
        price=stated(np.array([[10, 6, 4], [NAN, 5, NAN]], dtype=np.float32), NAN),
        region=at(0, 1),
    )
    assert ahead.count == 3
    found = ahead.columns(at(0, 0, 1, 1), at(1, 0, 1, 0), at(2, 1, 2, 1))
    assert found == pytest.approx(
        np.array(
            [
                [1, 0.5, np.log(4 / 8)],  # 10 and 6 were stated up to the origin
                [0, 1, np.log(6 / 10)],
                [0, 0, 0],  # no price is stated of the week
                [0, 0, 0],  # none had been at the origin
            ]
        ),
        rel=1e-6,
    )


def test_only_what_is_stated_is_a_column() -> None:
    """Neither events nor prices: no column; a promotion alone is one."""
    assert KnownAhead((), None, None, at(0)).count == 0
    promotion = stated(np.zeros((1, 2), dtype=np.float32), 0.0)
    assert KnownAhead((), promotion, None, at(0)).columns(at(0), at(0), at(1)).tolist() == [[0.0]]


def test_usual_price_is_of_the_latest_weeks_and_knows_no_later_one() -> None:
    """Older prices are forgotten, a blank week keeps the last, later ones change nothing."""
    price = np.full((1, PRICE_WEEKS + 30), 8.0, dtype=np.float32)
    price[0, :10] = 80.0
    price[0, -3:] = NAN, NAN, 4.0
    ahead = KnownAhead((), None, stated(price, NAN), at(0))
    last = price.shape[1] - 1
    assert ahead.columns(at(0), at(last - 1), at(last)) == pytest.approx(np.log([[0.5]]))
    later = price.copy()
    later[0, 21:] = 300.0
    for target in (5, 20):
        one = ahead.columns(at(0), at(20), at(target))
        other = KnownAhead((), None, stated(later, NAN), at(0))
        assert other.columns(at(0), at(20), at(target)) == one


def test_a_price_beyond_reason_is_held_in_range() -> None:
    """A thousandth of the usual price, and a price of nothing, which has no logarithm."""
    price = stated(np.array([[1000.0, 1.0, 0.0]], dtype=np.float32), NAN)
    found = KnownAhead((), None, price, at(0)).columns(at(0, 0), at(0, 0), at(1, 2))
    assert found.tolist() == [[-LARGEST_PRICE_CHANGE], [0.0]]


def planted(seed: int, effect: np.ndarray, weeks: int = 60) -> Learner:
    """Return what is learned of 60 cells that sell 4 a week times the effect of three columns."""
    rng = np.random.default_rng(seed)
    learner = Learner.of(3)
    for _ in range(weeks):
        columns = np.zeros((60, 3))
        columns[:, 0] = rng.random() < 0.2  # an event is everywhere
        columns[:, 1] = rng.random(60) < 0.1
        columns[:, 2] = np.log(0.8) * (rng.random(60) < 0.2)
        units = rng.poisson(4.0 * np.exp(columns @ effect)).astype(np.float64)
        learner.update(columns, units, np.full(60, 4.0), np.ones(60))
    return learner


def test_planted_effects_are_learned() -> None:
    """An event of -40 %, a promotion of +150 % and a price elasticity of -2."""
    effect = np.array([np.log(0.6), np.log(2.5), -2.0])
    assert planted(1, effect).effect == pytest.approx(effect, abs=0.15)
    assert planted(2, np.zeros(3)).effect == pytest.approx(np.zeros(3), abs=0.15)


def test_cells_without_any_column_are_not_touched() -> None:
    """Whatever they sold, the effects are the same; so do cells of which nothing was due."""
    columns = np.array([[1.0], [0.0], [1.0]])
    plain, clumps = np.array([4.0, 4.0, 0.0]), np.ones(3)
    effects = set()
    for other in (0.0, 4000.0):
        learner = Learner.of(1)
        learner.update(columns, np.array([9.0, other, other]), plain, clumps)
        effects.add(learner.effect[0])
    assert len(effects) == 1
    assert 0.3 < effects.pop() < np.log(9 / 4)


def test_the_best_effect_is_found() -> None:
    """Where its slope is 0: what came beyond what was said pays for the distance to the prior."""
    learner = Learner.of(1)
    learner.update(np.array([[1.0]]), np.array([12.0]), np.array([4.0]), np.array([2.0]))
    effect = learner.effect[0]
    said = 4.0 * np.exp(effect)
    assert (12.0 - said) / (2.0 + 0.5 * said) == pytest.approx(effect, abs=0.01)


def test_without_a_column_only_certainty_fades() -> None:
    """A year without promotions leaves their effect as it was, believed a little less."""
    learner = planted(1, np.array([0.5, 1.0, 0.0]))
    effect, certainty = learner.effect, learner.certainty
    learner.update(np.zeros((4, 3)), np.full(4, 50.0), np.ones(4), np.ones(4))
    assert learner.effect.tolist() == effect.tolist()
    assert learner.certainty == pytest.approx(KEPT * certainty + (1 - KEPT) * np.eye(3))


def test_clumped_and_few_orders_move_effects_less() -> None:
    """The same week of an order of twelve units each, and of a cell that hardly sells."""
    found = []
    for units, plain, clump in ((40.0, 20.0, 1.0), (40.0, 20.0, 12.0), (0.4, 0.2, 1.0)):
        learner = Learner.of(1)
        learner.update(np.ones((1, 1)), np.array([units]), np.array([plain]), np.array([clump]))
        found.append(learner.effect[0])
    assert 0 < found[2] < found[1] < found[0] < np.log(2.0)


def test_effects_stay_in_range() -> None:
    """A thousand cells that sell a million times as much, week after week."""
    learner = Learner.of(1)
    for _ in range(8):
        learner.update(np.ones((1000, 1)), np.full(1000, 1e6), np.ones(1000), np.ones(1000))
    assert learner.effect.tolist() == [LARGEST]

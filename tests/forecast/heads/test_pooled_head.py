"""All heads asked at once, and pooled: what is known ahead acts on each of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import foreship_forecast
from foreship_forecast.features.matrix import Features
from foreship_forecast.features.rows import Rows, prediction_rows, training_rows
from foreship_forecast.heads.boosters import Lessons, learn
from foreship_forecast.heads.floors import FLOOR_RATES
from foreship_forecast.heads.pool import CLASSES, HEADS, Pool
from foreship_forecast.heads.pooled_head import PooledHead, answers
from foreship_forecast.history.panel import panel_of
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.params import ForecastParams
from tests.forecast.small_market import AS_OF, panel_of_cells, plain_features

LIFT = 3.0
FEW = ForecastParams(rounds=3, leaves=4, min_leaf_rows=5, max_rows=5000, horizon_weeks=2, seed=1)


def promoted(weeks: int, mean: float, seed: int = 1) -> tuple[dict[str, pd.DataFrame], np.ndarray]:
    """Return a shop of five regions and six items, and which cells will be promoted.

    A promotion, one cell-week in four, makes `LIFT` times as much of the same demand.
    """
    rng = np.random.default_rng(seed)
    lifted = rng.random((5, 6, weeks + 2)) < 0.25
    units = rng.poisson(np.where(lifted, LIFT, 1.0) * mean)
    region, item, week = (each.ravel() for each in np.indices(units.shape))
    frame = pd.DataFrame(
        {
            "week": AS_OF - pd.to_timedelta(7 * (weeks - week), unit="D"),
            "region": np.array([f"R{each}" for each in range(5)], object)[region],
            "item": np.array([f"I{each}" for each in range(6)], object)[item],
            "quantity": units.ravel(),
            "promotion": lifted.ravel().astype(float),
        }
    )
    sold = frame[(frame["week"] < AS_OF) & (frame["quantity"] > 0)].rename(columns={"week": "date"})
    prices = frame[["week", "region", "item", "promotion"]].assign(price=10.0)
    return {"orders": sold.drop(columns="promotion"), "prices": prices}, lifted[:, :, weeks:]


@pytest.fixture(scope="module")
def short() -> tuple[Snapshot, np.ndarray]:
    """Return eight weeks: too few rows to learn boosters from."""
    tables, lifted = promoted(8, 0.7)
    return Snapshot(tables, AS_OF), lifted.reshape(-1)


def test_a_planned_promotion_acts_on_every_plain_rate(short: tuple[Snapshot, np.ndarray]) -> None:
    """Odds of a sale rise by what promotions did in eight weeks, whoever says them."""
    snapshot, lifted = short
    panel = panel_of(snapshot, 104)
    features = Features.of(snapshot, panel, 2)
    rows = prediction_rows(panel, np.arange(panel.shape[0]), 2)
    said = answers(features, rows, None)
    assert np.isnan(said.chance[0]).all() and (said.trust == 1.0).all()
    often = -np.log1p(-said.chance[1:])  # units of a Poisson law without doubt
    for head, mean in zip(HEADS[1:], often, strict=True):
        assert 2.0 < mean[lifted].mean() / mean[~lifted].mean() < 4.5, head
    for head in HEADS[2:]:
        bare = FLOOR_RATES[head].chance(features, rows)
        at = HEADS.index(head)
        np.testing.assert_allclose(said.chance[at, ~lifted], bare[~lifted])
        assert (said.chance[at, lifted] > bare[lifted]).all()


@pytest.mark.parametrize(("weeks", "learned"), [(6, False), (8, True)])
def test_a_planned_promotion_acts_however_short_the_history(weeks: int, learned: bool) -> None:
    """The whole way from tables to means, without boosters and with ones hardly believed."""
    tables, lifted = promoted(weeks, 2.0)
    snapshot = Snapshot(tables, AS_OF)
    model = foreship_forecast.fit(snapshot, ForecastParams(horizon_weeks=2, scenarios=2))
    assert (model.head.boosters is not None) is (model.head.pool.learned() > 0) is learned
    told = [note for note in model.notes if "weeks held out, log-loss" in note]
    assert len(told) == 1
    assert any(note.startswith("Too little history to learn") for note in model.notes) != learned
    mean = model.predict(snapshot).mean().reshape(lifted.shape)
    # the first levels still hold promotions, so that a few weeks know the effect too low
    assert 0.6 * LIFT * 2.0 < mean[lifted].mean() < 1.2 * LIFT * 2.0
    assert mean[~lifted].mean() == pytest.approx(2.0, rel=0.2)


@pytest.fixture(scope="module")
def learned() -> tuple[Features, Rows]:
    """Return features of twelve cells of Poisson demand, with rows of them."""
    units = np.random.default_rng(2).poisson(1.5, (12, 40))
    panel = panel_of_cells(
        units, np.ones((12, 40), dtype=bool), np.repeat(np.arange(3), 4), np.tile(np.arange(4), 3)
    )
    return plain_features(panel), training_rows(panel, range(1, 3), 40, 200, 1)


def test_each_head_says_its_own(learned: tuple[Features, Rows]) -> None:
    """Boosters, the level that they start from, and the two plain rates, in the pool's order."""
    features, rows = learned
    boosters = learn(Lessons.of(features, FEW, 40), FEW)
    assert boosters is not None
    said, table = answers(features, rows, boosters), features.table(rows)
    np.testing.assert_array_equal(said.chance[0], boosters.chances(table, rows))
    np.testing.assert_array_equal(said.chance[1], table.levels.chance)
    for head in (2, 3):
        rate = FLOOR_RATES[HEADS[head]].chance(features, rows)
        np.testing.assert_allclose(said.chance[head], rate, atol=1e-12)
    np.testing.assert_array_equal(said.extra, [*boosters.sizes(table), table.levels.extra])
    np.testing.assert_array_equal(said.trust, boosters.trust(features, rows))


@pytest.mark.parametrize("head", range(len(HEADS)))
def test_the_pool_has_the_last_word(learned: tuple[Features, Rows], head: int) -> None:
    """With all weight on one head, it alone is heard; without boosters on a level, likewise."""
    features, rows = learned
    boosters = learn(Lessons.of(features, FEW, 40), FEW) if head == 0 else None
    weights = tuple(float(each == head) for each in range(len(HEADS)))
    pool = Pool((weights,) * CLASSES, ((0.0, 0.0, 1.0),) * CLASSES, (1.0, 1.0, 1.0))
    chance, extra = PooledHead(boosters, pool).raw(features, rows)
    said = answers(features, rows, boosters)
    trusted = said.trust == 1.0
    np.testing.assert_allclose(chance[trusted], said.chance[head][trusted], rtol=1e-6)
    np.testing.assert_allclose(extra, said.extra[2])

"""The size of a sale: learned in units and on the log scale, and pooled by what each is worth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import foreship_forecast
from foreship_forecast.counts.law import CountLaw
from foreship_forecast.features.matrix import Features
from foreship_forecast.features.rows import prediction_rows
from foreship_forecast.heads.boosters import Lessons, learn
from foreship_forecast.history.panel import panel_of
from foreship_forecast.params import ForecastParams
from tests.forecast.small_market import AS_OF, shop

FAST = ForecastParams(rounds=60, scenarios=2, horizon_weeks=2, min_leaf_rows=20)
UNITS, SCALE = 0, 1


def promoted(seed: int) -> dict[str, pd.DataFrame]:
    """Return a shop that sells in every week, now and then a hundred times as much.

    A known promotion triples sizes; a few weeks, that nobody announced, are enormous.
    """
    rng = np.random.default_rng(seed)
    regions, items, weeks, ahead = 5, 6, 60, 2
    lifted = rng.random((regions, items, weeks + ahead)) < 0.3
    usual = 20.0 * np.where(lifted, 3.0, 1.0) * rng.lognormal(0.0, 0.3, lifted.shape)
    units = np.ceil(usual * np.where(rng.random(lifted.shape) < 0.03, 100.0, 1.0)).astype(int)
    region, item, week = np.indices(units.shape)
    frame = pd.DataFrame(
        {
            "week": AS_OF - pd.to_timedelta(7 * (weeks - week.ravel()), unit="D"),
            "region": np.array([f"R{each}" for each in range(regions)], object)[region.ravel()],
            "item": np.array([f"I{each}" for each in range(items)], object)[item.ravel()],
            "quantity": units.ravel(),
            "promotion": lifted.ravel().astype(float),
        }
    )
    sold = frame[frame["week"] < AS_OF]
    day = pd.to_timedelta(np.arange(len(sold)) % 7, unit="D")
    return {
        "orders": sold[["region", "item", "quantity"]].assign(date=sold["week"] + day),
        "prices": frame[["week", "region", "item", "promotion"]].assign(price=10.0),
    }


def test_rare_enormous_sales_are_believed_of_the_log_scale(tmp_path: Path) -> None:
    """Poisson follows them: the log has more weight, medians know promotions, the bundle both."""
    snapshot = foreship_forecast.Snapshot(promoted(1), AS_OF)
    model = foreship_forecast.fit(snapshot, FAST)
    assert model.head.boosters is not None
    units, scale, _ = np.mean(model.head.pool.size, axis=0)
    assert scale > units
    said = model.predict(snapshot)
    median = said.quantiles((0.5,))[0]
    table = snapshot.prices.set_index(["region", "item", "week"])["promotion"]
    weeks = said.weeks.astype("datetime64[ns]")
    cells = zip(said.region, said.item, strict=True)
    ahead = np.array([[table[(*cell, week)] for week in weeks] for cell in cells]) > 0
    assert np.median(median[ahead]) > 2 * np.median(median[~ahead])
    model.save(tmp_path / "model")
    again = foreship_forecast.PurchaseModel.load(tmp_path / "model").predict(snapshot)
    pd.testing.assert_frame_equal(again.to_frame(), said.to_frame(), check_exact=True)


@pytest.mark.sweep
@pytest.mark.parametrize("scale", [UNITS, SCALE])
def test_either_scale_gives_whole_ordered_laws(scale: int) -> None:
    """On a common shop p_k never increases, and means are about what sold lately in sales."""
    tables = shop(regions=10, items=12, weeks=80, swing=0.0, mean=4.0)
    snapshot = foreship_forecast.Snapshot(tables, AS_OF)
    panel = panel_of(snapshot, FAST.history_weeks)
    features = Features.of(snapshot, panel, 1)
    head = learn(Lessons.of(features, FAST, panel.shape[1]), FAST)
    assert head is not None
    rows = prediction_rows(panel, np.arange(panel.shape[0]), 1)
    table = features.table(rows)
    chance, extra = head.chances(table, rows), head.sizes(table)[scale]
    law = CountLaw(chance, extra, np.ones(len(extra)))
    assert (np.diff(law.survival(60), axis=1) <= 0).all()
    sold = panel.units[:, -26:][panel.units[:, -26:] > 0]
    usual = sold.mean() - 1 if scale == UNITS else np.exp(np.log(sold).mean()) - 1
    assert extra.mean() == pytest.approx(usual, rel=0.25)

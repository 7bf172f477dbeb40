"""Items and regions without a single order: predicted no worse than by what their pools sell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import foreship_forecast
from benchmarks.forecast.cold_start import left_out, survivals
from foreship_forecast.params import ForecastParams

AS_OF = pd.Timestamp("2026-11-16")
FAST = ForecastParams(rounds=60, min_leaf_rows=50, horizon_weeks=2, scenarios=2)
REGIONS, ITEMS, WEEKS, R = 8, 30, 60, 2.0
MULTIPLE = np.array([0.4, 0.5, 0.6, 0.5, 1.4, 1.5, 1.6, 1.5])
"""what each region sells of an item's level; the first four have one parent, the others another"""
NEW_ITEMS = np.array(["I04", "I11", "I27"], dtype=object)


def levels() -> np.ndarray:
    """Return units a week of each cell: three categories far apart, items near each other."""
    rng = np.random.default_rng(2)
    item = np.array([0.15, 0.6, 2.0])[np.arange(ITEMS) % 3] * rng.gamma(20.0, 1 / 20, ITEMS)
    return MULTIPLE[:, None] * item


def market() -> dict[str, pd.DataFrame]:
    """Return tables of a market that follows these levels."""
    rng = np.random.default_rng(3)
    level = levels()[..., None]
    units = rng.negative_binomial(R, R / (R + level), (REGIONS, ITEMS, WEEKS))
    region, item, week = np.nonzero(units)
    names = [f"R{each}" for each in range(REGIONS)], [f"I{each:02d}" for each in range(ITEMS)]
    day = AS_OF - pd.to_timedelta(7 * (WEEKS - week) - np.arange(len(week)) % 7, unit="D")
    orders = pd.DataFrame({"date": day, "quantity": units[units > 0]})
    orders["region"], orders["item"] = np.array(names[0])[region], np.array(names[1])[item]
    categories = [f"K{each % 3}" for each in range(ITEMS)]
    parents = [f"P{each // 4}" for each in range(REGIONS)]
    return {
        "orders": orders.astype({"region": object, "item": object}),
        "items": pd.DataFrame({"item": names[1], "category": categories}),
        "regions": pd.DataFrame({"region": names[0], "parent": parents}),
    }


def surprise(survival: np.ndarray, level: np.ndarray) -> tuple[float, float]:
    """Return log-loss of p_1 and RPS expected under the true law, beyond those of the law itself.

    With true p_k = t_k, the RPS of p_k exceeds its own by the sum of (p_k - t_k)^2.
    """
    mass, true = (R / (R + level)) ** R, []
    below = np.zeros_like(level)
    for count in range(survival.shape[1]):
        below = below + mass
        true.append(1.0 - below)
        mass = mass * (count + R) / (count + 1) * level / (R + level)
    t, p = true[0], np.clip(survival[:, 0], 1e-6, 1 - 1e-6)
    loss = t * np.log(t / p) + (1 - t) * np.log((1 - t) / (1 - p))
    return float(loss.mean()), float(((survival - np.stack(true, axis=1)) ** 2).sum(axis=1).mean())


def surprises(
    tables: dict[str, pd.DataFrame], region: object, item: object
) -> dict[str, np.ndarray]:
    """Return what each method's answers for cells without history cost, under the true law."""
    snapshot = foreship_forecast.Snapshot(tables, AS_OF)
    said = foreship_forecast.fit(snapshot, FAST).predict(snapshot)
    cells = np.isin(said.region, region) & np.isin(said.item, item)
    places = [name[1:] for name in said.region[cells]], [name[1:] for name in said.item[cells]]
    level = levels()[tuple(np.array(each, dtype=np.int64) for each in places)]
    level = level.repeat(FAST.horizon_weeks)
    return {
        method: np.array(surprise(survival, level))
        for method, survival in survivals(snapshot, said, cells).items()
    }


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """Return the market once."""
    return market()


@pytest.mark.sweep
def test_items_without_history(tables: dict[str, pd.DataFrame]) -> None:
    """A tenth of the items never sold: p_1 and counts are nearer the truth than plain pools'.

    The network's rate knows no category, the category's no region; the forecast knows both.
    """
    regions = tables["regions"]["region"].to_numpy(object)
    cost = surprises(left_out(tables, AS_OF, NEW_ITEMS), regions, NEW_ITEMS)
    for plain in ("constant rate of the network", "rate of the category"):
        assert (cost["foreship"] < 0.5 * cost[plain]).all()
    both = cost["rate of the category x ratio of the region"]
    assert (cost["foreship"] < both + np.array([0.003, 0.02])).all()


@pytest.mark.sweep
def test_a_region_without_history(tables: dict[str, pd.DataFrame]) -> None:
    """Opened on as_of next to stores that sell half again as much: it takes their multiple.

    Without a parent it would be taken for a usual region, as the category's rate takes it.
    """
    items = tables["items"]["item"].to_numpy(object)
    listed = left_out(tables, AS_OF, np.array([], dtype=object))["assortment"]
    listed["from"] = listed["from"].where(listed["region"] != "R7", AS_OF)
    orders = tables["orders"]
    opened = tables | {"orders": orders[orders["region"] != "R7"], "assortment": listed}
    cost = surprises(opened, ["R7"], items)
    for plain in ("constant rate of the network", "rate of the category"):
        assert (cost["foreship"] < 0.5 * cost[plain]).all()

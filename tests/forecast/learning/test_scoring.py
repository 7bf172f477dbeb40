"""A block of cells has the law alone that it has in the company of all."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

import foreship_forecast
from foreship_forecast.counts.law import CountLaw
from foreship_forecast.features.matrix import Features
from foreship_forecast.heads.partial_pooling import pooled_levels
from foreship_forecast.history.panel import panel_of
from foreship_forecast.learning.scoring import Scoring, joined_law, law_of_block
from foreship_forecast.params import ForecastParams
from foreship_foundation.blocks import stretches
from tests.forecast.small_market import AS_OF, shop

FAST = ForecastParams(rounds=20, scenarios=20, horizon_weeks=3, min_leaf_rows=30)


def everything_known() -> dict[str, pd.DataFrame]:
    """Return a shop with prices, promotions, events, signals, weeks sold out and a new cell."""
    tables = shop(regions=4, items=5, weeks=50)
    rng = np.random.default_rng(5)
    weeks = AS_OF - pd.to_timedelta(7 * np.arange(-4, 50), unit="D")
    keys = pd.MultiIndex.from_product(
        [weeks, [f"R{each}" for each in range(4)], [f"I{each:02d}" for each in range(5)]],
        names=["week", "region", "item"],
    ).to_frame(index=False)
    cut = rng.random(len(keys)) < 0.1
    past = keys[keys["week"] < AS_OF]
    seen = {name: rng.poisson(3.0, len(past)) for name in ("views", "carts", "wishlists")}
    return tables | {
        "prices": keys.assign(price=np.where(cut, 8.0, 10.0), promotion=cut.astype(float)),
        "calendar": pd.DataFrame({"date": weeks[::9], "event": "feast", "region": ""}),
        "signals": past.assign(**seen),
        "availability": past[rng.random(len(past)) < 0.05].assign(in_stock=0),
        "assortment": pd.DataFrame({"region": ["R1"], "item": ["new"]}),
    }


@pytest.fixture(scope="module")
def scoring() -> Scoring:
    """Fit once, and prepare what all cells are scored from."""
    tables = everything_known()
    tables["assortment"] = pd.concat(
        [tables["assortment"], tables["orders"][["region", "item"]].drop_duplicates()]
    )
    tables["items"] = pd.concat(
        [tables["items"], pd.DataFrame({"item": ["new"], "price": 10.0, "category": "c"})]
    )
    snapshot = foreship_forecast.Snapshot(tables, AS_OF)
    model = foreship_forecast.fit(snapshot, FAST)
    features = Features.of(snapshot, panel_of(snapshot, FAST.history_weeks), FAST.horizon_weeks)
    return model.scoring(features, pooled_levels(features, snapshot.buyers, 1))


def same(one: CountLaw, other: CountLaw, rows: np.ndarray) -> bool:
    """Whether a law is, to the bit, some rows of another."""
    names = ("chance", "extra", "dispersion")
    return all((getattr(one, name) == getattr(other, name)[rows]).all() for name in names)


@pytest.mark.parametrize("most", [1, 2, 4])
def test_company_changes_nothing(scoring: Scoring, most: int) -> None:
    """By the item, some items or nearly all at once, and in another process: the same bits."""
    whole = law_of_block(scoring)
    assert scoring.borrows.any() and scoring.features.panel.censored.any()
    codes, weeks = scoring.features.panel.codes, np.arange(3)
    items = np.unique(codes.item)
    for some in stretches(len(items), most):
        cells = np.flatnonzero(np.isin(codes.item, items[some]))
        part = pickle.loads(pickle.dumps(scoring.part(cells)))
        rows = (cells[:, None] * 3 + weeks).ravel()
        assert same(law_of_block(part), whole, rows)


def test_a_block_is_as_large_as_its_cells(scoring: Scoring) -> None:
    """What travels for one cell in twenty, with the figures of its item, is far less than all."""
    one, all_cells = (len(pickle.dumps(each)) for each in (scoring.part(np.array([0])), scoring))
    shared = len(pickle.dumps(scoring.part(np.array([], dtype=np.int64))))
    assert one - shared < (all_cells - shared) / 5


def test_laws_of_blocks_are_joined_by_cell(scoring: Scoring) -> None:
    """Blocks of every third cell, the last ones first: joined, they are the law of all."""
    cells = [np.arange(first, len(scoring), 3) for first in (2, 0, 1)]
    whole = law_of_block(scoring)
    joined = joined_law((law_of_block(scoring.part(s)) for s in cells), np.concatenate(cells))
    assert len(joined) == len(whole) and same(joined, whole, np.arange(len(whole)))


def test_few_items_are_sent_with_their_own_figures_alone(scoring: Scoring) -> None:
    """Cells of one item of many: pools and paces of that item travel, not those of the others."""
    codes = scoring.features.panel.codes
    part = scoring.part(np.flatnonzero(codes.item == 1)).features
    assert part.panel.codes.items.tolist() == [codes.items[1]]
    assert len(part.pools.item.units) == len(part.pace.observed) == part.pace.level.shape[1] == 1
    assert (part.pools.units.item == scoring.features.pools.units.item[1]).all()

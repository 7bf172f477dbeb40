"""Histories as they come: tiny, sparse, stale, paused, poisoned, split. No crash, no bias."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import foreship_forecast
from foreship_forecast.errors import NotEnoughHistory
from foreship_forecast.params import ForecastParams
from foreship_foundation.telling.words import plural
from tests.forecast.small_market import AS_OF, shop

FAST = ForecastParams(rounds=5, scenarios=4, horizon_weeks=2, min_leaf_rows=20)


def forecast(
    tables: dict[str, pd.DataFrame],
    as_of: pd.Timestamp = AS_OF,
    params: ForecastParams = FAST,
) -> pd.DataFrame:
    """Fit, predict and draw; every path has the cells of the forecast, every mean is finite."""
    snapshot = foreship_forecast.Snapshot(tables, as_of)
    model = foreship_forecast.fit(snapshot, params)
    said = model.predict(snapshot)
    frame = said.to_frame()
    assert np.isfinite(frame["mean"]).all()
    assert (frame["week"] >= as_of).all()
    assert model.sample(said).units.shape[:2] == said.shape
    return frame


def mean_of(frame: pd.DataFrame) -> pd.Series:
    """Return the mean units a week of each cell."""
    return frame.groupby(["region", "item"])["mean"].mean()


def at_random(weeks: int, rate: float, items: int = 2, seed: int = 0) -> pd.DataFrame:
    """Return single units ordered at random, `rate` a week over two regions."""
    rng = np.random.default_rng(seed)
    count = rng.poisson(rate * weeks)
    back = rng.integers(1, 7 * weeks + 1, count)
    return pd.DataFrame(
        {
            "date": AS_OF - pd.to_timedelta(np.append(back, 7 * weeks), unit="D"),
            "region": [f"R{each}" for each in rng.integers(0, 2, count + 1)],
            "item": [f"I{each}" for each in rng.integers(0, items, count + 1)],
            "quantity": 1,
        }
    )


@pytest.mark.parametrize("weeks", [4, 5, 6, 9])
@pytest.mark.parametrize("items", [1, 4])
def test_a_few_weeks_are_enough(weeks: int, items: int) -> None:
    """From four weeks on there is a forecast, of about what was ordered."""
    orders = at_random(weeks, 40.0, items)
    said = mean_of(forecast({"orders": orders}))
    assert len(said) == 2 * items
    assert said.sum() == pytest.approx(len(orders) / weeks, rel=0.35)


@pytest.mark.parametrize("weeks", [1, 2, 3])
def test_fewer_weeks_are_refused_in_words(weeks: int) -> None:
    """With what to do instead."""
    with pytest.raises(NotEnoughHistory, match=r"at least 4.*plan on your own demand"):
        forecast({"orders": at_random(weeks, 40.0)})


def test_cells_that_all_began_last_week_cannot_be_judged() -> None:
    """Nor one sold out since: no held-out row, plain rates, uncalibrated, and it is said."""
    new = at_random(1, 30.0, 5).assign(region="R9")
    old = at_random(8, 20.0, 1).assign(region="R0", item="old")
    old = old[old["date"] < AS_OF - pd.Timedelta(weeks=4)]
    dated = [(item, AS_OF - pd.Timedelta(weeks=1)) for item in new["item"].unique()]
    dated.append(("old", AS_OF - pd.Timedelta(weeks=9)))
    out = [(AS_OF - pd.Timedelta(weeks=back), "R0", "old", 0) for back in range(1, 5)]
    tables = {
        "orders": pd.concat([old, new]),
        "items": pd.DataFrame(dated, columns=["item", "launch_date"]),
        "availability": pd.DataFrame(out, columns=["week", "region", "item", "in_stock"]),
    }
    said = foreship_forecast.fit(foreship_forecast.Snapshot(tables, AS_OF), FAST).notes
    assert any("Too little history to hold weeks out" in each for each in said)
    assert len(mean_of(forecast(tables))) == len(dated)


def test_weeks_sold_out_everywhere_do_not_judge_counts() -> None:
    """All held-out weeks are bounds: there is a forecast, and no cell moves with another."""
    orders = at_random(30, 30.0)
    cells = orders[["region", "item"]].drop_duplicates()
    weeks = pd.DataFrame({"week": [AS_OF - pd.Timedelta(weeks=back) for back in range(1, 15)]})
    out = cells.merge(weeks, how="cross").assign(in_stock=0)
    assert len(mean_of(forecast({"orders": orders, "availability": out}))) == 4


@pytest.mark.sweep
@pytest.mark.parametrize("gap", [1, 5, 13, 53, 110, 300])
def test_any_gap_before_as_of_works(gap: int) -> None:
    """Weeks or years after the last order: about what was ordered, and the gap is said."""
    orders = at_random(60, 30.0)
    late = AS_OF + pd.Timedelta(weeks=gap)
    said = mean_of(forecast({"orders": orders}, late))
    assert said.sum() == pytest.approx(30.0, rel=0.25)
    notes = foreship_forecast.fit(foreship_forecast.Snapshot({"orders": orders}, late), FAST).notes
    silent = f"No order in the {plural(gap, 'week')} before {late.date()}"
    assert any(silent in note for note in notes)


def test_a_year_with_a_gap_is_evaluated_on_the_weeks_there_are() -> None:
    """The last weeks that traded are the ones that judge."""
    late = AS_OF + pd.Timedelta(weeks=10)
    found = foreship_forecast.evaluate({"orders": at_random(40, 30.0)}, late, 3, FAST)
    assert found.weeks == 3


@pytest.mark.parametrize("seed", range(3))
def test_a_slow_network_is_not_overstated(seed: int) -> None:
    """.6 units a week over 20 cells in two years; before, empty weeks were left out: 1.5.

    The latest quarter, which sold 1.4 and .7 times as much, may have its say.
    """
    orders = at_random(104, 0.6, 10, seed)
    said = mean_of(forecast({"orders": orders}))
    assert said.sum() == pytest.approx(len(orders) / 104, rel=0.5)


def test_one_bulk_order_moves_nothing() -> None:
    """10,000 units on one line, in an early or a late week: every cell within a tenth of before."""
    tables = shop(regions=4, items=6, weeks=60)
    usual = mean_of(forecast(tables))
    for place in (len(tables["orders"]) // 2, -5):
        orders = tables["orders"].copy()
        orders.iloc[place, orders.columns.get_loc("quantity")] = 10_000
        said = mean_of(forecast(tables | {"orders": orders}))
        assert said.sum() == pytest.approx(usual.sum(), rel=0.03)
        np.testing.assert_allclose(said, usual.loc[said.index], rtol=0.2)


@pytest.mark.sweep
def test_a_line_split_in_two_moves_nothing_with_the_boosters_on() -> None:
    """Every other line of 2 or more is split, half of them of orders with an id: the same bytes."""
    params = ForecastParams(rounds=10, scenarios=2, horizon_weeks=2, min_leaf_rows=20)
    tables = shop(regions=10, items=12, weeks=80)
    lines = tables["orders"]
    orders = lines.assign(order_id=[f"O{each}" if each % 4 else "" for each in lines.index])
    large = (orders["quantity"] >= 2) & (orders.index % 2 == 0)
    assert large.sum() > 100
    parts = [orders.assign(quantity=orders["quantity"] - large), orders[large].assign(quantity=1)]
    said = []
    for each in (orders, pd.concat(parts, ignore_index=True)):
        snapshot = foreship_forecast.Snapshot(tables | {"orders": each}, AS_OF)
        model = foreship_forecast.fit(snapshot, params)
        assert model.head.boosters is not None
        said.append(model.predict(snapshot).to_frame())
    pd.testing.assert_frame_equal(*said, check_exact=True)


def test_a_relaunched_item_sells_as_it_did() -> None:
    """One and three in turn, a year's pause, launched anew 8 weeks ago: about two."""
    weeks = [*range(104, 72, -1), *range(8, 0, -1)]
    again = pd.DataFrame(
        {"date": [AS_OF - pd.Timedelta(weeks=back) for back in weeks], "item": "I9"}
    ).assign(quantity=[1 + 2 * (back % 2) for back in weeks])
    orders = pd.concat([at_random(104, 20.0), again.assign(region="R0")], ignore_index=True)
    launch = AS_OF - pd.Timedelta(weeks=8)
    items = pd.DataFrame({"item": ["I0", "I1", "I9"], "launch_date": [pd.NaT, pd.NaT, launch]})
    said = mean_of(forecast({"orders": orders, "items": items}))
    assert said["R0", "I9"] == pytest.approx(2.0, rel=0.3)


def test_an_assortment_that_is_over_leaves_no_cell() -> None:
    """The forecast is empty, with its columns; so are its paths, as a frame too."""
    over = pd.DataFrame({"region": ["R0"], "item": ["I0"], "to": [AS_OF - pd.Timedelta(days=1)]})
    tables = {"orders": at_random(30, 20.0), "assortment": over}
    assert forecast(tables).empty
    snapshot = foreship_forecast.Snapshot(tables, AS_OF)
    model = foreship_forecast.fit(snapshot, FAST)
    (frame,) = model.draws(model.predict(snapshot)).frames()
    assert frame.columns.tolist() == [
        "region", "item", "week", "scenario", "units", "order_size",
    ]  # fmt: skip


def test_a_cell_silent_for_longer_than_a_model_learns_from_is_not_new() -> None:
    """Two units a week until 40 weeks ago, learned from the last 26: silent; it was its pool's."""
    rng = np.random.default_rng(5)
    units = rng.poisson(2.0, (2, 4, 60))
    units[0, 0, 20:] = 0
    region, item, week = np.nonzero(units)
    orders = pd.DataFrame(
        {
            "date": AS_OF - pd.to_timedelta(7 * (60 - week), unit="D"),
            "region": [f"R{each}" for each in region],
            "item": [f"I{each}" for each in item],
            "quantity": units[region, item, week],
        }
    )
    params = ForecastParams(
        rounds=5, scenarios=4, horizon_weeks=2, min_leaf_rows=20, history_weeks=26
    )
    said = mean_of(forecast({"orders": orders}, params=params))
    assert said["R0", "I0"] < 0.8
    assert said.drop(("R0", "I0")).min() > 1.3

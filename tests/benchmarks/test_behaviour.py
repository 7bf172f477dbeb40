"""The judge of the forecast's behaviour: its markets follow their rates, and the truth passes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks.forecast.behaviour.cases import Case, Panel, Wanted
from benchmarks.forecast.behaviour.figures import Said
from benchmarks.forecast.behaviour.judging import alone, planted, without_extra
from benchmarks.forecast.behaviour.laws import LARGEST, mass
from benchmarks.forecast.behaviour.market import AS_OF, HORIZON, ITEMS, REGIONS, Market, network
from benchmarks.forecast.behaviour.panels import PANELS
from benchmarks.forecast.behaviour.paths import every, pulse, since, step, trend, yearly
from benchmarks.forecast.behaviour.table import KEYS, summary

DRAWS = 4000


def units(market: Market, orders: pd.DataFrame) -> np.ndarray:
    """Return units a cell and week, shape (ITEMS, REGIONS, weeks)."""
    found = np.zeros((ITEMS, REGIONS, market.weeks))
    week = market.weeks - 1 - ((AS_OF - orders["date"]).dt.days - 1) // 7
    item, region = (orders[name].str[1:].astype(int) for name in ("item", "region"))
    np.add.at(found, (item, region, week), orders["quantity"])
    return found


@pytest.mark.parametrize(
    ("path", "known", "multiples"),
    [
        (step(2, 3.0), 4, [1, 1, 3, 3, 3, 3]),
        (since(1), 3, [0, 0, 1, 1, 1]),
        (pulse(1, 10.0), 3, [1, 1, 10, 1, 1]),
        (trend(2, 1.0), 3, [1, 2, 4, 8, 16]),
        (every(2), 3, [0, 1, 0, 1, 0]),
        (every(2, next_in=1), 3, [1, 0, 1, 0, 1]),
    ],
)
def test_paths_by_hand(path: object, known: int, multiples: list[float]) -> None:
    """Two weeks are still to come in each."""
    assert callable(path)
    assert path(known, len(multiples)).tolist() == multiples


@pytest.mark.parametrize(
    ("peaks", "weeks_ago", "weeks"),
    [(2, 0, [0, 1, 52, 53, 104, 105]), (1, 0, [52, 53, 104, 105]), (1, 1, [51, 52, 103, 104])],
)
def test_a_yearly_peak_by_hand(peaks: int, weeks_ago: int, weeks: list[int]) -> None:
    """Two weeks wide, next from week 104 on, the first one that is not known, or a week before."""
    assert np.flatnonzero(yearly(6.0, 2, peaks, weeks_ago)(104, 112) == 6.0).tolist() == weeks


@pytest.mark.parametrize("kind", ["still", "drifting", "seasonal"])
def test_orders_follow_the_rates(kind: str) -> None:
    """Over all items and regions, units lie within 3 % of what the rates say, stock-outs apart."""
    market = network(kind, 60, np.random.default_rng(1))
    wanted = market.rate[..., :60].sum()
    whole = units(market, market.tables(np.random.default_rng(2))["orders"]).sum()
    assert whole == pytest.approx(wanted, rel=0.03)
    market.sell_out(0.2, np.random.default_rng(3))
    tables = market.tables(np.random.default_rng(2))
    sold = units(market, tables["orders"])
    assert (
        len(tables["availability"]) == market.out.sum() == pytest.approx(0.2 * sold.size, rel=0.03)
    )
    rate = market.rate[..., :60]
    assert sold[~market.out].sum() == pytest.approx(rate[~market.out].sum(), rel=0.03)
    assert sold[market.out].sum() == pytest.approx(rate[market.out].sum() / 4, rel=0.1)


def test_lines_may_hold_a_week() -> None:
    """The same units with fewer lines: one a cell and week, on its Monday."""
    market = network("still", 20, np.random.default_rng(1))
    orders = market.tables(np.random.default_rng(2))["orders"]
    market.weekly_lines = True
    weekly = market.tables(np.random.default_rng(2))["orders"]
    assert (units(market, weekly) == units(market, orders)).all()
    assert not weekly.duplicated(["date", "region", "item"]).any()
    assert (weekly["date"].dt.day_of_week == 0).all()


def test_what_the_dice_made_of_it() -> None:
    """What was sold in the last weeks is compared with the rates, as far as it was served."""
    market = network("still", 20, np.random.default_rng(1))
    market.steady[:2] = True
    market.level(0, 5.0, like_regions=False)
    market.level(1, 0.0)
    orders = market.tables(np.random.default_rng(2))["orders"]
    cells = np.zeros((ITEMS, REGIONS), dtype=bool)
    cells[0] = True
    assert market.drawn(orders, cells, 3) == 1.0
    market.kept[0, :, -3:] = 0.5
    assert market.drawn(orders, cells, 3) == 2.0
    assert np.isnan(market.drawn(orders, np.roll(cells, 1, axis=0), 3))


def test_the_planned_promotion_is_in_the_price_list() -> None:
    """The week to come is flagged for the item, at a lower price; no order is dated there."""
    panel = next(each for each in PANELS if each.name == "promotions")
    market, judged = planted(panel, 1, "still", 0.0)
    tables = market.tables(np.random.default_rng(1))
    assert tables["orders"]["date"].max() < AS_OF
    prices = tables["prices"]
    coming = prices[(prices["week"] == AS_OF) & (prices["promotion"] == 1)]
    planned = [case for case, _ in judged if "none" not in case.variant]
    assert len(coming) == len(planned) * REGIONS
    assert set(coming["price"]) == {8.0, 10.0}


def test_only_the_extra_order_tells_twins_apart() -> None:
    """With the same draws, the market without its extra orders has one line less."""
    panel = next(each for each in PANELS if each.twin)
    market, _ = planted(panel, 1, "still", 0.0)
    both = [
        each.tables(np.random.default_rng(4))["orders"] for each in (market, without_extra(market))
    ]
    assert 150_000 < len(both[1]) < 220_000
    assert both[0].iloc[-1]["quantity"] == 10_000
    pd.testing.assert_frame_equal(both[0].iloc[:-1], both[1])


def truth(market: Market, judged: np.ndarray) -> Said:
    """Return what a forecast would say that knows the law: by many draws of the next week."""
    rng = np.random.default_rng(5)
    coming = market.rate[..., market.weeks :]
    chance, low, high = (np.zeros(coming.shape) for _ in range(3))
    survival = np.zeros((ITEMS, REGIONS, LARGEST))
    for item, region in zip(*np.nonzero(judged), strict=True):
        drawn = demand(market, item, coming[item, region, 0], rng)
        chance[item, region] = (drawn > 0).mean()
        seen = np.bincount(drawn.clip(max=LARGEST), minlength=LARGEST + 1)
        survival[item, region] = 1.0 - seen.cumsum()[:LARGEST] / DRAWS
        low[item, region], high[item, region] = np.quantile(
            drawn, (0.05, 0.95), method="inverted_cdf"
        )
    plain = Said(coming, chance, low, high, survival)
    return Said(coming, chance, low, high, survival, plain)


def demand(market: Market, item: int, rate: float, rng: np.random.Generator) -> np.ndarray:
    """Return many draws of a week's units of an item."""
    sizes, r = market.sizes.get(item, (1,)), market.dispersion[item]
    mean = rate / np.mean(sizes)
    if market.steady[item]:
        return np.full(DRAWS, round(rate))
    if market.regular[item]:
        return rng.binomial(round(2 * rate), 0.5, DRAWS)
    clumps = 1.0 if np.isinf(r) else rng.gamma(r, 1 / r, DRAWS)
    count = rng.poisson(mean * clumps, DRAWS)
    if len(sizes) == 1:
        return count * sizes[0]
    large = rng.binomial(count, 0.5)
    return sizes[1] * large + sizes[0] * (count - large)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.name)
def test_the_truth_is_as_wanted(panel: Panel) -> None:
    """Who knows the law misses no range, so that a forecast can meet them all."""
    market, judged = planted(panel, 1, "drifting", 0.015)
    said = truth(market, np.any([cells for _, cells in judged], axis=0))
    for case, cells in judged:
        assert cells.any()
        for wanted in case.wanted:
            assert wanted.met(wanted.read(said, market, cells)), (case.variant, wanted.figure)


@pytest.mark.parametrize("item", range(5))
def test_laws_are_those_of_the_draws(item: int) -> None:
    """Constant, regular, by the dozen, singly or by the dozen, negative binomial: 4,000 draws."""
    market = network("still", 4, np.random.default_rng(1))
    market.dispersion[:] = np.inf
    market.steady[0], market.regular[1], market.dispersion[4] = True, True, 1.0
    market.sizes |= {2: (12,), 3: (1, 12)}
    drawn = demand(market, item, 6.0, np.random.default_rng(2))
    law = mass(market, item, 6.0)
    assert law.sum() == pytest.approx(1.0)
    assert law @ np.arange(len(law)) == pytest.approx(6.0)
    assert np.abs(np.bincount(drawn, minlength=len(law)) / DRAWS - law).max() < 0.025


def test_cases_of_a_panel_have_items_of_their_own() -> None:
    """No item is judged by two cases, unless one of them concerns the whole network."""
    for panel in PANELS:
        _, judged = planted(panel, 1, "still", 0.0)
        own = [cells for case, cells in judged if case.items]
        assert sum(own, np.zeros((ITEMS, REGIONS), dtype=int)).max(initial=0) <= 1
        assert sum(each.items for each in panel.cases) <= ITEMS // 2


def test_a_case_alone_keeps_its_market() -> None:
    """A panel of its own has the weeks, levels and preparation of the one it comes from."""
    for panel in PANELS:
        for each in alone(panel):
            assert len(each.cases) == 1
            assert (each.weeks, each.times, each.twin) == (panel.weeks, panel.times, panel.twin)


def test_variants_are_told_apart() -> None:
    """No two figures of the same kind and variant have one name."""
    names = [
        (case.kind, case.variant, wanted.figure)
        for panel in PANELS
        for case in panel.cases
        for wanted in case.wanted
    ]
    assert len(set(names)) == len(names)


def test_a_summary_by_hand() -> None:
    """The mean over seeds decides, the seed farthest from the range's middle is shown."""
    about = dict.fromkeys(KEYS, "a") | {"low": 0.75, "high": 1.25, "drawn": 1.0, "cpu_seconds": 1.0}
    rows = pd.DataFrame([about | {"value": value} for value in (0.5, 1.25, 1.25)])
    found = summary(rows).iloc[0]
    assert (found["mean"], found["worst"], found["ok"]) == (1.0, 0.5, "yes")
    found = summary(rows.assign(value=rows["value"] - 0.5)).iloc[0]
    assert (found["mean"], found["worst"], found["ok"]) == (0.5, 0.0, "NO")
    assert summary(rows.assign(low=-np.inf, high=np.inf)).iloc[0]["ok"] == "-"


def test_a_range_holds_its_ends() -> None:
    """From low to high; without a range everything is as wanted."""
    case = Case("kind", "variant", lambda market, items: np.ones(1, dtype=bool), ())
    assert case.items == 1
    wanted = Wanted("figure", lambda said, market, cells: 1.0, 0.5, 1.0)
    assert [wanted.met(each) for each in (0.4, 0.5, 1.0, 1.1)] == [False, True, True, False]
    assert Wanted("figure", lambda said, market, cells: 1.0).met(1e9)


def test_a_market_reaches_beyond_as_of() -> None:
    """Rates are known for the weeks to come; nothing is sold out or drawn there."""
    market = network("drifting", 30, np.random.default_rng(1))
    assert market.rate.shape == (ITEMS, REGIONS, 30 + HORIZON)
    assert market.out.shape == (ITEMS, REGIONS, 30)

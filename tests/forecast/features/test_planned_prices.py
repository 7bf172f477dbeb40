"""Planned prices and promotions as features, by loops over the weeks."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_forecast.features.known_ahead import Outlook
from foreship_forecast.features.planned_prices import (
    ALIKE_PRICE,
    KEPT_BY_WEEK,
    OTHERWISE_PROMOTED,
)
from foreship_forecast.features.rows import Rows
from foreship_forecast.history.panel import panel_of
from foreship_forecast.history.snapshot import Snapshot
from tests.forecast.small_market import AS_OF

CELLS = [("R0", "I0"), ("R0", "I1"), ("R1", "I0")]
OWN = ("price_to_usual", "price_to_last", "price_to_before", "price_to_highest", "price_at_origin",
       "promotion", "promotion_before", "promotion_at_origin", "promotion_share_13")  # fmt: skip


def monday(week: int, weeks: int = 10) -> pd.Timestamp:
    """Return the Monday of a week of the history, 0 the first; `weeks` is as_of."""
    return AS_OF + pd.Timedelta(days=7 * (week - weeks))


def outlook(prices: pd.DataFrame, weeks: int = 10, units: list[int] | None = None) -> Outlook:
    """Return the outlook of three cells that sell every week, a unit each or `units` by week."""
    sold = units or [1] * weeks
    rows = [(monday(week, weeks), *cell, sold[week]) for week in range(weeks) for cell in CELLS]
    orders = pd.DataFrame(rows, columns=["date", "region", "item", "quantity"])
    snapshot = Snapshot({"orders": orders, "prices": prices}, AS_OF)
    return Outlook.of(snapshot, panel_of(snapshot, 520), 4)


def row(found: Outlook, cell: int, origin: int, horizon: int) -> dict[str, float]:
    """Return all columns of one row."""
    one = Rows(np.array([cell]), np.array([origin]), np.array([horizon]))
    return {name: float(values[0]) for name, values in found.columns(one).items()}


def price_table(rng: np.random.Generator, weeks: int) -> pd.DataFrame:
    """Return prices of random weeks, the horizon's included, with gaps and promotions."""
    rows = [
        (monday(week), *cell, round(float(rng.uniform(1, 9)), 2), int(rng.random() < 0.3))
        for cell in CELLS[:2]
        for week in range(weeks)
        if rng.random() < 0.7
    ]
    return pd.DataFrame(rows, columns=["week", "region", "item", "price", "promotion"])


def over(above: float, below: float) -> float:
    """Return a ratio, blank where a part is missing."""
    return above / below if below and not math.isnan(above) else math.nan


@pytest.mark.sweep
@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_prices_are_read_at_the_target_against_what_was_usual(seed: int) -> None:
    """Every price column of every row, by loops over the weeks up to the origin."""
    prices = price_table(np.random.default_rng(seed), 14)
    found = outlook(prices)
    stated = {
        (region, item, week): (price, promotion)
        for week, region, item, price, promotion in prices.itertuples(index=False)
    }
    for number, cell in enumerate(CELLS):
        for origin, horizon in ((0, 1), (4, 4), (9, 1), (9, 4)):
            said = [stated.get((*cell, monday(week)), (math.nan, 0)) for week in range(14)]
            past = [price for price, _ in said[: origin + 1]]
            there = [price for price in past if not math.isnan(price)]
            usual = float(np.mean(there)) if there else math.nan
            last = there[-1] if there else math.nan
            planned, promoted = said[origin + horizon]
            before = [price for price, _ in said[: origin + horizon] if not math.isnan(price)]
            mine = row(found, number, origin, horizon)
            assert {name: mine[name] for name in OWN} == pytest.approx(
                {
                    "price_to_usual": over(planned, usual),
                    "price_to_last": over(planned, last),
                    "price_to_before": over(planned, before[-1] if before else math.nan),
                    "price_to_highest": over(planned, max(there, default=math.nan)),
                    "price_at_origin": over(last, usual),
                    "promotion": promoted,
                    "promotion_before": said[origin + horizon - 1][1],
                    "promotion_at_origin": said[origin][1],
                    "promotion_share_13": sum(on for _, on in said[: origin + 1]) / 13,
                },
                rel=1e-5,
                nan_ok=True,
            )


def test_old_prices_are_forgotten() -> None:
    """The usual price is the mean of 26 weeks, the highest that of 13: a dear start drops out."""
    weeks = pd.to_datetime([monday(week, 40) for week in range(41)])
    dear = pd.DataFrame({"week": weeks, "region": "R0", "item": "I0", "price": 2.0})
    dear.loc[dear["week"] < monday(14, 40), "price"] = 100.0
    found = row(outlook(dear, 40), 0, 39, 1)
    assert found["price_to_usual"] == pytest.approx(1.0)
    assert found["price_to_highest"] == pytest.approx(1.0)
    dear.loc[dear["week"] == monday(14, 40), "price"] = 28.0
    assert row(outlook(dear, 40), 0, 39, 1)["price_to_usual"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(("back", "highest"), [(12, 8.0), (13, 2.0)])
def test_the_highest_price_is_that_of_thirteen_weeks(back: int, highest: float) -> None:
    """A dear week counts as long as it is among the thirteen that end with the origin."""
    weeks = pd.to_datetime([monday(week, 40) for week in range(41)])
    prices = pd.DataFrame({"week": weeks, "region": "R0", "item": "I0", "price": 2.0})
    prices.loc[39 - back, "price"] = 8.0
    found = row(outlook(prices, 40), 0, 39, 1)
    assert found["price_to_highest"] == pytest.approx(2.0 / highest)


def weekly(prices: list[float], promotions: list[int], cell: tuple[str, str]) -> pd.DataFrame:
    """Return prices and promotions of a cell, week by week from the first."""
    weeks = [monday(week) for week in range(len(prices))]
    return pd.DataFrame({"week": weeks, "price": prices, "promotion": promotions}).assign(
        region=cell[0], item=cell[1]
    )


def test_a_price_and_a_promotion_are_told_their_age() -> None:
    """Weeks at the same price, up to the target, and since a promotion, up to the week before."""
    prices = weekly([4.0] * 6 + [5.0] * 6, [0, 0, 1] + [0] * 9, CELLS[0])
    found = outlook(prices)
    assert row(found, 0, 8, 3)["price_weeks"] == 5
    assert row(found, 0, 8, 3)["weeks_since_promotion"] == 8
    assert math.isnan(row(found, 0, 4, 1)["price_weeks"])
    assert math.isnan(row(found, 0, 1, 1)["weeks_since_promotion"])


def test_the_others_of_the_region_are_looked_at_without_the_cell_itself() -> None:
    """I0 is cut by half where I1 is promoted at its usual price; R1 has no other item."""
    mine = weekly([4.0] * 10 + [2.0], [0] * 10 + [1], CELLS[0])
    other = weekly([8.0] * 11, [0] * 10 + [1], CELLS[1])
    away = weekly([3.0] * 11, [0] * 11, CELLS[2])
    found = outlook(pd.concat([mine, other, away]))
    first, second, alone = (row(found, cell, 9, 1) for cell in range(3))
    assert first["price_to_others"] == pytest.approx(math.log(0.5), rel=1e-6)
    assert second["price_to_others"] == pytest.approx(-math.log(0.5), rel=1e-6)
    assert (first["others_promoted"], second["others_promoted"]) == (1.0, 1.0)
    assert math.isnan(alone["price_to_others"])
    assert math.isnan(alone["others_promoted"])


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_sales_of_weeks_alike_by_loops(seed: int) -> None:
    """Equation 45, a sum over past weeks of nearness in price, promotion and time."""
    rng = np.random.default_rng(seed)
    price = rng.choice([3.0, 3.1, 4.0], 12).tolist()
    promotion = rng.integers(0, 2, 12).tolist()
    units = rng.integers(1, 6, 10).tolist()
    found = row(outlook(weekly(price, promotion, CELLS[0]), units=units), 0, 8, 2)
    weeks = np.arange(9)
    past = np.array(units)[weeks]
    weight = KEPT_BY_WEEK ** (8.0 - weeks)
    away = np.log(np.array(price)[weeks] / price[10]) / ALIKE_PRICE
    same = np.array(promotion)[weeks] == promotion[10]
    like = weight * np.exp(-(away**2) / 2) * np.where(same, 1.0, OTHERWISE_PROMOTED)
    mean = weight @ np.log1p(past) / weight.sum()
    alike = (like @ np.log1p(past) + mean) / (like.sum() + 1.0)
    assert found["alike_weeks"] == pytest.approx(like.sum(), rel=1e-5)
    assert found["alike_to_usual"] == pytest.approx(alike - mean, abs=1e-6)


def test_neither_later_prices_nor_later_sales_change_a_row() -> None:
    """Prices are read up to the target week, sales up to the origin, those of others too."""
    units, price = [3, 1, 2, 5, 4, 2, 1, 3, 2, 6], [4.0, 3.0] * 6
    plain = [weekly(price, [0, 1] * 6, cell) for cell in CELLS[:2]]
    other = [weekly(price[:8] + [9.0] * 4, [0, 1] * 4 + [1] * 4, cell) for cell in CELLS[:2]]
    one = row(outlook(pd.concat(plain), units=units), 0, 5, 2)
    two = row(outlook(pd.concat(other), units=[*units[:6], 90, 90, 90, 90]), 0, 5, 2)
    assert one == pytest.approx(two, nan_ok=True)
    assert one != pytest.approx(row(outlook(pd.concat(other), units=units), 0, 6, 2), nan_ok=True)

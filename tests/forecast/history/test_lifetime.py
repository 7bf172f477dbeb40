"""How often a selling cell stops for good: counted by hand, and near a known rate."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from foreship_forecast.history.lifetime import obsolescence_per_year
from foreship_forecast.history.snapshot import Snapshot
from tests.forecast.small_market import AS_OF, shop

FIRST = AS_OF - pd.Timedelta(days=7 * 104)


def market(cells: dict[str, list[int]]) -> Snapshot:
    """Return two years of a shop: items and the weeks (0..103) each sells one unit in."""
    rows = [
        (FIRST + pd.Timedelta(days=7 * week), "R0", item, 1)
        for item, weeks in cells.items()
        for week in weeks
    ]
    frame = pd.DataFrame(rows, columns=["date", "region", "item", "quantity"])
    return Snapshot({"orders": frame}, AS_OF)


def yearly(ends: float, weeks: float) -> float:
    """Return eq. 23 for ends in cell-weeks."""
    return 1 - math.exp(-ends / (weeks / 52 + 100))


def test_one_that_stops_among_two_by_hand() -> None:
    """One cell sells every week to the end, one every week of the first year and never again.

    A weekly seller is noticed after ln .01 / ln .001 = 2/3 of a week's silence. The live cell is
    exposed for its 104 weeks less that, the dead one for the 52 it lived.
    """
    snapshot = market({"ALIVE": list(range(104)), "DEAD": list(range(52))})
    expected = yearly(1, 104 - math.log(0.01) / math.log(0.001) + 52)
    assert obsolescence_per_year(snapshot) == pytest.approx(expected, rel=1e-9)


def test_a_slow_cell_may_be_silent_for_long() -> None:
    """Sold every tenth week, silent for 30: (1 - .1)^30 = 4 % is no end yet; for 60 it is."""
    steady = list(range(104))
    quiet = market({"ALIVE": steady, "SLOW": list(range(3, 74, 10))})
    ended = market({"ALIVE": steady, "SLOW": list(range(3, 44, 10))})
    assert obsolescence_per_year(quiet) == 0.0
    assert obsolescence_per_year(ended) > 0.0


def test_too_few_sales_say_nothing() -> None:
    """Two sales and then silence are no life to end."""
    steady = list(range(104))
    assert obsolescence_per_year(market({"ALIVE": steady, "ODD": [3, 5]})) == 0.0


@pytest.mark.parametrize("weeks", [[], list(range(60, 104))])
def test_less_than_a_year_of_history_claims_nothing(weeks: list[int]) -> None:
    """Without orders, or with less than 52 weeks of them, the rate is 0."""
    assert obsolescence_per_year(market({"I0": weeks})) == 0.0


def test_a_known_rate_is_found() -> None:
    """Of 400 weekly sellers each ends at a random time, 30 % a year: found within its error."""
    rng = np.random.default_rng(6)
    rate = -math.log(0.7)
    life = rng.exponential(52 / rate, 400)
    cells = {f"I{n:03d}": list(range(min(104, 1 + int(each)))) for n, each in enumerate(life)}
    found = obsolescence_per_year(market(cells | {"ALIVE": list(range(104))}))
    ends = (life < 104).sum()
    exposed = np.minimum(life, 104).sum() / 52
    shrunk = rate * exposed / (exposed + 100)
    error = math.sqrt(ends) / (exposed + 100)
    assert -math.log(1 - found) == pytest.approx(shrunk, abs=3 * error)


def test_row_order_changes_nothing() -> None:
    """Shuffled orders measure the same."""
    orders = shop(regions=3, items=5, weeks=70)["orders"]
    mixed = orders.sample(frac=1.0, random_state=2)
    one, two = (
        obsolescence_per_year(Snapshot({"orders": each}, AS_OF)) for each in (orders, mixed)
    )
    assert one == two

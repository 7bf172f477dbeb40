"""Forecasts far from sales, promotions and events that no forecast uses."""

from __future__ import annotations

import pandas as pd
import pytest

from foreship.exceptions.demands import forecasts_far, unused_plans
from foreship.reading.facts.line_facts import Sales
from tests.foreship.exceptions.hand_made import AS_OF, cell, frame, seen

WEEK = pd.Timedelta(weeks=1)
NOBODY = frame("week region item customers")


def sold(**by_region: int) -> pd.DataFrame:
    """Units of A a week over ten weeks, by region."""
    rows = [
        (AS_OF - week * WEEK, region, "A", units)
        for region, units in by_region.items()
        for week in range(1, 11)
    ]
    return frame("date region item quantity", *rows)


def test_an_item_that_is_far_everywhere_is_told_once() -> None:
    """Ten a week sold, forty expected in two regions: 2 weeks x 30 units x 4 of margin each."""
    cells = [cell(region, "A", wanted=80.0) for region in "QR"]
    found = list(forecasts_far(seen(*cells, sales=Sales(sold(Q=10, R=10), NOBODY))))
    assert [(each.item, each.region) for each in found if each.item] == [("A", "")]
    assert found[0].money == pytest.approx(2 * (2 * 30 * 4.0))
    assert "the forecast is 80.0 units a week, the last 8 weeks sold 20.0 a week" in found[0].words


def test_a_cell_alone_is_told_where_neither_item_nor_region_is_far() -> None:
    """One cell of six triples while the item in all grows by a third only."""
    regions = [f"R{n}" for n in range(6)]
    cells = [cell(each, "A", wanted=200.0) for each in regions]
    cells += [cell(each, "B", wanted=800.0) for each in regions]
    cells[0] |= {"wanted": 600.0}
    orders = sold(**dict.fromkeys(regions, 100))
    both = pd.concat([orders, orders.assign(item="B", quantity=400)])
    found = list(forecasts_far(seen(*cells, sales=Sales(both, NOBODY))))
    assert [(each.item, each.region) for each in found] == [("A", "R0")]


def test_chance_alone_is_not_far() -> None:
    """One a week expected, two sold in eight weeks: a Poisson law does that."""
    assert not list(forecasts_far(seen(cell("R", "A"), sales=Sales(sold(Q=9), NOBODY))))


def test_sales_of_few_buyers_are_not_told() -> None:
    """Two buyers stand behind the cell and three must: neither it nor its item is named."""
    cells = cell("R", "A", wanted=800.0)
    buyers = frame("week region item customers", (AS_OF - WEEK, "R", "A", 2))
    orders = sold(R=100)
    assert not list(forecasts_far(seen(cells, sales=Sales(orders, buyers, 3))))
    assert list(forecasts_far(seen(cells, sales=Sales(orders, buyers, 2))))


FORECAST = frame("region item week mean", ("R", "A", AS_OF, 3.0), ("R", "A", AS_OF + WEEK, 5.0))


def test_a_first_promotion_is_told_with_its_forecast() -> None:
    """Five units at a margin of 4 in its week; one like an earlier promotion is not told."""
    planned = (AS_OF + WEEK, "R", "A", 8.0, 1)
    earlier = (AS_OF - WEEK, "R", "A", 8.0, 1)
    columns = "week region item price promotion"
    new = seen(forecast=FORECAST, tables={"prices": frame(columns, planned)})
    assert [each.money for each in unused_plans(new)] == [20.0]
    known = seen(forecast=FORECAST, tables={"prices": frame(columns, planned, earlier)})
    assert not list(unused_plans(known))


def test_a_first_event_is_told_by_name() -> None:
    """A fair on Thursday that never was before: the week's forecast of its region."""
    day = AS_OF + pd.Timedelta(days=3)
    calendar = frame("date event region", (day, "fair", "R"), (day, "closed", ""))
    before = frame("date event region", (AS_OF - 9 * WEEK, "closed", ""))
    found = list(
        unused_plans(seen(forecast=FORECAST, tables={"calendar": pd.concat([calendar, before])}))
    )
    assert [each.money for each in found] == [12.0]
    assert found[0].words.startswith("The event fair on 2026-11-19 is not in the forecast")
    assert found[0].words.endswith("an adjustment can say it.")


@pytest.mark.parametrize(
    ("region", "week", "end"),
    [
        ("R", AS_OF, "adjustments 1 answers it."),
        ("", pd.NaT, "adjustments 1 answers it."),
        ("S", AS_OF, "an adjustment can say it."),
        ("R", AS_OF + WEEK, "an adjustment can say it."),
    ],
)
def test_an_adjustment_of_its_week_and_region_answers_an_event(
    region: str, week: pd.Timestamp, end: str
) -> None:
    """Named at the end of the sentence; of another week or region it is none."""
    calendar = frame("date event region", (AS_OF + pd.Timedelta(days=3), "fair", "R"))
    row = ("times", 2.0, AS_OF + 2 * WEEK, week, region, "", "")
    columns = "kind value expires week region item category"
    tables = {"calendar": calendar, "adjustments": frame(columns, row)}
    (found,) = unused_plans(seen(forecast=FORECAST, tables=tables))
    assert found.words.endswith(end)


def test_own_demand_is_the_planners_own() -> None:
    """Without a forecast of ours nothing is said of what it does not use."""
    prices = frame("week region item price promotion", (AS_OF, "R", "A", 8.0, 1))
    assert not list(unused_plans(seen(tables={"prices": prices})))

"""What a planner told of coming weeks and no forecast can use is named, kind by kind."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import foreship_forecast
from foreship_forecast.features.known_ahead import MOST_EVENTS, Outlook
from foreship_forecast.features.unused_plans import unused_plans
from foreship_forecast.history.panel import panel_of
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.params import ForecastParams
from tests.forecast.small_market import AS_OF

CELLS = [("R0", "I0"), ("R0", "I1"), ("R1", "I0"), ("R1", "I1"), ("R2", "I0")]
WEEKS, HORIZON = 10, 3


def monday(week: int) -> pd.Timestamp:
    """Return the Monday of a week, 0 that of as_of."""
    return AS_OF + pd.Timedelta(weeks=week)


def notes(as_of: pd.Timestamp = AS_OF, **tables: pd.DataFrame) -> tuple[str, ...]:
    """Return what is said of a network of five cells that sell a unit every week."""
    snapshot = Snapshot({"orders": orders(), **tables}, as_of)
    panel = panel_of(snapshot, 104)
    return unused_plans(snapshot, panel, Outlook.of(snapshot, panel, HORIZON))


def orders() -> pd.DataFrame:
    """Return a unit a week of every cell."""
    rows = [(monday(-week), *cell, 1) for week in range(1, WEEKS + 1) for cell in CELLS]
    return pd.DataFrame(rows, columns=["date", "region", "item", "quantity"])


def calendar(*days: tuple[int, str], region: str = "") -> pd.DataFrame:
    """Return events by week."""
    rows = [(monday(week), event, region) for week, event in days]
    return pd.DataFrame(rows, columns=["date", "event", "region"])


def prices(*rows: tuple[int, tuple[str, str], float, float]) -> pd.DataFrame:
    """Return prices and promotions by week and cell."""
    found = [(monday(week), *cell, price, flag) for week, cell, price, flag in rows]
    return pd.DataFrame(found, columns=["week", "region", "item", "price", "promotion"])


def test_nothing_planned_is_nothing_to_say() -> None:
    """Without tables, and with plans of which the history tells."""
    assert notes() == ()
    steady = prices(*[(week, cell, 2.0, 0.0) for week in range(-5, HORIZON) for cell in CELLS])
    known = calendar((-3, "fair"), (1, "fair"), (-2, "feast"))
    assert notes(calendar=known, prices=steady) == ()


def test_an_event_that_never_came_before_is_named() -> None:
    """One, and more than are named; one that came in another region teaches all of them."""
    assert notes(calendar=calendar((-3, "fair"), (1, "opening"), (1, "fair"))) == (
        "1 coming event never fell into the weeks of the history, so what it does is not known:"
        " opening.",
    )
    many = calendar(*[(2, f"E{each}") for each in (4, 2, 0, 1, 3)])
    assert notes(calendar=many) == (
        "5 coming events never fell into the weeks of the history, so what they do is not known:"
        " E0, E1, E2 and 2 more.",
    )
    elsewhere = pd.concat([calendar((-3, "fair"), region="R1"), calendar((1, "fair"), region="R0")])
    assert notes(calendar=elsewhere) == ()


@pytest.mark.parametrize(
    ("week", "region", "told"),
    [(0, "", 1), (HORIZON - 1, "", 1), (HORIZON, "", 0), (1, "R2", 1), (1, "R9", 0)],
)
def test_only_what_lies_in_the_horizon_of_a_region_we_know_is_told(week, region, told) -> None:
    """From as_of on to the last predicted week; an event of a strange region touches nobody."""
    assert len(notes(calendar=calendar((week, "opening"), region=region))) == told


def test_after_a_gap_the_horizon_begins_at_as_of() -> None:
    """Orders end two weeks early: weeks in between are neither history nor to come."""
    late = monday(2)
    assert notes(late, calendar=calendar((1, "opening"))) == ()
    assert len(notes(late, calendar=calendar((1, "opening"), (4, "opening")))) == 1
    assert notes(late, calendar=calendar((5, "opening"))) == ()


def test_an_event_too_rare_for_a_column_is_named() -> None:
    """The twelve most frequent have one; a thirteenth that came before is told apart."""
    frequent = [(-week, f"E{each:02d}") for each in range(MOST_EVENTS) for week in (1, 2, 3)]
    rare = [(-2, "bazaar"), (0, "bazaar"), (0, "E00")]
    assert notes(calendar=calendar(*frequent, *rare)) == (
        "1 coming event is not among the 12 most frequent, the only ones whose effects are"
        " learned: bazaar.",
    )


def test_promotions_without_an_earlier_one_are_named() -> None:
    """By item and region; a single one in the past of any cell teaches all of them."""
    steady = [(week, cell, 2.0, 0.0) for week in range(-5, 0) for cell in CELLS]
    plan = [(1, cell, 2.0, 1.0) for cell in CELLS[1:]]
    assert notes(prices=prices(*steady, *plan)) == (
        "4 cells will be promoted, but the history holds no promotion to learn from:"
        " I1 in R0, I0 in R1, I1 in R1 and 1 more.",
    )
    assert notes(prices=prices((-6, CELLS[0], 2.0, 1.0), *steady, *plan)) == ()
    beyond = prices(*steady, (HORIZON, CELLS[0], 2.0, 1.0))
    assert notes(prices=beyond) == ()


def test_a_promotion_of_a_week_that_nobody_saw_teaches_nothing() -> None:
    """The only promotion of the past fell into a week in which its cell was sold out."""
    told = prices((-2, CELLS[0], 2.0, 1.0), (1, CELLS[0], 2.0, 1.0))
    week, (region, item) = monday(-2), CELLS[0]
    out = pd.DataFrame({"week": [week], "region": region, "item": item, "in_stock": 0})
    ordered = orders()
    lost = (ordered["date"] == week) & (ordered["region"] == region) & (ordered["item"] == item)
    found = notes(prices=told, availability=out, orders=ordered[~lost])
    assert [each.startswith("1 cell will be promoted, but the history") for each in found] == [True]


def test_planned_prices_without_a_past_are_named() -> None:
    """Nothing is there to compare them with; of cells that are not stocked nothing is said."""
    told = prices((-2, CELLS[0], 2.0, 0.0), (0, CELLS[0], 2.0, 0.0), (0, CELLS[1], 3.0, 0.0))
    assert notes(prices=told) == (
        "1 cell with a planned price had none before to compare it with, so it is not used:"
        " I1 in R0.",
    )
    over = pd.DataFrame(CELLS, columns=["region", "item"])
    over["to"] = [pd.NaT, monday(-1), pd.NaT, pd.NaT, pd.NaT]
    assert notes(prices=told, assortment=over) == ()


def test_a_first_change_of_prices_is_named() -> None:
    """Where no price ever moved nobody can tell what it does; one that did teaches all cells."""
    steady = [(week, cell, 2.0, 0.0) for week in range(-5, 0) for cell in CELLS]
    cut = [(1, CELLS[2], 1.5, 0.0), (1, CELLS[3], 2.001, 0.0)]
    assert notes(prices=prices(*steady, *cut)) == (
        "1 cell will change in price, but no price of the history ever did, so what it does is not"
        " known: I0 in R1.",
    )
    assert notes(prices=prices((-6, CELLS[0], 3.0, 0.0), *steady, *cut)) == ()


def test_model_and_distribution_say_it_for_their_own_horizon() -> None:
    """A model fitted before the event came near says it when it predicts from later on."""
    params = ForecastParams(rounds=2, scenarios=2, horizon_weeks=2)
    tables = {"orders": orders(), "calendar": calendar((3, "opening"))}
    early, late = Snapshot(tables, AS_OF), Snapshot(tables, monday(2))
    model = foreship_forecast.fit(early, params)
    word = "1 coming event never fell into the weeks of the history"
    assert word not in str(model) and word not in str(model.predict(early))
    assert word in str(model.predict(late))
    assert word in str(foreship_forecast.fit(late, params))


def test_row_order_changes_no_sentence() -> None:
    """Shuffled tables, the same words."""
    days = calendar(*[(week, f"E{week}{each}") for week in range(-3, 3) for each in range(9)])
    rows = prices(*[(1, cell, 2.0, 1.0) for cell in CELLS])
    mixed = [each.sample(frac=1.0, random_state=3) for each in (days, rows)]
    said = notes(calendar=days, prices=rows)
    assert len(said) == 3 and said == notes(calendar=mixed[0], prices=mixed[1])
    assert np.all([note.endswith(".") for note in said])

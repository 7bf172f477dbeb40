"""What a planner judges a line by, on a made-up run and counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship.reading.facts import line_facts
from foreship.reading.facts.line_facts import Sales, facts_of
from foreship.reading.views import RunView
from foreship_foundation.tables.output_files import FACTS, PLAN, UNITS
from foreship_optimize.demand import DemandScenarios
from tests.foreship.run_views import AS_OF, empty_view, make_view

DAY = pd.Timedelta(days=1)
NOBODY = pd.DataFrame({"week": [], "region": [], "item": [], "customers": []})


def orders(*rows: tuple[int, int]) -> pd.DataFrame:
    """Orders of (R, A) given as (days before `as_of`, units); the first one reaches far back."""
    return pd.DataFrame(
        [(AS_OF - days * DAY, "R", "A", units) for days, units in ((500, 9), *rows)],
        columns=["date", "region", "item", "quantity"],
    )


def view() -> RunView:
    """Three units of A go to R, arriving on Thursday; two lie there, one is coming."""
    values = ("ship", "H", "R", "A", 3, AS_OF, AS_OF + 3 * DAY, 1.5, 2.0, 0.6, 0.4, "return")
    lines = pd.DataFrame([values], columns=list(PLAN.names))
    stock = pd.DataFrame({"location": ["R", "H"], "item": ["A", "A"], "quantity": [2, 9]})
    inbound = pd.DataFrame(
        {"location": ["R"], "item": ["A"], "quantity": [1], "arrival_date": [AS_OF + 10 * DAY]}
    )
    items = pd.DataFrame(
        {"item": ["A"], "name": ["Lamp"], "volume": [0.5], "weight_kg": [2.0], "pack_size": [3]}
    )
    return RunView(
        AS_OF,
        "run",
        lines,
        pd.DataFrame([], columns=list(UNITS.names)),
        {"status": "ship"},
        tables={"stock": stock, "inbound": inbound, "items": items},
        assumptions={"plan": {"review_weeks": 1}},
    )


def one_path() -> DemandScenarios:
    """One unit of A in R every day for two weeks."""
    region, item = np.array(["R"], dtype=object), np.array(["A"], dtype=object)
    monday = AS_OF.to_datetime64().astype("datetime64[D]")
    return DemandScenarios.on_days(region, item, monday, np.ones((1, 14), dtype=np.int64))


def test_a_line_is_told_as_counted_by_hand() -> None:
    """Seven a week; 2 + 1 + 3 units are 6/7 of a week; on Sunday of the second week none is left.

    Two days sell what lies, Wednesday finds nothing, three come on Thursday and last until
    Saturday, one comes on the second Thursday and is sold that day.
    """
    sold = orders((27, 4), (1, 2), (28 + 364, 5), (30, 7), (0, 50))
    facts, projected = facts_of(view(), Sales(sold, NOBODY), one_path())
    assert tuple(facts.columns) == FACTS.names
    row = facts.iloc[0]
    assert row["name"] == "Lamp"
    assert row["sold_4_weeks"] == 6, "an order of the plan's own day is not known"
    assert row["sold_4_weeks_last_year"] == 5
    assert row["forecast_window"] == 7 and row["window_days"] == 7
    assert (row["on_hand"], row["coming"]) == (2, 1)
    assert row["weeks_of_cover"] == pytest.approx(6 / 7)
    assert row["lowest_stock"] == 0.0 and row["sold_out_chance"] == 1.0
    assert row["exit_day"] == AS_OF + 14 * DAY
    assert (row["volume"], row["kg"], row["cases"]) == (1.5, 6.0, 1.0)
    assert projected["stock"].tolist() == [0.0, 0.0]


def test_sales_of_few_buyers_stay_blank() -> None:
    """Two buyers behind a cell and a floor of three: no sales are shown; with three they are."""
    buyers = pd.DataFrame(
        {"week": [AS_OF - 21 * DAY], "region": ["R"], "item": ["A"], "customers": [2]}
    )
    for floor, shown in ((3, False), (2, True)):
        facts, _ = facts_of(view(), Sales(orders((1, 2)), buyers, floor), one_path())
        assert facts["sold_4_weeks"].notna().tolist() == [shown]
        assert facts["sold_4_weeks_last_year"].notna().tolist() == [shown]


def test_last_year_is_blank_where_orders_do_not_reach_it() -> None:
    """Orders of the last ten weeks say nothing of last year, not that nothing was sold."""
    young = orders((1, 2), (60, 1)).iloc[1:]
    facts, _ = facts_of(view(), Sales(young, NOBODY), one_path())
    assert facts["sold_4_weeks"].tolist() == [2.0]
    assert facts["sold_4_weeks_last_year"].isna().all()


def test_no_demand_has_no_cover() -> None:
    """A cell that the demand does not know: no weeks of cover, and all of its stock stays."""
    found = view()
    lines = found.lines.assign(destination="Q")
    facts, projected = facts_of(replace(found, lines=lines), Sales(orders(), NOBODY), one_path())
    assert facts["weeks_of_cover"].isna().all()
    assert facts["forecast_window"].tolist() == [0.0]
    assert projected["stock"].tolist() == [3.0, 3.0]


def test_a_plan_without_lines_has_no_facts() -> None:
    """Nothing to tell is an empty frame in the right columns."""
    facts, projected = facts_of(empty_view(), Sales(orders(), NOBODY), one_path())
    assert facts.empty and projected.empty
    assert tuple(facts.columns) == FACTS.names


def test_every_line_of_a_plan_has_a_row() -> None:
    """On a made-up run with all five actions every line has its row, in their order."""
    made = make_view()
    facts, projected = facts_of(made, Sales(orders(), NOBODY), one_path())
    assert facts["line"].tolist() == list(range(len(made.lines)))
    assert projected.groupby(["region", "item"]).size().eq(2).all()


def test_rows_summed_some_at_a_time_give_what_all_of_them_give(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Five orders two at a time: a block without a row of the cell, and one that ends short."""
    sold = orders((3, 4), (2, 0), (1, 7), (1, 5))
    sold.loc[[0, 1], "item"] = "B"
    cells = pd.DataFrame({"region": ["R", "R"], "item": ["A", "C"]})
    monkeypatch.setattr(line_facts, "ROWS_AT_ONCE", 2)
    assert line_facts.summed(sold, "quantity", cells).tolist() == [12.0, 0.0]
    assert line_facts.summed(sold[:0], "quantity", cells).tolist() == [0.0, 0.0]

"""What is ahead of a cell: pictures, each with the table that it draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship.reading.views import RunView
from foreship.reports.leads import leading
from foreship.reports.pictures.fans import Past
from foreship.reports.planner_chapters.outlook_chapter import fan, stock_ahead
from foreship.workbench.web.leads import RunLeads
from foreship_foundation.tables.output_files import FACTS, FORECAST, PROJECTED

CELL = {"region": "Lyon", "item": "00101"}


@pytest.fixture
def view() -> RunView:
    """Return a run of one line that knows one cell's next weeks, the later one first."""
    weeks = pd.to_datetime(["2026-11-23", "2026-11-16"])
    numbers = {name: [1, 2] for name in FORECAST.names if name.startswith("q")}
    forecast = pd.DataFrame(
        {**CELL, "week": weeks, "mean": [1.25, 2.25], "purchase_probability": 0.5, **numbers}
    )
    stock = pd.DataFrame({**CELL, "week": weeks, "stock": [0.5, 3.0], "short": [0.75, 0.25]})
    facts = pd.DataFrame({"line": [0], "sold_4_weeks": [8.0], "sold_4_weeks_last_year": [np.nan]})
    return RunView(
        as_of=pd.Timestamp("2026-11-16"), run_id="r", lines=pd.DataFrame(
            {"item": ["00101"], "action": "ship", "origin": "Metz", "destination": "Lyon",
             "quantity": 1}
        ),
        units=pd.DataFrame(), summary={}, forecast=forecast,
        extras={PROJECTED.name: stock, FACTS.name: facts},
    )  # fmt: skip


def test_the_weeks_are_told_in_their_order_with_their_sources(view: RunView) -> None:
    """In a table beside the picture; each figure leads to its row."""
    with leading(RunLeads("latest")):
        told = str(fan(view, "00101", "Lyon", view.lines))
    assert told.index("<td>2026-11-16</td>") < told.index("<td>2026-11-23</td>")
    row = "file=forecast.parquet&amp;column=mean&amp;region=Lyon&amp;item=00101&amp;week=2026-11-16"
    assert f'/run/latest/from?{row}" class="figure-link">2.2</a>' in told
    assert "Sold in the last 4 weeks: 8 units" in told


def test_sales_of_a_cell_without_a_line_are_not_told(view: RunView) -> None:
    """Nobody has asked yet whether they may be."""
    told = str(fan(view, "00101", "Lyon", view.lines.iloc[:0]))
    assert "<svg" in told
    assert "last four" not in told


def test_only_what_is_drawn_is_explained(view: RunView) -> None:
    """Where nothing is known of a year earlier no dashed line is spoken of."""
    told = str(fan(view, "00101", "Lyon", view.lines))
    assert "what a week of the last four sold." in told and "dashed" not in told
    facts = view.extras[FACTS.name].assign(sold_4_weeks_last_year=[12.0])
    again = replace(view, extras={**view.extras, FACTS.name: facts})
    assert "sold; dashed, a year earlier." in str(fan(again, "00101", "Lyon", view.lines))


def test_stock_has_its_chances(view: RunView) -> None:
    """By week, without sources where nothing leads anywhere."""
    told = str(stock_ahead(view, "00101", "Lyon"))
    assert '<td>2026-11-16</td><td class="n">3.0</td><td class="n">25 %</td>' in told


def test_what_is_not_known_is_left_out_or_said(view: RunView) -> None:
    """A cell without a forecast has no fan, and without stock nothing of it is drawn."""
    for each in (view, replace(view, forecast=None, extras={})):
        assert fan(each, "00101", "Paris", each.lines) == ""
        assert "Nothing lies or comes there" in str(stock_ahead(each, "00101", "Paris"))
    blind = replace(without_a_line(view), forecast=None)
    assert "no forecast of it and no line" in str(stock_ahead(blind, "00101", "Lyon"))


def without_a_line(view: RunView) -> RunView:
    """Return the run without a line: 2 units lie there, 3 come in its second week, 1 is late."""
    lines = pd.DataFrame(
        {"item": [], "origin": [], "destination": [], "action": [], "quantity": []}
    )
    at = {"location": "Lyon", "item": "00101"}
    stock = pd.DataFrame({**at, "quantity": [2]})
    days = pd.to_datetime(["2026-11-24", "2026-11-10", "2027-03-01"])
    coming = pd.DataFrame({**at, "quantity": [3, 1, 50], "arrival_date": days})
    return replace(view, lines=lines, extras={}, tables={"stock": stock, "inbound": coming})


def test_stock_without_a_line_is_what_the_mean_demand_leaves(view: RunView) -> None:
    """2 and the late 1, less 2.25, are 0.75; with 3 more, less 1.25, 2.5; no chance is told."""
    told = str(stock_ahead(without_a_line(view), "00101", "Lyon"))
    assert '<td>2026-11-16</td><td class="n">0.8</td>' in told
    assert '<td>2026-11-23</td><td class="n">2.5</td>' in told
    assert "Sold out" not in told and "with a chance" not in told


def test_single_weeks_stand_before_the_fan_where_they_are_known(view: RunView) -> None:
    """A column a week, in a table of their own that leads to the orders of the run."""
    past = [Past("2026-11-02", 3.0), Past("2026-11-09", 0.0)]
    with leading(RunLeads("latest")):
        told = str(fan(view, "00101", "Lyon", view.lines, past))
    assert told.count('class="here"') == 2
    assert "Week of 2026-11-02: 3 units sold" in told
    assert "what single weeks sold." in told and "the last four" not in told
    assert "file=manifest.json&amp;column=inputs&amp;name=orders" in told

"""What a line is judged by, in sentences beside its units."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from foreship.reading.explaining.explanation import explain
from foreship.reading.views import RunView
from foreship.reading.words.facts import fact_words, stock_by_week
from tests.foreship.run_views import AS_OF, make_view

WEEK = pd.Timedelta(weeks=1)


def known(**fact: object) -> tuple[RunView, str, str]:
    """Return a run with the facts of its first line, its item and its region."""
    view = make_view(items=8)
    first = view.lines.index[view.lines["action"] == "ship"][0]
    region, item = view.lines.loc[first, ["destination", "item"]]
    usual = {
        "line": first, "sold_4_weeks": 10.0, "sold_4_weeks_last_year": 9.0, "window_days": 7,
        "forecast_window": 1.84, "weeks_of_cover": 2.5, "sold_out_chance": 0.14,
    }  # fmt: skip
    rows = [(region, item, AS_OF + n * WEEK, 3.0 - n) for n in (1, 0, 2)]
    projected = pd.DataFrame(rows, columns=["region", "item", "week", "stock"])
    extras = {"facts.parquet": pd.DataFrame([usual | fact]), "projected.parquet": projected}
    return replace(view, extras=extras), item, region


def test_facts_are_told_in_sentences() -> None:
    """Sales, forecast, cover and chance as the files have them, weeks in their order."""
    view, item, region = known()
    said = explain(view, item, region)
    assert said.about_line == (
        "Sold in the last 4 weeks: 10, 9 in the same weeks of last year.",
        "Expected in the 7 days until the next plan's units could arrive: 1.8 units.",
        "After the plan: 2.5 weeks of cover; sold out then with a chance of 14 %.",
        "Stock expected at the end of the coming weeks, without later plans: 3.0, 2.0 and 1.0.",
    )
    assert said.about_line[0] in said.text
    assert stock_by_week(view, item, region, 2) == [3.0, 2.0]


def test_what_may_not_be_told_stays_out() -> None:
    """Sales of too few buyers are blank, and nothing is said of them; nor of last year alone."""
    nothing = float("nan")
    view, item, region = known(sold_4_weeks=nothing, weeks_of_cover=nothing)
    said = explain(view, item, region).about_line
    assert said[0].startswith("Expected in the 7 days")
    assert said[1].startswith("After the plan: no demand is expected;")
    view, item, region = known(sold_4_weeks_last_year=nothing)
    assert explain(view, item, region).about_line[0] == "Sold in the last 4 weeks: 10."


def test_a_cell_without_a_line_has_no_facts() -> None:
    """Nothing is said, and the values keep no key for it."""
    view, item, region = known()
    assert not list(fact_words(view, item, region, view.lines.head(0)))
    assert "about_line" not in explain(make_view(items=8), item, region).to_dict()


def test_names_stand_in_the_heading() -> None:
    """An item and a region with names are told with both."""
    view, item, region = known()
    items = view.table("items").assign(name="Lamp")
    regions = view.table("regions").assign(name="North")
    named = replace(view, tables={**view.tables, "items": items, "regions": regions})
    assert explain(named, item, region).text.startswith(f"{item} (Lamp) in {region} (North), plan")

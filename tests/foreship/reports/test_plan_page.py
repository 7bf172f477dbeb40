"""The planner's page: closed, escaped, and its pictures add up to the plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship.reading.views import RunView
from foreship.reports import figures
from foreship.reports.plan_page import headline, render, sentences
from foreship_foundation.tables.output_files import REASONS
from foreship_foundation.telling.words import money
from tests.foreship.page_reader import HOSTILE, Page, assert_closed
from tests.foreship.run_views import empty_view, large_view, make_view, renamed


@pytest.fixture(scope="module")
def view() -> RunView:
    """Make a run of 60 items in 12 regions."""
    return make_view()


@pytest.fixture(scope="module")
def page(view: RunView) -> Page:
    """Its page, parsed."""
    return Page(render(view))


def amount(text: str) -> float:
    """Read a number as the page writes it."""
    return float(text.replace(",", "").replace("\u2212", "-").replace("+", ""))


def test_the_page_runs_nothing_and_loads_nothing(view: RunView) -> None:
    """No script, no event handler, no outside address, and a policy that says so."""
    assert_closed(render(view))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_ids_are_shown_as_text(view: RunView, name: str) -> None:
    """Ids, notes, settings and versions made of markup stay text."""
    hostile = replace(
        renamed(view, name, name),
        notes=[name],
        assumptions={name: {name: name}},
        versions={name: name},
        inputs={name: {"rows": 1, "sha256": name}},
        run_id=name,
        summary={**view.summary, "termination": name, "status": name},
    )
    text = render(hostile)
    assert_closed(text)
    assert {tag for tag, _ in Page(text).tags} <= {tag for tag, _ in Page(render(view)).tags}
    shown = "".join(Page(text).text)
    assert name.translate(dict.fromkeys([0x202E, 0x00, 0x1B], "\ufffd")) in shown


def test_the_map_carries_every_unit_that_moves(view: RunView, page: Page) -> None:
    """Drawn flows sum to the units of all ships, redirects and returns."""
    moving = view.lines[view.lines["action"].isin(["ship", "redirect", "return"])]
    assert page.units_drawn("path") == page.units_drawn("figure") == moving["quantity"].sum()


def test_without_coordinates_the_plan_is_a_matrix() -> None:
    """Hubs across, regions down, and the cells sum to the plan."""
    view = make_view(coordinates=False)
    page = Page(render(view))
    moving = view.lines[view.lines["action"].isin(["ship", "redirect", "return"])]
    assert page.units_drawn("table") == moving["quantity"].sum()
    assert page.units_drawn("path") == 0
    head = next(place for place, row in enumerate(page.rows) if row[0] == "To \\ from")
    wide = len(page.rows[head])
    body = [row for row in page.rows[head + 1 :] if len(row) == wide][: 12 + 1]
    assert (
        sum(amount(cell) for row in body for cell in row[1:] if cell != "\u00b7")
        == moving["quantity"].sum()
    )


def test_one_region_without_coordinates_makes_it_a_matrix(view: RunView) -> None:
    """A flow that could not be drawn is never left off the picture."""
    regions = view.tables["regions"].copy()
    regions.loc[regions["region"] == "Lyon", "lat"] = np.nan
    hidden = replace(view, tables={**view.tables, "regions": regions})
    assert Page(render(hidden)).units_drawn("table") > 0


def test_the_thinnest_lanes_are_counted_when_not_drawn(view: RunView) -> None:
    """Beyond the most flows, what is left out is stated in lanes and units."""
    lanes = figures.flows(view.lines)
    drawn, lanes_left, units_left = figures.as_flows(lanes, 5)
    assert len(drawn) == 5
    assert lanes_left == len(lanes) - 5
    assert sum(flow.units for flow in drawn) + units_left == lanes["units"].sum()


def test_the_money_shown_sums_to_the_gain_shown(view: RunView, page: Page) -> None:
    """Terms, as rounded on the page, add up to the expected gain on the page, to the cent."""
    total = next(place for place, row in enumerate(page.rows) if row[:1] == ["Expected gain"])
    start = max(place for place in range(total) if page.rows[place][0] == "Term")
    terms = [amount(row[1]) for row in page.rows[start + 1 : total]]
    gain = amount(page.rows[total][1])
    assert round(sum(terms), 2) == gain == round(-view.summary["objective"], 2)
    assert money(gain) in "".join(page.text)


def test_region_rows_sum_to_the_stock_tables(view: RunView, page: Page) -> None:
    """On hand, on the way, sent and leaving add up to the tables and the plan."""
    lines, stock = view.lines, view.tables["stock"]
    arriving = lines[lines["action"].isin(["ship", "redirect"])]["quantity"].sum()
    leaving = lines[lines["action"] != "ship"]["quantity"].sum()
    here, coming = stock["quantity"].sum(), view.tables["inbound"]["quantity"].sum()
    shown = [amount(cell) for cell in page.row("All regions")[1:6]]
    assert shown == [here, coming, arriving, leaving, here + coming + arriving - leaving]


def test_a_line_that_takes_units_away_is_safe_below_break_even(view: RunView) -> None:
    """Margin is chance - break-even for arrivals and the reverse for departures."""
    lines = view.lines
    margin = pd.Series(figures.margins(lines), index=lines["action"])
    assert margin["redirect"] == pytest.approx(0.11 - 0.21)
    assert margin["return"] == pytest.approx(0.21 - 0.11)
    ships = (lines["action"] == "ship").to_numpy()
    assert (margin[ships] > 0).all()


def test_what_is_at_stake_is_the_ledgers_loss(view: RunView) -> None:
    """At stake sums the losses of planned units, most first, and counts them all."""
    stakes = figures.stakes(view.units)
    planned = view.units[view.units["planned"] == 1]
    assert stakes["at_stake"].sum() == pytest.approx(planned["loss"].sum())
    assert stakes["units"].sum() == len(planned)
    assert stakes["at_stake"].is_monotonic_decreasing


def test_the_forecast_chapter_counts_every_cell_once(view: RunView, page: Page) -> None:
    """Chances by tenths count all cells of the first week; expected units sum to the forecast."""
    forecast = view.forecast
    assert forecast is not None
    first = forecast[forecast["week"] == forecast["week"].min()]
    assert figures.chance_counts(forecast).sum() == len(first)
    total = next(row for row in page.rows if row[0] == "All regions" and len(row) == 4)
    assert amount(total[2]) == pytest.approx(first["mean"].sum(), abs=0.05)


def test_an_empty_plan_says_so() -> None:
    """Nothing to move is an answer: the page says it and draws no picture."""
    view = empty_view()
    page = Page(render(view))
    assert "Send nothing ahead" in "".join(page.text)
    assert page.units_drawn("path") == 0
    assert headline(view)[0].startswith("Send nothing ahead")


def test_a_forecast_alone_has_a_page(view: RunView) -> None:
    """Without a plan the page is about the forecast."""
    alone = replace(view, summary={}, lines=view.lines.head(0), units=view.units.head(0))
    assert "no plan was made" in headline(alone)[0]
    assert_closed(render(alone))


def test_a_run_without_tables_or_forecast_has_a_page(view: RunView) -> None:
    """A plan on the user's own demand, read back without its workspace, is still shown."""
    bare = replace(view, tables={}, forecast=None, assumptions={}, inputs={}, versions={})
    text = render(bare)
    assert_closed(text)
    assert "Stock on hand is not known" in text


@pytest.mark.sweep
def test_a_large_plan_stays_small_on_the_page() -> None:
    """More than 5,000 lines make less than 2 MB; what is left out is counted."""
    view = large_view()
    assert len(view.lines) > 5_000
    text = render(view)
    assert len(text.encode()) < 2_000_000
    assert f"of {len(view.lines):,} lines shown" in text
    page = Page(text)
    assert amount(page.row("All regions")[3]) == view.arrivals().sum()


def test_the_same_run_gives_the_same_page(view: RunView) -> None:
    """Rendering is deterministic."""
    assert render(view) == render(make_view())


def test_the_headline_fits_a_terminal(view: RunView) -> None:
    """The words after a run: at most 80 columns, with units, money, risk and status."""
    lines = headline(view)
    assert max(map(len, lines)) <= 80
    text = " ".join(lines)
    ships = view.lines[view.lines["action"] == "ship"]
    assert f"Ship {ships['quantity'].sum():,} units on {len(ships)} lines from 3 hubs" in text
    assert money(-view.summary["objective"]) in text
    assert "611.50" in text and "900.00" in text
    assert "may be shipped as it is" in text


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("ship", "may be shipped as it is"),
        ("relaxed", "not every limit could be kept"),
        ("hold", "waits for an approval"),
        ("none", "no plan to ship"),
    ],
)
def test_every_status_is_said_in_words(view: RunView, status: str, words: str) -> None:
    """The planner reads what to do, not a code."""
    held = replace(view, summary={**view.summary, "status": status})
    assert words in " ".join(headline(held))
    assert words in render(held)


def test_a_plan_without_a_risk_budget_says_that_none_is_set(view: RunView) -> None:
    """CVaR is shown with or without a limit."""
    free = replace(view, summary={**view.summary, "risk_budget": None})
    assert "no budget is set" in " ".join(headline(free))
    assert "no budget set" in render(free)


def test_where_nothing_is_sent_the_first_line_says_what_stopped_it(view: RunView) -> None:
    """Two cells stopped by a pack, one forbidden: neither is put down to its chance."""
    units = view.units.drop_duplicates(["region", "item"]).head(3)
    stopped = ["pack size over storage of R", "pack size over storage of R", "not worth it"]
    lock = ("R", "A", "not weighed", "lock forbid of A to R (Anna: full)")
    idle = replace(
        view,
        lines=view.lines.head(0),
        units=units.assign(planned=0, binding=stopped),
        reasons=pd.DataFrame([lock], columns=list(REASONS.names)),
    )
    assert next(sentences(idle)) == (
        "Send nothing ahead: stopped by pack size over storage of R (2 cells) and lock forbid of A "
        "to R (Anna: full) (1 cell); no other unit's chance is worth its risk."
    )

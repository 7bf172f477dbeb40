"""The planner's page: what to do, what it earns, what it may lose, and why.

One closed HTML file: nothing is loaded, nothing runs, every id is shown as text.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from foreship.reading.views import FROM_HUBS, STATUS, RunView, day
from foreship.reading.words.departures import weekday
from foreship.reading.words.orders import plan_words
from foreship.reports import figures
from foreship.reports.leads import sourced, sources, summed
from foreship.reports.markup import Content, Markup, card, chapter, element, page, style_sheet
from foreship.reports.pictures.drawing import Bar, stacked_bar
from foreship.reports.plan_chapters import (
    ahead_chapter,
    chapters,
    departure_chapter,
    line_chapters,
    order_chapter,
)
from foreship.reports.planner_chapters.asked_chapter import asked
from foreship.reports.planner_chapters.changes_chapter import changes
from foreship.reports.planner_chapters.exceptions_chapter import exceptions
from foreship.reports.planner_chapters.life_chapter import held
from foreship_foundation.actions import ACTIONS
from foreship_foundation.tables.output_files import SUMMARY
from foreship_foundation.telling.words import (
    fitted,
    listed,
    money,
    percent,
    plural,
    sentence,
    units,
)

__all__ = [
    "first_chapters",
    "headline",
    "key_figures",
    "plan_chapters",
    "render",
    "sentences",
    "top",
]

COLUMNS = 80
SHOWN = 3
SHORT = {
    "ship": "May be shipped",
    "relaxed": "May be shipped; limits were relaxed",
    "hold": "Held for approval",
    "none": "No plan",
}


def render(view: RunView) -> str:
    """Write a run as one self-contained HTML page."""
    body = element(
        "main",
        *first_chapters(view),
        *plan_chapters(view),
        line_chapters.best_lines(view),
        line_chapters.risky_lines(view),
        ahead_chapter.weeks_after(view),
        chapters.limits(view),
        chapters.demand(view),
        chapters.settings(view),
        chapters.statistics(view),
        chapters.foot(view),
    )
    title = f"Shipment plan {day(view.as_of)} ({view.run_id})"
    return str(page(title, style_sheet(), body))


def first_chapters(view: RunView) -> Iterator[Content]:
    """Say what to do, whether it may be done, what to look at first, and what it comes to."""
    yield top(view)
    yield held(view)
    yield exceptions(view)
    yield changes(view)
    yield key_figures(view)


def plan_chapters(view: RunView) -> Iterator[Content]:
    """Tell of the plan as a whole: notes, places, days, money, what was asked, orders."""
    yield chapters.notes(view)
    yield chapters.where_to(view)
    yield departure_chapter.departures(view)
    yield chapters.regions(view)
    yield chapters.money_by_term(view)
    yield asked(view)
    yield order_chapter.by_order(view)


def headline(view: RunView, columns: int = COLUMNS) -> list[str]:
    """Sum a run up in a few lines of at most `columns`: what, where, money, risk, status."""
    said = [line for sentence in sentences(view) for line in fitted(sentence, columns).split("\n")]
    return [line.replace("\u2212", "-") for line in said]


def sentences(view: RunView) -> Iterator[str]:
    """Sum a run up in sentences: what, where, money, risk, status."""
    if not view.has_plan:
        yield f"Forecast as of {day(view.as_of, long=True)}; no plan was made."
        return
    yield from _what(view)
    yield from _money(view)
    yield _verdict(view)
    yield from plan_words(view)


def _what(view: RunView) -> Iterator[str]:
    """Say what to move, from where to where."""
    lines = view.lines
    if lines.empty:
        yield f"Send nothing ahead: {_why_nothing(view)}."
        return
    ships = lines[lines["action"].isin(FROM_HUBS)]
    if len(ships):
        sent = int(ships["quantity"].sum())
        yield (
            f"Ship {plural(sent, 'unit')} on {plural(len(ships), 'line')} from "
            f"{plural(ships['origin'].nunique(), 'hub')} to "
            f"{plural(ships['destination'].nunique(), 'region')}, leaving {_leaving(view, ships)}."
        )
    totals = lines.groupby("action")["quantity"].sum()
    rest = [
        each.brief.format(n=plural(int(totals[each.name]), "unit"))
        for each in ACTIONS
        if each.name in totals and each.name not in FROM_HUBS
    ]
    if rest:
        yield sentence(listed(rest))


def _leaving(view: RunView, ships: pd.DataFrame) -> str:
    """Say when ships leave: on the Monday of the plan, or between the first and the last day."""
    if view.departures is None:
        return day(view.as_of)
    first, last = ships["ship_date"].min(), ships["ship_date"].max()
    return weekday(first) if first == last else f"from {weekday(first)} to {weekday(last)}"


def _why_nothing(view: RunView) -> str:
    """Say what stops the first units of all cells: limits, what is missing, or their worth."""
    stopped = figures.stopped_cells(view)
    if stopped.empty:
        return "no unit's chance is worth its risk"
    named = [f"{cause} ({plural(cells, 'cell')})" for cause, cells in stopped.head(SHOWN).items()]
    more = len(stopped) - SHOWN
    named += [f"{plural(more, 'more cause')}"] if more > 0 else []
    return f"stopped by {listed(named)}; no other unit's chance is worth its risk"


def _money(view: RunView) -> Iterator[str]:
    """Say what it should earn, what it costs, what the worst outcomes lose."""
    gain = view.expected_gain()
    if gain is not None:
        cost = float(view.lines["cost"].sum())
        yield (
            f"Expected gain {money(gain)} against leaving everything where it is, "
            f"after {money(cost)} of freight and exits."
        )
    cvar, budget = view.number("cvar"), view.number("risk_budget")
    if cvar is not None:
        worst = _worst(view)
        limit = f"the budget is {money(budget)}" if budget is not None else "no budget is set"
        yield f"{worst} lose {money(cvar)} on average{_fresh(view)}; {limit}."


def _fresh(view: RunView) -> str:
    """Say what they lose on paths that the plan was not chosen on, or that this is not known."""
    cvar, paths = view.number("cvar_out_of_sample"), view.number("out_of_sample_paths")
    if cvar is None or paths is None:
        return " on the paths that the plan was chosen on"
    return f", {money(cvar)} on {units(int(paths))} paths that the plan had not seen"


def _worst(view: RunView) -> str:
    share = view.worst_share()
    return "The worst outcomes" if share is None else f"The worst {percent(share)} of outcomes"


def _verdict(view: RunView) -> str:
    """Say whether the plan may be shipped, and how near it is to the best plan."""
    status = str(view.summary.get("status", "none"))
    words = STATUS.get(status, f"Status: {status}.")
    gap, why = view.number("gap"), view.summary.get("termination")
    solver = f" Solver: {why}" if why else ""
    if gap is None:
        return f"{words}{solver}".rstrip(".") + "."
    return f"{words}{solver}; at most {percent(gap, 3)} from the best possible plan."


def top(view: RunView) -> Markup:
    """Open the page: what to do, and whether it may be done."""
    if not view.has_plan:
        said, short, shade = list(sentences(view)), "Forecast only", "none"
    else:
        status = str(view.summary.get("status", "none"))
        said = [" ".join(_what(view)), _verdict(view)]
        short, shade = SHORT.get(status, status), status if status in SHORT else "none"
    return element(
        "header",
        element("p", f"foreship run {view.run_id}", class_="kicker"),
        element("h1", f"Shipment plan for {day(view.as_of, long=True)}"),
        element("p", short, class_=f"status {shade}"),
        element("p", said[0], class_="lead"),
        *(element("p", each) for each in said[1:]),
        _read_from() if view.has_plan else "",
    )


def _read_from() -> Content:
    """Lead from the first sentences to what they are read from."""
    return sources(
        summed("the lines of the plan"),
        sourced("what the solver said", SUMMARY.name, "termination"),
        sourced("the gap", SUMMARY.name, "gap"),
    )


def key_figures(view: RunView) -> Content:
    """Show the key figures, a card each."""
    if not view.has_plan:
        return ""
    lines = view.lines
    gain, cvar, gap = view.expected_gain(), view.number("cvar"), view.number("gap")
    cards = [
        card(
            "Units to move",
            summed(units(int(lines["quantity"].sum()))),
            f"on {plural(len(lines), 'line')}",
        ),
        card("It costs", summed(money(float(lines["cost"].sum()))), "freight and exits"),
    ]
    if gain is not None:
        shown = sourced(money(gain), SUMMARY.name, view.gain_key())
        cards.insert(1, card("Expected gain", shown, "after those costs"))
    if cvar is not None:
        shown = sourced(money(cvar), SUMMARY.name, "cvar")
        cards.append(card("Worst outcomes lose", shown, *_budget(view, cvar)))
    if gap is not None:
        shown = sourced(percent(gap, 2), SUMMARY.name, "gap")
        cards.append(card("Gap to the best plan", shown, "at most; certified bound"))
    return chapter("Key figures", element("div", *cards, class_="cards"))


def _budget(view: RunView, cvar: float) -> list[Content]:
    budget, share = view.number("risk_budget"), view.worst_share()
    worst = f"mean of the worst {percent(share)}" if share is not None else "on average"
    if budget is None:
        return [f"{worst}; no budget set"]
    over = cvar > budget * (1 + 1e-9)
    spent = Bar(min(cvar, budget), "over" if over else "sent", f"{money(cvar)} of {money(budget)}")
    left = Bar(max(budget - cvar, 0.0), "room", f"{money(budget - cvar)} left")
    return [f"of {money(budget)} allowed; {worst}", stacked_bar([spent, left], budget, width=130.0)]

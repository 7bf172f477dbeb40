"""The chapters about single lines of the plan: which earn most, and which to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from foreship.reading.views import INTO_REGIONS, RunView, break_even_words, day
from foreship.reading.words.facts import stock_by_week
from foreship.reports import figures
from foreship.reports.leads import to_cell, to_item, to_region
from foreship.reports.markup import (
    Column,
    Content,
    Markup,
    chapter,
    cut,
    element,
    join,
    short,
    table,
)
from foreship_foundation.actions import ACTIONS
from foreship_foundation.tables.output_files import FACTS
from foreship_foundation.telling.words import chance, fixed, money, units

__all__ = ["best_lines", "risky_lines"]

MOST_LINES = 12
WAY = (
    Column("Action"),
    Column("From"),
    Column("To"),
    Column("Item"),
    Column("Units", number=True),
    Column("Arrives", number=True),
)
"""what moves from where to where, of any line"""
LINE = (
    *WAY,
    Column("Cost", number=True),
    Column("Expected gain", number=True),
    Column("Chance", number=True, help="that the line's last unit is bought"),
    Column("Break-even", number=True, help="chance at which that unit stops paying, if any"),
    Column("Margin", number=True, help="how far the chance may be wrong before it stops paying"),
    Column("Exit", help="cheapest way out of an unsold unit"),
    Column(
        "Decide on", number=True, help="the plan that says whether to keep or exit what is left"
    ),
)
HELD = Column("Held by", help="what holds a last unit that does not pay by itself")
JUDGED = (
    *WAY,
    Column("Expected gain", number=True),
    Column("Sold in 4 weeks", number=True, help="a dash: not known, or too few buyers"),
    Column("Forecast", number=True, help="expected demand inside the window"),
    Column("Weeks of cover", number=True, help="stock after the line over weekly demand"),
    Column("Stock in 1, 2, 3 weeks", help="expected at the end of each, without later plans"),
    Column("Why so many, and not one more"),
)
SHOWN_WEEKS = 3
"""weeks of stock on one line: more of them would take the width that the reason needs"""


def best_lines(view: RunView) -> Content:
    """Show the lines that earn most."""
    if view.lines.empty:
        return ""
    order = view.lines.sort_values("expected_gain", ascending=False, kind="stable")
    shown, facts = order.head(MOST_LINES), view.extra(FACTS.name)
    told = (
        table(LINE, _lines(view, shown))
        if facts is None
        else table(JUDGED, _judged(view, shown, facts.set_index("line").loc[shown.index]))
    )
    return chapter(
        "The lines that earn most",
        told,
        cut(min(MOST_LINES, len(order)), len(order), "line", "all are in plan.xlsx"),
    )


def risky_lines(view: RunView) -> Content:
    """Show the lines least sure to pay, and the cells with most at stake."""
    if view.lines.empty:
        return ""
    margin = pd.Series(figures.margins(view.lines), index=view.lines.index)
    thin = view.lines.loc[margin.sort_values(kind="stable").index]
    stakes = figures.stakes(view.units)
    head = (
        Column("Region"),
        Column("Item"),
        Column("Units sent", number=True),
        Column("Lost if none is bought", number=True),
        Column("Expected gain", number=True),
    )
    worst = [
        [to_region(region), to_cell(region, item, item), units(count), money(lost), money(gain)]
        for region, item, count, lost, gain in stakes.head(MOST_LINES).to_numpy().tolist()
    ]
    return chapter(
        "The lines to look at twice",
        element("h3", "Thinnest margin of safety"),
        element(
            "p",
            "Margin is how far the chance of a line's last unit may be wrong before that unit no "
            "longer pays; for what leaves a region the chance must stay below break-even. Units "
            "are sent until one more would not pay, so a last unit near its break-even is usual. "
            "One that does not pay by itself is held by what stands beside it.",
            class_="soft",
        ),
        table((*LINE, HELD), _held_lines(view, thin.head(MOST_LINES))),
        cut(min(MOST_LINES, len(thin)), len(thin), "line", "plan.xlsx sorts all by margin"),
        element("h3", "Most at stake"),
        element(
            "p",
            "What the units sent to one region lose together if nobody buys any of them: freight, "
            "holding and what they are worth less at the next plan.",
            class_="soft",
        ),
        table(head, worst),
        cut(min(MOST_LINES, len(stakes)), len(stakes), "cell", "units.parquet has every unit"),
    )


def _judged(view: RunView, lines: pd.DataFrame, facts: pd.DataFrame) -> Iterable[Sequence[Content]]:
    """Write lines with the facts that they are judged by, as they stand beside them."""
    for row, fact in zip(lines.to_dict("records"), facts.to_dict("records"), strict=True):
        place = row["destination"] if row["action"] in INTO_REGIONS else row["origin"]
        stock = stock_by_week(view, row["item"], place, SHOWN_WEEKS)
        yield [
            _action(row["action"]),
            short(row["origin"]),
            short(row["destination"] or "\u2013"),
            _item(row["item"], fact["name"]),
            units(row["quantity"]),
            day(row["arrival_date"]),
            money(row["expected_gain"]),
            _known(fact["sold_4_weeks"], 0),
            _known(fact["forecast_window"], 1),
            _known(fact["weeks_of_cover"], 1),
            element("span", _in_a_row(stock), class_="whole"),
            element("span", fact["reason"], class_="reason"),
        ]


def _item(id_: str, name: str) -> Content:
    """Write an item with its name below it, where it has one."""
    if not name:
        return to_item(id_, short(id_))
    return join([to_item(id_, short(id_)), element("span", name, class_="soft label")])


def _in_a_row(stock: Sequence[float]) -> str:
    """Write the stock of some weeks one after the other; a dash where it is not known."""
    return " \u00b7 ".join(fixed(each, 1) for each in stock) or "\u2013"


def _known(value: float, digits: int) -> str:
    return "\u2013" if pd.isna(value) else fixed(value, digits)


def _held_lines(view: RunView, lines: pd.DataFrame) -> Iterable[Sequence[Content]]:
    """Write lines with what holds a last unit that does not pay by itself."""
    for row, held in zip(_lines(view, lines), view.held_by(lines), strict=True):
        yield [*row, held or "\u2013"]


def _lines(view: RunView, lines: pd.DataFrame) -> Iterable[Sequence[Content]]:
    days = view.exit_days()[lines.index]
    told = zip(lines.to_dict("records"), figures.margins(lines), days, strict=True)
    for row, spare, decided in told:
        yield [
            _action(row["action"]),
            short(row["origin"]),
            short(row["destination"] or "\u2013"),
            short(row["item"]),
            units(row["quantity"]),
            day(row["arrival_date"]),
            money(row["cost"]),
            money(row["expected_gain"]),
            chance(row["purchase_probability"]),
            break_even_words(row["break_even"], leaves=row["action"] not in INTO_REGIONS),
            element("span", chance(spare), class_="thin" if spare < 0 else None),
            row["exit"].replace("_", " ") or "\u2013",
            "\u2013" if pd.isna(decided) else day(decided),
        ]


def _action(name: str) -> Markup:
    label = {each.name: each.label for each in ACTIONS}.get(name)
    return element("span", name.replace("_", " "), title=label, class_="whole")

"""The files that go out, and the one demand file that may come in, as values.

Written by the same two types as the input tables, so that one function prints them all.
"""

from __future__ import annotations

from foreship_foundation.actions import action_names
from foreship_foundation.bounds import MOST_IN_CELL
from foreship_foundation.tables.input_tables import INPUTS, Column, Kind, Table

__all__ = [
    "ADJUSTED",
    "AHEAD",
    "ASKED",
    "CELL_ORDERS",
    "CHANGES",
    "DEMAND",
    "DEPARTURES",
    "EXCEPTIONS",
    "FACTS",
    "FORECAST",
    "LAW",
    "NEEDS",
    "NUMBER",
    "OUTPUTS",
    "PLAN",
    "PROJECTED",
    "QUANTILES",
    "SCENARIO_COUNT",
    "SUMMARY",
    "UNITS",
    "WITHOUT",
]


def _column(name: str, kind: Kind, meaning: str, unit: str = "", **more: object) -> Column:
    return Column(name, kind, meaning, unit, required=True, **more)  # type: ignore[arg-type]


def _share(name: str, meaning: str) -> Column:
    return _column(name, "number", meaning, "probability", low=0.0, high=1.0)


def _optional(name: str, meaning: str, unit: str, blank: str) -> Column:
    """Return a number that may be unknown, and what it means that it is."""
    kind: Kind = "money" if unit == "money" else "number"
    return Column(name, kind, meaning, unit, default_words=blank)


CELL = (_column("region", "id", "where"), _column("item", "id", "what"))
QUANTILES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99)


def _quantiles(what: str) -> tuple[Column, ...]:
    """Return a column a level of `QUANTILES`, named by its percent."""
    percents = (round(100 * level) for level in QUANTILES)
    return tuple(
        _column(f"q{each:02d}", "number", f"{each} % quantile of {what}", "units", low=0.0)
        for each in percents
    )


DEMAND = Table(
    "demand",
    "one's own forecast for `plan --demand`: absent rows are 0 units",
    (
        _column("region", "id", "where", refers=("regions.region",)),
        _column("item", "id", "what", refers=("items.item",)),
        _column("week", "week", "which week", "Monday"),
        _column("scenario", "id", "which outcome; those that occur are all there are"),
        _column(
            "units",
            "units",
            "demand of that week in that outcome",
            "units",
            low=0.0,
            high=MOST_IN_CELL,
        ),
        Column(
            "order_size",
            "number",
            "a usual order of the cell, the same in all its rows: whole orders fall on days",
            "units",
            default_words="what the scenarios show",
            low=1.0,
            high=1e6,
        ),
    ),
    required=True,
    key=("region", "item", "week", "scenario"),
)
"""The user's own sample paths."""

SCENARIO_COUNT = "scenarios"
"""Of `attrs` of a demand frame: how many outcomes there are, whichever rows are left of it."""

FORECAST = Table(
    "forecast.parquet",
    "demand of each cell and week of the horizon",
    (
        *CELL,
        _column("week", "week", "which week", "Monday"),
        _column("mean", "number", "expected demand of the week", "units", low=0.0),
        _share("purchase_probability", "that at least one unit is ordered that week"),
        *_quantiles("demand"),
    ),
    key=("region", "item", "week"),
)

LAW = Table(
    "law.parquet",
    "the law behind forecast.parquet, of which p_k is the survival function (docs/forecast.md, "
    "equations 8 to 10); its map stands in the file's attributes, `knots`",
    (
        *FORECAST.only("region", "item", "week").columns,
        _share("chance", "that at least one unit is ordered that week"),
        _column("extra", "number", "units beyond the first of a sale, before the map", "lots"),
        _column("dispersion", "number", "r of the law of sizes; below 0 binomial of -r trials"),
        _column("lot", "units", "units that each 1 of the law stands for", "units", low=1.0),
    ),
    key=("region", "item", "week"),
)

PLAN = Table(
    "plan.parquet, plan.csv, plan.xlsx",
    "what to move, a row a line; where neither days nor cost tell which of several lanes is meant, "
    "a last column `lane` has its number",
    (
        Column("action", "text", "what is done", required=True, choices=action_names()),
        _column("origin", "id", "from where"),
        Column(
            "destination",
            "id",
            "to where",
            default="",
            default_words=", ".join(action_names(destination="")),
        ),
        _column("item", "id", "what"),
        _column("quantity", "units", "how many", "units", above_zero=True),
        _column("ship_date", "date", "day it leaves", "day"),
        _column("arrival_date", "date", "day it is usable", "day"),
        _column(
            "cost",
            "money",
            "of the whole line: its units, its handling as a line, its share of the vehicles",
            "money",
        ),
        _column("expected_gain", "money", "of the whole line", "money"),
        _share("purchase_probability", "of the line's last unit"),
        _column("break_even", "number", "probability at which that unit stops paying", "1"),
        Column("exit", "text", "cheapest exit of its last unit", default="", default_words="none"),
    ),
)

NUMBER = "lane"
"""column of a plan some of whose lanes only their number tells apart; others have it as 0"""

ALSO = " and also "
"""between limits of which each alone would stop a unit"""
OVER = " over "
"""between the size in which units must move and the limits that it would break"""
NOT_WORTH_IT = "not worth it"
"""what stops a unit that costs more than it is worth, limits aside"""

UNITS = Table(
    "units.parquet",
    "every on-hand, planned and next unplanned unit of each candidate cell",
    (
        *CELL,
        _column("unit", "units", "k, counted in the order of use", "1"),
        _column("planned", "flag", "1: the plan has it there", "0 or 1"),
        _share("p", "that the k-th unit is bought inside the window of its own arrival"),
        _column("gain", "money", "b - c, if it is bought", "money"),
        _column("loss", "money", "if it is not", "money"),
        _column("expected_gain", "money", "p gain - (1 - p) loss", "money"),
        Column(
            "exit", "text", "cheapest exit if it stays unsold", default="", default_words="none"
        ),
        Column(
            "binding",
            "text",
            "all that stops the next unit, joined by `and also`",
            default="",
            default_words="none",
        ),
    ),
    key=("region", "item", "unit"),
)

REASONS = Table(
    "reasons.parquet",
    "cells without a next unit, and units moved at a loss: what stops or holds them",
    (
        *CELL,
        Column(
            "about",
            "text",
            "no new unit was weighed, or not every way in; a policy lets no more in; a unit sent, "
            "or leaving, at a loss",
            required=True,
            choices=("not weighed", "forbidden", "full", "sent", "leaves"),
        ),
        _column("cause", "text", "a limit in words, what is missing, or `not worth it`"),
    ),
    key=("region", "item", "about"),
)

CELL_ORDERS = Table(
    "orders.parquet",
    "what past orders say of units in each cell; absent where money is by the unit",
    (
        *CELL,
        _column("orders", "units", "past orders that held the item, weeks as in summary", "count"),
        Column(
            "there",
            "number",
            "share of these in which all the rest of the order would be there under the plan, and "
            "which are worth serving there",
            "share",
            default_words="no orders",
            low=0.0,
            high=1.0,
        ),
        Column(
            "saving",
            "money",
            "mean of what such an order, served there, saves beyond what its units are worth there",
            "money an order",
            default_words="no such order",
            low=0.0,
        ),
        _share(
            "served_share",
            "f: that a unit ordered stands in an order served from the region; shrunk",
        ),
        _column(
            "credit",
            "money",
            "e: what a unit sold from the region earns beyond its worth if it stays; shrunk",
            "money a unit",
            low=0.0,
        ),
        _column("most", "units", "units that bring in what they cost in time to be sent", "units"),
    ),
    key=("region", "item"),
)

DEPARTURES = Table(
    "departures.parquet",
    "what leaves when, a row a departure that is used; absent where no lane states a vehicle, a "
    "line cost, weekdays or how late it comes",
    (
        _column("origin", "id", "from where"),
        _column("destination", "id", "to where"),
        _column("ship_date", "date", "day it leaves", "day"),
        _column("arrival_date", "date", "day it is expected to be usable", "day"),
        _column("arrival_from", "date", "first day of 9 in 10 arrivals", "day"),
        _column("arrival_to", "date", "last day of 9 in 10 arrivals, as near as days allow", "day"),
        _column("lines", "units", "items on it", "count"),
        _column("units", "units", "units on it", "units"),
        _column("volume", "number", "of these", "volume", low=0.0),
        _column("kg", "number", "of these", "kg", low=0.0),
        _column("vehicles", "units", "whole vehicles paid; 0 where none is charged", "count"),
        Column(
            "vehicle_fill",
            "number",
            "volume or kg on it, whichever is tighter, of what the vehicles hold",
            "share",
            default_words="no size is stated",
            low=0.0,
            high=1.0,
        ),
        _column("vehicle_cost", "money", "of all its vehicles", "money", low=0.0),
        _column("line_cost", "money", "of all its lines", "money", low=0.0),
    ),
    key=("origin", "destination", "ship_date", "arrival_date"),
)

NEEDS = Table(
    "needs.parquet",
    "what hubs are expected to send and to parcel, week by week, so that it is ordered in time",
    (
        _column("hub", "id", "which hub"),
        _column("item", "id", "what"),
        _column("week", "week", "which week", "Monday"),
        _column("stock", "number", "expected there before it", "units", low=0.0),
        _column("mean", "number", "expected to leave the hub in the week", "units", low=0.0),
        *_quantiles("that"),
        _column("sent", "number", "part of the mean that goes to regions", "units", low=0.0),
    ),
    key=("hub", "item", "week"),
)

AHEAD = Table(
    "ahead.parquet",
    "what later plans are expected to send, in fractions of units",
    (
        _column("origin", "id", "from where"),
        _column("destination", "id", "to where"),
        _column("item", "id", "what"),
        _column("week", "week", "of which plan", "Monday"),
        _column("units", "number", "expected on that lane", "units", above_zero=True),
    ),
    key=("origin", "destination", "item", "week"),
)

HOW_PRICED = ("solved", "together", "not priced")
"""how the cost of what is asked was found"""

ASKED = Table(
    "asked.parquet",
    "what policies, adjustments and locks ask for, what it comes to and what it costs; absent "
    "where none holds",
    (
        _column("row", "text", "table and row in it, as `policies 3`"),
        _column("table", "text", "which table"),
        _column("kind", "text", "its kind"),
        _column("words", "text", "what is asked, in words"),
        _optional("wanted", "units asked for", "units", "not a number of units"),
        _optional("reached", "units of these that the plan comes to", "units", "not counted"),
        _optional("units", "units more that the plan sends for it", "units", "not priced"),
        _optional(
            "cost",
            "gain lost against the plan without it; negative: it brings",
            "money",
            "not priced",
        ),
        _optional(
            "cost_if_right",
            "of an adjustment: the same, demand being as adjusted",
            "money",
            "not priced, or no adjustment",
        ),
        _column("how", "text", "how that was found", choices=HOW_PRICED),
    ),
    key=("row",),
)

WITHOUT = Table(
    "without.parquet",
    "lines of the plan made without a row of `asked`, as far as they differ; quantity 0: not "
    "there; rows with a plan of their own alone (`how` solved): what a plan without several rows "
    "does otherwise is due to none of them",
    (
        _column("row", "text", "row of `asked`"),
        *PLAN.only("action", "origin", "destination", "item", "ship_date", "arrival_date").columns,
        _column("quantity", "units", "how many", "units", low=0.0),
    ),
)

ADJUSTED = Table(
    "adjusted.parquet",
    "demand before and after adjustments, cells and weeks that they change; absent without any",
    (
        *FORECAST.only("region", "item", "week").columns,
        _column("mean_before", "number", "expected demand without them", "units", low=0.0),
        _column("mean", "number", "expected demand with them", "units", low=0.0),
    ),
    key=("region", "item", "week"),
)

FACTS = Table(
    "facts.parquet",
    "what a planner judges a line by, a row a line",
    (
        _column("line", "units", "row of plan.parquet, from 0", "1"),
        Column("name", "text", "of the item", default="", default_words="none stated"),
        _optional("sold_4_weeks", "sales of the last 4 weeks", "units", "too few buyers"),
        _optional(
            "sold_4_weeks_last_year",
            "sales of the same weeks a year earlier",
            "units",
            "no such history, or too few buyers",
        ),
        _optional("forecast_window", "expected demand inside the window", "units", "unknown"),
        _column("window_days", "units", "days of that window", "days"),
        _column("on_hand", "units", "lying there", "units"),
        _column("coming", "units", "inbound there", "units"),
        _optional(
            "weeks_of_cover", "stock after the line over weekly demand", "weeks", "no demand"
        ),
        _optional(
            "lowest_stock",
            "lowest expected stock at a week's end in the window",
            "units",
            "unknown",
        ),
        Column(
            "sold_out_chance",
            "number",
            "that nothing is left when the window ends",
            "probability",
            default_words="unknown",
            low=0.0,
            high=1.0,
        ),
        _column("reason", "text", "why so many, in words"),
        Column("exit", "text", "cheapest exit of its last unit", default="", default_words="none"),
        Column("exit_day", "date", "day that is decided", "day", default_words="none"),
        _column("volume", "number", "of the line", "volume", low=0.0),
        _column("kg", "number", "of the line", "kg", low=0.0),
        _column("cases", "units", "whole cases in it", "count"),
    ),
    key=("line",),
)

PROJECTED = Table(
    "projected.parquet",
    "stock expected at the end of each week, cells of the plan's lines; later plans not counted",
    (
        *FORECAST.only("region", "item", "week").columns,
        _column("stock", "number", "expected at the end of the week", "units", low=0.0),
        _share("short", "that it is sold out at the end of the week"),
    ),
    key=("region", "item", "week"),
)

EXCEPTIONS = Table(
    "exceptions.parquet",
    "what a planner should look at, most money first",
    (
        _column("rank", "units", "1 is the first to look at", "1"),
        _column("kind", "text", "what it is"),
        _column("money", "money", "expected money at stake", "money"),
        Column("region", "id", "where", default="", default_words="none, or many"),
        Column("item", "id", "what", default="", default_words="none, or many"),
        Column("hub", "id", "which hub", default="", default_words="none"),
        Column("week", "week", "which week", "Monday", default_words="none, or many"),
        _column("line", "units", "row of plan.parquet, from 0; -1: none", "1"),
        _column("words", "text", "in a sentence"),
    ),
    key=("rank",),
)

CHANGES = Table(
    "changes.parquet",
    "from the plan of the week before to this one, groups of inputs exchanged one at a time",
    (
        _column("group", "text", "inputs exchanged last"),
        _column("lines", "units", "of the plan then", "count"),
        _column("units", "units", "of the plan then", "units"),
        _column("cost", "money", "of its lines", "money"),
        _column("expected_gain", "money", "of the plan then", "money"),
        _column("d_units", "units", "change by this group", "units"),
        _column("d_gain", "money", "change by this group", "money"),
        _column("words", "text", "in a sentence"),
    ),
    key=("group",),
)

INBOUND_OUT = Table(
    "inbound.csv",
    "the plan's lines still under way, to be added to `inbound` of the next plan",
    INPUTS["inbound"].columns,
)

SUMMARY = Table(
    "summary.json",
    "one object",
    (
        Column(
            "status",
            "text",
            "may this plan be shipped",
            required=True,
            choices=("ship", "relaxed", "hold", "none"),
        ),
        _column("termination", "text", "why the solver stopped"),
        _column(
            "objective", "money", "minimised, of the plan as shipped; negative = gain", "money"
        ),
        _column("bound", "money", "certified lower bound of the objective", "money"),
        _column("gap", "number", "(objective - bound) / max(1, abs(bound))", "share"),
        _column("continuous_gap", "number", "the same before whole units", "share"),
        _column("totals", "money", "by term of the objective", "money"),
        Column(
            "ahead",
            "number",
            "scarce limits of later weeks and what they cost a unit, volume or kg: `prices` of "
            "limit, week, price; objective, bound and gap of the program they come from",
            default_words="no later week is scarce",
        ),
        _column(
            "cvar",
            "money",
            "mean loss of the worst 1 - level of outcomes that the plan was chosen on",
            "money",
        ),
        Column(
            "cvar_out_of_sample",
            "money",
            "the same on paths that the plan was not chosen on",
            "money",
            default_words="unknown: nobody can draw others",
        ),
        Column("out_of_sample_paths", "units", "how many these are", "count", default_words="none"),
        Column(
            "asked",
            "number",
            "what steered the program and is not spent, signed as costs: policies, "
            "minimum_line_gain, changes",
            "money",
            default_words="nothing is asked",
        ),
        Column(
            "unmet",
            "text",
            "policies that the plan does not come up to: row, words, units wanted and reached, "
            "because of what",
            default_words="none",
        ),
        Column(
            "held_by",
            "text",
            "gates that hold the plan for an approval, each with its words",
            default_words="none",
        ),
        Column("risk_budget", "money", "its limit", "money", default_words="no limit"),
        _column("shadow_prices", "money", "worth of one more unit of each scarce limit", "money"),
        _column("counts", "units", "cells, units, lines, locks", "count"),
        Column(
            "orders",
            "number",
            "promised: expected gain, each order counted once (`objective` credits every line "
            "with all that hangs on it); what past orders would have come to with the plan: "
            "periods, orders_seen, shares worth_serving_there, whole and units_there, newer orders "
            "counting more; gain, bound [money a period] and gap",
            default_words="money is by the unit",
        ),
        Column(
            "metrics",
            "number",
            "of the job itself: version, rows by table, cells, lines, units, gap, gates that hold "
            "the plan, skill (log-loss of p_1 of forecast and climatology on the weeks held out, "
            "absent where the forecast has none), drift (figures over their median in the plans of "
            "the last 8 weeks), drift_z (in standard deviations from their mean there) and, by the "
            "command line, clock (seconds by stage, cpu_seconds, peak_bytes), the only part that "
            "differs between equal runs",
            default_words="made before there were any",
        ),
        _column("schema_version", "units", "of this file", "1"),
    ),
)

OUTPUTS: dict[str, Table] = {
    each.name: each
    for each in (
        FORECAST,
        LAW,
        PLAN,
        UNITS,
        REASONS,
        CELL_ORDERS,
        DEPARTURES,
        NEEDS,
        AHEAD,
        ASKED,
        WITHOUT,
        ADJUSTED,
        FACTS,
        PROJECTED,
        EXCEPTIONS,
        CHANGES,
        INBOUND_OUT,
        SUMMARY,
    )
}
"""Every file a run writes that holds columns or keys, by name."""

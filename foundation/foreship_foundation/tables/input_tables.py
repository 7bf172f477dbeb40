"""The tables that come in, as values: the one place where their columns are declared.

Readers, checks, `foreship schema` and `docs/tables.md` all read from here.
The files that go out are declared in `output_files`, beside this one, with the same two types.
"""

from __future__ import annotations

import math

from foreship_foundation.actions import action_names, exit_names
from foreship_foundation.bounds import (
    LEAST_PRICE,
    MOST_DAYS,
    MOST_MONEY,
    MOST_ROOM,
    MOST_UNITS,
)
from foreship_foundation.tables.declaration import Column, Kind, Table

__all__ = [
    "ADJUSTMENT_KINDS",
    "INPUTS",
    "LEAVE_OUT",
    "LEAVING",
    "OVERRIDE_KINDS",
    "POLICY_KINDS",
    "Column",
    "Kind",
    "Table",
]

ANY = "any"
UNLIMITED = math.inf
UNKNOWN = math.nan
LEAVE_OUT = "leave_out"
"""the override that is about the history, not about what is sent"""
OVERRIDE_KINDS = ("fix", "forbid", "at_least", "at_most", LEAVE_OUT)
LEAVING = tuple(
    name for name in action_names(origin="region") if name not in action_names(destination="region")
)
"""actions that a lock may be about in the place of what is sent into a region"""
POLICY_KINDS = ("minimum", "maximum", "presentation", "cover_weeks", "service", "fair_share")
ADJUSTMENT_KINDS = ("times", "plus")
SITE = ("regions.region", "hubs.hub")
REGION = ("regions.region",)
ITEM = ("items.item",)


def _id(name: str, meaning: str, *refers: str, required: bool = True, blank: str = "") -> Column:
    return Column(
        name, "id", meaning, required=required, refers=refers, default="", default_words=blank
    )


def _text(name: str, meaning: str) -> Column:
    return Column(name, "text", meaning, default="", default_words="blank")


def _money(name: str, meaning: str, default: float | None = 0.0, words: str = "") -> Column:
    return Column(name, "money", meaning, "money", False, default, words, low=0.0, high=MOST_MONEY)


def _due_money(name: str, meaning: str) -> Column:
    return Column(name, "money", meaning, "money", required=True, low=0.0, high=MOST_MONEY)


def _room(name: str, unit: str, default: float) -> Column:
    return Column(name, "number", "of one unit", unit, False, default, low=0.0, high=MOST_ROOM)


def _date(name: str, meaning: str, blank: str = "") -> Column:
    return Column(name, "date", meaning, "day", required=not blank, default_words=blank)


def _week(meaning: str) -> Column:
    return Column("week", "week", meaning, "Monday", required=True)


def _capacity(name: str, meaning: str, unit: str = "volume", *, above_zero: bool = False) -> Column:
    return Column(
        name,
        "number",
        meaning,
        unit,
        False,
        UNLIMITED,
        "unlimited",
        low=0.0,
        high=1000 * MOST_ROOM,
        above_zero=above_zero,
    )


def _degrees(name: str, bound: float) -> Column:
    return Column(
        name, "number", "position", "degrees", False, UNKNOWN, "unknown", low=-bound, high=bound
    )


def _count(name: str, meaning: str) -> Column:
    return Column(name, "number", meaning, "count", default=0.0, low=0.0, high=MOST_UNITS)


def _quantity(meaning: str, low: float = 0.0, above_zero: bool = False) -> Column:
    return Column(
        "quantity",
        "units",
        meaning,
        "units",
        required=True,
        low=low,
        high=MOST_UNITS,
        above_zero=above_zero,
    )


NAME = _text("name", "what people call it, shown beside the id")
ASSUMED = _text("assumed", "columns of this row that nobody stated, as `init` derived them")
SCOPE = (
    _id("region", "where", *REGION, required=False, blank=ANY),
    _id("item", "what", *ITEM, required=False, blank=ANY),
    Column(
        "category",
        "text",
        "items of that category; not beside an item",
        default="",
        default_words=ANY,
    ),
)
"""what a row of what is asked is about"""

ORDERS = Table(
    "orders",
    "what customers ordered, one row an order line",
    (
        _date("date", "day of the order"),
        _id("region", "where the customer is", *REGION),
        _id("item", "what was ordered", *ITEM),
        _quantity("how many", above_zero=True),
        _money("price", "paid for one unit", UNKNOWN, "unknown"),
        Column(
            "order_id",
            "id",
            "order of that day and region, one parcel; its lines of one item are one",
            default="",
            default_words="unknown",
        ),
        Column(
            "customer",
            "id",
            "used only to count distinct buyers, dropped at load",
            default="",
            default_words="unknown buyer",
            private=True,
        ),
    ),
    required=True,
)

ITEMS = Table(
    "items",
    "what is sold",
    (
        _id("item", "its id"),
        Column(
            "price",
            "money",
            "sales price of a unit",
            "money",
            required=True,
            low=LEAST_PRICE,
            high=MOST_MONEY,
            above_zero=True,
        ),
        _due_money("unit_cost", "what a unit costs us"),
        _room("volume", "volume", 1.0),
        _room("weight_kg", "kg", 0.0),
        _text("category", "items of one category learn from each other"),
        Column(
            "pack_size",
            "units",
            "units in a case; ships move cases",
            "units",
            default=1,
            low=1,
            high=100_000,
        ),
        _money(
            "holding_cost_per_week",
            "of one unit in a region",
            None,
            "unit_cost x economics.holding_rate_per_year / 52",
        ),
        _money(
            "hub_holding_cost_per_week",
            "of one unit in a hub; goes before the rate of `hubs`",
            None,
            "not stated",
        ),
        Column(
            "lost_sale_share",
            "number",
            "orders lost when the item is not in the region",
            "share",
            default_words="economics.lost_sale_share_per_day where stated and days are known, else "
            "economics.lost_sale_share",
            low=0.0,
            high=1.0,
        ),
        _date("launch_date", "first day it is sold", "always sold"),
        NAME,
        ASSUMED,
    ),
    required=True,
    key=("item",),
)

REGIONS = Table(
    "regions",
    "where customers are, each with a staging depot",
    (
        _id("region", "its id"),
        _capacity("capacity", "storage of the depot"),
        _capacity(
            "receiving_units",
            "ships and redirects taken in on a day, and inbound of that day",
            "units a day",
        ),
        _money("last_mile_cost", "from the depot to a customer, a unit"),
        _money("last_mile_further", "a further unit of the same order", None, "last_mile_cost"),
        _text("parent", "group of regions a new region may borrow from"),
        _degrees("lat", 90.0),
        _degrees("lon", 180.0),
        NAME,
        ASSUMED,
    ),
    required=True,
    key=("region",),
)

HUBS = Table(
    "hubs",
    "where stock is sent from",
    (
        _id("hub", "its id"),
        _capacity(
            "picking_units", "ships that leave on a day; parcels do not count", "units a day"
        ),
        Column(
            "holding_rate_per_year",
            "number",
            "holding in this hub: a region's unit costs what it costs beyond that",
            "share of unit_cost a year",
            default=UNKNOWN,
            default_words="not stated",
            low=0.0,
            high=5.0,
        ),
        _degrees("lat", 90.0),
        _degrees("lon", 180.0),
        NAME,
        ASSUMED,
    ),
    required=True,
    key=("hub",),
)

LANES = Table(
    "lanes",
    "hub -> region ships, region -> region redirects, region -> hub returns; rows of one pair of "
    "places that are open on the same day are alternatives",
    (
        _id("origin", "hub or region", *SITE),
        _id("destination", "hub or region", *SITE),
        _due_money("cost_per_unit", "of one unit on this lane"),
        Column(
            "lead_time_days",
            "units",
            "from leaving to being usable there",
            "days",
            required=True,
            low=0.0,
            high=MOST_DAYS,
        ),
        Column(
            "lead_time_sd_days",
            "number",
            "standard deviation of that",
            "days",
            default=UNKNOWN,
            default_words="what `receipts` show, else 0",
            low=0.0,
            high=MOST_DAYS,
        ),
        _money("cost_per_kg", "on top, by weight"),
        _capacity("capacity", "most volume a plan may send, all its departures together"),
        _money("vehicle_cost", "of a whole vehicle, however full, on one departure"),
        _capacity("vehicle_capacity", "volume of one vehicle", above_zero=True),
        _capacity("vehicle_kg", "load of one vehicle", "kg", above_zero=True),
        _money("line_cost", "of an item on a departure, however many units"),
        _money("direct_cost", "parcel to a customer of that region", None, "cost_per_unit"),
        _money("direct_further", "a further unit in the same parcel", None, "direct_cost"),
        Column(
            "direct_days",
            "number",
            "days such a parcel takes",
            "days",
            default=UNKNOWN,
            default_words="unknown",
            low=0.0,
            high=MOST_DAYS,
        ),
        Column(
            "departs",
            "weekdays",
            "days of the week on which it leaves",
            "Mon to Sun",
            default="",
            default_words="any day",
        ),
        _date("from", "first day the lane is open", "always open"),
        _date("to", "last day the lane is open", "never closes"),
    ),
    required=True,
)

STOCK = Table(
    "stock",
    "on hand at as_of, in hubs and regions",
    (
        _id("location", "hub or region", *SITE),
        _id("item", "what lies there", *ITEM),
        _quantity("units on hand"),
        _date("date", "day it was counted", "the Monday of the plan"),
    ),
    required=True,
    key=("location", "item"),
)

INBOUND = Table(
    "inbound",
    "already on its way; counts from its arrival",
    (
        _id("location", "hub or region it goes to", *SITE),
        _id("item", "what comes", *ITEM),
        _quantity("units coming"),
        _date("arrival_date", "day it becomes usable"),
    ),
)

RECEIPTS = Table(
    "receipts",
    "what truly arrived, and when: how late, and how much of what was due",
    (
        _date("date", "day it became usable"),
        _id("location", "hub or region where it arrived", *SITE),
        _id("item", "what came", *ITEM),
        _quantity("units received; 0 where nothing will come any more"),
        _text("run", "run whose `inbound.csv` had announced it"),
    ),
)

EXITS = Table(
    "exits",
    "what can be done with a unit no longer wanted, most specific row first",
    (
        Column("exit", "text", "which exit", required=True, choices=exit_names()),
        _id("item", "which item", *ITEM, required=False, blank=ANY),
        _id("region", "in which region", *REGION, required=False, blank=ANY),
        _money("cost", "handling of one unit, beside its lane"),
        _money("recovery", "what comes back for one unit"),
        _capacity("capacity", "most units a plan may put through", "units"),
        Column(
            "delay_weeks",
            "number",
            "weeks until it is done",
            "weeks",
            default=0.0,
            low=0.0,
            high=520.0,
        ),
    ),
    key=("exit", "item", "region"),
)

ASSORTMENT = Table(
    "assortment",
    "cells that may be stocked, new ones too, a row a window; absent: every cell with an order "
    "or stock",
    (
        _id("region", "where", *REGION),
        _id("item", "what", *ITEM),
        _date("from", "first day it may be stocked", "always"),
        _date("to", "last day it may be stocked", "always"),
    ),
    key=("region", "item", "from"),
)

RETURNS = Table(
    "returns",
    "what customers sent back; never counted as negative demand",
    (
        _date("date", "day of the return"),
        _id("region", "where the customer is", *REGION),
        _id("item", "what came back", *ITEM),
        _quantity("how many", above_zero=True),
    ),
)

AVAILABILITY = Table(
    "availability",
    "weeks in which an item could or could not be sold: censored demand is not zero demand",
    (
        _week("which week"),
        _id("region", "where", *REGION),
        _id("item", "what", *ITEM),
        Column(
            "in_stock",
            "flag",
            "1: could be sold all week; 0: sold out",
            "0 or 1",
            required=True,
        ),
    ),
    key=("week", "region", "item"),
)

CALENDAR = Table(
    "calendar",
    "holidays and promotions known ahead, and days on which places are closed",
    (
        _date("date", "day of the event"),
        Column(
            "event",
            "text",
            "its name; one that begins with `closed` or `closure` closes the docks: nothing leaves "
            "a hub, nothing is taken in at a depot, customers still buy",
            required=True,
        ),
        _id(
            "region",
            "where; a hub only where it is closed",
            *SITE,
            required=False,
            blank="everywhere",
        ),
    ),
    key=("date", "event", "region"),
)

PRICES = Table(
    "prices",
    "known past and planned prices",
    (
        _week("which week"),
        _id("region", "where", *REGION),
        _id("item", "what", *ITEM),
        _due_money("price", "of one unit that week"),
        Column("promotion", "flag", "1: promoted that week", "0 or 1", default=0.0),
    ),
    key=("week", "region", "item"),
)

SIGNALS = Table(
    "signals",
    "intent seen before orders; past weeks only",
    (
        _week("which week"),
        _id("region", "where", *REGION),
        _id("item", "what", *ITEM),
        _count("views", "page views"),
        _count("carts", "put into a cart"),
        _count("wishlists", "put on a wish list"),
    ),
    key=("week", "region", "item"),
)

OVERRIDES = Table(
    "overrides",
    "planner's locks and caps on what is sent, and orders to leave out of the history",
    (
        Column("kind", "text", "which kind of lock", required=True, choices=OVERRIDE_KINDS),
        Column(
            "value",
            "units",
            "bound on the units (forbid: any; leave_out: orders of so many units or more)",
            "units",
            required=True,
            default=0.0,
            default_words="0, for forbid only",
            low=0.0,
            high=MOST_UNITS,
            blank_where=("kind", "forbid"),
        ),
        Column("reason", "text", "why", required=True),
        Column("author", "text", "who", required=True),
        _date("expires", "last day it holds"),
        _id("region", "where to", *REGION, required=False, blank=ANY),
        _id("item", "what", *ITEM, required=False, blank=ANY),
        _id("origin", "where from", *SITE, required=False, blank=ANY),
        Column(
            "action",
            "text",
            "what leaves a region, which `origin` then names while `region` stays blank",
            default="",
            default_words="ships and redirects into `region`",
            choices=LEAVING,
        ),
    ),
)

POLICIES = Table(
    "policies",
    "stock that is asked for beside what pays: of rows of one kind the most specific holds, by "
    "item and region, item, category and region, category, region, all",
    (
        Column("kind", "text", "what is asked for", required=True, choices=POLICY_KINDS),
        Column(
            "value",
            "number",
            "minimum, maximum, presentation: units; cover_weeks: weeks of demand; service: least "
            "chance that all demand until the next arrival is served, below 1; fair_share: share "
            "of scarce hub stock, at most 1, that goes by need",
            "units, weeks or share",
            required=True,
            low=0.0,
            high=MOST_UNITS,
        ),
        *SCOPE,
        _text("reason", "why"),
        _text("author", "who"),
        _date("expires", "last day it holds", "never"),
    ),
)

ADJUSTMENTS = Table(
    "adjustments",
    "what a planner knows of demand and no history does: all rows of a cell and week act together, "
    "factors first",
    (
        Column(
            "kind",
            "text",
            "demand times `value`, or plus `value` units a week over all its cells",
            required=True,
            choices=ADJUSTMENT_KINDS,
        ),
        Column(
            "value",
            "number",
            "factor, 0 to 100, or units",
            "factor or units",
            required=True,
            low=-MOST_UNITS,
            high=MOST_UNITS,
        ),
        Column("reason", "text", "why", required=True),
        Column("author", "text", "who", required=True),
        _date("expires", "last day it holds"),
        Column(
            "week",
            "week",
            "which week",
            "Monday",
            default_words="every week that begins by `expires`",
        ),
        *SCOPE,
    ),
)

INPUTS: dict[str, Table] = {
    each.name: each
    for each in (
        ORDERS,
        ITEMS,
        REGIONS,
        HUBS,
        LANES,
        STOCK,
        INBOUND,
        RECEIPTS,
        EXITS,
        ASSORTMENT,
        RETURNS,
        AVAILABILITY,
        CALENDAR,
        PRICES,
        SIGNALS,
        OVERRIDES,
        POLICIES,
        ADJUSTMENTS,
    )
}
"""Every input table by name, in the order of the contract."""

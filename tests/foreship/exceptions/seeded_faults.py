"""A shop in order, twelve ways in which something in it is wrong, and a judge of its list.

A fault tells where it was made. The judge reads the list as a planner does, kind, place and words,
and takes nothing from what finds exceptions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace

import numpy as np
import pandas as pd

from foreship.errors import Fault
from foreship.exceptions.listing import Listing, listed
from foreship.exceptions.seen import seen_of
from foreship.reading.facts.line_facts import Sales
from foreship.reading.views import RunView
from foreship_optimize.ahead.needs import needs_of
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.params import OptimizeParams, PlanParams
from foreship_optimize.planning import make_plan
from tests.foreship.small_world import frame, inbound, lane

__all__ = ["AS_OF", "FAULTS", "Shop", "drawn_faults", "listing_of", "shop", "stands"]

AS_OF = pd.Timestamp("2026-11-16")
HUBS, REGIONS = ("H1", "H2"), ("R1", "R2", "R3", "R4")
ITEMS = tuple("abcdefgh")
WEEKS, HISTORY, PATHS = 4, 60, 60
Place = Mapping[str, str]
"""column of the list -> what stands there; of `words` a part, of `place` in region or hub"""


@dataclass
class Shop:
    """Tables, the rates that its orders were drawn with, and what is known beside them."""

    rng: np.random.Generator
    tables: dict[str, pd.DataFrame]
    rates: pd.Series
    """units a week by region and item"""
    expected: pd.Series
    """the same, as the demand of the plan has it"""
    params: OptimizeParams = field(default_factory=OptimizeParams)
    warnings: tuple[Fault, ...] = ()
    stale: tuple[str, ...] = ()
    taken: set[str] = field(default_factory=set)
    """items with which something is wrong"""

    def any_of(self, names: tuple[str, ...]) -> str:
        """Return one of some names by chance."""
        return str(self.rng.choice(np.array(names)))

    def item(self) -> str:
        """Return an item by chance with which nothing is wrong yet."""
        name = self.any_of(tuple(each for each in ITEMS if each not in self.taken))
        self.taken.add(name)
        return name

    def set_stock(self, quantity: float, item: str, *places: str) -> None:
        """Put another quantity of an item where it lies."""
        stock = self.tables["stock"]
        here = (stock["item"] == item) & stock["location"].isin(places)
        stock.loc[here, "quantity"] = int(quantity)


def shop(seed: int) -> Shop:
    """Make up a shop whose stock, capacities and forecasts fit what it sells."""
    rng = np.random.default_rng([seed, 2026])
    cells = pd.MultiIndex.from_product([REGIONS, ITEMS], names=["region", "item"])
    rates = pd.Series(rng.uniform(1.0, 4.0, len(cells)), cells)
    price = rng.uniform(20.0, 60.0, len(ITEMS)).round(2)
    items = pd.DataFrame(
        {"item": ITEMS, "price": price, "unit_cost": (0.6 * price).round(2), "volume": 1.0}
    ).assign(weight_kg=0.0, category="", pack_size=1, lost_sale_share=0.04, launch_date=pd.NaT)
    items["holding_cost_per_week"] = 0.25 * items["unit_cost"] / 52
    lanes = [
        lane(hub, region, 1.0, 2, direct_cost=5.0, direct_days=3.0)
        for hub in HUBS
        for region in REGIONS
    ]
    lanes += [lane(region, "H1", 1.0, 2) for region in REGIONS]
    tables = {
        "orders": _orders(rng, rates),
        "items": items,
        "regions": frame(
            "region capacity last_mile_cost parent lat lon",
            [(region, 400.0, 0.0, "", 0.0, 0.0) for region in REGIONS],
        ),
        "hubs": frame("hub lat lon", [(hub, 0.0, 0.0) for hub in HUBS]),
        "lanes": pd.DataFrame(lanes),
        "stock": _stock(rates),
        "inbound": inbound(),
        "exits": frame("exit item region cost recovery capacity delay_weeks"),
        "assortment": frame("region item from to", [(*cell, pd.NaT, pd.NaT) for cell in cells]),
        "calendar": frame("date event region"),
        "prices": frame("week region item price promotion"),
        "overrides": frame("kind value reason author expires region item origin"),
        "buyers": frame("week region item customers"),
    }
    return Shop(rng, tables, rates, rates.copy())


def _orders(rng: np.random.Generator, rates: pd.Series) -> pd.DataFrame:
    sold = rng.poisson(rates.to_numpy()[:, None], (len(rates), HISTORY))
    cell, week = np.nonzero(sold)
    day = 7 * (week - HISTORY) + rng.integers(0, 7, len(week))
    region, item = (rates.index.get_level_values(n).to_numpy()[cell] for n in (0, 1))
    table = pd.DataFrame({"region": region, "item": item, "quantity": sold[cell, week]})
    return table.assign(date=AS_OF + pd.to_timedelta(day, unit="D"), price=np.nan, order_id="")


def _stock(rates: pd.Series) -> pd.DataFrame:
    """Four weeks of all demand in each hub, half a week in the regions."""
    total = rates.groupby("item").sum()
    rows = [(hub, item, int(4 * rate)) for hub in HUBS for item, rate in total.items()]
    rows += [(region, item, int(rate / 2)) for (region, item), rate in rates.items()]
    return frame("location item quantity", rows)


def listing_of(shop: Shop) -> Listing:
    """Plan for a shop and list what is to be looked at."""
    region, item = (shop.expected.index.get_level_values(n).to_numpy(object) for n in (0, 1))
    shape = (len(region), WEEKS, PATHS)
    units = shop.rng.poisson(shop.expected.to_numpy()[:, None, None], shape).astype(np.int32)
    monday = AS_OF.to_datetime64().astype("datetime64[D]")
    weeks = monday + 7 * np.arange(WEEKS)
    paths = DemandScenarios(region, item, weeks, units)
    plan = make_plan(shop.tables, paths, AS_OF, shop.params, obsolescence=0.0)
    needs = needs_of(shop.tables, paths, AS_OF, shop.params, 0.0, plan)
    means = [shop.expected.rename("mean").reset_index().assign(week=pd.Timestamp(w)) for w in weeks]
    view = RunView(
        AS_OF,
        "seeded",
        plan.lines,
        plan.units,
        plan.summary,
        reasons=plan.reasons,
        needs=needs,
        forecast=pd.concat(means, ignore_index=True),
        tables=shop.tables,
        assumptions={"plan": asdict(shop.params.plan)},
    )
    sales = Sales(shop.tables["orders"], shop.tables["buyers"])
    return listed(seen_of(view, shop.tables, paths, sales, shop.warnings, shop.stale))


def sold_out(shop: Shop) -> Place:
    """Take all stock of an item out of hubs and regions."""
    item = shop.item()
    shop.set_stock(0, item, *HUBS, *REGIONS)
    return {"item": item}


def hub_too_low(shop: Shop) -> Place:
    """Leave a third of a week's demand of an item in the hubs."""
    item = shop.item()
    rate = float(shop.rates.xs(item, level="item").sum())
    shop.set_stock(0, item, *HUBS, *REGIONS)
    shop.set_stock(rate / 3, item, "H1")
    return {"item": item, "hub": "H1"}


def too_much(shop: Shop) -> Place:
    """Put two years of an item into a region from which nothing can be brought back."""
    _no_way_out(shop)
    region, item = shop.any_of(REGIONS), shop.item()
    shop.set_stock(104 * shop.rates[region, item], item, region)
    return {"item": item, "region": region}


def over(shop: Shop) -> Place:
    """End a cell's assortment on Thursday while ten units lie there, with no way out."""
    _no_way_out(shop)
    region, item = shop.any_of(REGIONS), shop.item()
    shop.set_stock(10, item, region)
    table = shop.tables["assortment"]
    table["to"] = pd.to_datetime(table["to"])
    here = (table["region"] == region) & (table["item"] == item)
    table.loc[here, "to"] = AS_OF + pd.Timedelta(days=3)
    return {"item": item, "region": region}


def _no_way_out(shop: Shop) -> None:
    lanes = shop.tables["lanes"]
    shop.tables["lanes"] = lanes[lanes["origin"].isin(HUBS)].reset_index(drop=True)
    shop.tables["exits"] = frame(
        "exit item region cost recovery capacity delay_weeks",
        [("markdown", "", "", 500.0, 0.0, np.inf, 0)],
    )


def doubtful(shop: Shop) -> Place:
    """Give what `check` would say of an order file in which a tenth of the lines stands twice."""
    rows = len(shop.tables["orders"]) // 10
    doubt = Fault("orders", "the same line stands twice", count=rows, severity="warning")
    shop.warnings = (replace(doubt, check="lines_stand_twice"),)
    return {"words": "the same line stands twice"}


def old_stock(shop: Shop) -> Place:
    """Give what is said of stock that is that of the week before."""
    shop.stale = ("stock is what it was for run X: it may be last week's file",)
    return {"words": "may be last week's file"}


def too_large_a_lock(shop: Shop) -> Place:
    """Ask for more of an item in a region than the hubs have."""
    region, item = shop.any_of(REGIONS), shop.item()
    stock = shop.tables["stock"]
    there = stock[(stock["item"] == item) & stock["location"].isin(HUBS)]["quantity"].sum()
    row = (
        "at_least",
        there + 40,
        "promotion",
        "Anna",
        AS_OF + pd.Timedelta(days=30),
        region,
        item,
        "",
    )
    shop.tables["overrides"] = frame("kind value reason author expires region item origin", [row])
    return {"item": item, "region": region}


def jumped_forecast(shop: Shop) -> Place:
    """Expect four times of an item what it ever sold."""
    item = shop.item()
    mine = shop.expected.index.get_level_values("item") == item
    shop.expected[mine] *= 4.0
    return {"item": item}


def little_money(shop: Shop) -> Place:
    """Leave a freight budget that a tenth of the usual plan would spend."""
    shop.params = OptimizeParams(plan=PlanParams(freight_budget=10.0))
    return {"words": "freight budget"}


def overdue(shop: Shop) -> Place:
    """Leave twenty units in inbound that were due last Wednesday."""
    place = shop.any_of((*HUBS, *REGIONS))
    item = shop.item()
    lots = inbound((place, item, 20, 0))
    shop.tables["inbound"] = lots.assign(arrival_date=AS_OF - pd.Timedelta(days=5))
    return {"item": item, "place": place}


def new_promotion(shop: Shop) -> Place:
    """Promote an item next week for the first time in the history."""
    item = shop.item()
    week = AS_OF + pd.Timedelta(weeks=1)
    rows = [(week, region, item, 15.0, 1) for region in REGIONS]
    shop.tables["prices"] = frame("week region item price promotion", rows)
    return {"item": item}


def hardly_worth_it(shop: Shop) -> Place:
    """Make parcels into two regions as cheap as staging, but for a few cents."""
    lanes = shop.tables["lanes"]
    cheap = lanes["destination"].isin(REGIONS[:2])
    lanes.loc[cheap, "direct_cost"] = 1.07
    shop.tables["items"]["lost_sale_share"] = 0.0
    return {"words": "lines"}


FAULTS: dict[str, Callable[[Shop], Place]] = {
    "stock_out": sold_out,
    "hub_short": hub_too_low,
    "dead_stock": too_much,
    "exit_due": over,
    "suspicious_input": doubtful,
    "stale_input": old_stock,
    "broken_lock": too_large_a_lock,
    "forecast_far": jumped_forecast,
    "dear_limit": little_money,
    "late_supply": overdue,
    "unused_plan": new_promotion,
    "thin_line": hardly_worth_it,
}
"""Kind of exception -> what makes a shop show it"""
APART = {"dear_limit", "thin_line"}
"""where money for freight lacks no line is thin: not both in one shop"""


def drawn_faults(shop: Shop, count: int) -> dict[str, Place]:
    """Make some faults in a shop, by chance; return kind and place of each."""
    kinds = [str(kind) for kind in shop.rng.permutation(list(FAULTS))]
    first = next(kind for kind in kinds if kind in APART)
    may = [kind for kind in kinds if kind == first or kind not in APART]
    return {kind: FAULTS[kind](shop) for kind in may[:count]}


def stands(frame: pd.DataFrame, kind: str, place: Place) -> bool:
    """Whether a list says of that kind what was made wrong there."""
    rows = frame[frame["kind"] == kind]
    for name, value in place.items():
        if name == "words":
            rows = rows[rows["words"].str.contains(value, regex=False)]
        elif name == "place":
            rows = rows[(rows["region"] == value) | (rows["hub"] == value)]
        else:
            rows = rows[rows[name] == value]
    return not rows.empty

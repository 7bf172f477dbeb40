"""A retailer's own books, order by order in plain Python: nothing of the judge is in them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pandas as pd

from foreship.config import Config
from tests.foreship.judge.orders.slow_orders import OrderReferee

__all__ = ["Books", "Truck"]

DAY = pd.Timedelta(days=1)
LEAST_IN_HUBS = 40
YEAR = 52
COUNTED = (
    "served_locally", "served_from_hub", "lost", "orders", "lines", "units_there", "lines_there",
    "orders_there", "orders_whole_there", "orders_one_parcel", "splits", "orders_lost",
    "parcels_sent",
)  # fmt: skip
MONEY = ("margin", "parcels", "last_mile", "freight", "holding", "exits")


@dataclass(frozen=True)
class Truck:
    """A unit on its way into a place, and the run that sent it."""

    due: pd.Timestamp
    location: str
    item: str
    run: str


class Week(OrderReferee):
    """The referee of orders; what customers send back is taken off each sale (3a)."""

    def margin(self, units: dict[str, int]) -> float:
        """Return what units earn before any parcel."""
        return sum(q * self.items[item]["margin"] for item, q in units.items())


@dataclass
class Books:
    """What lies where, what is on the road, and what each week came to."""

    frames: dict[str, pd.DataFrame]
    """tables as the retailer knows them"""
    config: Config
    shelf: dict[tuple[str, str], int] = field(default_factory=dict)
    road: list[Truck] = field(default_factory=list)
    unbooked: list[Truck] = field(default_factory=list)
    """what has a run and no receipt yet"""
    lost: Counter[str] = field(default_factory=Counter)
    """units of a run that never came"""
    received: Counter[str] = field(default_factory=Counter)
    """units of a run that were booked in"""

    weeks: list[dict[str, float]] = field(default_factory=list)
    """account of each week"""

    def under_way(self, run: str) -> int:
        """Return units of a run that are still to be booked in."""
        return sum(each.run == run for each in self.unbooked)

    def week(
        self, monday: pd.Timestamp, lines: pd.DataFrame, run: str, late: int, short: int
    ) -> dict[str, float]:
        """Let a week happen; return its account.

        Parameters
        ----------
        lines
            What was released; of line `late` all comes two days late, of line `short` a unit never
            does (-1 for none).
        """
        referee = Week(self._tables(), self.config.exits, self.config.backtest.seed,
                       self.config.backtest.hub_trailing_weeks)  # fmt: skip
        referee.shelf.update(self.shelf)
        lots = [(each.due, each.location, each.item, 1) for each in self.road]
        for number, line in enumerate(lines.itertuples()):
            wait = 2 * DAY if number == late else 0 * DAY
            referee.road = []
            day = line.ship_date
            referee.depart([(line.action, line.origin, line.destination, line.item,
                             int(line.quantity), day)])  # fmt: skip
            sent = [(due + wait, *rest) for due, *rest in referee.road]
            if sent:
                assert {due - wait for due, *_ in sent} == {line.arrival_date}
            if number == short:
                sent.pop()
                self.lost[run] += 1
            lots += sent
        sent_by = [each.run for each in self.road] + [run] * (len(lots) - len(self.road))
        trucks = [Truck(lot[0], lot[1], lot[2], by) for lot, by in zip(lots, sent_by, strict=True)]
        referee.road = lots
        end = monday + 7 * DAY
        self.unbooked += trucks[len(self.road) :]
        self._receive(end)
        for number in range(7):
            referee.land(monday + number * DAY)
            referee.sell(monday + number * DAY)
        referee.sunday()
        referee.land(end)
        self.road = [each for each in trucks if each.due > end]
        self._count(referee.shelf, end)
        self.weeks.append(self._account(referee.money))
        return self.weeks[-1]

    def _receive(self, end: pd.Timestamp) -> None:
        """Book in what comes before a Monday; what comes on it is booked in a week later."""
        came = [(each.due, each.location, each.item, each.run) for each in self.unbooked
                if each.due < end]  # fmt: skip
        for *_, run in came:
            self.received[run] += 1
        self.unbooked = [each for each in self.unbooked if each.due >= end]
        keys = ["date", "location", "item", "run"]
        rows = pd.DataFrame(came, columns=keys)
        rows = rows.groupby(keys, as_index=False).size().rename(columns={"size": "quantity"})
        self.frames["receipts"] = pd.concat([self.frames["receipts"], rows], ignore_index=True)

    def _count(self, shelf: dict[tuple[str, str], int], end: pd.Timestamp) -> None:
        """Fill the hubs up, and tell stock and what is coming."""
        for hub in self.frames["hubs"]["hub"]:
            for item in self.frames["items"]["item"]:
                shelf[hub, item] = max(shelf[hub, item], LEAST_IN_HUBS)
        self.shelf = {key: units for key, units in shelf.items() if units}
        rows = [(place, item, units) for (place, item), units in sorted(self.shelf.items())]
        self.frames["stock"] = pd.DataFrame(rows, columns=["location", "item", "quantity"])
        road = [(each.location, each.item, 1, each.due) for each in self.road]
        columns = ["location", "item", "quantity", "arrival_date"]
        keys = ["location", "item", "arrival_date"]
        coming = pd.DataFrame(road, columns=columns).groupby(keys, as_index=False)["quantity"].sum()
        self.frames["inbound"] = coming[columns]

    def _tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables with what is assumed where the exports are silent."""
        orders, back = self.frames["orders"], self.frames["returns"]
        paid = orders.dropna(subset="price").groupby("item")["price"].median().round(4)
        items = self.frames["items"].assign(price=self.frames["items"]["item"].map(paid))
        economics = self.config.economics
        sold = orders.groupby("item")["quantity"].sum()
        share = back.groupby("item")["quantity"].sum().reindex(sold.index, fill_value=0) / sold
        share = items["item"].map(share.clip(upper=1.0))
        resold = economics.customer_return_resold_share * items["unit_cost"]
        handled = items["price"] + economics.customer_return_handling - resold
        items["margin"] = items["price"] - items["unit_cost"] - share * handled
        rate = economics.holding_rate_per_year / YEAR
        items["holding_cost_per_week"] = items["unit_cost"] * rate
        items["lost_sale_share"] = economics.lost_sale_share
        regions = self.frames["regions"].assign(last_mile_cost=0.0, last_mile_further=0.0)
        none = self.frames["stock"].iloc[:0]
        inbound = none.assign(arrival_date=pd.NaT)
        return {**self.frames, "items": items, "regions": regions, "stock": none,
                "inbound": inbound}  # fmt: skip

    def _account(self, money: dict[str, float]) -> dict[str, float]:
        told = {name: float(money.get(name, 0.0)) for name in MONEY}
        told["profit"] = told["margin"] - sum(told[name] for name in MONEY[1:])
        return told | {name: int(money.get(name, 0)) for name in COUNTED}

"""Random networks whose law of demand is known: plans on its paths, and orders drawn from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from foreship.judge.buyers import Buyers
from foreship.judge.carried_out.state import opening_state
from foreship.judge.gain.outcome import Terms, come_of
from foreship.judge.network.network import Network
from foreship.judge.simulate import Morning, Refills
from foreship_optimize import DemandScenarios, OptimizeParams, make_plan
from foreship_optimize.params import ExitParams
from foreship_optimize.plan import Plan
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, frame, lane, world

__all__ = ["KnownLaw"]


DAY = np.timedelta64(1, "D")
BEFORE, AHEAD, PATHS = 13, 6, 240
"""weeks of history, weeks that plans see, and their paths"""
PARAMS = OptimizeParams(exits=ExitParams(**vars(EXITS)))
ITEMS = (
    "item price unit_cost volume weight_kg category pack_size holding_cost_per_week "
    "lost_sale_share launch_date"
)


@dataclass(frozen=True)
class KnownLaw:
    """A network with Poisson demand, by cell a mean a week; hubs hold four weeks of it."""

    seed: int
    stock_weeks: float = 4.0
    """of the demand of all regions, over the hubs; every Monday's refill brings as much"""
    parcels_believed: float = 1.0
    """the plan takes parcels to cost so many times what they do"""

    @cached_property
    def rates(self) -> dict[tuple[str, str], float]:
        """Mean units a week, by (region, item)."""
        draw = np.random.default_rng([self.seed, 1])
        regions, items = draw.integers(1, 4), draw.integers(1, 4)
        return {
            (f"R{at}", f"I{what}"): float(draw.choice([0.2, 1.0, 3.0, 8.0]))
            for at in range(regions)
            for what in range(items)
        }

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Some tables of the contract; the others are empty."""
        draw = np.random.default_rng([self.seed, 2])
        regions, items = (sorted({cell[at] for cell in self.rates}) for at in range(2))
        hubs = [f"H{at}" for at in range(draw.integers(1, 4))]

        def money(low: float, high: float) -> float:
            return round(float(draw.uniform(low, high)), 2)

        days = {region: int(draw.integers(0, 9)) for region in regions}
        lanes = [
            lane(hub, region, money(0.5, 2), days[region], direct_cost=money(4, 12))
            for hub in hubs
            for region in regions
        ]
        goods = [
            (item, money(14, 30), 8.0, 1.0, 0.0, "", 1, money(0.02, 0.1), money(0, 0.5), pd.NaT)
            for item in items
        ]
        week = {
            each: sum(rate for cell, rate in self.rates.items() if cell[1] == each)
            for each in items
        }
        parts = draw.dirichlet(np.ones(len(hubs)))
        stock = [
            (hub, item, int(np.ceil(part * self.stock_weeks * week[item])))
            for hub, part in zip(hubs, parts, strict=True)
            for item in items
        ]
        return world(
            items=frame(ITEMS, goods),
            lanes=pd.DataFrame(lanes),
            hubs=frame("hub lat lon", [(hub, 0.0, 0.0) for hub in hubs]),
            regions=frame(
                "region capacity last_mile_cost parent lat lon",
                [(each, np.inf, 1.0, "", 0.0, 0.0) for each in regions],
            ),
            stock=frame("location item quantity", stock),
        )

    @cached_property
    def plan(self) -> Plan:
        """The product's plan on paths of the law."""
        draw = np.random.default_rng([self.seed, 3])
        region, item = (np.array(each, dtype=object) for each in zip(*self.rates, strict=True))
        units = np.stack([draw.poisson(rate, (AHEAD, PATHS)) for rate in self.rates.values()])
        weeks = MONDAY + 7 * DAY * np.arange(AHEAD)
        demand = DemandScenarios(region, item, weeks, units.astype(np.int32))
        lanes = self.tables["lanes"]
        believed = lanes.assign(direct_cost=lanes["direct_cost"] * self.parcels_believed)
        tables = {**self.tables, "lanes": believed}
        return make_plan(tables, demand, pd.Timestamp(MONDAY), PARAMS)

    def came(self, draws: int) -> np.ndarray:
        """Gain of the plan in the simulator's money, shape (draws,), each on orders of its own."""
        network = Network.from_tables(self.tables, EXITS)
        opening = opening_state(network, self.tables)
        refills = Refills.like_stock(network, opening, self.stock_weeks, BEFORE)
        terms = Terms(1, 4, AHEAD, MONDAY + 7 * DAY * AHEAD)
        morning = Morning(MONDAY, opening, 0)
        return np.array(
            [
                come_of(
                    network,
                    morning,
                    Buyers.from_orders(self._orders(at), network, MONDAY, at),
                    refills,
                    self.plan.lines,
                    terms,
                ).gain
                for at in range(draws)
            ]
        )

    def _orders(self, number: int) -> pd.DataFrame:
        """Draw order lines from the law, from before the plan until after its horizon."""
        draw = np.random.default_rng([self.seed, 4, number])
        days = 7 * (BEFORE + AHEAD)
        daily = np.stack([draw.poisson(rate / 7, days) for rate in self.rates.values()], axis=1)
        day, cell = np.nonzero(daily)
        region, item = (
            np.array(each, dtype=object)[cell] for each in zip(*self.rates, strict=True)
        )
        date = (MONDAY + (day - 7 * BEFORE) * DAY).astype("datetime64[ns]")
        return pd.DataFrame(
            {"date": date, "region": region, "item": item, "quantity": daily[day, cell]}
        )

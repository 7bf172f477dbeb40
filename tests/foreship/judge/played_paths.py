"""What lines of a plan earn in the simulator, path by path of the demand they were planned on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foreship.judge.account.ending_stock import cheapest_exit
from foreship.judge.buyers import Buyers
from foreship.judge.carried_out.state import State, opening_state
from foreship.judge.network.network import Network
from foreship.judge.simulate import Morning, play_week
from foreship_optimize.demand import DemandScenarios
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, frame, world

__all__ = ["PlayedPaths"]

WEEK, DAY = np.timedelta64(7, "D"), np.timedelta64(1, "D")
PLENTY = 10_000
LINES = ["action", "origin", "destination", "item", "quantity"]


class PlayedPaths:
    """Plays plans of one Monday through every path, until a week after which nothing is sold.

    Parameters
    ----------
    tables
        Some tables of the contract; the others are empty.
    demand
        The paths.
    refill_weeks
        On that Monday hubs that held an item have as much of it as anybody wants.
    """

    def __init__(
        self, tables: dict[str, pd.DataFrame], demand: DemandScenarios, refill_weeks: int
    ) -> None:
        self.tables = world(**tables)
        self.network = Network.from_tables(self.tables, EXITS)
        self.weeks, self.refill_weeks = len(demand.weeks), refill_weeks
        rows = np.arange(len(demand.region))
        until = [demand.demand_until(rows, day) for day in range(demand.horizon_days + 1)]
        daily = np.diff(np.stack(until), axis=0)
        self.buyers = [
            Buyers.from_orders(_orders(demand, daily[:, :, path]), self.network, MONDAY, 1)
            for path in range(demand.scenarios)
        ]

    def earned(self, lines: pd.DataFrame) -> np.ndarray:
        """Money of each path, shape (S,): profit, and what is left in regions takes its exit."""
        return np.array([self._play(buyers, lines) for buyers in self.buyers])

    def _play(self, buyers: Buyers, lines: pd.DataFrame) -> float:
        state, money = opening_state(self.network, self.tables), 0.0
        for week in range(self.weeks):
            monday = MONDAY + week * WEEK
            if week == self.refill_weeks:
                state = self._refilled(state)
            sent = lines[LINES] if week == 0 else lines[LINES].iloc[:0]
            morning = Morning(monday, state.land(monday), 0)
            state, ledger, _ = play_week(self.network, morning, buyers, sent)
            money += ledger.profit
        left = state.in_regions(self.network)
        region, item = np.nonzero(left)
        end = MONDAY + self.weeks * WEEK
        return money - float(left[region, item] @ cheapest_exit(self.network, region, item, end))

    def _refilled(self, state: State) -> State:
        """Fill up the hubs that held an item at first."""
        opening = opening_state(self.network, self.tables).on_hand
        on_hand, first = state.on_hand.copy(), len(self.network.regions)
        on_hand[first:] = np.where(opening[first:] > 0, PLENTY, on_hand[first:])
        return State(
            on_hand, state.coming_to, state.coming_item, state.coming_units, state.coming_on
        )


def _orders(demand: DemandScenarios, daily: np.ndarray) -> pd.DataFrame:
    """One path as order lines; daily has shape (days, cells)."""
    day, cell = np.nonzero(daily)
    columns = {
        "date": (MONDAY + day * DAY).astype("datetime64[ns]"),
        "region": demand.region[cell],
        "item": demand.item[cell],
        "quantity": daily[day, cell].astype(np.int64),
    }
    table = pd.DataFrame(columns)
    return table.assign(price=np.nan, order_id="") if len(table) else frame(" ".join(columns))

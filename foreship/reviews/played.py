"""A past Monday as the judge plays it: the morning of a plan, and the orders that then came.

Everything is that of the plan's own morning, from the tables that its run keeps; only orders and
returns are those of today (docs/review.md, R31). Nothing is drawn where it is not overdue: what was
under way came on the day told of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from foreship.judge.account.freight import beside_units
from foreship.judge.account.week_account import WeekLedger
from foreship.judge.buyers import Buyers
from foreship.judge.carried_out.departures import Departures, read_plan
from foreship.judge.carried_out.state import opening_state
from foreship.judge.gain.outcome import Terms
from foreship.judge.gain.played_twice import gain_of, supply_of, windows_of
from foreship.judge.network.network import Network
from foreship.judge.simulate import Morning, Refills, carry_out, retained_on
from foreship_foundation.arrays import Floats, Ints

if TYPE_CHECKING:
    from foreship.config import Config

__all__ = ["Came", "Past", "Sent"]

DAY: Final = np.timedelta64(1, "D")
NEVER: Final = np.timedelta64(36525, "D")
"""what has not come is on its way for a hundred years"""


class Sent(NamedTuple):
    """Lines as they were promised, and as they came, in pieces."""

    promised: Departures
    came: Departures
    line: Ints
    """row of the plan of each piece"""


class Came(NamedTuple):
    """What a plan brought."""

    gain: float
    """beyond sending nothing [money]"""
    by_cell: Floats
    """the same by cell of the buyers, freight and exits aside, shape (regions, items)"""
    by_piece: Floats
    """what freight and exits of each piece cost"""
    settled: bool
    """whether every window is over; before that, what lies and is under way is valued"""


@dataclass(frozen=True)
class Past:
    """A past Monday, and the orders from it on."""

    network: Network
    morning: Morning
    buyers: Buyers
    refills: Refills
    terms: Terms

    @classmethod
    def of(
        cls,
        tables: Mapping[str, pd.DataFrame],
        config: Config,
        monday: pd.Timestamp,
        until: pd.Timestamp,
    ) -> Past:
        """Read the tables of a plan's morning, with orders and returns of today.

        Parameters
        ----------
        tables
            Those that the run keeps, `orders` and `returns` as they are now.
        config
            The settings that the run was made with.
        until
            First day whose orders are not known.
        """
        start, end = (np.datetime64(day.date(), "D") for day in (monday, until))
        tables = {
            **tables,
            **{name: _before(tables[name], until) for name in ("orders", "returns")},
        }
        settings, plan = config.backtest, config.plan
        network = Network.from_tables(
            tables,
            config.exits,
            config.economics,
            plan.review_weeks,
            settings.seed,
            plan.line_handling_cost,
        )
        state = opening_state(network, tables, start)
        lands = np.where(state.coming_told >= start, state.coming_told, state.coming_on)
        state = replace(state, coming_on=lands).land(start)
        buyers = Buyers.from_orders(tables["orders"], network, start, settings.seed)
        refills = Refills.like_stock(
            network, state, settings.hub_cover_weeks, settings.hub_trailing_weeks
        )
        retained = retained_on(network, buyers, refills, start)
        terms = Terms(
            plan.review_weeks, config.risk.horizon_weeks, config.forecast.horizon_weeks, end
        )
        return cls(network, Morning(start, state, 0, retained), buyers, refills, terms)

    @property
    def days(self) -> int:
        """Days of which the orders are known."""
        return int((self.terms.end - self.morning.monday) // DAY)

    def sent(self, lines: pd.DataFrame, pieces: pd.DataFrame | None = None) -> Sent:
        """Return a plan's lines as they were promised, and as they came.

        Without pieces they came as they were promised.

        Raises
        ------
        PlanRefused
            If the plan cannot be carried out with the tables of that morning.
        """
        read = read_plan(self.network, lines, self.morning.monday)
        promised = replace(read, arrival=read.told)
        rows = np.arange(len(lines))
        if pieces is None:
            return Sent(promised, promised, rows)
        here = pieces["line"].to_numpy(dtype=np.int64)
        stay = np.setdiff1d(rows, here)  # what leaves the network comes nowhere
        line = np.concatenate([here, stay])
        day = pieces["day"].to_numpy().astype("datetime64[D]")
        day = np.where(np.isnat(day), promised.arrival[here] + NEVER, day)
        came = Departures(**{name: array[line] for name, array in vars(promised).items()})
        units = np.concatenate([pieces["units"].to_numpy(dtype=np.int64), promised.quantity[stay]])
        arrival = np.concatenate([day, promised.arrival[stay]])
        return Sent(promised, replace(came, quantity=units, arrival=arrival), line)

    def ledger(self, sent: Sent) -> WeekLedger:
        """Return the account of the week of the plan alone."""
        return carry_out(self.network, self.morning, self.buyers, sent.came)[1]

    def came(self, sent: Sent) -> Came:
        """Return what the plan brought beyond sending nothing (docs/review.md, R31)."""
        network, morning, terms = self.network, self.morning, self.terms
        supply = supply_of(network, morning, self.buyers, self.refills, terms.review_weeks)
        windows = windows_of(
            network, morning, sent.promised, supply, terms.review_weeks, terms.sight_weeks
        )
        settled, leaving = self.days >= windows.days, sent.came
        if not settled:
            windows = replace(windows, closes=np.minimum(windows.closes, self.days))
            under_way = (leaving.arrival > terms.end) & (leaving.arrival < terms.end + NEVER // 2)
            leaving = replace(leaving, arrival=np.where(under_way, terms.end, leaving.arrival))
        by_cell = np.zeros((len(network.regions), len(network.items)))
        gain = gain_of(
            network, morning, self.buyers, self.refills, leaving, supply, windows, by_cell
        )
        return Came(gain, by_cell, _cost_of(network, sent.came), settled)


def _before(table: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    return table[table["date"] < until]


def _cost_of(network: Network, leaving: Departures) -> Floats:
    """Return freight and exits of each piece; vehicles and item lines are shared by volume."""
    own = (leaving.freight + leaving.exit_cost) * leaving.quantity
    beside = beside_units(network, leaving)
    if not beside:
        return own
    share = np.where(leaving.lane >= 0, leaving.quantity * network.volume[leaving.item], 0.0)
    if not share.sum():
        share = np.where(leaving.lane >= 0, leaving.quantity, 0.0)
    return np.asarray(own + beside * share / share.sum())

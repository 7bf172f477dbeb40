"""One policy's way through the replayed weeks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from foreship.judge.buyers import Buyers
from foreship.judge.ledger import WeekLedger
from foreship.judge.left_over import left_over_value
from foreship.judge.network import Network
from foreship.judge.state import State, opening_state
from foreship.policies import LINE_COLUMNS, Known, Policy
from foreship.simulate import Refills, monday_morning, play_week
from optimize.errors import NoUsablePlan

if TYPE_CHECKING:
    from foreship.config import Config
    from foreship.pipeline import ForecastResult

__all__ = ["Track", "World"]

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class World:
    """What all policies of a replay share at one level of costs."""

    cost_factor: float
    """lane and exit costs of the workspace are multiplied by this"""
    tables: Tables
    config: Config
    network: Network
    buyers: Buyers
    refills: Refills
    opening: State

    @classmethod
    def at_costs(
        cls, factor: float, tables: Tables, config: Config, first: np.datetime64, seed: int
    ) -> World:
        """Read the tables with lane and exit costs times `factor`."""
        tables, config = _at_costs(factor, tables, config)
        network = Network.from_tables(tables, config.exits, config.economics)
        opening = opening_state(network, tables)
        settings = config.backtest
        return cls(
            cost_factor=factor,
            tables=tables,
            config=config,
            network=network,
            buyers=Buyers.from_orders(tables["orders"], network, first, seed),
            refills=Refills.like_stock(
                network, opening, settings.hub_cover_weeks, settings.hub_trailing_weeks
            ),
            opening=opening,
        )


@dataclass
class Track:
    """A policy, where its units are now, and the ledgers of its weeks so far."""

    name: str
    policy: Policy
    world: World
    state: State
    weeks: list[dict[str, Any]] = field(default_factory=list)
    """a row a week played: policy, week, cost_factor, the ledger and `cvar_promised`"""
    troubles: list[str] = field(default_factory=list)
    """limits exceeded and nights without a plan, with their week"""

    def play(
        self, past: Tables, forecast: Callable[[], ForecastResult], monday: np.datetime64
    ) -> None:
        """Plan on Monday with what was known, then let the week happen."""
        network = self.world.network
        morning = monday_morning(network, self.state, self.world.buyers, self.world.refills, monday)
        priced = {name: self.world.tables[name] for name in ("lanes", "exits")}
        tables = {**past, **priced, **morning.state.to_tables(network)}
        known = Known(pd.Timestamp(monday), tables, self.world.config, forecast)
        lines, promised = self._plan(known)
        self.state, ledger, broken = play_week(network, morning, self.world.buyers, lines)
        self.troubles += [f"{monday}: {each}" for each in broken]
        self.weeks.append(self._row(monday, ledger, promised))

    def _plan(self, known: Known) -> tuple[pd.DataFrame, float]:
        """Return plan lines and the CVaR they promise; a night without a plan ships nothing."""
        try:
            plan = self.policy(known)
        except NoUsablePlan as failure:
            self.troubles.append(f"{known.as_of.date()}: no plan, nothing shipped ({failure})")
            return pd.DataFrame(columns=list(LINE_COLUMNS)), np.nan
        if isinstance(plan, pd.DataFrame):
            return plan, np.nan
        return plan.lines, float(plan.summary["cvar"])

    def _row(self, monday: np.datetime64, ledger: WeekLedger, promised: float) -> dict[str, Any]:
        week = {"policy": self.name, "week": pd.Timestamp(monday)}
        factor = {"cost_factor": self.world.cost_factor}
        return {**week, **factor, **ledger.to_dict(), "cvar_promised": promised}

    def ends(self) -> dict[str, float]:
        """Return what is left in regions after the last week, in money and units."""
        world, network = self.world, self.world.network
        end = np.datetime64(self.weeks[-1]["week"], "D") + np.timedelta64(7, "D")
        shape = (len(network.regions), len(network.items))
        mean = world.buyers.mean_by_cell(end, world.refills.trailing_weeks, shape)
        moved = sum(
            week["units_shipped"] - week["units_returned"] - week["served_locally"]
            for week in self.weeks
        )
        return {
            "left_over_value": left_over_value(network, self.state, mean, end),
            "units_unsold": int(world.opening.in_regions(network).sum()) + moved,
        }

    def notes(self) -> list[str]:
        """Say what went wrong on the way, and what was promised against what came."""
        costs = "" if self.world.cost_factor == 1.0 else f" at {self.world.cost_factor:g} x costs"
        notes = []
        if self.troubles:
            more = f", and {len(self.troubles) - 1} more" * (len(self.troubles) > 1)
            notes.append(f"{self.name}{costs}: {self.troubles[0]}{more}")
        promised = [week["cvar_promised"] for week in self.weeks]
        if self.name == "foreship" and not costs and np.isfinite(promised).any():
            spent = sum(week["exits"] for week in self.weeks) / len(self.weeks)
            notes.append(
                f"foreship promised a CVaR of {np.nanmean(promised):,.2f} a week; exits came to "
                f"{spent:,.2f} a week"
            )
        return notes


def _at_costs(factor: float, tables: Tables, config: Config) -> tuple[Tables, Config]:
    """Return tables and config with lane and exit costs times `factor`.

    Parcels, last mile and what an exit recovers stay; a price cut stops at the whole price.
    """
    if factor == 1.0:
        return tables, config
    lanes, exits = tables["lanes"], tables["exits"]
    dearer = {name: lanes[name] * factor for name in ("cost_per_unit", "cost_per_kg")}
    settings = replace(
        config.exits,
        markdown_share=min(1.0, config.exits.markdown_share * factor),
        return_handling=config.exits.return_handling * factor,
        redirect_handling=config.exits.redirect_handling * factor,
    )
    scaled = {"lanes": lanes.assign(**dearer), "exits": exits.assign(cost=exits["cost"] * factor)}
    return {**tables, **scaled}, replace(config, exits=settings)

"""A track: one policy's way through the replayed weeks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np
import pandas as pd

from foreship.judge.account.ending_stock import left_over_value
from foreship.judge.account.week_account import WeekLedger
from foreship.judge.back_and_forth import EarlierMoves
from foreship.judge.buyers import Buyers
from foreship.judge.carried_out.departures import Departures, read_plan
from foreship.judge.carried_out.state import State, opening_state
from foreship.judge.gain.counterfactual import landing_by_week
from foreship.judge.gain.outcome import Terms, come_of
from foreship.judge.gain.own_units import own_units, served_there
from foreship.judge.network.network import Network
from foreship.judge.simulate import Morning, Refills, carry_out, monday_morning
from foreship.pipeline.known import LINE_COLUMNS, Known, Policy, lines_of
from foreship.pipeline.past_moves import moves_of
from foreship.replay.open_promises import OpenPromise
from foreship.replay.policies import on_fresh_paths
from foreship_foundation.actions import ACTIONS, EXITS
from foreship_foundation.arrays import Days
from foreship_foundation.tables.frames import own_copy
from foreship_foundation.telling.words import number
from foreship_optimize.errors import NoUsablePlan
from foreship_optimize.plan import gain_promised

if TYPE_CHECKING:
    from foreship.config import Config
    from foreship.frames.kinds import IntoFrame
    from foreship.pipeline.stages import ForecastResult
    from foreship_optimize.plan import Plan

__all__ = ["Track", "World", "at_costs"]

Tables = Mapping[str, pd.DataFrame]

WEEK = np.timedelta64(7, "D")
LIMITED = ("regions", "hubs", "lanes", "exits")
LIMITS = ("capacity", "receiving_units", "picking_units")
LANE_COSTS = ("cost_per_unit", "cost_per_kg", "vehicle_cost", "line_cost")
PROMISES = (
    "cvar_promised",
    "loss_came",
    "gain_promised",
    "gain_came",
    "cvar_fresh",
    "gain_fresh",
    "short_of_bound",
)


@dataclass(frozen=True)
class World:
    """What all policies of a replay share, at one level of costs."""

    cost_factor: float
    """lane, line and exit costs of the workspace are multiplied by this"""
    tables: Tables
    config: Config
    network: Network
    buyers: Buyers
    refills: Refills
    opening: State
    terms: Terms

    @classmethod
    def unlimited(cls, tables: Tables, config: Config, mondays: Days, seed: int) -> World:
        """Read the tables without limits on storage, lanes, docks, exits, freight, stock value."""
        roomy = {name: _without_limits(tables[name]) for name in LIMITED}
        plan = replace(config.plan, freight_budget=None, stock_value_budget=None)
        config = replace(config, plan=plan)
        return cls.at_costs(1.0, {**tables, **roomy}, config, mondays, seed)

    @classmethod
    def at_costs(
        cls, factor: float, tables: Tables, config: Config, mondays: Days, seed: int
    ) -> World:
        """Read the tables with lane, line and exit costs multiplied by `factor`."""
        tables, config = at_costs(factor, tables, config)
        plan = config.plan
        network = Network.from_tables(
            tables,
            config.exits,
            config.economics,
            plan.review_weeks,
            seed,
            plan.line_handling_cost,
        )
        opening = opening_state(network, tables, mondays[0])
        settings = config.backtest
        return cls(
            cost_factor=factor,
            tables=tables,
            config=config,
            network=network,
            buyers=Buyers.from_orders(tables["orders"], network, mondays[0], seed),
            refills=Refills.like_stock(
                network, opening, settings.hub_cover_weeks, settings.hub_trailing_weeks
            ),
            opening=opening,
            terms=Terms(
                config.plan.review_weeks,
                config.risk.horizon_weeks,
                config.forecast.horizon_weeks,
                end=mondays[-1] + WEEK,
            ),
        )

    def left_over(self, state: State, monday: np.datetime64) -> float:
        """Return what units in regions, and on their way there, are worth that morning."""
        shape = (len(self.network.regions), len(self.network.items))
        mean = self.buyers.mean_by_cell(monday, self.refills.trailing_weeks, shape)
        return left_over_value(self.network, state, mean, monday)


@dataclass
class Track:
    """A policy, where its units are now, and the accounts of its weeks so far."""

    name: str
    policy: Policy
    world: World
    state: State
    weeks: list[dict[str, Any]] = field(default_factory=list)
    """a row a week played: policy, week, cost_factor, the ledger, by order what is left over and
    earned, what was promised and came"""
    troubles: list[str] = field(default_factory=list)
    """limits exceeded and nights without a plan, with their week"""
    waiting: list[OpenPromise] = field(default_factory=list)
    """promises of loss by order whose risk horizon is still to come"""
    sent: list[pd.DataFrame] = field(default_factory=list)
    """lines of its plans of the last `plan.calm_weeks` weeks, where a change of them is charged"""
    earlier: EarlierMoves | None = None
    """what these plans moved, as the judge counts it; None before the first"""

    def stand(
        self,
        state: State,
        weeks: list[dict[str, Any]],
        troubles: list[str],
        waiting: list[OpenPromise],
        sent: list[pd.DataFrame],
        earlier: EarlierMoves | None,
    ) -> None:
        """Stand where another copy of this track stood; what that one keeps stays as it is."""
        self.state, self.troubles, self.waiting = state, [*troubles], [*waiting]
        self.weeks, self.sent = [{**week} for week in weeks], [*sent]
        self.earlier = earlier

    def play(
        self, past: Tables, forecast: Callable[[], ForecastResult], monday: np.datetime64
    ) -> None:
        """Plan on Monday with what was known, then let the week happen."""
        network = self.world.network
        morning = monday_morning(network, self.state, self.world.buyers, self.world.refills, monday)
        priced = {name: self.world.tables[name] for name in ("lanes", "exits", "regions")}
        tables = {**past, **priced, **morning.state.to_tables(network, monday)}
        if self.world.config.plan.change_cost:
            tables["recent"] = moves_of(self.sent)
        # a policy may write into its tables: they are its own
        tables = {name: own_copy(frame) for name, frame in tables.items()}
        known = Known(pd.Timestamp(monday), tables, self.world.config, forecast)
        plan = self._plan(known)
        lines = lines_of(self.name, plan)
        promised = self._promised(plan, known, morning) if _is_plan(plan) else {}
        leaving = read_plan(network, lines, monday)
        self.state, ledger, broken = carry_out(network, morning, self.world.buyers, leaving)
        self._remember(lines)
        self.troubles += [f"{monday}: {each}" for each in broken]
        moved = {"units_back_and_forth": self._moved_back(leaving)}
        self.weeks.append(self._row(monday, ledger, promised) | moved)
        if self.world.buyers.book is not None:
            self._settle(morning, leaving, bool(promised))

    def _moved_back(self, leaving: Departures) -> int:
        """Return units that go back or forth after the last plans (equation 30)."""
        earlier = self.earlier or EarlierMoves(self.world.config.plan.calm_weeks)
        self.earlier, units = earlier.then(self.world.network, leaving)
        return units

    def _remember(self, lines: pd.DataFrame) -> None:
        """Keep what a plan moved as long as taking it back is charged (P35 of docs/program.md)."""
        plan = self.world.config.plan
        if plan.change_cost:
            named = dict.fromkeys(("action", "origin", "destination", "item"), str)
            kept = [*self.sent, lines[list(LINE_COLUMNS)].astype(named)]
            self.sent = kept[-plan.calm_weeks :]

    def _settle(self, morning: Morning, leaving: Departures, promised: bool) -> None:
        """Tell open promises what the week's orders took, and note the loss of those now due."""
        network, weeks = self.world.network, self.world.terms.horizon_weeks
        if promised:
            own = own_units(network, morning, leaving, weeks)
            before = landing_by_week(
                network, morning.state, morning.monday, (own.region, own.item), weeks
            )
            self.waiting.append(OpenPromise.made(len(self.weeks) - 1, own, before))
        served = served_there(network, morning.state, leaving, self.state)
        waiting = [each.after(served) for each in self.waiting]
        for each in waiting:
            if not each.weeks:
                self.weeks[each.row]["loss_came"] = each.loss
        self.waiting = [each for each in waiting if each.weeks]

    def _plan(self, known: Known) -> IntoFrame | Plan:
        """Return the policy's plan; where it finds none, nothing is shipped that week."""
        try:
            return self.policy(known)
        except NoUsablePlan as failure:
            self.troubles.append(f"{known.as_of.date()}: no plan, nothing shipped ({failure})")
            return pd.DataFrame(columns=list(LINE_COLUMNS))

    def _promised(self, plan: Plan, known: Known, morning: Morning) -> dict[str, float]:
        """Return what a plan promises to lose and gain, what came, and its value on fresh paths."""
        world, summary = self.world, plan.summary
        came = come_of(world.network, morning, world.buyers, world.refills, plan.lines, world.terms)
        objective = float(summary.get("objective", np.nan))
        promised = {
            "cvar_promised": float(summary["cvar"]),
            "loss_came": came.loss,
            "gain_promised": gain_promised(summary),
            "gain_came": came.gain,
            "short_of_bound": objective - float(summary.get("bound", 0.0)),
        }
        fit_is_new = len(self.weeks) % world.config.backtest.refit_weeks == 0
        if world.cost_factor == 1.0 and fit_is_new:
            promised |= on_fresh_paths(self.policy, known, plan)
        return promised

    def _row(
        self,
        monday: np.datetime64,
        ledger: WeekLedger,
        promised: Mapping[str, float],
    ) -> dict[str, Any]:
        week = {"policy": self.name, "week": pd.Timestamp(monday)}
        factor = {"cost_factor": self.world.cost_factor}
        stated = {name: promised.get(name, np.nan) for name in PROMISES}
        by_order = self.world.buyers.book is not None
        earned = self._earned(monday, ledger.profit) if by_order else {}
        return {**week, **factor, **ledger.to_dict(), **earned, **stated}

    def _earned(self, monday: np.datetime64, profit: float) -> dict[str, float]:
        """Return what is left on Sunday night, and the week's profit with what that grew by."""
        world, left = self.world, self.world.left_over(self.state, monday + WEEK)
        before = (
            self.weeks[-1]["left_over_value"]
            if self.weeks
            else world.left_over(world.opening, monday)
        )
        return {"left_over_value": left, "earned": profit + left - before}

    def ends(self) -> dict[str, float]:
        """Return what is left in regions after the last week, in money and units."""
        world, network = self.world, self.world.network
        end = np.datetime64(self.weeks[-1]["week"], "D") + WEEK
        sign = {"hub": 1, "region": 0, "": 0}
        moved = sum(
            (sign[each.origin] - sign[each.destination]) * week[each.tally]
            for week in self.weeks
            for each in ACTIONS
        )
        moved -= sum(week["served_locally"] for week in self.weeks)
        return {
            "left_over_value": world.left_over(self.state, end),
            "units_unsold": int(world.opening.in_regions(network).sum()) + moved,
        }

    def notes(self) -> list[str]:
        """Say what went wrong during the replay."""
        if not self.troubles:
            return []
        costs = (
            "" if self.world.cost_factor == 1.0 else f" at {number(self.world.cost_factor)} x costs"
        )
        more = f", and {len(self.troubles) - 1} more" * (len(self.troubles) > 1)
        return [f"{self.name}{costs}: {self.troubles[0]}{more}"]


def _without_limits(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with no limit in any of the columns of limits that it has."""
    return table.assign(**{name: np.inf for name in LIMITS if name in table})


def at_costs(factor: float, tables: Tables, config: Config) -> tuple[Tables, Config]:
    """Return tables and config with lane, line and exit costs times `factor`.

    Parcels, last mile and what an exit recovers stay; a price cut stops at the whole price.
    """
    if factor == 1.0:
        return tables, config
    lanes, exits = tables["lanes"], tables["exits"]
    dearer = {name: lanes[name] * factor for name in LANE_COSTS if name in lanes}
    handling = {
        each.handling: getattr(config.exits, each.handling) for each in EXITS if each.handling
    }
    settings = replace(
        config.exits,
        markdown_share=min(1.0, config.exits.markdown_share * factor),
        **{name: money * factor for name, money in handling.items()},
    )
    scaled = {"lanes": lanes.assign(**dearer), "exits": exits.assign(cost=exits["cost"] * factor)}
    plan = replace(config.plan, line_handling_cost=config.plan.line_handling_cost * factor)
    return {**tables, **scaled}, replace(config, exits=settings, plan=plan)


def _is_plan(answer: IntoFrame | Plan) -> TypeGuard[Plan]:
    """Whether a policy answers with a plan, which promises something, and not with lines alone."""
    return not isinstance(answer, pd.DataFrame) and hasattr(answer, "summary")

"""The policies of a replay: what each would ship on a Monday, given what was known.

A policy is any callable from `Known` to plan lines. The ones of the contract:

    reactive       ships nothing ahead
    seasonal       base stock at the mean of the last four weeks
    base_stock     base stock at the 95 % quantile of the trailing weeks
    newsvendor     every cell alone at its critical ratio, on the forecast
    point          the program, fed the rounded mean of the forecast
    foreship_mean  the program, fed the sample paths, without a risk budget
    foreship       the same with the config's risk budget
    oracle         the program, fed what was then truly ordered
    truth          the program, fed the true law of demand (simulated workspaces only)
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from foreship.config import nearest
from foreship.errors import UsageError
from foreship.pipeline.handoff import demand_scenarios, drawn_demand, mean_path
from foreship.pipeline.known import LINE_COLUMNS, Known, Policy
from foreship.pipeline.stages import optimize_params, plan_stage
from foreship_foundation.orders.tariffs import by_order

if TYPE_CHECKING:
    from foreship.config import Config
    from foreship_optimize.demand import DemandScenarios
    from foreship_optimize.orders.past_orders import BelievedOrders
    from foreship_optimize.plan import Plan

__all__ = [
    "POLICIES",
    "choose_policies",
    "on_fresh_paths",
    "own_name",
    "point_cvar",
]

LONGEST_NAME = 24
"""letters of a policy's name, so that a row of the standings fits a terminal"""
BASKET_COLUMNS = ("date", "region", "item", "quantity", "order_id")
TRUE_WINDOWS = 104
"""periods of true orders: four times the weeks of orders that a plan looks back on"""
WEEK_DAYS = 7
WEEK = np.timedelta64(WEEK_DAYS, "D")


def reactive(known: Known) -> pd.DataFrame:
    """Ship nothing ahead: every buyer is served after the order."""
    return pd.DataFrame(columns=list(LINE_COLUMNS))


def seasonal(known: Known) -> pd.DataFrame:
    """Fill every cell up to its last weeks' mean over lead time and review."""
    from foreship_optimize.rules.base_stock import seasonal_levels, ship_up_to
    from foreship_optimize.tables import complete

    tables = complete(known.tables)
    levels = seasonal_levels(tables, known.tables["orders"], known.as_of)
    return ship_up_to(tables, levels, known.as_of, known.config.plan.review_weeks)


def base_stock(known: Known) -> pd.DataFrame:
    """Fill every cell up to a high quantile of its trailing demand over lead time and review."""
    from foreship_optimize.rules.base_stock import base_stock_levels, ship_up_to
    from foreship_optimize.tables import complete

    tables, review = complete(known.tables), known.config.plan.review_weeks
    orders = known.tables["orders"]
    levels = base_stock_levels(tables, orders, known.as_of, review_weeks=review)
    return ship_up_to(tables, levels, known.as_of, review)


def newsvendor(known: Known) -> pd.DataFrame:
    """Fill every cell by itself up to the forecast's quantile at its critical ratio."""
    from foreship_optimize.rules.base_stock import newsvendor_levels, ship_up_to
    from foreship_optimize.tables import complete

    made, params = known.forecast(), optimize_params(known.config)
    tables = complete(known.tables, params.economics, known.as_of)
    demand = drawn_demand(made.paths)
    levels = newsvendor_levels(tables, demand, known.as_of, params, obsolescence=made.obsolescence)
    return ship_up_to(tables, levels, known.as_of, params.plan.review_weeks)


def foreship(known: Known) -> Plan:
    """Plan as `foreship run` would, with the config's risk budget."""
    made = known.forecast()
    return _plan(known, drawn_demand(made.paths), known.config)


def foreship_mean(known: Known) -> Plan:
    """Plan as `foreship run` would without a risk budget."""
    made = known.forecast()
    return _plan(
        known,
        drawn_demand(made.paths),
        without_budget(known.config),
    )


def point(known: Known) -> Plan:
    """Plan for the mean of the forecast as if it were certain."""
    return _plan(known, certain_path(known), without_budget(known.config))


def point_cvar(known: Known) -> Plan:
    """The same with the config's risk budget: for comparisons, not in `POLICIES`."""
    return _plan(known, certain_path(known), known.config)


def certain_path(known: Known) -> DemandScenarios:
    """Return the forecast's mean as a single path."""
    return mean_path(drawn_demand(known.forecast().paths))


FORECAST_FED = (point, point_cvar, foreship_mean, foreship)


@dataclass(frozen=True)
class Oracle:
    """Plans knowing the weeks to come: the program, given the true orders.

    It sees at most `horizon_weeks`, and no week beyond the data's end; past what it sees the
    program repeats the last weeks, as it does for every policy.
    """

    orders: pd.DataFrame
    """all orders of the workspace, those to come too"""

    def __call__(self, known: Known) -> Plan:
        """Return the plan for the orders that will come."""
        config, weeks = without_budget(known.config), known.config.forecast.horizon_weeks
        baskets = self.baskets(known)
        demand = self.coming(known.as_of, weeks, by_day=baskets is not None)
        return _plan(known, demand, config, baskets)

    def coming(
        self, as_of: pd.Timestamp, horizon_weeks: int, *, by_day: bool = False
    ) -> DemandScenarios:
        """Return the coming orders as a single path, shape (cells, weeks, 1).

        With `by_day` it says on which day each falls; else its weeks are cut as those of any path.
        """
        from foreship_optimize.demand import DemandScenarios

        seen, coming = self._seen(as_of, horizon_weeks)
        start = np.datetime64(as_of, "D")
        day = (coming["date"].to_numpy().astype("datetime64[D]") - start).astype(np.int64)
        cells = coming[["region", "item"]].drop_duplicates().sort_values(["region", "item"])
        at = pd.MultiIndex.from_frame(cells).get_indexer(
            pd.MultiIndex.from_frame(coming[["region", "item"]])
        )
        daily = np.zeros((len(cells), WEEK_DAYS * seen), dtype=np.int64)
        np.add.at(daily, (at, day), coming["quantity"].to_numpy())
        region, item = (cells[name].to_numpy(dtype=object) for name in ("region", "item"))
        if by_day:
            return DemandScenarios.on_days(region, item, start, daily)
        units = daily.reshape(len(cells), seen, WEEK_DAYS).sum(axis=2)[:, :, None]
        return DemandScenarios(region, item, start + np.arange(seen) * WEEK, units.astype(np.int32))

    def baskets(self, known: Known) -> BelievedOrders | None:
        """Return the very orders that come, as far as it sees; None by the unit.

        Columns `date, region, item, quantity, order_id`.
        """
        from foreship_optimize.orders.past_orders import BelievedOrders

        if not by_order(known.tables, known.as_of):
            return None
        _, coming = self._seen(known.as_of, known.config.forecast.horizon_weeks)
        return BelievedOrders(coming[list(BASKET_COLUMNS)].reset_index(drop=True), periods=None)

    def _seen(self, as_of: pd.Timestamp, horizon_weeks: int) -> tuple[int, pd.DataFrame]:
        """Return how many of the coming weeks it sees, and their orders."""
        start = np.datetime64(as_of, "D")
        dates = self.orders["date"].to_numpy().astype("datetime64[D]")
        seen = min(horizon_weeks, int((dates.max() - start) // WEEK) + 1)
        return seen, self.orders[(dates >= start) & (dates < start + seen * WEEK)]


@dataclass(frozen=True)
class Truth:
    """Plans with the true distribution of demand, as far as it could be known that Monday."""

    folder: Path
    """`truth/` of a simulated workspace"""

    def __call__(self, known: Known) -> Plan:
        """Return the plan for paths drawn from the true law."""
        return _plan(known, self.paths(known), known.config, self.baskets(known))

    def paths(self, known: Known, draw: int = 0) -> DemandScenarios:
        """Draw paths of the true distribution; another `draw` gives other paths."""
        from foreship.samples.synthetic.truth import truth_paths

        settings = known.config.forecast
        seed = settings.seed + draw
        horizon, scenarios = settings.horizon_weeks, settings.scenarios
        return demand_scenarios(truth_paths(self.folder, known.as_of, horizon, scenarios, seed))

    def baskets(self, known: Known, draw: int = 0) -> BelievedOrders | None:
        """Draw the orders until the next review `TRUE_WINDOWS` times, each a period of its own.

        Columns `date, region, item, quantity, order_id, period`. None if money is by the unit, or
        where the truth was written before samples had baskets.
        """
        from foreship.samples.synthetic.true_orders import holds_baskets, true_orders
        from foreship_optimize.orders.past_orders import BelievedOrders

        if not by_order(known.tables, known.as_of) or not holds_baskets(self.folder):
            return None
        weeks, seed = known.config.plan.review_weeks, known.config.forecast.seed + draw
        drawn = true_orders(self.folder, known.as_of, TRUE_WINDOWS, weeks, seed)
        return BelievedOrders(drawn, TRUE_WINDOWS)


def on_fresh_paths(policy: Policy, known: Known, plan: Plan) -> dict[str, float]:
    """Return what a plan's lines are worth on new paths from the distribution it believed.

    Nothing for a policy that believes in no law: one that sees what comes, or one of your own.
    """
    from foreship_forecast.counts.sample_paths import PathDraws
    from foreship_optimize.out_of_sample import value_out_of_sample
    from foreship_optimize.plan import gain_promised

    paths = known.forecast().paths
    if isinstance(policy, Truth):
        demand = policy.paths(known, draw=1)
    elif policy in FORECAST_FED and isinstance(paths, PathDraws):
        demand = drawn_demand(replace(paths, seed=paths.seed + 1))
    else:
        return {}
    params, stops = optimize_params(known.config), known.forecast().obsolescence
    look = value_out_of_sample(
        known.tables, demand, known.as_of, params, plan.lines,
        obsolescence=stops, order_credits=plan.order_credits, ahead=plan.ahead,
    )  # fmt: skip
    # by the order lines earn less together than one by one: as much less as on the plan's own paths
    counted_twice = -float(plan.summary["objective"]) - gain_promised(plan.summary)
    return {"cvar_fresh": look.cvar, "gain_fresh": -look.objective - counted_twice}


def without_budget(config: Config) -> Config:
    """Return the config without a limit on CVaR."""
    return replace(config, risk=replace(config.risk, budget=None))


def _plan(
    known: Known,
    demand: DemandScenarios,
    config: Config,
    baskets: BelievedOrders | None = None,
) -> Plan:
    """Solve the program on what is known; every policy that uses it goes through here.

    `baskets` are believed in the place of past orders (`plan_stage`).
    """
    return plan_stage(
        known.tables,
        demand,
        known.as_of,
        config,
        obsolescence=known.forecast().obsolescence,
        baskets=baskets,
    )


POLICIES = (
    "reactive",
    "seasonal",
    "base_stock",
    "newsvendor",
    "point",
    "foreship_mean",
    "foreship",
    "oracle",
    "truth",
)


def choose_policies(
    wanted: Iterable[str | Policy] | Mapping[str, Policy] | None,
    folder: Path,
    orders: pd.DataFrame,
) -> dict[str, Policy]:
    """Return the policies named, in that order.

    Parameters
    ----------
    wanted
        Names of `POLICIES` or callables of one's own, in a mapping under the names they shall
        have, else under those of `own_name`; absent: every named policy that the workspace can run
        (`truth` needs its `truth/` folder).
    folder
        The workspace's folder.
    orders
        All orders, for the oracle.

    Raises
    ------
    UsageError
        For a name that is no policy, `truth` where there is none, no policy at all, or one of
        one's own that shall have the name of another.
    """
    known: dict[str, Policy] = {
        "reactive": reactive,
        "seasonal": seasonal,
        "base_stock": base_stock,
        "newsvendor": newsvendor,
        "point": point,
        "foreship_mean": foreship_mean,
        "foreship": foreship,
        "oracle": Oracle(orders),
    }
    if (folder / "truth").is_dir():
        known["truth"] = Truth(folder / "truth")
    if wanted is None:
        return known
    if isinstance(wanted, str):
        raise UsageError(f"policies={wanted!r}: give a list of policies, as [{wanted!r}]")
    if isinstance(wanted, Mapping):
        chosen = _under_their_names(wanted, known)
    else:
        chosen = {}
        for each in wanted:
            if not (isinstance(each, str) or callable(each)):
                raise UsageError(f"policy {each!r} is no function of what is known on a Monday")
            name, policy = _named(each, known, folder) if isinstance(each, str) else ("", each)
            if not any(policy is other for other in chosen.values()):
                chosen[name or _free_name(policy, known, chosen)] = policy
    if not chosen:
        raise UsageError(f"no policy is named; {nearest('', known)}")
    return chosen


def _named(name: str, known: Mapping[str, Policy], folder: Path) -> tuple[str, Policy]:
    """Return one of `POLICIES` with its name."""
    if name in known:
        return name, known[name]
    if name in POLICIES:
        raise UsageError(f"policy {name}: {folder} holds no truth/, it is not a simulated one")
    raise UsageError(f"no policy named {name!r}; {nearest(name, known)}")


def _under_their_names(
    wanted: Mapping[str, Policy], known: Mapping[str, Policy]
) -> dict[str, Policy]:
    """Return policies of one's own under the names given to them."""
    for name, policy in wanted.items():
        if not callable(policy):
            raise UsageError(f"policy {name!r} is no function of what is known on a Monday")
        if name in POLICIES and policy is not known.get(name):
            raise UsageError(f"policy {name!r}: that is a policy of foreship; name yours otherwise")
    return dict(wanted)


def _free_name(policy: Policy, known: Mapping[str, Policy], taken: Container[str]) -> str:
    """Return a name that no other policy of the replay has."""
    name = own_name(policy)
    if name in POLICIES and policy is not known.get(name):
        name = f"own {name}"
    others = (f"{name} {number}" for number in count(2))
    return next(each for each in chain([name], others) if each not in taken)


def own_name(policy: object) -> str:
    """Return what a callable is called: a function by its name, a partial with what it holds.

    Anything else by its class; shortened to `LONGEST_NAME` letters.
    """
    name = getattr(policy, "__name__", type(policy).__name__)
    if isinstance(policy, partial):
        held = [_shown(each) for each in policy.args]
        held += [f"{key}={_shown(each)}" for key, each in policy.keywords.items()]
        name = f"{own_name(policy.func)}({', '.join(held)})"
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 2]}.."


def _shown(held: object) -> str:
    plain = held is None or isinstance(held, (str, int, float, tuple))
    return str(held) if plain else type(held).__name__

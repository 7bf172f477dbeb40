"""Where the forecast loses money to the true law: paths of both, mixed in one respect at a time.

    foreship               the forecast's paths
    stops_known            the same, without the cells that truly had stopped by that Monday
    true_marginals         the true counts of each cell and week, in the order of the forecast
    true_dependence        the forecast's counts, in the order of the true paths
    true_few_buyers        the true paths where a cell has too few buyers to be described itself
    true_young             the true paths of cells that first sold under half a year ago
    true_slow              the true paths of cells with under 6 units in the last half year
    true_fast              the true paths of the others
    true_of_its_cells      the true paths of all cells that the forecast knows
    truth                  the true paths of all cells

Simulated workspaces only. Every policy is the same program; `share` says how far each gets from
`reactive` to `truth`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

import foreship
from benchmarks.results import append, today, versions
from foreship.judge.gain.gap_closed import gap_closed
from foreship.pipeline.handoff import demand_scenarios
from foreship.pipeline.known import Known
from foreship.pipeline.stages import plan_stage
from foreship.replay.backtest import backtest
from foreship.replay.policies import Truth
from foreship_foundation.intervals import sum_over_weeks
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.plan import Plan

__all__ = ["MIXES", "Mix", "attainable", "in_order_of", "lost_share", "mixes"]

RESULTS = Path(__file__).parent / "results_lost_share.csv"

Units = npt.NDArray[np.int64]
Cells = npt.NDArray[np.bool_]

HALF_A_YEAR = pd.Timedelta(weeks=26)
SLOW = 6.0
"""units over half a year: below, a cell sells less than about one a month"""


class Mix:
    """A policy: the program on paths mixed from the forecast's and the true law's."""

    def __init__(self, name: str, truth: Truth, mix: Callable[..., Units]) -> None:
        self.__name__ = name
        self._truth, self._mix = truth, mix

    def __call__(self, known: Known) -> Plan:
        """Return the plan for the mixed paths."""
        said = demand_scenarios(known.forecast().paths.whole())
        true = on_cells_of(said, self._truth.paths(known))
        demand = replace(said, paths=self._mix(said, true, known).astype(said.units.dtype))
        return plan_stage(
            known.tables,
            demand,
            known.as_of,
            known.config,
            obsolescence=known.forecast().obsolescence,
        )


def on_cells_of(said: DemandScenarios, true: DemandScenarios) -> Units:
    """Return the true paths of the forecast's cells, 0 where the truth knows none."""
    cells = pd.MultiIndex.from_arrays([true.region, true.item])
    at = cells.get_indexer(pd.MultiIndex.from_arrays([said.region, said.item]))
    found: Units = np.where(at[:, None, None] < 0, 0, true.units[at])
    return found


def in_order_of(counts: Units, order: Units) -> Units:
    """Return the counts of each cell and week, rearranged to rank over paths as `order` does."""
    place = np.argsort(np.argsort(order, axis=2, kind="stable"), axis=2, kind="stable")
    return np.take_along_axis(np.sort(counts, axis=2), place, axis=2)


def true_where(chosen: Callable[[DemandScenarios, Known], Cells]) -> Callable[..., Units]:
    """Return a mix that takes the true paths in the chosen cells."""
    return lambda said, true, known: np.where(chosen(said, known)[:, None, None], true, said.units)


def _stops_known(said: DemandScenarios, true: Units, known: Known) -> Units:
    return np.where(true.any(axis=(1, 2))[:, None, None], said.units, 0)


def _few_buyers(said: DemandScenarios, known: Known) -> Cells:
    buyers = known.tables["buyers"]
    counted = buyers[buyers["week"] < known.as_of].groupby(["region", "item"])["customers"].sum()
    return _of_cells(said, counted) < known.config.privacy.min_customers


def _young(said: DemandScenarios, known: Known) -> Cells:
    first = known.tables["orders"].groupby(["region", "item"])["date"].min()
    recent = (first > known.as_of - HALF_A_YEAR).astype(np.float64)
    return _of_cells(said, recent, never=1.0) > 0


def _slow(said: DemandScenarios, known: Known) -> Cells:
    orders = known.tables["orders"]
    recent = orders[orders["date"] >= known.as_of - HALF_A_YEAR]
    return _of_cells(said, recent.groupby(["region", "item"])["quantity"].sum()) < SLOW


def _of_cells(
    said: DemandScenarios, values: pd.Series[float], never: float = 0.0
) -> npt.NDArray[np.float64]:
    cells = pd.MultiIndex.from_arrays([said.region, said.item])
    return values.reindex(cells).fillna(never).to_numpy(np.float64)


MIXES: dict[str, Callable[..., Units]] = {
    "stops_known": _stops_known,
    "true_marginals": lambda said, true, known: in_order_of(true, said.units),
    "true_dependence": lambda said, true, known: in_order_of(said.units, true),
    "true_few_buyers": true_where(_few_buyers),
    "true_young": true_where(_young),
    "true_slow": true_where(_slow),
    "true_fast": true_where(lambda said, known: ~_slow(said, known)),
    "true_of_its_cells": lambda said, true, known: true,
}


def mixes(folder: Path) -> list[Mix]:
    """Return every mix as a policy of the simulated workspace in `folder`."""
    return [Mix(name, Truth(folder / "truth"), mix) for name, mix in MIXES.items()]


def attainable(weekly: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return for each policy how far it gets from `reactive` to `truth`, with its 95 % interval.

    share_of_attainable = (profit - reactive) / (truth - reactive), each summed over weeks; where
    money is by the order also attainable_earned, the same of what was earned (equation 24 of
    docs/replay.md). Empty where `truth` was not replayed.
    """
    if not {"reactive", "truth"} <= set(weekly["policy"]):
        return {}
    found = _shares(weekly, "profit", ("share_of_attainable", "share_low", "share_high"))
    if "earned" in weekly:
        names = ("attainable_earned", "attainable_earned_low", "attainable_earned_high")
        for policy, shares in _shares(weekly, "earned", names).items():
            found[policy] |= shares
    return found


def _shares(
    weekly: pd.DataFrame, money: str, names: tuple[str, str, str]
) -> dict[str, dict[str, float]]:
    """Return the share of the way from `reactive` to `truth` in a column of money, under names."""
    by_policy = weekly.pivot_table(index="week", columns="policy", values=money)
    low, high = (by_policy[name].to_numpy() for name in ("reactive", "truth"))
    found = {}
    for policy in by_policy.columns:
        share = gap_closed(by_policy[policy].to_numpy(), low, high)
        ends = (share.value, share.low, share.high)
        found[str(policy)] = {name: round(end, 4) for name, end in zip(names, ends, strict=True)}
    return found


def lost_share(folder: Path, weeks: int, seed: int, about: dict[str, Any]) -> str:
    """Replay every mix, keep what came of it in results_lost_share.csv, and tell it."""
    started = time.process_time()
    result = backtest(
        foreship.open(folder),
        weeks=weeks,
        policies=["reactive", "foreship", *mixes(folder), "truth", "oracle"],
        seed=seed,
        tell=print,
    )
    table = over_foreship(result.weekly)
    facts = {
        "date": today(),
        **about,
        "seed": seed,
        "weeks": weeks,
        "first_week": result.weekly["week"].min().date().isoformat(),
        "cpu_seconds": round(time.process_time() - started, 1),
    }
    append(RESULTS, [facts | row | versions() for row in table.round(4).to_dict("records")])
    return table.to_string(index=False, float_format=lambda number: f"{number:,.3f}")


def over_foreship(weekly: pd.DataFrame) -> pd.DataFrame:
    """Return for each policy its share of the attainable and what it earned over `foreship`."""
    profit = weekly.pivot_table(index="week", columns="policy", values="profit", sort=False)
    profit = profit.sort_index()
    shares = attainable(weekly)
    rows = []
    for policy in profit.columns:
        over = sum_over_weeks((profit[policy] - profit["foreship"]).to_numpy())
        mine = weekly[weekly["policy"] == policy]
        rows.append(
            {
                "policy": policy,
                "profit": float(profit[policy].sum()),
                **shares[str(policy)],
                "over_foreship": over.value,
                "over_low": over.low,
                "over_high": over.high,
                "units_shipped": int(mine["units_shipped"].sum()),
                "served_locally": int(mine["served_locally"].sum()),
            }
        )
    return pd.DataFrame(rows)

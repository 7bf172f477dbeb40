"""Judge the values of units in a season with a known last week, against dynamic programming.

`python -m benchmarks.value.seasons` sells one item in one region for 20 weeks: demand rises and
falls (mean m (1 + .8 sin)), and after the last week every unit left leaves by its exit. The hub
never runs dry, lanes take no time. The optimum is the backward recursion over (week, on hand).
Against it stands what a planner would send who each Monday assembles the problem on 2,000 sample
paths of the next 8 weeks, or of all that are left, and sends every unit worth more than its lane;
its profit is computed forwards, exactly, over all states it can reach.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.results import append, today, versions
from benchmarks.value.__main__ import LAWS, MONEY
from benchmarks.value.single_cell import weekly_law
from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.params import EconomicsParams, ExitParams, OptimizeParams
from foreship_optimize.valuation.assembly import assemble

RESULTS = Path(__file__).parent / "results_seasons.csv"
WEEKS, PATHS = 20, 2_000
HORIZONS = (8, 20)
"""weeks of demand that the planner foresees"""
MEANS = (0.3, 1.0, 4.0)
MONDAY = pd.Timestamp("2026-01-05")
PARAMS = OptimizeParams(
    economics=EconomicsParams(obsolescence_per_year=0.0, lost_sale_share=0.0),
    exits=ExitParams(allowed=("give_away",), recovery_share=0.0),
)


def main() -> None:
    """Judge every case and keep it."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    rows = list(_judged())
    append(RESULTS, rows)
    table = pd.DataFrame(rows)
    shown = table.pivot_table("loss", ["law", "mean", "money"], "horizon_weeks", sort=False)
    print(shown.to_string(float_format=lambda value: f"{value:.4f}"))


def _judged() -> Iterator[dict[str, Any]]:
    cases = itertools.product(HORIZONS, LAWS, MEANS, MONEY.items())
    for horizon, (kind, size), mean, (name, money) in cases:
        started = time.process_time()
        laws = [weekly_law("poisson" if kind == "poisson" else "nb", each, size)
                for each in season(mean)]  # fmt: skip
        most = max(len(law) for law in laws) + 2
        best, levels = optimum(laws, money, most)
        orders = planned(laws, money, int(levels.max()) + 3, horizon)
        profit = earned(laws, money, orders, most)
        yield {
            "date": today(), "horizon_weeks": horizon, "law": kind, "mean": mean,
            "money": name, "best": round(best, 4), "profit": round(profit, 4),
            "loss": round((best - profit) / best, 5) if best > 1e-6 else round(-profit, 5),
            "cpu_seconds": round(time.process_time() - started, 1), **versions(("numpy",)),
        }  # fmt: skip


def season(mean: float) -> Floats:
    """Return the mean of each week, shape (WEEKS,)."""
    return mean * (1.0 + 0.8 * np.sin(2.0 * np.pi * (np.arange(WEEKS) - 3.0) / WEEKS))


def optimum(laws: list[Floats], money: tuple[float, ...], most: int) -> tuple[float, Ints]:
    """Return the profit of the best policy from nothing, and its level of each week."""
    benefit, cost, holding, exit_cost = money
    value = -exit_cost * np.arange(most + 1)
    levels = np.zeros(WEEKS, dtype=np.int64)
    for week in reversed(range(WEEKS)):
        stocked = _after(laws[week], most) @ value + _week(laws[week], benefit, holding, most)
        net = stocked - cost * np.arange(most + 1)
        levels[week] = int(net.argmax())
        # from x the best is the highest net value at x or above
        value = np.maximum.accumulate(net[::-1])[::-1] + cost * np.arange(most + 1)
    return float(value[0]), levels


def _week(law: Floats, benefit: float, holding: float, most: int) -> Floats:
    """Expected sales less holding of a week begun with each stock, shape (most + 1,)."""
    stock = np.arange(most + 1)
    left = _after(law, most) @ stock
    return np.asarray(benefit * (stock - left) - holding * left)


def _after(law: Floats, most: int) -> Floats:
    """P(stock y after a week | stock x before), shape (most + 1, most + 1)."""
    demand = np.arange(len(law))
    table = np.zeros((most + 1, most + 1))
    for stock in range(most + 1):
        np.add.at(table[stock], np.maximum(stock - demand, 0), law)
    return table


def earned(laws: list[Floats], money: tuple[float, ...], orders: Ints, most: int) -> float:
    """Return the profit of a policy's orders (week, on hand), from nothing, exactly."""
    benefit, cost, holding, exit_cost = money
    share, profit = np.zeros(most + 1), 0.0
    share[0] = 1.0
    for week in range(WEEKS):
        sent = orders[week, np.minimum(np.arange(most + 1), orders.shape[1] - 1)]
        profit -= cost * float(share @ sent)
        stocked = np.zeros(most + 1)
        np.add.at(stocked, np.minimum(np.arange(most + 1) + sent, most), share)
        profit += float(stocked @ _week(laws[week], benefit, holding, most))
        share = stocked @ _after(laws[week], most)
    return profit - exit_cost * float(share @ np.arange(most + 1))


def planned(laws: list[Floats], money: tuple[float, ...], most: int, horizon: int) -> Ints:
    """Return what is sent each week with each stock on hand, shape (WEEKS, most + 1)."""
    orders = np.zeros((WEEKS, most + 1), dtype=np.int64)
    for week in range(WEEKS):
        demand = _paths(laws, week, horizon)
        for stock in range(most + 1):
            orders[week, stock] = _sent(demand, money, week, stock)
            if orders[week, stock] == 0:
                break  # with more on hand no more is sent
    return orders


def _paths(laws: list[Floats], week: int, horizon: int) -> DemandScenarios:
    """Draw the weeks from `week` on; after the last one nobody asks."""
    rng = np.random.default_rng([week, len(laws[0])])
    units = np.zeros((1, horizon, PATHS), dtype=np.int64)
    for ahead in range(min(horizon, WEEKS - week)):
        law = laws[week + ahead]
        units[0, ahead] = rng.choice(len(law), PATHS, p=law)
    days = (MONDAY + pd.Timedelta(weeks=week)).to_datetime64().astype("datetime64[D]")
    names = np.array(["R"], dtype=object), np.array(["I"], dtype=object)
    return DemandScenarios(*names, days + 7 * np.arange(horizon), units)


def _sent(demand: DemandScenarios, money: tuple[float, ...], week: int, stock: int) -> int:
    """Return the units worth more than their lane."""
    cost = money[1]
    monday = MONDAY + pd.Timedelta(weeks=week)
    units = assemble(_tables(money, stock), demand, monday, PARAMS).units
    return int((units.value[~units.on_hand] > cost + 1e-9).sum())


def _tables(money: tuple[float, ...], stock: int) -> dict[str, pd.DataFrame]:
    """One hub, one region, one item; a parcel saves b, a gift costs e."""
    benefit, cost, holding, exit_cost = money
    last = MONDAY + pd.Timedelta(weeks=WEEKS) - pd.Timedelta(days=1)
    lying = [("H", 10_000)] + [("R", stock)] * (stock > 0)
    return {
        "items": pd.DataFrame(
            {"item": ["I"], "price": [2.0 * exit_cost], "unit_cost": [exit_cost],
             "holding_cost_per_week": [holding]}
        ),
        "regions": pd.DataFrame({"region": ["R"]}),
        "hubs": pd.DataFrame({"hub": ["H"]}),
        "lanes": pd.DataFrame(
            {"origin": ["H"], "destination": ["R"], "cost_per_unit": [cost],
             "lead_time_days": [0], "direct_cost": [benefit]}
        ),
        "stock": pd.DataFrame(
            {"location": [place for place, _ in lying], "item": ["I"] * len(lying),
             "quantity": [units for _, units in lying]}
        ),
        "assortment": pd.DataFrame({"region": ["R"], "item": ["I"], "to": [last]}),
    }  # fmt: skip


if __name__ == "__main__":
    main()

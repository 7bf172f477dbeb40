"""A peak that is known, behind lanes that carry less: what foreship builds up before it is worth.

`python -m benchmarks.money.pre_build --cases 30 --draws 40` plans every case anew each Monday, by
foreship on sample paths of the true law and by a multi-week linear program that knows this law, on
the same draws of what is bought, and appends a row a case to results_pre_build.csv.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import coo_array
from scipy.stats import poisson

from benchmarks.results import append, today, versions
from foreship_optimize import DemandScenarios, OptimizeParams, make_plan
from foreship_optimize.params import EconomicsParams, ExitParams

__all__ = ["Case", "draw_case", "issue_case", "most_served", "profit_of"]

RESULTS = Path(__file__).parent / "results_pre_build.csv"
MONDAY = pd.Timestamp("2026-11-30")
AHEAD, PATHS = 4, 200
"""weeks that are planned for behind those that are played; sample paths of a plan"""
PRICE, UNIT_COST, FREIGHT, HOLDING = 12.0, 4.0, 1.0, 0.1
PLENTY = 100_000
PACKAGES = ("numpy", "scipy", "pulp", "highspy")

Floats = npt.NDArray[np.float64]
Units = npt.NDArray[np.int64]
Planner = Callable[["Case", Units, int], Units]


@dataclass(frozen=True)
class Case:
    """Mean demand of every cell and week, and what each region's lane carries a week."""

    mean: Floats
    """shape (regions, items, weeks)"""
    room: Floats
    """units, shape (regions,)"""
    certain: bool = False
    """whether exactly the mean is bought"""

    def ahead(self, week: int) -> Floats:
        """Mean demand from a week on, the weeks behind the last like the first."""
        usual = np.repeat(self.mean[:, :, :1], AHEAD, axis=2)
        return np.concatenate([self.mean[:, :, week:], usual], axis=2)

    def drawn(self, seed: list[int]) -> Units:
        """What is bought in the weeks that are played."""
        if self.certain:
            return self.mean.astype(np.int64)
        return np.random.default_rng(seed).poisson(self.mean)


def main() -> None:
    """Play every case and keep what it earned."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=30)
    parser.add_argument("--first", type=int, default=0, help="case to begin with")
    parser.add_argument("--draws", type=int, default=40)
    options = parser.parse_args()
    for number in range(options.first, options.first + options.cases):
        case = issue_case() if number == 0 else draw_case(number)
        draws = 1 if case.certain else options.draws
        started = time.process_time()
        bought = [case.drawn([number, draw]) for draw in range(draws)]
        ours = [profit_of(case, each, foreship_plan(number)) for each in bought]
        theirs = [profit_of(case, each, by_linear_program) for each in bought]
        blind = [profit_of(case, each, foreship_plan(number, weeks_ahead=0)) for each in bought]
        row = {
            "date": today(),
            "case": number,
            "regions": case.mean.shape[0],
            "items": case.mean.shape[1],
            "weeks": case.mean.shape[2],
            "draws": draws,
            "profit": round(float(np.mean([each.profit for each in ours])), 3),
            "profit_of_program": round(float(np.mean([each.profit for each in theirs])), 3),
            "profit_without_weeks_ahead": round(float(np.mean([each.profit for each in blind])), 3),
            "served": sum(each.served for each in ours),
            "served_by_program": sum(each.served for each in theirs),
            "feasible": sum(most_served(case, each) for each in bought),
            "cpu_seconds": round(time.process_time() - started, 1),
            **versions(PACKAGES),
        }
        append(RESULTS, [row])
        share = row["profit"] / row["profit_of_program"]
        print(f"case {number}: {share:.2%} of the program's profit {row}", flush=True)


def issue_case() -> Case:
    """One cell, six a week, and a peak of twenty in the sixth week, all known."""
    return Case(np.array([[[3.0, 3.0, 3.0, 3.0, 2.0, 20.0]]]), np.array([6.0]), certain=True)


def draw_case(seed: int) -> Case:
    """Draw one to three regions and items, a peak week, and lanes that carry 6 to 12 a week."""
    draw = np.random.default_rng([seed, 2028])
    regions, items, weeks = draw.integers(1, 4), draw.integers(1, 4), 7
    room = draw.integers(6, 13, regions).astype(float)
    usual = draw.dirichlet(np.full(items, 3.0), regions) * room[:, None] * draw.uniform(0.4, 0.7)
    mean = np.repeat(usual[:, :, None], weeks, axis=2)
    mean[:, :, int(draw.integers(3, weeks))] *= draw.uniform(2.5, 5.0)
    return Case(mean, room)


@dataclass(frozen=True)
class Played:
    """What came of a case."""

    profit: float
    served: int


def profit_of(case: Case, bought: Units, plan: Planner) -> Played:
    """Play the weeks: send, sell, hold; what is left is worth its freight."""
    there = np.zeros(case.mean.shape[:2], dtype=np.int64)
    profit, served = 0.0, 0
    for week in range(case.mean.shape[2]):
        sent = plan(case, there, week)
        assert (sent.sum(axis=1) <= case.room + 1e-9).all()
        sold = np.minimum(there + sent, bought[:, :, week])
        there = there + sent - sold
        served += int(sold.sum())
        profit += (PRICE - UNIT_COST) * sold.sum() - FREIGHT * sent.sum() - HOLDING * there.sum()
    return Played(float(profit + FREIGHT * there.sum()), served)


def most_served(case: Case, bought: Units) -> int:
    """Most units that any plan could have served: who knew all would build up in time."""
    total = 0.0
    for region, room in enumerate(case.room):
        wanted = bought[region].sum(axis=0).cumsum()
        come = room * np.arange(1, len(wanted) + 1)
        beyond = np.maximum(wanted - come, 0.0)
        total += wanted[-1] - beyond.max()
    return int(total)


# foreship


def foreship_plan(number: int, weeks_ahead: int | None = None) -> Planner:
    """Plan each Monday as a run does, on sample paths of the true law."""
    params = OptimizeParams(
        economics=EconomicsParams(obsolescence_per_year=0.0, lost_sale_share=1.0),
        exits=ExitParams(allowed=()),
    )
    params = replace(params, plan=replace(params.plan, weeks_ahead=weeks_ahead))

    def planned(case: Case, there: Units, week: int) -> Units:
        made = make_plan(_tables(case, there), _paths(case, number, week), MONDAY, params)
        sent = np.zeros_like(there)
        for line in made.lines.itertuples():
            sent[int(line.destination[1:]), int(line.item[1:])] += line.quantity
        return sent

    return planned


def _paths(case: Case, number: int, week: int) -> DemandScenarios:
    mean = case.ahead(week)
    regions, items, weeks = mean.shape
    draw = np.random.default_rng([number, week, 7])
    shape = (regions, items, weeks, 1 if case.certain else PATHS)
    if case.certain:
        units = np.broadcast_to(mean[..., None], shape).astype(np.int32)
    else:
        units = draw.poisson(mean[..., None], shape).astype(np.int32)
    return DemandScenarios(
        np.repeat(np.array([f"R{at}" for at in range(regions)], dtype=object), items),
        np.tile(np.array([f"I{at}" for at in range(items)], dtype=object), regions),
        np.datetime64(MONDAY, "D") + 7 * np.arange(weeks),
        units.reshape(regions * items, weeks, -1),
    )


def _tables(case: Case, there: Units) -> dict[str, pd.DataFrame]:
    regions = [f"R{at}" for at in range(len(case.room))]
    items = [f"I{at}" for at in range(there.shape[1])]
    lies = [(regions[r], items[i], int(there[r, i])) for r, i in zip(*there.nonzero(), strict=True)]
    stock = [("H", item, PLENTY) for item in items] + lies
    return {
        "items": pd.DataFrame(
            {
                "item": items,
                "price": PRICE,
                "unit_cost": UNIT_COST,
                "holding_cost_per_week": HOLDING,
                "lost_sale_share": 1.0,
            }
        ),
        "regions": pd.DataFrame({"region": regions}),
        "hubs": pd.DataFrame({"hub": ["H"]}),
        "lanes": pd.DataFrame(
            {
                "origin": "H",
                "destination": regions,
                "cost_per_unit": FREIGHT,
                "lead_time_days": 0,
                "capacity": case.room,
                "direct_cost": FREIGHT,
            }
        ),
        "stock": pd.DataFrame(stock, columns=["location", "item", "quantity"]),
    }


# the program that knows the law


def by_linear_program(case: Case, there: Units, week: int) -> Units:
    """Send what a program over all weeks to come sends first, on expected stock and true chances.

    Columns: whether the k-th unit lies in a cell in a week, and units sent. What is there in a week
    is what stays of the week before, and what comes.
    """
    mean = case.ahead(week)
    sent = np.zeros_like(there)
    for region in range(len(case.room)):
        sent[region] = _first_week(mean[region], there[region], case, region)
    return sent


def _first_week(mean: Floats, there: Units, case: Case, region: int) -> Units:
    items, weeks = mean.shape
    ranks = int(there.max(initial=0) + poisson.ppf(0.9999, mean.max()) + case.room[region])
    rank = np.arange(1, ranks + 1)
    if case.certain:
        chance = (rank <= mean[:, :, None]).astype(float)
    else:
        chance = poisson.sf(rank - 1, mean[:, :, None])
    # lies: (items, weeks, ranks), sends: (items, weeks)
    lies = np.arange(items * weeks * ranks).reshape(items, weeks, ranks)
    sends = lies.size + np.arange(items * weeks).reshape(items, weeks)
    gain = chance * (PRICE - UNIT_COST) - (1.0 - chance) * HOLDING
    gain[:, -1] += (1.0 - chance[:, -1]) * FREIGHT
    cost = np.concatenate([-gain.ravel(), np.full(sends.size, FREIGHT)])
    entries, right = [], []
    for item in range(items):
        for at in range(weeks):
            row = len(right)
            entries += [(row, column, 1.0) for column in lies[item, at]]
            entries.append((row, sends[item, at], -1.0))
            if at:
                stays = zip(lies[item, at - 1], 1.0 - chance[item, at - 1], strict=True)
                entries += [(row, column, -share) for column, share in stays]
            right.append(float(there[item]) if at == 0 else 0.0)
    row, column, value = zip(*entries, strict=True)
    equal = coo_array((value, (row, column)), shape=(len(right), len(cost))).tocsr()
    limit = coo_array(
        (np.ones(sends.size), (np.tile(np.arange(weeks), items), sends.ravel())),
        shape=(weeks, len(cost)),
    ).tocsr()
    most = np.concatenate([np.ones(lies.size), np.full(sends.size, np.inf)])
    found = linprog(
        cost, A_eq=equal, b_eq=right, A_ub=limit, b_ub=np.full(weeks, case.room[region]),
        bounds=np.stack([np.zeros(len(most)), most], axis=1),
    )  # fmt: skip
    assert found.status == 0, found.message
    return _whole(found.x[sends[:, 0]], case.room[region])


def _whole(units: Floats, room: float) -> Units:
    """Round to whole units, those nearest to the next one first, as far as there is room."""
    whole = np.floor(units + 1e-6).astype(np.int64)
    for item in np.argsort(whole - units, kind="stable"):
        if units[item] - whole[item] >= 0.5 and whole.sum() + 1 <= room:
            whole[item] += 1
    return whole


if __name__ == "__main__":
    main()

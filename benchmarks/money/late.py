"""Late supply: whether arrivals fall on the days that plans tell, and what knowing the law earns.

`python -m benchmarks.money.late --coverage` holds the days between which departures are told to
arrive (`arrival_from`, `arrival_to`) against the judge's draws, for leads of 2 to 9 days with a
standard deviation of 2. `python -m benchmarks.money.late --seeds 1 2 3` replays the synthetic
sample with such lanes, by plans that are told the law, that learn it from what came, and that know
of none. Rows go to results_late.csv.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

import foreship
from benchmarks.results import append, today, versions
from foreship.judge.draws import hashes
from foreship.judge.transport.lateness import Roads, days_on_the_way
from foreship.pipeline.known import Known
from foreship.replay.policies import foreship as planned
from foreship_optimize import DemandScenarios, OptimizeParams, make_plan
from foreship_optimize.plan import Plan

__all__ = ["coverage", "learned", "not_known", "runs_late"]

RESULTS = Path(__file__).parent / "results_late.csv"
LEADS, SD = np.arange(2, 10), 2.0
MONDAY = pd.Timestamp("2026-11-30")


def main() -> None:
    """Measure coverage, or money of every seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--coverage", action="store_true")
    parser.add_argument("--mondays", type=int, default=20_000, help="of drawn arrivals")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--size", default="tiny")
    parser.add_argument("--weeks", type=int, default=8)
    options = parser.parse_args()
    if options.coverage:
        found = coverage(options.mondays)
        rows = [
            {"policy": "coverage", "lead": lead, "share": share} for lead, share in found.items()
        ]
        append(
            RESULTS,
            [{"date": today(), "weeks": options.mondays} | row | versions() for row in rows],
        )
        print(
            {lead: round(share, 4) for lead, share in found.items()}, np.mean(list(found.values()))
        )
        return
    for seed in options.seeds:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "workspace"
            foreship.sample(folder, source="synthetic", size=options.size, seed=seed)
            runs_late(folder)
            started = time.process_time()
            weekly = foreship.backtest(
                foreship.open(folder), weeks=options.weeks,
                policies=["foreship", learned, not_known],
            ).weekly  # fmt: skip
        spent = round(time.process_time() - started, 1)
        about = {"date": today(), "size": options.size, "seed": seed, "weeks": options.weeks}
        profit = weekly.groupby("policy")["profit"].sum()
        append(
            RESULTS,
            [
                about
                | {"policy": name, "profit": round(money, 2), "cpu_seconds": spent}
                | versions()
                for name, money in profit.items()
            ],
        )
        print(f"seed {seed}: {profit.round(1).to_dict()}", flush=True)


def coverage(mondays: int) -> dict[int, float]:
    """Share of the judge's arrivals between the days that a plan tells, by lead time."""
    regions = [f"R{lead}" for lead in LEADS]
    told = _plan(regions).departures.set_index("destination")
    places = hashes(np.array(["H", *regions], dtype=object))
    found = {}
    for place, (region, lead) in enumerate(zip(regions, LEADS.tolist(), strict=True), start=1):
        ships = np.datetime64(MONDAY, "D") + 7 * np.arange(mondays)
        origin, ends = np.zeros(mondays, dtype=np.int64), np.full(mondays, place)
        leads = np.full(mondays, lead)
        drawn = Roads(1, places).drawn(ships, origin, ends, leads, 0 * ends)
        days = days_on_the_way(leads, np.full(mondays, SD), drawn)
        first, last = (
            (told.loc[region, name] - MONDAY).days for name in ("arrival_from", "arrival_to")
        )
        found[lead] = float(((first <= days) & (days <= last)).mean())
    return found


def _plan(regions: list[str]) -> Plan:
    """Plan one item that every region buys daily, over a late lane to each."""
    tables = {
        "items": pd.DataFrame({"item": ["I"], "price": [20.0], "unit_cost": [5.0]}),
        "regions": pd.DataFrame({"region": regions}),
        "hubs": pd.DataFrame({"hub": ["H"]}),
        "lanes": pd.DataFrame(
            {
                "origin": "H",
                "destination": regions,
                "cost_per_unit": 1.0,
                "direct_cost": 9.0,
                "lead_time_days": LEADS,
                "lead_time_sd_days": SD,
            }
        ),
        "stock": pd.DataFrame({"location": ["H"], "item": ["I"], "quantity": [1000]}),
    }
    weeks = np.datetime64(MONDAY, "D") + 7 * np.arange(8)
    units = np.random.default_rng(1).poisson(7.0, (len(regions), 8, 200)).astype(np.int32)
    names = np.array(regions, dtype=object)
    demand = DemandScenarios(names, np.full(len(regions), "I", dtype=object), weeks, units)
    return make_plan(tables, demand, MONDAY, OptimizeParams())


def learned(known: Known) -> Plan:
    """Plan without being told the law, on what came so far."""
    return planned(_without(known, "lead_time_sd_days"))


def not_known(known: Known) -> Plan:
    """Plan as if nothing were ever late."""
    tables = dict(_without(known, "lead_time_sd_days").tables)
    tables.pop("lateness", None)
    return planned(replace(known, tables=tables))


def _without(known: Known, column: str) -> Known:
    lanes = known.tables["lanes"].drop(columns=column, errors="ignore")
    return replace(known, tables={**known.tables, "lanes": lanes})


def runs_late(folder: Path) -> None:
    """Let every lane from a hub take 2 to 9 days, in turn, with a standard deviation of 2."""
    lanes, hubs = (pd.read_parquet(folder / f"{name}.parquet") for name in ("lanes", "hubs"))
    ships = (lanes["origin"].isin(hubs["hub"]) & ~lanes["destination"].isin(hubs["hub"])).to_numpy()
    place = np.cumsum(ships) - 1
    lanes["lead_time_days"] = np.where(ships, LEADS[place % len(LEADS)], lanes["lead_time_days"])
    lanes["lead_time_sd_days"] = np.where(ships, SD, np.nan)
    lanes.to_parquet(folder / "lanes.parquet", index=False)


if __name__ == "__main__":
    main()

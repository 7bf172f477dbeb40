"""Replay with vehicles: foreship against planning by the unit and then filling or rounding.

`python -m benchmarks.money.vehicles --seeds 1 2 3 --weeks 8` makes the synthetic sample of each
seed, lets its lanes be paid by the vehicle, replays it, and appends a row a policy and seed to
results_vehicles.csv; the differences are told with their interval over all weeks and seeds, of what
was earned (with what stock in regions became worth more) where money is by the order, else profit.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

import foreship
from benchmarks.money.by_vehicle import plan_then_fill, plan_then_round
from benchmarks.results import append, today, versions
from foreship.replay.backtest import Backtest
from foreship_foundation.intervals import sum_over_weeks

__all__ = ["pay_by_vehicle"]

RESULTS = Path(__file__).parent / "results_vehicles.csv"
TRAILING = 13
"""weeks of orders that size a vehicle"""
LOADS = 2.5
"""vehicles that a week's orders of a region fill"""
BY_VEHICLE = 0.5
"""share of freight that is paid for the vehicle"""
OTHERS = {"plan_then_fill": plan_then_fill, "plan_then_round": plan_then_round}


def main() -> None:
    """Replay every seed; print and keep what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(range(1, 21)))
    parser.add_argument("--size", default="tiny")
    parser.add_argument("--weeks", type=int, default=8)
    options = parser.parse_args()
    over: dict[str, list[float]] = {name: [] for name in OTHERS}
    for seed in options.seeds:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "workspace"
            foreship.sample(folder, source="synthetic", size=options.size, seed=seed)
            pay_by_vehicle(folder, options.weeks)
            started = time.process_time()
            result = foreship.backtest(
                foreship.open(folder),
                weeks=options.weeks,
                policies=["foreship", *OTHERS.values()],
            )
        spent = round(time.process_time() - started, 1)
        weekly = result.weekly
        told = "earned" if "earned" in weekly else "profit"
        money = weekly.pivot_table(index="week", columns="policy", values=told)
        about = {"date": today(), "size": options.size, "seed": seed, "weeks": options.weeks}
        append(
            RESULTS, [about | row | {"cpu_seconds": spent} | versions() for row in _rows(result)]
        )
        for name in OTHERS:
            over[name] += (money["foreship"] - money[name]).tolist()
        print(f"seed {seed}, {told}: {money.sum().round(1).to_dict()}", flush=True)
    for name, weekly_over in over.items():
        more = sum_over_weeks(np.array(weekly_over))
        told = f"{more.value:,.1f} ({more.low:,.1f} .. {more.high:,.1f})"
        print(f"foreship over {name}: {told} in {len(weekly_over)} weeks")


def pay_by_vehicle(folder: Path, weeks: int) -> None:
    """Let half of the freight of ships be paid for vehicles that a region's week fills 2.5 times.

    Sizes are read from the orders before the weeks that are judged.
    """
    tables = {
        name: pd.read_parquet(folder / f"{name}.parquet")
        for name in ("lanes", "hubs", "orders", "items")
    }
    lanes, volume = tables["lanes"], tables["items"].set_index("item")["volume"]
    orders = tables["orders"]
    end = orders["date"].max() - pd.Timedelta(weeks=weeks)
    past = orders[(orders["date"] <= end) & (orders["date"] > end - pd.Timedelta(weeks=TRAILING))]
    sold = past["quantity"] * past["item"].map(volume)
    weekly = sold.groupby(past["region"]).sum() / TRAILING
    size = (weekly / LOADS).reindex(lanes["destination"]).to_numpy()
    ships = lanes["origin"].isin(tables["hubs"]["hub"]).to_numpy() & (size > 0)
    freight = BY_VEHICLE * lanes["cost_per_unit"]
    full = freight * size / volume.mean()
    paid = lanes.assign(
        cost_per_unit=np.where(ships, lanes["cost_per_unit"] - freight, lanes["cost_per_unit"]),
        vehicle_cost=np.where(ships, full, 0.0),
        vehicle_capacity=np.where(ships, size, np.nan),
    )
    paid.to_parquet(folder / "lanes.parquet", index=False)


def _rows(result: Backtest) -> list[dict[str, float | str]]:
    """Figures of every policy, what is left over beside its profit."""
    told = ("profit", "earned", "left_over_value")
    money = result.money.set_index("policy")
    whole = money[[name for name in told if name in money]]
    told = ("freight", "vehicles", "vehicle_cost", "units_shipped", "served_locally")
    weekly = result.weekly
    sums = weekly.groupby("policy")[[name for name in told if name in weekly]].sum()
    every = whole.join(sums).round(2)
    return [{"policy": str(name)} | row.to_dict() for name, row in every.iterrows()]


if __name__ == "__main__":
    main()

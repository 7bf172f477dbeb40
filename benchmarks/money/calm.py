"""Replay unchanged demand: how many units plans move back and forth, by `plan.change_cost`.

`python -m benchmarks.money.calm --seeds 1 2 3 --weeks 8` makes the synthetic sample of each seed,
draws its orders anew by one law that never changes, replays it at each change cost, and appends a
row a seed and cost to results_calm.csv.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

import foreship
from benchmarks.results import append, today, versions

__all__ = ["still"]

RESULTS = Path(__file__).parent / "results_calm.csv"
COSTS = (0.0, 0.5, 2.0)
CHANGING = ("returns", "availability", "calendar", "prices", "assortment")
"""tables in which demand, or what may be sold, changes"""
TOLD = (
    "units_shipped", "units_redirected", "units_returned", "units_back_and_forth", "profit",
    "earned",
)  # fmt: skip


def main() -> None:
    """Replay every seed at every cost; print and keep what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--costs", type=float, nargs="+", default=list(COSTS))
    parser.add_argument("--size", default="tiny")
    parser.add_argument("--weeks", type=int, default=8)
    options = parser.parse_args()
    for seed in options.seeds:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "workspace"
            foreship.sample(folder, source="synthetic", size=options.size, seed=seed)
            still(folder, seed)
            plain = (folder / "foreship.toml").read_text("utf-8")
            for cost in options.costs:
                text = f"{plain}\n[plan]\nchange_cost = {cost}\n"
                (folder / "foreship.toml").write_text(text, "utf-8")
                started = time.process_time()
                result = foreship.backtest(
                    foreship.open(folder), weeks=options.weeks, policies=["foreship"]
                )
                told = result.weekly[[name for name in TOLD if name in result.weekly]].sum()
                about = {"date": today(), "size": options.size, "seed": seed}
                about |= {"weeks": options.weeks, "change_cost": cost}
                spent = {"cpu_seconds": round(time.process_time() - started, 1)}
                append(RESULTS, [about | told.round(2).to_dict() | spent | versions()])
                print(f"seed {seed}, change cost {cost}: {told.round(1).to_dict()}", flush=True)


def still(folder: Path, seed: int) -> None:
    """Draw the orders anew: Poisson by cell and day, at the mean rate of the sample's own year.

    Nothing is on promotion, closed, launched, sold out or returned.
    """
    orders = pd.read_parquet(folder / "orders.parquet")
    days = pd.date_range(orders["date"].min(), orders["date"].max(), freq="D")
    draw = np.random.default_rng([seed, 20])
    rates = orders.groupby(["region", "item"])["quantity"].sum() / len(days)
    units = draw.poisson(rates.to_numpy()[:, None], (len(rates), len(days)))
    cell, day = np.nonzero(units)
    items = pd.read_parquet(folder / "items.parquet")
    keys = rates.index.to_frame(index=False).iloc[cell].reset_index(drop=True)
    drawn = keys.assign(
        date=days[day],
        quantity=units[cell, day],
        price=keys["item"].map(items.set_index("item")["price"]),
        order_id=[f"S{number:08d}" for number in range(len(cell))],
    )
    drawn = drawn.sort_values(["date", "order_id"], kind="stable")
    drawn[["date", "region", "item", "quantity", "price", "order_id"]].to_parquet(
        folder / "orders.parquet", index=False
    )
    items.drop(columns="launch_date", errors="ignore").to_parquet(
        folder / "items.parquet", index=False
    )
    config = (folder / "foreship.toml").read_text("utf-8").split("\n")
    config = [line for line in config if not line.startswith(CHANGING)]
    (folder / "foreship.toml").write_text("\n".join(config), "utf-8")


if __name__ == "__main__":
    main()

"""What prices and promotions known ahead are worth: the same head with and without them.

`python -m benchmarks.forecast.known_future` judges the rounds of the orange juice set with the
tables `prices` and `calendar` (the set has no events), and without, and writes
results_known_future.csv; `--choose` judges five rounds before them and writes nothing. WAPE is of
the median, which makes it least, and of the mean; the RPS is of the whole law. All else is equal:
rounds, weeks, rows, settings and seed.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping

import numpy as np
import pandas as pd

import foreship_forecast
from benchmarks.forecast.orange_juice import (
    GAP,
    HORIZON,
    LAST_WEEK,
    OUNCES,
    PARAMS,
    REFIT_EVERY,
    ROUNDS,
    Split,
    as_tables,
    foreship,
    splits,
    truth,
)
from benchmarks.forecast.record import keep, shared_table
from foreship_forecast.counts.scores import ranked_probability_score

KNOWN_AHEAD = ("prices", "calendar")
CHOOSING_ROUNDS = 5


def main() -> None:
    """Judge both, print them, and keep the table unless settings are being chosen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--choose", action="store_true", help="judge earlier weeks, write nothing")
    choosing = parser.parse_args().choose
    last, count = (
        (LAST_WEEK - ROUNDS * HORIZON, CHOOSING_ROUNDS) if choosing else (LAST_WEEK, ROUNDS)
    )
    rows = compare(shared_table("orange_juice/weekly"), list(splits(last, count)), PARAMS)
    print(pd.DataFrame(rows).to_string(index=False))
    if not choosing:
        print(keep("known_future", rows))


def compare(
    sales: pd.DataFrame, rounds: list[Split], params: foreship_forecast.ForecastParams
) -> list[dict[str, object]]:
    """Return a row without and one with what is known ahead, `gain_*` the share it takes off."""
    whole = as_tables(sales[sales["week"] <= LAST_WEEK])
    bare = {name: table for name, table in whole.items() if name not in KNOWN_AHEAD}
    known, unknown = (score(sales, tables, rounds, params) for tables in (whole, bare))
    gains = {
        f"gain_{name}": 1.0 - known[name] / unknown[name] for name in ("wape", "wape_mean", "rps")
    }
    weeks = [week for each in rounds for week in each.test]
    about = {
        "set": "orange_juice", "weeks": f"{min(weeks)}-{max(weeks)}", "rounds": len(rounds),
        "horizon": HORIZON, "gap": GAP, "fits": -(-len(rounds) // REFIT_EVERY), "seed": params.seed,
        "settings": f"leaves {params.leaves}, rounds {params.rounds},"
        f" {params.min_leaf_rows} rows a leaf",
    }  # fmt: skip
    return [
        about | {"tables": "orders and availability"} | unknown | dict.fromkeys(gains, ""),
        about | {"tables": "prices as well"} | known | gains,
    ]


def score(
    sales: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    rounds: list[Split],
    params: foreship_forecast.ForecastParams,
) -> dict[str, float]:
    """Return WAPE of the median and of the mean, RPS and bias, in units of 32 ounces."""
    started = time.process_time()
    came = truth(sales).set_index(["store", "brand", "week"])["ounces"]
    parts = []
    for cells, said in foreship(tables, rounds, params):
        ounces = came.reindex(pd.MultiIndex.from_frame(cells)).to_numpy(np.float64)
        there = ~np.isnan(ounces)
        units = np.maximum(np.round(ounces[there] / OUNCES), 1.0)
        law = said.part(there)
        mean, quantiles = law.describe((0.5,))
        scores = {"units": units, "mean": mean, "median": quantiles[0]}
        parts.append(pd.DataFrame(scores | {"rps": ranked_probability_score(law, units)}))
    judged = pd.concat(parts)
    total = judged["units"].sum()
    return {
        "rows": len(judged),
        "wape": float((judged["median"] - judged["units"]).abs().sum() / total),
        "wape_mean": float((judged["mean"] - judged["units"]).abs().sum() / total),
        "rps": float(judged["rps"].mean()),
        "bias": float(judged["mean"].sum() / total - 1.0),
        "cpu_seconds": round(time.process_time() - started, 1),
    }


if __name__ == "__main__":
    main()

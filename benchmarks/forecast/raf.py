"""Royal Air Force spare parts: 5,000 parts x 84 months, nine months in ten without demand.

`python -m benchmarks.forecast.raf` judges months 79 to 84 at horizons 1 to 6 from rolling origins
and writes results_raf.csv; `--choose` compares settings on months 73 to 78 and writes nothing.

The room counts in weeks: a month is laid on a week here, month 1 on Monday 2018-01-01, and all
parts in one region. What the room calls a year is 52 months then. It reads nothing from the
date but season, which needs 78 weeks of history and is kept out by a shorter one.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import gammaln

import foreship_forecast
from benchmarks.forecast.record import keep, shared_table
from benchmarks.forecast.scores import histogram_survival, judge, summary
from foreship_forecast.counts.law import CountLaw
from foreship_foundation.arrays import Floats

Method = Callable[[int, int], Floats]
"""origin and horizon -> p_1 .. p_LARGEST of all parts"""

MONTHS = 84
HORIZON = 6
FIRST_DAY = np.datetime64("2018-01-01", "s")
LARGEST = 2_100
"""counts scored; the largest month of the set has 2,062 units"""
CUTS = (175, 250)
"""units at which the figures known for this set may have stopped counting (other_sets.md)"""
PARAMS = foreship_forecast.ForecastParams(
    horizon_weeks=HORIZON, history_weeks=72, calibration_weeks=24, max_rows=300_000
)
CANDIDATES: Mapping[str, Mapping[str, int]] = {
    "calibration_weeks 13": {"calibration_weeks": 13},
    "calibration_weeks 24": {},
}
SCORES = ("rps", *(f"rps_cut_{cut}" for cut in CUTS), "log_score", "log_loss", "ece_1", "ece_2",
          "bias")  # fmt: skip


def main() -> None:
    """Judge months 79 to 84 and keep the table, or compare settings on the months before."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--choose", action="store_true", help="compare settings on months 73-78")
    if parser.parse_args().choose:
        for name, changes in CANDIDATES.items():
            rows = run(73, 78, replace(PARAMS, **changes), only=("foreship",))
            print(name, show(rows), sep="\n", flush=True)
        return
    rows = run(79, 84, PARAMS)
    print(show(rows), keep("raf", rows), sep="\n")


def show(rows: list[dict[str, object]]) -> str:
    """Return the lines of all horizons together."""
    table = pd.DataFrame(rows)
    table = table[table["horizon"] == "all"]
    return f"{table[['method', *SCORES, 'cpu_seconds']].round(4).to_string()}\n{rows[0]['note']}"


def run(
    first: int, last: int, params: foreship_forecast.ForecastParams, only: tuple[str, ...] = ()
) -> list[dict[str, object]]:
    """Return a row for each method, or `only` some, all horizons together and each alone."""
    units = monthly_units()
    started = time.process_time()
    laws, note = learned(units, first, last, params)
    spent = time.process_time() - started
    about = {
        "months": f"{first}-{last}",
        "origins": f"{first - 1}-{last - 1}, one fit as of {first - 1}",
        "settings": f"history {params.history_weeks}, calibration {params.calibration_weeks},"
        f" rounds {params.rounds}, rows {params.max_rows}",
        "seed": params.seed,
        "note": note,
    }
    rows: list[dict[str, object]] = []
    for name, method in methods(units, laws).items():
        if only and name not in only:
            continue
        judged = judge_all(method, units, first, last)
        seconds = {"cpu_seconds": round(spent, 1) if name == "foreship" else ""}
        for horizon, part in [("all", judged), *judged.groupby("horizon")]:
            cut = {f"rps_cut_{each}": float(part[f"rps_cut_{each}"].mean()) for each in CUTS}
            line = {"method": name, "horizon": horizon, **summary(part), **cut}
            rows.append(line | seconds | about)
    return rows


def monthly_units() -> Floats:
    """Return units of every part and month, parts sorted by id, shape (5000, 84)."""
    demand = shared_table("raf/demand")
    part, ids = pd.factorize(demand["item"], sort=True)
    units = np.zeros((len(ids), MONTHS))
    np.add.at(units, (part, demand["month"].to_numpy() - 1), demand["quantity"].to_numpy())
    return units


def as_tables(units: Floats) -> dict[str, pd.DataFrame]:
    """Return the room's tables: a month on each Monday, every part on the books from month 1."""
    part, month = np.nonzero(units)
    ids = np.array([f"P{number:04d}" for number in range(len(units))], dtype=object)
    orders = {
        "date": monday(month),
        "region": "all",
        "item": ids[part],
        "quantity": units[part, month].astype(np.int64),
    }
    return {
        "orders": pd.DataFrame(orders),
        "items": pd.DataFrame({"item": ids, "launch_date": monday(np.zeros(len(ids), int))}),
        "assortment": pd.DataFrame({"region": "all", "item": ids}),
    }


def monday(month: npt.NDArray[np.int64]) -> npt.NDArray[np.datetime64]:
    """Return the Monday that stands for each month, the first being 0."""
    return FIRST_DAY + month * np.timedelta64(7, "D")


def learned(
    units: Floats, first: int, last: int, params: foreship_forecast.ForecastParams
) -> tuple[dict[int, CountLaw], str]:
    """Return what foreship says at each origin, from one fit before month `first`.

    Laws are part by part, horizon by horizon within a part; the note is what the fit says.
    """
    tables = as_tables(units)
    origins = range(first - 1, last)
    snapshots = {
        origin: foreship_forecast.Snapshot(tables, monday(np.array(origin))) for origin in origins
    }
    model = foreship_forecast.fit(snapshots[first - 1], params)
    laws = {origin: model.predict(snapshot).law for origin, snapshot in snapshots.items()}
    return laws, next(note for note in model.notes if "log-loss" in note)


def methods(units: Floats, laws: Mapping[int, CountLaw]) -> dict[str, Method]:
    """Return foreship, what needs no learning, and a Poisson law around foreship's own mean."""

    def of(origin: int, horizon: int) -> CountLaw:
        return laws[origin].part(slice(horizon - 1, None, HORIZON))

    return {
        "foreship": lambda origin, horizon: of(origin, horizon).survival(LARGEST),
        "histogram of all months": lambda origin, _: past_law(units[:, :origin]),
        "histogram of 52 months": lambda origin, _: past_law(units[:, origin - 52 : origin]),
        "histogram of 12 months": lambda origin, _: past_law(units[:, origin - 12 : origin]),
        "static NB, 52 months": lambda origin, _: static_law(units[:, origin - 52 : origin]),
        "Poisson, foreship's mean": lambda origin, horizon: poisson_law(of(origin, horizon).mean()),
    }


def judge_all(method: Method, units: Floats, first: int, last: int) -> pd.DataFrame:
    """Judge every part at every origin and horizon whose target lies in the months judged."""
    found = []
    for origin in range(first - 1, last):
        for horizon in range(1, min(HORIZON, last - origin) + 1):
            survival, came = method(origin, horizon), units[:, origin + horizon - 1]
            judged = judge(survival, came).assign(horizon=horizon)
            for cut in CUTS:
                short = judge(survival[:, :cut], np.minimum(came, cut))
                judged[f"rps_cut_{cut}"] = short["rps"]
            found.append(judged)
    return pd.concat(found, ignore_index=True)


def past_law(past: Floats) -> Floats:
    """Return the histogram of the past months."""
    return histogram_survival(past, LARGEST)


def static_law(past: Floats) -> Floats:
    """Return a negative binomial of the past's moments: r = m^2 / (v - m), in [.05, 50]."""
    mean = np.maximum(past.mean(axis=1), 1e-4)
    excess = past.var(axis=1) - mean
    wide = excess > 0.05 * mean
    r = np.clip(np.where(wide, mean**2 / np.where(wide, excess, 1.0), 50.0), 0.05, 50.0)
    # one unit more than X always sells: a law of the room without its hurdle
    return CountLaw(np.ones(len(mean)), mean, r).survival(LARGEST + 1)[:, 1:]


def poisson_law(mean: Floats) -> Floats:
    """Return a Poisson law."""
    counts = np.arange(LARGEST)
    log_mean = np.log(np.maximum(mean, 1e-12))[:, None]
    chance = np.exp(counts * log_mean - mean[:, None] - gammaln(counts + 1.0))
    return np.maximum(1.0 - chance.cumsum(axis=1), 0.0)


if __name__ == "__main__":
    main()

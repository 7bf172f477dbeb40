"""Log-loss, calibration and scores one week ahead, beside the floors.

`python -m benchmarks.forecast [complete-journey online_retail] [--weeks-back 0]` judges the last
eight whole weeks of each set (with --weeks-back 8 the eight before them, on which settings are
chosen), and appends a row a class and method to results.csv.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.forecast.classifier import CLASSIFIER
from benchmarks.forecast.panels import judged_by_classifier
from benchmarks.forecast.scores import chance_scores
from benchmarks.forecast.sets import SETS, WEEKS, Set, load
from benchmarks.results import append, today, versions
from foreship_forecast.evaluation.rolling import Evaluation, evaluate
from foreship_forecast.params import ForecastParams, PrivacyParams

RESULTS = Path(__file__).parent / "results.csv"
PACKAGES = ("lightgbm", "numpy", "pandas")


def main() -> None:
    """Judge each set; print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", help=f"of {', '.join(SETS)}; all unless named")
    parser.add_argument("--weeks-back", type=int, default=0)
    parser.add_argument("--min-customers", type=int, default=PrivacyParams().min_customers)
    options = parser.parse_args()
    for name in options.sets or SETS:
        found = load(name)
        end = found.end - pd.Timedelta(weeks=options.weeks_back)
        for part, cells in _parts(found, end):
            started = time.process_time()
            result = _judge(found, end, cells, options.min_customers)
            about = {
                "date": today(),
                "set": name,
                "part": part,
                "cells": len(cells[0]),
                "min_customers": options.min_customers,
                "first_week": (end - pd.Timedelta(weeks=WEEKS)).date().isoformat(),
                "weeks": result.weeks,
                "cpu_seconds": round(time.process_time() - started, 1),
            }
            plain = _classifier_row(about, found, end, cells)
            append(RESULTS, [*_rows(about, result), plain])
            print(f"{name}, {part}, {about['cells']:,} cells, {about['cpu_seconds']} CPU-s")
            print(result)
            print(f"{CLASSIFIER}: log-loss of p_1 {plain['log_loss']:.4f}", end="\n\n")


def _parts(found: Set, end: pd.Timestamp) -> Iterator[tuple[str, tuple[np.ndarray, np.ndarray]]]:
    region, item = found.cells(end)
    yield "all", (region, item)
    if found.name == "online_retail":
        abroad = region != "United Kingdom"
        yield "outside the UK", (region[abroad], item[abroad])


def _judge(
    found: Set, end: pd.Timestamp, cells: tuple[np.ndarray, np.ndarray], min_customers: int
) -> Evaluation:
    params, privacy = ForecastParams(horizon_weeks=1), PrivacyParams(min_customers=min_customers)
    return evaluate(found.tables, end, WEEKS, params, privacy, cells=cells)


def _rows(about: dict[str, Any], result: Evaluation) -> list[dict[str, Any]]:
    gain = {
        "floor": result.floor,
        "gain": round(result.gain, 4),
        "gain_low": round(result.interval[0], 4),
        "gain_high": round(result.interval[1], 4),
    }
    chosen = result.frame[result.frame["by"].isin(["all", "volume"])]
    rows = []
    for row in chosen.to_dict("records"):
        ours = row["by"] == "all" and row["method"] == "foreship"
        figures = {
            name: round(value, 5) if isinstance(value, float) else value
            for name, value in (row | (gain if ours else {})).items()
        }
        rows.append(about | figures | versions(PACKAGES))
    return rows


def _classifier_row(
    about: dict[str, Any], found: Set, end: pd.Timestamp, cells: tuple[np.ndarray, np.ndarray]
) -> dict[str, Any]:
    """Return what the plain classifier is worth on the same cells and weeks, in its own CPU-s.

    It has chances of a sale only: what is said of counts stays blank.
    """
    started = time.process_time()
    index = pd.MultiIndex.from_arrays(cells, names=["region", "item"])
    chance, units = judged_by_classifier(found.tables["orders"], end, index)
    spent = round(time.process_time() - started, 1)
    figures = {name: round(value, 5) for name, value in chance_scores(chance, units > 0).items()}
    told = {"cpu_seconds": spent, "by": "all", "value": "", "method": CLASSIFIER}
    return about | told | figures | versions(PACKAGES)


if __name__ == "__main__":
    main()

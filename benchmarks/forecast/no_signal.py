"""A shop whose weeks cannot be told apart: 45 states x 47 items, sold at random.

`python -m benchmarks.forecast.no_signal` judges foreship one week ahead over the last eight whole
weeks and writes results_no_signal.csv. States differ in how much they buy; beyond that no cell's
past tells anything of its next week, and a rate of a cell's own is worse than that of its state.
Whoever claims to beat the state's rate is wrong; `gain` says by how much foreship does, over weeks.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

import foreship_forecast
from benchmarks.forecast.buyers import new_buyers
from benchmarks.forecast.classifier import CLASSIFIER
from benchmarks.forecast.panels import JudgedPanel, judged_by_classifier
from benchmarks.forecast.record import keep, shared_table
from benchmarks.forecast.scores import calibration_error
from benchmarks.forecast.sets import WEEKS, Set
from foreship_foundation.arrays import Floats
from foreship_foundation.intervals import ratio_of_sums

AS_OF = "2020-12-28"
"""the Monday after the last whole week"""
LEAST = 3
"""weeks with a sale before the first judged one: below, there is nothing to compare"""
YEAR = 52
PARAMS = foreship_forecast.ForecastParams(horizon_weeks=1)
REFIT_WEEKS = 4


def main() -> None:
    """Judge, keep the table and say who claims what."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    data = Set("us_regional", as_tables(), pd.Timestamp(AS_OF), LEAST)
    panel = JudgedPanel.of(data)
    started = time.process_time()
    said, claims = foreship_chances(data.tables, panel)
    spent = round(time.process_time() - started, 1)
    result = foreship_forecast.evaluate(
        data.tables, AS_OF, WEEKS, PARAMS, refit_weeks=REFIT_WEEKS, cells=data.cells(data.end)
    )
    plain, _ = judged_by_classifier(data.tables["orders"], data.end, panel.cells)
    rows = lines(
        {"foreship": said, **floors(panel), CLASSIFIER: plain}, panel.units[:, -WEEKS:] > 0
    )
    about = {
        "weeks": f"{panel.judged[0].date()} .. {panel.judged[-1].date()}", "horizon": 1,
        "cells": len(panel.cells), "seed": PARAMS.seed, "fits_say": " / ".join(claims),
        "evaluate_says": result.verdict,
    }  # fmt: skip
    rows[0]["cpu_seconds"] = spent
    print(pd.DataFrame(rows).round(4).to_string(index=False), *claims, result.verdict, sep="\n")
    print(keep("no_signal", [{"cpu_seconds": ""} | row | about for row in rows]))


def as_tables() -> dict[str, pd.DataFrame]:
    """Return the room's tables; customers become counts of first purchases."""
    orders = shared_table("us_regional/orders")
    return {
        "orders": orders[["date", "region", "item", "quantity"]],
        "items": shared_table("us_regional/items")[["item"]],
        "regions": shared_table("us_regional/regions")[["region", "parent"]],
        "buyers": new_buyers(orders),
    }


def foreship_chances(
    tables: Mapping[str, pd.DataFrame], panel: JudgedPanel
) -> tuple[Floats, list[str]]:
    """Return p_1 of every cell and judged week, shape (C, WEEKS), and what each fit claims."""
    found, claims, model = [], [], None
    for number, week in enumerate(panel.judged):
        snapshot = foreship_forecast.Snapshot(tables, week)
        if number % REFIT_WEEKS == 0:
            model = foreship_forecast.fit(snapshot, PARAMS)
            claims += [note for note in model.notes if "log-loss" in note]
        assert model is not None
        said = model.predict(snapshot)
        place = pd.MultiIndex.from_arrays([said.region, said.item]).get_indexer(panel.cells)
        found.append(said.purchase_probability()[place, 0])
    return np.stack(found, axis=1), claims


def floors(panel: JudgedPanel) -> dict[str, Floats]:
    """Return p_1 of what needs no learning, shape (C, WEEKS) each."""
    _, region = np.unique(panel.cells.get_level_values("region"), return_inverse=True)
    sold = (panel.units > 0).astype(np.float64)
    weeks = range(sold.shape[1] - WEEKS, sold.shape[1])
    found: dict[str, list[Floats]] = {}
    for week in weeks:
        constant = sold[:, :week].mean()
        recent = sold[:, week - 13 : week].sum(axis=1)
        year = sold[:, week - YEAR : week]
        by_region = np.bincount(region, year.mean(axis=1)) / np.bincount(region)
        for name, chance in {
            "constant": np.full(len(sold), constant),
            "trailing rate, 13 weeks": (recent + 2.0 * constant) / 15.0,
            "rate of the year": (year.sum(axis=1) + 26.0 * constant) / (YEAR + 26.0),
            "rate of the region, year": by_region[region],
        }.items():
            found.setdefault(name, []).append(chance)
    return {name: np.stack(each, axis=1) for name, each in found.items()}


def lines(chances: Mapping[str, Floats], sold: npt.NDArray[np.bool_]) -> list[dict[str, object]]:
    """Return a row a method: log-loss of p_1, and how far foreship lies below it, over weeks."""
    losses = {name: -np.log(np.where(sold, p, 1.0 - p).clip(1e-6)) for name, p in chances.items()}
    ours = losses["foreship"].mean(axis=0)
    rows: list[dict[str, object]] = []
    for name, loss in losses.items():
        theirs = loss.mean(axis=0)
        left = ratio_of_sums(ours, theirs)
        rows.append(
            {
                "method": name,
                "rows": loss.size,
                "log_loss": float(loss.mean()),
                "ece_1": calibration_error(chances[name].ravel(), sold.ravel()),
                "foreship_gains": 1.0 - left.value,
                "gain_low": 1.0 - left.high,
                "gain_high": 1.0 - left.low,
            }
        )
    return rows


if __name__ == "__main__":
    main()

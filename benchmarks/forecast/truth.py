"""What foreship says against the law that the simulated customers truly follow.

`python -m benchmarks.forecast.truth [--size small] [--seeds 1] [--weeks-back 26 0]` makes each
sample in a temporary folder, fits and predicts at each origin, and writes results_truth.csv.

Learning never reads `truth/`. Demand to be covered is drawn from the true law of the weeks
predicted, so that coverage is measured on many draws of every cell and week, not on one.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

import foreship
import foreship_forecast
from benchmarks.forecast.record import keep
from foreship.samples import true_purchase_probability, truth_paths
from foreship_forecast.counts.distribution import DemandDistribution
from foreship_foundation.arrays import Floats

DRAWS = 50
"""true sample paths that coverage is counted on"""
NOMINAL = (0.50, 0.80, 0.95)
SHOWN = ("size", "seed", "as_of", "cells", "of", "mae_p_1", "bias_p_1", "coverage_50",
         "coverage_80", "coverage_95", "cpu_seconds")  # fmt: skip


def main() -> None:
    """Judge every sample, seed and origin; print and keep what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="small")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--weeks-back", type=int, nargs="+", default=[26, 0])
    options = parser.parse_args()
    rows = []
    for seed in options.seeds:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "workspace"
            foreship.sample(folder, size=options.size, seed=seed)
            for back in options.weeks_back:
                for line in judge(folder, back):
                    rows.append({"size": options.size, "seed": seed, **line})
                    print({name: rows[-1][name] for name in SHOWN}, flush=True)
    print(keep("truth", rows))


def judge(folder: Path, weeks_back: int) -> Iterator[dict[str, object]]:
    """Yield what one origin's forecast is worth against the truth, by kind of cell."""
    workspace = foreship.open(folder)
    as_of = workspace.as_of - pd.Timedelta(weeks=weeks_back)
    params = workspace.config.forecast
    started = time.process_time()
    # stock is that of today: at an earlier origin nobody knew it
    tables = {name: frame for name, frame in workspace.tables.items() if name != "stock"}
    snapshot = foreship_forecast.Snapshot(tables, as_of)
    model = foreship_forecast.fit(snapshot, params, workspace.config.privacy)
    said = model.predict(snapshot)
    spent = round(time.process_time() - started, 1)
    truth = true_purchase_probability(folder, as_of, params.horizon_weeks)
    here, there = common_cells(said, truth.region, truth.item)
    p_1, true_p_1 = said.purchase_probability()[here], truth.p[there, :, 0]
    wanted = truth_paths(folder, as_of, params.horizon_weeks, DRAWS).units[there]
    inside = coverage(said, here, wanted)
    open_still = true_p_1.max(axis=1) > 0
    few = few_buyers(snapshot, said, workspace.config.privacy.min_customers)[here]
    kinds = {
        "all": np.full(len(here), True),
        "still selling": open_still,
        "still selling, described by itself": open_still & ~few,
        "still selling, described with others": open_still & few,
    }
    for name, cells in kinds.items():
        error = p_1[cells] - true_p_1[cells]
        yield {
            "as_of": as_of.date().isoformat(),
            "horizon_weeks": params.horizon_weeks,
            "cells": name,
            "of": int(cells.sum()),
            "mean_true_p_1": float(true_p_1[cells].mean()),
            "mae_p_1": float(np.abs(error).mean()),
            "bias_p_1": float(error.mean()),
            **{f"coverage_{round(100 * c)}": float(inside[c][cells].mean()) for c in NOMINAL},
            "cpu_seconds": spent,
        }


def common_cells(
    said: DemandDistribution, region: npt.NDArray[np.object_], item: npt.NDArray[np.object_]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the positions of the cells that both know, among ours and among the truth's."""
    ours = pd.MultiIndex.from_arrays([said.region, said.item])
    theirs = pd.MultiIndex.from_arrays([region, item])
    place = theirs.get_indexer(ours)
    return np.flatnonzero(place >= 0), place[place >= 0]


def few_buyers(
    snapshot: foreship_forecast.Snapshot, said: DemandDistribution, least: int
) -> npt.NDArray[np.bool_]:
    """Return which predicted cells had fewer buyers than may be described, shape (C,)."""
    counted = snapshot.buyers.groupby(["region", "item"])["customers"].sum()
    cells = pd.MultiIndex.from_arrays([said.region, said.item])
    return counted.reindex(cells).fillna(0.0).to_numpy() < least


def coverage(
    said: DemandDistribution, here: npt.NDArray[np.int64], wanted: npt.NDArray[np.int32]
) -> dict[float, Floats]:
    """Return the share of draws inside the central intervals, shape (cells, weeks) each.

    A count lies in an interval with the share of [F(d - 1), F(d)] that does: what a randomised
    transform says on average.
    """
    weeks = said.shape[1]
    law = said.law.part((here[:, None] * weeks + np.arange(weeks)).ravel())
    inside = {nominal: np.zeros(len(law)) for nominal in NOMINAL}
    for draw in range(wanted.shape[2]):
        below, upto = law.interval(wanted[:, :, draw].ravel().astype(np.float64))
        for nominal in NOMINAL:
            low, high = (1.0 - nominal) / 2.0, (1.0 + nominal) / 2.0
            part = np.clip(upto, low, high) - np.clip(below, low, high)
            inside[nominal] += part / np.maximum(upto - below, 1e-12) / wanted.shape[2]
    return {nominal: share.reshape(-1, weeks) for nominal, share in inside.items()}


if __name__ == "__main__":
    main()

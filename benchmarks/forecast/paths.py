"""Do joint sample paths spread as totals truly do: of items, of regions, over lead times.

`python -m benchmarks.forecast.paths [complete-journey online_retail synthetic] [--weeks-back 8]`
fits once before the judged weeks, draws paths at each of their Mondays and compares the variance
that the paths give to a total with the squared miss that came. 1 is right; below 1 the paths are
too wide, above 1 too narrow. Beside them: cells drawn on their own, and whole weeks of past
residuals drawn together (the Schaake shuffle), which keep every dependence but have few weeks to
draw from. On simulated customers what came is drawn from the true law, many times, so that the
variance of its own totals is known too; the forecast, which must estimate the law, misses by more.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

import foreship
import foreship_forecast
from benchmarks.forecast.sets import SETS, WEEKS, Set, load
from benchmarks.forecast.truth import common_cells
from benchmarks.results import append, today, versions
from foreship.samples import truth_paths
from foreship_forecast.counts.distribution import DemandDistribution
from foreship_forecast.counts.scores import pit
from foreship_forecast.history.panel import Panel, panel_of, what_came
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.params import ForecastParams
from foreship_foundation.arrays import Floats

RESULTS = Path(__file__).parent / "results_paths.csv"
LEADS = (1, 2, 4)
"""weeks that a total adds up"""
PAST = 13
"""weeks whose residuals are drawn from"""
TRUE_DRAWS = 200
SYNTHETIC = "synthetic"
PARAMS = ForecastParams(horizon_weeks=max(LEADS), scenarios=300)


@dataclass(frozen=True)
class Drawn:
    """Weekly units of the cells of one Monday, (cells, horizon, scenarios), and what came."""

    ways: dict[str, npt.NDArray[np.int64]]
    came: Floats
    """(cells, horizon, 1); with the true law known, that many draws of it"""
    groups: dict[str, npt.NDArray[np.int64]]


def main() -> None:
    """Compare spreads on each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = ", ".join([*SETS, SYNTHETIC])
    parser.add_argument("sets", nargs="*", help=f"of {names}; all unless named")
    parser.add_argument("--weeks-back", type=int, default=8)
    options = parser.parse_args()
    for name in options.sets or [*SETS, SYNTHETIC]:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "workspace" if name == SYNTHETIC else None
            found = load(name) if folder is None else _simulated(folder)
            rows = list(
                _compared(found, found.end - pd.Timedelta(weeks=options.weeks_back), folder)
            )
        append(RESULTS, rows)
        said = pd.DataFrame(rows).drop(columns=list(versions(("lightgbm", "numpy"))))
        print(said.to_string(index=False, float_format=lambda value: f"{value:.3f}"))


def _simulated(folder: Path) -> Set:
    """Return a small simulated shop, made in the folder with its truth."""
    foreship.sample(folder, size="small", seed=1)
    workspace = foreship.open(folder)
    # the stock is that of the last Monday: nobody knew it before
    tables = {name: frame for name, frame in workspace.tables.items() if name != "stock"}
    return Set(SYNTHETIC, tables, workspace.as_of, 0)


def _compared(found: Set, end: pd.Timestamp, truth_folder: Path | None) -> Iterator[dict[str, Any]]:
    started = time.process_time()
    mondays = pd.date_range(end - pd.Timedelta(weeks=WEEKS), periods=WEEKS, freq="7D")
    panel = panel_of(Snapshot(found.tables, end), PARAMS.history_weeks)
    model = foreship_forecast.fit(Snapshot(found.tables, mondays[0]), PARAMS)
    print(f"{found.name}, fitted as of {mondays[0].date()}: {model.dependence}")
    residuals = _residuals(found, model, panel, mondays[0])
    misses: dict[tuple[str, int, str], list[tuple[float, ...]]] = {}
    for monday in mondays:
        drawn = _drawn(found, model, (panel, truth_folder), monday, residuals)
        for total, group in drawn.groups.items():
            for lead in LEADS:
                if truth_folder is None and monday + pd.Timedelta(weeks=lead) > end:
                    continue
                for way, units in drawn.ways.items():
                    key = (total, lead, way)
                    misses.setdefault(key, []).append(_miss(drawn.came, units, group, lead))
    for (total, lead, way), found_misses in misses.items():
        square, variance, bias, true = (sum(column) for column in zip(*found_misses, strict=True))
        yield {
            "date": today(),
            "set": found.name,
            "first_week": mondays[0].date().isoformat(),
            "total": total,
            "weeks": lead,
            "paths": way,
            "mondays": len(found_misses),
            "spread": round(square / variance, 4),
            "spread_without_bias": round((square - bias) / variance, 4),
            "cpu_seconds": round(time.process_time() - started, 1),
            **versions(("lightgbm", "numpy")),
            "variance_over_true": None if truth_folder is None else round(variance / true, 4),
        }


def _residuals(
    found: Set, model: foreship_forecast.PurchaseModel, truth: Panel, first: pd.Timestamp
) -> pd.DataFrame:
    """Return the uniform residual of each cell (rows) in each past week (columns)."""
    columns = {}
    # these residuals are meant to be of weeks that the model knows
    knowing = replace(model, as_of=str((first - pd.Timedelta(weeks=PAST)).date()))
    for back in range(PAST, 0, -1):
        monday = first - pd.Timedelta(weeks=back)
        said = knowing.predict(Snapshot(found.tables, monday))
        came, seen = _came(said, truth, monday, 1)
        law = said.law.part(np.arange(len(said.region)) * len(said.weeks))
        uniform = pit(*law.interval(came[:, 0]), seed=back)
        names = pd.MultiIndex.from_arrays([said.region, said.item])
        columns[back] = pd.Series(np.where(seen[:, 0], uniform, np.nan), index=names)
    return pd.DataFrame(columns)


def _drawn(
    found: Set,
    model: foreship_forecast.PurchaseModel,
    truth: tuple[Panel, Path | None],
    monday: pd.Timestamp,
    residuals: pd.DataFrame,
) -> Drawn:
    said = model.predict(Snapshot(found.tables, monday))
    panel, folder = truth
    if folder is None:
        once, seen = _came(said, panel, monday, max(LEADS))
        came, whole = once[:, :, None], seen[:, 0]
    else:
        came, whole = _true(said, folder, monday)
    cells, weeks = len(said.region), len(said.weeks)
    joint = model.sample(said).units.reshape(cells, weeks, -1)
    rng = np.random.default_rng(1)
    alone = rng.permuted(joint.reshape(cells * weeks, -1), axis=1)
    names = pd.MultiIndex.from_arrays([said.region, said.item])
    past = residuals.reindex(names).to_numpy()
    # a cell that was not observed in a past week draws a residual of its own
    past = np.where(np.isnan(past), rng.random(past.shape), past)
    place = np.minimum((past * joint.shape[-1]).astype(np.int64), joint.shape[-1] - 1)
    shuffled = np.take_along_axis(np.sort(joint, axis=2), place[:, None, :], axis=2)
    ways = {
        "joint": joint[whole],
        "each cell alone": alone.reshape(joint.shape)[whole],
        "past weeks": shuffled[whole],
    }
    groups = {
        "item": pd.factorize(said.item[whole])[0],
        "region": pd.factorize(said.region[whole])[0],
        "network": np.zeros(int(whole.sum()), dtype=np.int64),
    }
    return Drawn(ways, came[whole], groups)


def _came(
    said: DemandDistribution, truth: Panel, monday: pd.Timestamp, horizon: int
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return what was ordered in the weeks from `monday` on, and whether it was observed."""
    units, seen = np.zeros((len(said.region), horizon)), np.zeros((len(said.region), horizon), bool)
    for ahead in range(horizon):
        week = monday + pd.Timedelta(weeks=ahead)
        about = pd.DataFrame({"region": said.region, "item": said.item, "week": week})
        units[:, ahead], seen[:, ahead] = what_came(truth, about, "week")
    return units, seen


def _true(
    said: DemandDistribution, folder: Path, monday: pd.Timestamp
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return draws of the true law, (cells, horizon, draws), and which cells it knows."""
    drawn = truth_paths(folder, monday, max(LEADS), TRUE_DRAWS)
    here, there = common_cells(said, drawn.region, drawn.item)
    came = np.zeros((*said.shape, TRUE_DRAWS))
    came[here] = drawn.units[there]
    known = np.zeros(len(came), dtype=bool)
    known[here] = True
    return came, known


def _miss(
    came: Floats, units: npt.NDArray[np.int64], group: npt.NDArray[np.int64], lead: int
) -> tuple[float, float, float, float]:
    """Return squared misses, variances, the part of the first that is bias, and true variances.

    Summed over groups; over draws of what came, where there are many, means.
    """
    totals, truth = _totals(units, group, lead), _totals(came, group, lead)
    mean = totals.mean(axis=1)
    away = truth - mean[:, None]
    # what all groups missed together, in proportion to their size, is no spread
    share = mean / max(mean.sum(), 1e-9)
    common = share[:, None] * away.sum(axis=0) if len(mean) > 1 else np.zeros_like(away)
    return (
        float((away**2).mean(axis=1).sum()),
        float(totals.var(axis=1, ddof=1).sum()),
        float((away**2 - (away - common) ** 2).mean(axis=1).sum()),
        float(truth.var(axis=1).sum()),
    )


def _totals(units: npt.NDArray[Any], group: npt.NDArray[np.int64], lead: int) -> Floats:
    """Return each group's units over the first weeks, (groups, scenarios)."""
    ahead = units[:, :lead].sum(axis=1).astype(np.float64)
    totals = np.zeros((int(group.max()) + 1, ahead.shape[1]))
    np.add.at(totals, group, ahead)
    return totals


if __name__ == "__main__":
    main()

"""The same series and weeks, forecast by statsforecast and mlforecast.

`python -m benchmarks.forecast.peers [online_retail complete-journey] [--series 1000]` writes
results_peers.csv. The libraries need an older pandas: they run in an environment that the command
makes in a temporary folder from requirements_peers.txt, or in the one given by `--python`.

A peer's quantiles become P(D >= k) in the way that favours it most (`as_survival`).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

import foreship_forecast
from benchmarks.forecast.classifier import CLASSIFIER
from benchmarks.forecast.panels import JudgedPanel, judged_by_classifier
from benchmarks.forecast.record import HERE, keep
from benchmarks.forecast.scores import chance_scores, histogram_survival, judge, summary
from benchmarks.forecast.sets import SETS, WEEKS, Set, load
from foreship_foundation.arrays import Floats, Ints

PARAMS = foreship_forecast.ForecastParams(horizon_weeks=1)
REFIT_WEEKS = 4
SHORTEST = 28
"""weeks of history a peer is given at least, zeros before a late first sale: 13 weeks of errors
beyond lags of 13 need 27"""
LARGEST = 2_000
"""counts scored; what is sold beyond costs every method the same"""
OFFSETS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""P(D >= k) = P(X > k - offset); the best of these is taken for each peer, in hindsight"""
MIXED = 0.01
"""share of the year's histogram mixed into a peer's law, so that nothing is impossible to it"""


def main() -> None:
    """Compare on each set; print and keep what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=[*SETS])
    parser.add_argument("--series", type=int, default=1000, help="series of the local models")
    parser.add_argument("--seed", type=int, default=1, help="which series are drawn")
    parser.add_argument("--python", type=Path, default=None, help="the peers' interpreter")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        python = options.python or _environment(Path(scratch) / "venv")
        for name in options.sets:
            found = compare(load(name), options.series, options.seed, python)
            rows += [{"set": name, **row} for row in found]
            shown = ["method", "rows", "rps", "log_score", "log_loss", "ece_1", "cpu_seconds"]
            print(name, pd.DataFrame(found)[shown].to_string(index=False), sep="\n", flush=True)
    print(keep("peers", rows))


def _environment(folder: Path) -> Path:
    """Make the peers' environment and return its interpreter."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    wanted = HERE / "requirements_peers.txt"
    subprocess.run([python, "-m", "pip", "install", "-q", "-r", wanted], check=True)
    return python


def compare(data: Set, series: int, seed: int, python: Path) -> list[dict[str, object]]:
    """Return a row for each method on the drawn series."""
    panel = JudgedPanel.of(data)
    count = min(series, len(panel.cells))
    drawn = np.sort(np.random.default_rng(seed).choice(len(panel.cells), count, replace=False))
    units = panel.units[drawn, -WEEKS:].T.ravel()
    about = {
        "weeks": f"{panel.judged[0].date()} .. {panel.judged[-1].date()}", "horizon": 1,
        "series": count, "of": len(panel.cells), "seed": seed,
    }  # fmt: skip
    started = time.process_time()
    ours = foreship_survival(data.tables, panel, drawn)
    spent = round(time.process_time() - started, 1)
    year = year_survival(panel, drawn)
    lines: list[dict[str, object]] = [
        {"method": "foreship", "fitted_on": "all cells of the set", "cpu_seconds": spent}
        | summary(judge(ours, units)),
        {"method": "histogram of the year"} | summary(judge(year, units)),
        classifier_line(data, panel, drawn),
    ]
    said, facts = peer_quantiles(panel, drawn, python)
    for name, table in said.items():
        offset, survival = as_survival(table, year, units)
        local = name != "LightGBM"
        lines.append(
            {
                "method": f"mlforecast {name}" if not local else f"statsforecast {name}",
                "fitted_on": "the series drawn" if local else "all series of the comparison",
                "offset": offset,
                "cpu_seconds": facts[name],
            }
            | summary(judge(survival, units))
        )
    peers = {f"peer_{name}": value for name, value in facts.items() if name not in said}
    return [about | {"cpu_seconds": ""} | line | peers for line in lines]


def foreship_survival(
    tables: Mapping[str, pd.DataFrame], panel: JudgedPanel, drawn: Ints
) -> Floats:
    """Return p_1 .. p_LARGEST of the drawn cells, week by week, shape (weeks x cells, K)."""
    model, found = None, []
    for number, week in enumerate(panel.judged):
        snapshot = foreship_forecast.Snapshot(tables, week)
        if number % REFIT_WEEKS == 0:
            model = foreship_forecast.fit(snapshot, PARAMS)
        assert model is not None
        said = model.predict(snapshot)
        place = pd.MultiIndex.from_arrays([said.region, said.item]).get_indexer(panel.cells[drawn])
        assert (place >= 0).all()
        found.append(said.law.part(place).survival(LARGEST))
    return np.concatenate(found)


def classifier_line(data: Set, panel: JudgedPanel, drawn: Ints) -> dict[str, object]:
    """Return the log-loss and ECE of the plain classifier, which has no law of counts."""
    started = time.process_time()
    chance, units = judged_by_classifier(data.tables["orders"], data.end, panel.cells[drawn])
    spent = round(time.process_time() - started, 1)
    about = {"method": CLASSIFIER, "fitted_on": "all cells of the set", "cpu_seconds": spent}
    return about | chance_scores(chance, units > 0)


def year_survival(panel: JudgedPanel, drawn: Ints) -> Floats:
    """Return the same of the histogram of all weeks before, which are less than a year here."""
    first = panel.units.shape[1] - WEEKS
    past = [panel.units[drawn, :week] for week in range(first, first + WEEKS)]
    return np.concatenate([histogram_survival(each, LARGEST) for each in past])


def peer_quantiles(
    panel: JudgedPanel, drawn: Ints, python: Path
) -> tuple[dict[str, pd.DataFrame], dict[str, object]]:
    """Run the peers in their environment; return quantiles in our order, seconds and versions."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _long(panel, drawn).to_parquet(folder / "series.parquet", index=False)
        script = HERE / "peer_models.py"
        subprocess.run([python, script, folder, str(WEEKS)], check=True)
        facts = json.loads((folder / "seconds.json").read_text(encoding="utf-8"))
        names = [name for name in facts if not name.startswith("version_")]
        tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in names}
    asked = pd.MultiIndex.from_product([panel.judged, drawn], names=["ds", "unique_id"])
    ordered = {
        name: table.set_index(["ds", "unique_id"]).loc[asked] for name, table in tables.items()
    }
    return ordered, facts


def _long(panel: JudgedPanel, drawn: Ints) -> pd.DataFrame:
    """Return all judged cells as the peers want series: from the first sale on, zeros between."""
    weeks = panel.units.shape[1]
    sold = panel.units > 0
    start = np.minimum(sold.argmax(axis=1), weeks - WEEKS - SHORTEST)
    there = np.arange(weeks) >= start[:, None]
    cell, week = np.nonzero(there)
    return pd.DataFrame(
        {
            "unique_id": cell,
            "ds": panel.weeks[week],
            "y": panel.units[cell, week],
            "local": np.isin(cell, drawn),
        }
    )


def as_survival(table: pd.DataFrame, year: Floats, units: Floats) -> tuple[float, Floats]:
    """Turn quantiles into P(D >= k), as kindly as can be.

    Quantiles are sorted, joined by straight lines, and the outermost lines go on until nothing is
    left. Counts are cut from that continuous law at k - offset, with the offset that gives this
    peer the lowest RPS on the very weeks judged; then 1 % of the year's histogram is mixed in.
    """
    probability = np.sort(np.array([float(name) for name in table.columns]))
    ordered = table[sorted(table.columns, key=float)].to_numpy(np.float64)
    value = np.sort(np.nan_to_num(ordered), axis=1)
    best: tuple[float, float, Floats] | None = None
    for offset in OFFSETS:
        cut = np.arange(1, LARGEST + 1) - offset
        law = np.stack([distribution_beyond(row, probability, cut) for row in value])
        law = (1.0 - MIXED) * law + MIXED * year
        score = float(judge(law, units)["rps"].mean())
        if best is None or score < best[0]:
            best = (score, offset, law)
    assert best is not None
    return best[1], best[2]


def distribution_beyond(value: Floats, probability: Floats, cut: Floats) -> Floats:
    """Return P(X > cut) of the law whose quantiles lie at `value`."""
    low = value[0] - (value[1] - value[0]) * probability[0] / (probability[1] - probability[0])
    rest = (1.0 - probability[-1]) / (probability[-1] - probability[-2])
    high = value[-1] + (value[-1] - value[-2]) * rest
    points = np.concatenate([[low], value, [high]])
    shares = np.concatenate([[0.0], probability, [1.0]])
    # a step where quantiles coincide: the largest share at a value is its distribution function
    last = np.append(np.diff(points) > 0, True)
    return 1.0 - np.interp(cut, points[last], shares[last], left=0.0, right=1.0)


if __name__ == "__main__":
    main()

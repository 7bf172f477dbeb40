"""Plant small faults and count those that each module's own tests find: one command, two CSVs.

python -m benchmarks.mutation                      # writes results.csv and survivors.csv
python -m benchmarks.mutation limits audit.money   # the rows of these modules only
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.mutation.modules import MODULES, REPOSITORY, Module
from benchmarks.mutation.score import Score, measure, prepare
from benchmarks.results import today, versions

HERE = Path(__file__).resolve().parent
PLACES = 50
SEED = 20_260
COLUMNS = ("module", "places", "mutants", "killed", "survived", "share", "cpu_seconds")


def main() -> None:
    """Measure the modules named, or all; their rows replace those of an earlier run."""
    chosen, places, seed, workers = _asked()
    prepare()
    for module in chosen:
        score = measure(module, places, seed, workers)
        _show(score)
        protocol = {"sampled": places, "seed": seed, "date": today()}
        protocol |= versions(("cosmic-ray", "pytest", "hypothesis"))
        _replace(HERE / "results.csv", module, [_row(score) | protocol])
        _replace(HERE / "survivors.csv", module, _survivors(score))


def _asked() -> tuple[list[Module], int, int, int]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation")
    parser.add_argument("modules", nargs="*", help="`limits`, `audit.money` ..; none: all")
    parser.add_argument("--places", type=int, default=PLACES, help="mutants a module at most")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--workers", type=int, default=1, help="mutants tried at a time")
    words = parser.parse_args()
    chosen = [each for each in MODULES if not words.modules or each.short in words.modules]
    if not chosen:
        parser.error(f"no module is called {words.modules}; see benchmarks/mutation/modules.py")
    return chosen, words.places, words.seed, words.workers


def _row(score: Score) -> dict[str, Any]:
    values = (
        score.module.name, score.places, score.planted, score.killed, len(score.survivors),
        f"{score.share:.3f}", f"{score.cpu_seconds:.0f}",
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _survivors(score: Score) -> Iterable[dict[str, Any]]:
    path = score.module.path.relative_to(REPOSITORY)
    for each in score.survivors:
        place = f"{path}:{each.line}:{each.column}"
        yield {"module": score.module.name, "place": place, "operator": each.operator,
               "source": each.source}  # fmt: skip


def _show(score: Score) -> None:
    print(" ".join(f"{name}={value}" for name, value in _row(score).items()), flush=True)
    for row in _survivors(score):
        print("   ", row["place"], row["operator"], "|", row["source"], flush=True)


def _replace(path: Path, module: Module, rows: Iterable[Mapping[str, Any]]) -> None:
    """Put rows in the place of those that the file has of a module, in the order of `MODULES`."""
    earlier: list[Mapping[str, Any]] = []
    if path.exists():
        with path.open(newline="") as stream:
            earlier = list(csv.DictReader(stream))
    order = [each.name for each in MODULES]
    found = [row for row in earlier if row["module"] != module.name and row["module"] in order]
    found = sorted([*found, *rows], key=lambda row: order.index(row["module"]))
    with path.open("w", newline="") as stream:
        names = list(dict.fromkeys(name for row in found for name in row))
        writer = csv.DictWriter(stream, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)


if __name__ == "__main__":
    main()

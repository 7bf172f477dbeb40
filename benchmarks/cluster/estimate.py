"""What a job far larger than those measured would need of a cluster, and what breaks first.

`python -m benchmarks.cluster.estimate [--cells 10000000] [--lines 100000000]` reads the rows of
results_job.csv and prints an estimate as a table of Markdown. Seconds and
bytes are taken to grow with the cells as between the smallest and the largest job measured on two
workers; memory of the driver is what `foreship.cluster.bounds` says, which was fitted to them. A
worker holds a block at a time, however many there are.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from foreship.cluster.bounds import GIB, driver_bytes
from foreship.cluster.moving import MIB
from foreship_forecast.params import ForecastParams
from foreship_foundation.telling.words import number

__all__ = ["Growth", "estimate", "growths", "table", "what_breaks"]

MEASURED: Final = Path(__file__).parent / "results_job.csv"
WORKERS: Final = 2
"""of the jobs that it is read from"""
DRIVER_GIB: Final = 64.0
NIGHT_HOURS: Final = 8.0
_NIGHT: Final = f"{number(NIGHT_HOURS)} hours"
NETWORK: Final = 125_000_000
"""bytes a second: one gigabit"""
USUAL: Final = ForecastParams()
SETTINGS: Final = USUAL.max_rows, USUAL.horizon_weeks, USUAL.scenarios
"""rows that the model learns from, weeks ahead and sample paths of the defaults"""
MANY: Final = 10**6
"""cells at which what each needs is told, far beyond those whose rows of learning still grow"""
HEAD: Final = (
    "| stage | CPU of the driver [h] | to workers [GB] | and back [GB] | CPU of workers [h] |",
    "|---|---|---|---|---|",
)
FIGURES: Final = ("driver_cpu_seconds", "mib_out", "mib_in", "worker_cpu_seconds")
UNITS: Final = (1 / 3600, MIB / 1e9, MIB / 1e9, 1 / 3600)
"""of the figures in the columns of the table"""

Row = Mapping[str, str]


@dataclass(frozen=True)
class Growth:
    """A figure of a stage by the number of cells: a line through two jobs, never falling."""

    at_rest: float
    """of no cell at all"""
    a_cell: float

    def at(self, cells: float) -> float:
        """Return the figure of so many cells."""
        return self.at_rest + self.a_cell * cells

    @classmethod
    def through(cls, few: tuple[float, float], many: tuple[float, float]) -> Growth:
        """Return the line through two jobs, each its cells and its figure."""
        slope = max(0.0, (many[1] - few[1]) / (many[0] - few[0]))
        return cls(max(0.0, many[1] - slope * many[0]), slope)


def growths(rows: Iterable[Row], workers: int = WORKERS) -> dict[str, dict[str, Growth]]:
    """Return how the figures of each stage grow: stage -> figure -> line.

    Parameters
    ----------
    rows
        As `python -m benchmarks.cluster.job` writes them: of the same size the last ones count.
    workers
        Jobs on so many workers are looked at.

    Raises
    ------
    ValueError
        Where there are not two sizes.
    """
    mine = [row for row in rows if int(row["workers"]) == workers]
    sizes = sorted({int(row["cells"]) for row in mine})
    if len(sizes) < 2:
        raise ValueError(f"jobs of two sizes on {workers} workers are needed, not of {sizes}")
    few, many = ({row["stage"]: row for row in mine if int(row["cells"]) == size}
                 for size in (sizes[0], sizes[-1]))  # fmt: skip
    return {
        stage: {
            name: Growth.through(_point(few[stage], name), _point(row, name))
            for name in FIGURES
            if few[stage].get(name) and row.get(name)
        }
        for stage, row in many.items()
        if stage in few
    }


def _point(row: Row, name: str) -> tuple[float, float]:
    return float(row["cells"]), float(row[name])


def estimate(found: Mapping[str, Mapping[str, Growth]], cells: int) -> dict[str, dict[str, float]]:
    """Return the figures of each stage of a job of so many cells, in the units of the table."""
    return {
        stage: {
            name: lines[name].at(cells) * unit
            for name, unit in zip(FIGURES, UNITS, strict=True)
            if name in lines
        }
        for stage, lines in found.items()
    }


def table(said: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Return the estimate as lines of Markdown."""
    rows = [
        f"| {stage} | " + " | ".join(_told(figures.get(name)) for name in FIGURES) + " |"
        for stage, figures in said.items()
    ]
    return [*HEAD, *rows]


def what_breaks(found: Mapping[str, Mapping[str, Growth]], lines_a_cell: float) -> list[str]:
    """Say up to how many cells each thing would hold, what breaks first foremost."""
    rest = driver_bytes(0, 0, *SETTINGS)
    held = driver_bytes(MANY, int(lines_a_cell * MANY), *SETTINGS)
    memory = Growth(rest, (held - rest) / MANY)
    seconds = NIGHT_HOURS * 3600
    limits = (
        (f"memory of the driver, {number(DRIVER_GIB)} GiB", memory, DRIVER_GIB * GIB),
        (f"one core of the driver, {_NIGHT}", _sum(found, "driver_cpu_seconds"), seconds),
        (
            f"a network of one gigabit a second, {_NIGHT}",
            _sum(found, "mib_out", "mib_in"),
            seconds * NETWORK / MIB,
        ),
    )
    broken = sorted((_rounded(_cells(line, most)), words) for words, line, most in limits)
    return [f"{place}. {words}: up to {most:,.0f} cells" for place, (most, words) in
            enumerate(broken, 1)]  # fmt: skip


def _cells(line: Growth, most: float) -> float:
    """Return the cells at which a figure reaches its most; inf where it does not grow."""
    return (most - line.at_rest) / line.a_cell if line.a_cell else float("inf")


def _sum(found: Mapping[str, Mapping[str, Growth]], *names: str) -> Growth:
    """Return how some figures of all stages grow together."""
    every = [lines[name] for lines in found.values() for name in names if name in lines]
    return Growth(sum(each.at_rest for each in every), sum(each.a_cell for each in every))


def _rounded(count: float) -> float:
    """Return a count with two digits that count: more is not known."""
    return float(f"{count:.1e}")


def _told(figure: float | None) -> str:
    return "-" if figure is None else number(figure, 3)


def lines_of(path: Path, cells: int, lines: int) -> Sequence[str]:
    """Return the estimate from a file of rows, as a page could hold it."""
    with path.open(newline="") as stream:
        found = growths(csv.DictReader(stream))
    held = number(driver_bytes(cells, lines, *SETTINGS) / GIB, 3)
    size = f"{cells:,} cells and {lines:,} order lines"
    return [
        *table(estimate(found, cells)),
        "",
        f"The driver of {size} would hold about {held} GiB.",
        *what_breaks(found, lines / cells),
    ]


def main() -> None:
    """Print the estimate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=10_000_000)
    parser.add_argument("--lines", type=int, default=100_000_000)
    options = parser.parse_args()
    print(*lines_of(MEASURED, options.cells, options.lines), sep="\n")


if __name__ == "__main__":
    main()

"""The estimate of a job on a cluster that nobody could run: two small jobs, drawn out."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.cluster import estimate as module
from benchmarks.cluster.estimate import (
    MEASURED,
    Growth,
    estimate,
    growths,
    lines_of,
    table,
    what_breaks,
)
from foreship.cluster.moving import MIB


def rows(cells: int, spent: float, moved: float) -> list[dict[str, str]]:
    """Return a stage of the driver and one of workers, as they are written."""
    about = {"cells": str(cells), "workers": "2"}
    led = {"stage": "driver: plan", "driver_cpu_seconds": str(spent)}
    shared = {"stage": "draw", "mib_out": str(moved), "worker_cpu_seconds": "4"}
    blank = {"driver_cpu_seconds": "", "mib_out": "", "mib_in": "", "worker_cpu_seconds": ""}
    return [blank | about | led, blank | about | shared]


MEASURED_JOBS = [*rows(1_000, 3.0, 10), *rows(3_000, 5.0, 30)]


def test_a_line_goes_through_two_jobs_and_never_falls() -> None:
    """By hand: 500 of 1,000 and 700 of 3,000 are 400 at rest and .1 a cell; less is no less."""
    line = Growth.through((1_000, 500), (3_000, 700))
    assert (line.at_rest, line.a_cell) == pytest.approx((400, 0.1))
    assert line.at(10_000) == pytest.approx(1_400)
    assert Growth.through((1_000, 9.0), (3_000, 7.0)) == Growth(7.0, 0.0)


def test_figures_are_drawn_out_in_the_units_of_the_table() -> None:
    """By hand: hours and billions of bytes."""
    found = growths(MEASURED_JOBS)
    said = estimate(found, 1_000_000)
    assert said["driver: plan"] == pytest.approx({"driver_cpu_seconds": 1_002 / 3600})
    assert said["draw"] == pytest.approx(
        {"mib_out": 10_000 * 2**20 / 1e9, "worker_cpu_seconds": 4 / 3600}
    )
    assert table(said)[-1].startswith("| draw | - | 10.5 | - |")


def test_what_breaks_first_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand: 64 GiB at 1 MiB a cell, 8 hours at 1 ms a cell, 8 hours of a gigabit at .01 MiB."""
    monkeypatch.setattr(module, "driver_bytes", lambda cells, *_: cells * MIB)
    assert what_breaks(growths(MEASURED_JOBS), 10.0) == [
        "1. memory of the driver, 64 GiB: up to 66,000 cells",
        "2. one core of the driver, 8 hours: up to 29,000,000 cells",
        "3. a network of one gigabit a second, 8 hours: up to 340,000,000 cells",
    ]


def test_the_manual_says_what_the_rows_say() -> None:
    """Line by line, of 10 million cells and 100 million order lines."""
    page = Path(__file__).parents[2] / "docs" / "how-to" / "more-than-one-machine.md"
    told = page.read_text(encoding="utf-8")
    assert all(line in told for line in lines_of(MEASURED, 10_000_000, 100_000_000))


def test_jobs_of_one_size_tell_no_growth() -> None:
    """Nor do jobs on another number of workers."""
    with pytest.raises(ValueError, match="two sizes on 2 workers"):
        growths(rows(1_000, 3.0, 10))
    with pytest.raises(ValueError, match="two sizes on 4 workers"):
        growths(MEASURED_JOBS, 4)

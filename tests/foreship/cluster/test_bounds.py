"""What cannot fit the stated memory is refused before it begins."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from foreship.cluster.bounds import (
    GIB,
    MOST_ROWS,
    alone_bytes,
    block_cells,
    cells_of,
    driver_bytes,
    refuse_too_large,
    sent_rows,
    worker_bytes,
)
from foreship.cluster.moving import MIB
from foreship.config import Config
from foreship.errors import TooLarge
from foreship.params import ClusterParams
from foreship_forecast.params import ForecastParams

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"
MEASURED = BENCHMARKS / "cluster" / "results_job.csv"
BOUNDED = BENCHMARKS / "cluster" / "results_bounded.csv"
MANY = BENCHMARKS / "job" / "results_cells.csv"
LEARNED, WEEKS, PATHS, VALUED = 30_000, 8, 200, 5_000
"""of those jobs: rows that the model learns from, weeks, paths, and cells of their largest block"""


def measured() -> Iterator[tuple[str, float]]:
    """Yield who held the most in a stage of a measured job, and its part of what is stated."""
    with MEASURED.open(newline="") as stream:
        for row in csv.DictReader(stream):
            size = int(row["cells"]), int(row["order_lines"]), LEARNED
            if not row["stage"].startswith("driver"):
                who, stated = "worker", worker_bytes(VALUED, WEEKS, PATHS)
            elif row["workers"] == "0":
                who, stated = "alone", alone_bytes(*size, WEEKS, PATHS)
            else:
                who, stated = "driver", driver_bytes(*size, WEEKS, PATHS)
            yield f"{who} of {row['cells']}", float(row["peak_mib"]) * MIB / stated


def many() -> Iterator[tuple[str, float]]:
    """Yield the same of the last job of each size with scarce room, in one process."""
    with MANY.open(newline="") as stream:
        last = {row["items"]: row for row in csv.DictReader(stream) if row["version_source"]}
    for row in last.values():
        size = int(row["cells"]), int(row["order_lines"]), ForecastParams().max_rows
        share = float(row["peak_gib"]) * GIB / alone_bytes(*size, WEEKS, PATHS)
        yield f"alone of {row['cells']}", share


def bounded() -> Iterator[tuple[str, float]]:
    """Yield the same of the jobs that ended well in control groups, on many sample paths."""
    with BOUNDED.open(newline="") as stream:
        ended = [row for row in csv.DictReader(stream) if row["paths"] and row["exit"] == "0"]
    for row in ended:
        size = int(row["cells"]), int(row["order_lines"]), LEARNED, WEEKS, int(row["paths"])
        stated = alone_bytes(*size) if row["way"].startswith("one") else driver_bytes(*size)
        yield f"{row['way']}, {row['paths']} paths", float(row["peak_mib"]) * MIB / stated
        for held in row["workers_held_mib"].split():
            settings = ForecastParams(block_rows=MOST_ROWS, scenarios=size[-1])
            block = worker_bytes(block_cells(settings, size[0]), WEEKS, size[-1])
            yield f"worker, {row['paths']} paths", float(held) * MIB / block


def tables(cells: int) -> dict[str, pd.DataFrame]:
    """Return two order lines a cell."""
    item = [f"I{number}" for number in range(cells)] * 2
    return {"orders": pd.DataFrame({"region": "R", "item": item, "quantity": 1})}


def config(block_rows: int = 400_000, scenarios: int = 200, **cluster: float) -> Config:
    """Return settings of memory and of blocks."""
    forecast = ForecastParams(block_rows=block_rows, scenarios=scenarios)
    return Config(forecast=forecast, cluster=ClusterParams(**cluster))


def test_cells_are_those_of_the_assortment_or_else_those_that_sold() -> None:
    """Each once."""
    sold = tables(3)
    assert cells_of(sold) == 3
    assert cells_of({**sold, "assortment": pd.DataFrame({"region": ["R"] * 5})}) == 5


def test_an_unbounded_driver_is_never_refused() -> None:
    """Zero means no bound; without a cluster no worker is asked about."""
    refuse_too_large(tables(3), config(100_000_000, 2000), on_cluster=False)


@pytest.mark.parametrize("on_cluster", [True, False])
def test_a_process_that_is_too_small_is_told_what_would_do(on_cluster: bool) -> None:
    """The message has the size of the job, the memory and the setting; so much is enough.

    One process alone works on blocks too, and is told of a cluster.
    """
    small, forecast = tables(100), ForecastParams()
    asked = 100, 200, forecast.max_rows
    need = (driver_bytes if on_cluster else alone_bytes)(*asked, WEEKS, PATHS)
    gib = need / GIB
    refuse_too_large(small, config(driver_memory_gib=gib + 0.01), on_cluster=on_cluster)
    words = r"100 cells and 200 order lines.*driver_memory_gib, which says [\d.]+"
    words += "$" if on_cluster else ", or share the work by --cluster$"
    with pytest.raises(TooLarge, match=words):
        refuse_too_large(small, config(driver_memory_gib=gib - 0.01), on_cluster=on_cluster)


def test_a_worker_that_is_too_small_is_told_what_would_do() -> None:
    """With the rows of a block that the message names, the job begins."""
    many = tables(30_000)
    big = config(10_000_000, worker_memory_gib=0.5)
    with pytest.raises(TooLarge, match=r"worker_memory_gib, which says 0\.5") as refused:
        refuse_too_large(many, big, on_cluster=True)
    found = re.search(r"block_rows to (\d+)", str(refused.value))
    assert found is not None
    refuse_too_large(many, config(int(found.group(1)), worker_memory_gib=0.5), on_cluster=True)


def test_more_of_anything_needs_more() -> None:
    """Cells, lines and rows of the driver; cells, weeks and paths of a worker."""
    driver = driver_bytes(10, 10, 1000, 8, 200)
    larger = ((11, 10, 1000, 8, 200), (10, 11, 1000, 8, 200), (10, 10, 1000, 8, 201))
    assert all(driver_bytes(*more) > driver for more in larger)
    worker = worker_bytes(10, 8, 200)
    assert all(worker_bytes(*more) > worker for more in ((11, 8, 200), (10, 9, 200), (10, 8, 201)))


def test_a_block_is_no_more_than_all_cells_and_no_less_than_one() -> None:
    """Rows are cells x weeks."""
    assert block_cells(ForecastParams(block_rows=400), 1000) == 50
    assert block_cells(ForecastParams(block_rows=400), 7) == 7
    assert block_cells(ForecastParams(block_rows=3), 1000) == 1


def test_a_block_that_is_sent_is_bounded_whatever_the_settings_ask_for() -> None:
    """Blocks under way lie with the process that leads, several at once."""
    assert block_cells(ForecastParams(block_rows=400_000), 10**6) == MOST_ROWS // 8
    assert block_cells(ForecastParams(block_rows=400), 10**6) == 50


def test_on_more_paths_a_block_that_is_sent_has_fewer_cells() -> None:
    """Its counts stay as many, at most; a cell is sent whole, however many weeks it has."""
    many = ForecastParams(block_rows=400_000, scenarios=5_000)
    assert sent_rows(many) * 5_000 == MOST_ROWS * 200
    assert sent_rows(ForecastParams(block_rows=3, horizon_weeks=13)) == 13


def test_no_measured_job_held_more_than_is_stated() -> None:
    """In any of its stages; and at its most no less than half of it."""
    most: dict[str, float] = {}
    for who, share in (*measured(), *many(), *bounded()):
        most[who] = max(most.get(who, 0.0), share)
    assert len(most) >= 6
    assert max(most.values()) <= 1.0 and min(most.values()) > 0.5, most

"""Whether a job fits the memory that is stated for it, asked before it begins.

The figures are fitted to what whole jobs of 10,000 to 850,000 cells held
(docs/how-to/more-than-one-machine.md), the larger ones with scarce room; none of those held more
than they say. They refuse what is far too large, and promise nothing of jobs of another kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from foreship.errors import TooLarge
from foreship_foundation.telling.words import number, plural

if TYPE_CHECKING:
    import pandas as pd

    from foreship.config import Config
    from foreship_forecast.params import ForecastParams

__all__ = [
    "GIB",
    "MOST_ROWS",
    "alone_bytes",
    "block_cells",
    "cells_of",
    "driver_bytes",
    "refuse_too_large",
    "sent_rows",
    "worker_bytes",
]

GIB: Final = 2**30
LOADED: Final = 620 * 2**20
"""bytes of the driver that has all libraries loaded and learns, whatever it learns from"""
WORKER_LOADED: Final = 210 * 2**20
"""the same of a worker, which reads no table"""
LINE_BYTES: Final = 200
"""bytes of the driver for each order line"""
CELL_BYTES: Final = 4_800
"""bytes of the driver for each cell: its weeks, what is known of them, its units in the plan, more
than half of it for these and their moves"""
FIT_ROW_BYTES: Final = 300
"""bytes of the driver for each row that the model learns from"""
FIT_ROWS_A_CELL: Final = 100
"""rows of a cell that the model may learn from, before they are thinned"""
USUAL_PATHS: Final = 200
"""sample paths of the defaults, whose counts are among the bytes of a cell"""
FURTHER_COUNT_BYTES: Final = 2
"""bytes of the driver for each count on further paths, most of them while it makes the plan"""
VALUED_COUNT_BYTES: Final = 5
"""bytes of one process alone for each count of the paths of a block whose units it values"""
COUNT_BYTES: Final = 43
"""bytes of a worker for each count that it draws, in order and packed, or values units on"""
MOST_ROWS: Final = 40_000
"""cells x weeks of a block on a cluster at most: so many blocks are under way as keep the workers
busy, and the process that leads, which by `local:4` is the scheduler's too, holds them all"""
MOST_COUNTS: Final = USUAL_PATHS * MOST_ROWS
"""counts of a block at most, so many on the paths of the defaults: on more of them it has fewer
cells, and a worker holds no more of it"""
ROW_BYTES: Final = 1_400
"""bytes of a worker for each cell and week that it scores"""


def cells_of(tables: Mapping[str, pd.DataFrame]) -> int:
    """Return about how many cells a job has: those that may be stocked, else those that sold."""
    assortment = tables.get("assortment")
    if assortment is not None and len(assortment):
        return len(assortment)
    orders = tables["orders"]
    return int(orders.groupby(["region", "item"], observed=True, sort=False).ngroups)


def driver_bytes(cells: int, lines: int, most_rows: int, weeks: int, scenarios: int) -> int:
    """Return about what the driver holds at most.

    Parameters
    ----------
    cells, lines
        Cells of the job and lines of its orders.
    most_rows
        Rows that the model learns from at most.
    weeks, scenarios
        Weeks ahead and sample paths.
    """
    rows = min(most_rows, FIT_ROWS_A_CELL * cells)
    further = cells * weeks * max(0, scenarios - USUAL_PATHS)
    held = LINE_BYTES * lines + CELL_BYTES * cells + FIT_ROW_BYTES * rows
    return LOADED + held + FURTHER_COUNT_BYTES * further


def alone_bytes(cells: int, lines: int, most_rows: int, weeks: int, scenarios: int) -> int:
    """Return about what one process holds at most that does the whole job, blocks too."""
    from foreship_optimize.valuation.blocks import WHOLE

    counts = min(cells, WHOLE.cells) * weeks * scenarios
    leads = driver_bytes(cells, lines, most_rows, weeks, scenarios)
    return leads + VALUED_COUNT_BYTES * counts


def worker_bytes(cells: int, weeks: int, scenarios: int) -> int:
    """Return about what a worker holds of a block of so many cells at most."""
    return WORKER_LOADED + cells * weeks * (ROW_BYTES + COUNT_BYTES * scenarios)


def sent_rows(forecast: ForecastParams) -> int:
    """Return the cells x weeks of a block that is sent, of whatever it is a block, at most.

    As `[forecast] block_rows` says, but no more than are sent, and at least a cell.
    """
    most = min(forecast.block_rows, MOST_ROWS, MOST_COUNTS // forecast.scenarios)
    return max(most, forecast.horizon_weeks)


def block_cells(forecast: ForecastParams, cells: int) -> int:
    """Return the cells of a block that is sent."""
    return min(sent_rows(forecast) // forecast.horizon_weeks, max(1, cells))


def refuse_too_large(
    tables: Mapping[str, pd.DataFrame], config: Config, *, on_cluster: bool
) -> None:
    """Raise TooLarge if the driver or, on a cluster, a worker would need more than is stated."""
    forecast, cluster = config.forecast, config.cluster
    bounded = cluster.driver_memory_gib > 0
    if not (bounded or on_cluster):
        return
    cells, lines = cells_of(tables), len(tables["orders"])
    weeks = forecast.horizon_weeks
    size_of = cells, lines, forecast.max_rows, weeks, forecast.scenarios
    if on_cluster:
        leads, other = driver_bytes(*size_of), ""
    else:
        leads = alone_bytes(*size_of)
        other = ", or share the work by --cluster"
    size = f"{plural(cells, 'cell')} and {plural(lines, 'order line')}"
    if bounded and leads > cluster.driver_memory_gib * GIB:
        raise TooLarge(
            f"{size} need about {number(leads / GIB, 3)} GiB of the process that leads the job;"
            f" raise [cluster] driver_memory_gib, which says {number(cluster.driver_memory_gib)}"
            f"{other}"
        )
    block = block_cells(forecast, cells)
    worker = worker_bytes(block, weeks, forecast.scenarios)
    if on_cluster and worker > cluster.worker_memory_gib * GIB:
        raise TooLarge(
            f"a block of {plural(block, 'cell')} over {plural(weeks, 'week')} on"
            f" {plural(forecast.scenarios, 'path')} needs about {number(worker / GIB, 3)} GiB of a"
            f" worker; raise [cluster] worker_memory_gib, which says"
            f" {number(cluster.worker_memory_gib)}, or lower [forecast] block_rows to"
            f" {_rows_that_fit(cluster.worker_memory_gib, forecast.scenarios)}"
        )


def _rows_that_fit(gib: float, scenarios: int) -> int:
    """Return the rows of a block that fit a worker."""
    return max(1, int((gib * GIB - WORKER_LOADED) // (ROW_BYTES + COUNT_BYTES * scenarios)))

"""What a stage took of the workers of a cluster, and of the process that leads: a row each."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.cluster.loading import loaded
from benchmarks.memory import forget_peak
from foreship.cluster import Workers
from foreship.cluster.moving import MIB
from foreship.metrics.peak import peak_bytes

__all__ = ["Row", "driver", "load_first", "worker_rows"]

Row = dict[str, Any]
"""figures of a stage by name"""


def load_first(across: object, workers: int) -> None:
    """Have workers load libraries and compiled code, which is not measured."""
    if isinstance(across, Workers):
        list(across(loaded, [int] * (4 * workers)))
        across.moving.stages.clear()


@contextmanager
def driver(stage: str, rows: list[Row]) -> Iterator[None]:
    """Add a row of what is done inside took of this process."""
    forget_peak()
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    rows.append(
        {
            "stage": stage,
            "wall_seconds": round(time.perf_counter() - wall, 2),
            "driver_cpu_seconds": round(time.process_time() - cpu, 2),
            "peak_mib": round((peak_bytes() or 0) / MIB, 1),
        }
    )


def worker_rows(across: object) -> list[Row]:
    """Return a row a stage of what workers did to its blocks; none where there are no workers."""
    if not isinstance(across, Workers):
        return []
    return [
        {
            "stage": name,
            "blocks": cost.blocks,
            "mib_out": round(cost.bytes_out / MIB, 3),
            "mib_in": round(cost.bytes_in / MIB, 3),
            "worker_cpu_seconds": round(cost.seconds, 2),
            "peak_mib": round(cost.peak_bytes / MIB, 1),
            "each_worker_mib": " ".join(
                f"{each / MIB:.1f}" for each in sorted(cost.peaks.values())
            ),
        }
        for name, cost in across.moving.stages.items()
    ]

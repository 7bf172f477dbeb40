"""Pieces of work on a Dask client: the one that is open, or one of a cluster of this machine."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeVar

from foreship.errors import DoorMissing
from foreship.execute.parts import LOST, Piece

__all__ = ["local_cluster", "over_dask", "with_dask"]

LOCAL: Final = {
    "distributed.scheduler.allowed-failures": 10,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
}
"""Dask's settings of a cluster of our own; those of other clusters are theirs"""

Result = TypeVar("Result")


def over_dask(
    work: Callable[..., Result], common: Any, pieces: Sequence[Piece], workers: int
) -> Iterator[Result]:
    """Yield each piece's result in their order; raise MemoryError if workers were ended."""
    with_dask()
    from distributed import KilledWorker

    with _client(workers) as client:
        everywhere = client.scatter(common, broadcast=True, hash=False)
        sent: list[Any] = []
        for part, needs in pieces:
            given = [sent[need] for need in needs]
            order = {"priority": -len(sent), "pure": False}
            sent.append(client.submit(work, everywhere, part, *given, **order))
        try:
            for each in sent:
                yield each.result()
        except KilledWorker as error:
            raise MemoryError(f"{LOST}; use fewer workers") from error
        finally:
            client.cancel(sent)


def with_dask() -> None:
    """Raise DoorMissing where Dask is not installed."""
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise DoorMissing(
            "Dask is not installed; pip install 'foreship[cluster]', or use processes"
        ) from error


@contextlib.contextmanager
def _client(workers: int) -> Iterator[Any]:
    """Use the Dask client that is open, or open a cluster of this machine."""
    from distributed import Client, get_client

    try:
        client = get_client()
    except ValueError:
        with local_cluster(workers) as cluster, Client(cluster) as client:
            yield client
    else:
        yield client


@contextlib.contextmanager
def local_cluster(workers: int, memory_limit: int | str = "auto") -> Iterator[Any]:
    """Open a cluster that listens on this machine only: one thread a worker, no dashboard.

    Parameters
    ----------
    workers
        Processes, at least 1.
    memory_limit
        Bytes of each worker; one that needs more is ended. Nothing is spilled to disk before:
        that a job crawls is found out later than that it does not fit.
    """
    import dask
    from distributed import LocalCluster

    with (
        dask.config.set(LOCAL),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            memory_limit=memory_limit,
            silence_logs=logging.CRITICAL,  # what a worker could not do is said by whoever asked
        ) as cluster,
    ):
        yield cluster

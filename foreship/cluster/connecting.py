"""A client of a Dask cluster: one that runs somewhere, or one of this machine for a job.

What workers run must be what this process runs, to the byte: other code gives other answers.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from foreship.cluster.bounds import GIB
from foreship.errors import StoreUnreachable, UsageError
from foreship.execute.dask_client import local_cluster, with_dask
from foreship.installation import run_versions
from foreship_foundation.telling.words import listed

__all__ = ["connected", "refuse_no_address", "refuse_other_code"]

MOST_LOCAL: Final = 64
"""workers of a cluster of this machine at most"""
LOCAL: Final = re.compile(r"local:(\d{1,4})")
ELSEWHERE: Final = re.compile(r"(tcp|tls)://[^\s/]+:(\d{1,5})")
PORTS: Final = range(1, 2**16)
PATIENCE: Final = "30s"
"""how long a scheduler may take to answer"""
SPEAKERS: Final = ("distributed", "distributed.client")
"""loggers of Dask that have a level of their own"""
QUIET: Final = {"distributed.admin.large-graph-warning-threshold": "1 TiB"}
"""blocks travel in tasks, so that a task whose worker is lost can be done by another"""


@contextmanager
def connected(address: str, worker_gib: float) -> Iterator[Any]:
    """Open a client of the cluster at an address, and close what was opened for it.

    Parameters
    ----------
    address
        `tcp://host:8786` or `tls://..` of a Dask scheduler, which Dask's own settings tell how to
        trust; or `local:4`, four workers on this machine for the time of the job.
    worker_gib
        Memory of each worker of this machine, GiB; workers elsewhere have their own.

    Raises
    ------
    UsageError
        For another address, a cluster without workers, or workers that run other code.
    DoorMissing
        Where Dask is not installed.
    StoreUnreachable
        If nobody answers at the address.
    """
    workers = _workers_here(address)
    with_dask()
    import dask

    with dask.config.set(QUIET), _unspoken():
        if not workers:
            with _client_of(address, address) as client:
                yield client
            return
        with (
            local_cluster(workers, int(worker_gib * GIB)) as cluster,
            _client_of(cluster, address) as client,
        ):
            yield client


def refuse_no_address(address: object) -> None:
    """Raise UsageError unless there is no address, or one as `connected` takes it.

    Nobody is asked: a job that need not work, because its run stands, refuses the same.
    """
    if address is not None:
        _workers_here(address)


def _workers_here(address: object) -> int:
    """Return how many workers of this machine an address asks for; 0 for a cluster elsewhere."""
    text = address if isinstance(address, str) else ""
    if local := LOCAL.fullmatch(text):
        workers = int(local.group(1))
        if not 1 <= workers <= MOST_LOCAL:
            raise UsageError(f"--cluster {text}: 1 to {MOST_LOCAL} workers on this machine")
        return workers
    elsewhere = ELSEWHERE.fullmatch(text)
    if elsewhere is None or int(elsewhere.group(2)) not in PORTS:
        raise UsageError(
            f"--cluster {address!r} is no address of a cluster; tcp://host:8786, tls://host:8786,"
            " or local:4 for four workers on this machine"
        )
    return 0


@contextmanager
def _unspoken() -> Iterator[None]:
    """Keep Dask from telling in pages of its own what we tell in a sentence."""
    levels = {name: logging.getLogger(name).level for name in SPEAKERS}
    for name in SPEAKERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


@contextmanager
def _client_of(scheduler: Any, address: str) -> Iterator[Any]:
    from distributed import Client

    try:
        client = Client(scheduler, timeout=PATIENCE, set_as_default=False)
    except OSError as error:
        raise StoreUnreachable(f"no Dask scheduler answers at {address}: {error}") from error
    with client:
        _refuse_strangers(client, address)
        yield client


def _refuse_strangers(client: Any, address: str) -> None:
    """Raise UsageError if there is no worker, or one runs other code than we do."""
    try:
        found = client.run(run_versions)
    except ImportError as error:
        raise UsageError(f"foreship is not installed on the workers at {address}") from error
    if not found:
        raise UsageError(f"the cluster at {address} has no workers yet; start some")
    ours = run_versions()
    for worker, versions in sorted(found.items()):
        refuse_other_code(versions, ours, f"the worker at {worker}")


def refuse_other_code(theirs: Mapping[str, str], ours: Mapping[str, str], where: str) -> None:
    """Raise UsageError unless versions and source are the same on both sides."""
    other = [
        f"{name} {theirs.get(name, 'unknown')} instead of {version}"
        for name, version in ours.items()
        if theirs.get(name) != version
    ]
    if other:
        raise UsageError(
            f"{where} has {listed(other)}; other code gives other answers: install the same"
        )

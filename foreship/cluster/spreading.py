"""Blocks of cells worked on by the workers of a cluster.

A block travels inside its task: when a worker is lost, Dask gives the task to another one, and
the result is the same. Only so many blocks are under way as keep the workers busy, so neither
the driver nor the scheduler holds them all. What a block raises comes back as its answer, so that
whatever Dask itself raises is the cluster's and nothing of the work's.
"""

from __future__ import annotations

import os
import platform
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, Final, NamedTuple, TypeVar

from foreship.cluster.bounds import MOST_ROWS
from foreship.cluster.connecting import connected, refuse_other_code
from foreship.cluster.moving import MIB, Moving
from foreship.errors import StoreUnreachable, TooLarge, UsageError
from foreship.execute.sealed import opened, sealed, sealed_error
from foreship.installation import run_versions
from foreship.metrics.peak import peak_bytes
from foreship.params import ClusterParams
from foreship.pipeline.blocks import across_of
from foreship_foundation.blocks import Across
from foreship_foundation.telling.words import number

__all__ = ["Answer", "Workers", "at_work", "on_worker"]

UNDER_WAY: Final = 2
"""blocks under way for each worker: one that it works on, one that waits for it"""
LOOKING: Final = 5.0
"""seconds after which a block that is not done makes us look whether anybody works on it"""
ALONE: Final = 60.0
"""seconds without any worker after which the cluster is lost: others may come in their place"""

Part = TypeVar("Part")
Result = TypeVar("Result")


@contextmanager
def at_work(
    address: str | None,
    params: ClusterParams,
    tell: Callable[[str], None],
    most_rows: int = MOST_ROWS,
) -> Iterator[Across]:
    """Say who works on blocks: the workers at an address, or this machine where there is none.

    Parameters
    ----------
    address
        As of `connected`, whose errors are raised too; None: no cluster.
    params
        Bounds of workers, and how many processes share blocks without a cluster.
    tell
        Hears what the cluster cost, a line a stage, once all is done.
    most_rows
        Cells x weeks of a block at most that is sent to a worker.
    """
    if address is None:
        yield across_of(params)
        return
    with connected(address, params.worker_memory_gib) as client:
        workers = Workers(client, params, most_rows)
        yield workers
        for words in workers.moving.words():
            tell(words)


class Workers:
    """Who works on blocks: the workers of a client (`Across`)."""

    def __init__(self, client: Any, params: ClusterParams, most_rows: int = MOST_ROWS) -> None:
        self._client, self._params, self.most_rows = client, params, most_rows
        self.moving = Moving()

    def __call__(
        self, work: Callable[[Part], Result], parts: Iterable[Callable[[], Part]]
    ) -> Iterator[Result]:
        """Yield `work` of each part, in their order.

        Raises
        ------
        TooLarge
            If a block ended one worker after the other.
        StoreUnreachable
            If the cluster is lost.
        UsageError
            If a worker joined that runs other code, or has none of ours.
        What `work` raises, by its kind and words.
        """
        stage, running = work.__name__, deque[_Sent]()
        with _reached(stage):
            most = UNDER_WAY * max(1, len(self._client.ncores()))
        try:
            for make in parts:
                if len(running) == most:
                    yield self._next(stage, running)
                running.append(self._send(work, make()))
            while running:
                yield self._next(stage, running)
        finally:
            if self._client.status == "running":
                self._client.cancel([each.future for each in running])

    def _send(self, work: Callable[[Part], Result], part: Part) -> _Sent:
        packed = sealed((work, part))
        with _reached(work.__name__):
            future = self._client.submit(on_worker, packed, run_versions_here(), pure=False)
        return _Sent(future, len(packed))

    def _next(self, stage: str, running: deque[_Sent]) -> Any:
        result = self._received(stage, running[0])
        running.popleft()  # only now: one that is never received is given up with the others
        return result

    def _received(self, stage: str, sent: _Sent) -> Any:
        from distributed import KilledWorker

        try:
            with _reached(stage):
                answer = self._answer(sent.future)
        except KilledWorker as error:
            raise TooLarge(self._beyond(stage, sent.size)) from error
        except ImportError as error:
            raise UsageError(
                f"foreship is not installed on a worker that joined: {error}"
            ) from error
        self.moving.add(
            stage,
            sent.size,
            len(answer.packed),
            answer.seconds,
            answer.worker,
            answer.peak_bytes,
        )
        result = opened(answer.packed)
        if answer.raised:
            raise result
        return result

    def _answer(self, future: Any) -> Answer:
        """Wait for a block as long as there is anybody to work on it."""
        waited = 0.0
        while waited < ALONE:
            try:
                answer: Answer = future.result(timeout=LOOKING)
                return answer
            except TimeoutError:
                if future.status == "error":  # of Dask, not of our waiting
                    raise
                waited = 0.0 if self._client.ncores() else waited + LOOKING
        raise OSError(f"it has had no worker for {number(waited)} seconds")

    def _beyond(self, stage: str, size: int) -> str:
        gib = number(self._params.worker_memory_gib)
        return (
            f"a block of {stage}, sent as {number(size / MIB)} MiB, ended one worker after the"
            f" other; raise [cluster] worker_memory_gib ({gib} now), or lower [forecast] block_rows"
        )


@contextmanager
def _reached(stage: str) -> Iterator[None]:
    """Raise StoreUnreachable where the cluster is lost; only Dask is asked inside, no work done."""
    from concurrent.futures import CancelledError

    try:
        yield
    except CancelledError as error:
        raise StoreUnreachable(f"the cluster was lost during {stage}; try again") from error
    except (OSError, RuntimeError) as error:
        raise StoreUnreachable(f"the cluster was lost during {stage}: {error}") from error


class _Sent(NamedTuple):
    future: Any
    size: int
    """bytes that were sent"""


class Answer(NamedTuple):
    """A block's result, or what it raised, as a worker sends it back."""

    packed: bytes
    seconds: float
    """CPU seconds of reading, working and packing"""
    peak_bytes: int
    """most memory that the worker has held so far, 0 where its system does not say"""
    worker: str
    """its machine and process"""
    raised: bool = False
    """whether it is an error"""


@cache
def run_versions_here() -> Mapping[str, str]:
    """Return the versions of this process, looked up once."""
    return run_versions()


def on_worker(packed: bytes, versions: Mapping[str, str]) -> Answer:
    """Work on a block, on a worker that may have joined after the job began.

    An error is an answer too, a UsageError among them if the worker runs other code.
    """
    begun = time.process_time()
    try:
        refuse_other_code(run_versions_here(), versions, "a worker")
        work, part = opened(packed)
        result, raised = sealed(work(part)), False
    except Exception as error:  # whatever it is, it is told where the work was asked for
        result, raised = sealed_error(error), True
    name = f"{platform.node()}:{os.getpid()}"
    return Answer(result, time.process_time() - begun, peak_bytes() or 0, name, raised)

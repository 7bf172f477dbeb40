"""Run pieces of work one after another or side by side, always with the same results.

The only file that knows Dask. Workers are spawned, never forked: LightGBM's threads do not
survive a fork. What all pieces share is sent to each worker once.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import Any, NamedTuple, TypeVar

from foreship.errors import UsageError

__all__ = ["WAYS", "map_parts"]

WAYS = ("serial", "processes", "dask")
LOST = "a worker process was ended from outside, as a system does that runs out of memory"

Result = TypeVar("Result")


def map_parts(
    work: Callable[..., Result],
    common: Any,
    parts: Sequence[Any],
    *,
    needs: Sequence[Sequence[int]] = (),
    how: str = "serial",
    workers: int = 1,
) -> Iterator[Result]:
    """Yield `work(common, part, *results of the parts it needs)`, in the order of the parts.

    Parameters
    ----------
    work
        A function of a module, so that another process can import it. Its results must depend
        on its arguments alone: then they are the same bytes whichever way they were made.
    common
        What all parts need; sent to each worker once.
    parts
        The pieces; of those that may begin, the first does.
    needs
        Positions of the earlier parts whose results each part needs; absent: none does.
    how
        `serial`, `processes` on this machine, or `dask`: on the client that is open, or else on
        a cluster of this machine that is closed again.
    workers
        Processes at once, at least 1; a Dask client that is open brings its own.

    Raises
    ------
    UsageError
        For another way, fewer workers, or `dask` where it is not installed.
    MemoryError
        If the system ended a worker.
    """
    if how not in WAYS or workers < 1:
        known = ", ".join(WAYS)
        raise UsageError(f"workers = {workers} by {how!r}; at least 1, and one of {known}")
    pieces = [Piece(*each) for each in zip(parts, needs or [()] * len(parts), strict=True)]
    if how == "serial":
        return _in_turn(work, common, pieces)
    apart = _over_dask if how == "dask" else _over_processes
    return apart(work, common, pieces, min(workers, max(1, len(pieces))))


class Piece(NamedTuple):
    """One part of the work."""

    part: Any
    needs: Sequence[int]
    """positions of the pieces whose results it is given"""


class _Results:
    """Results by position; each is kept until it was handed out and no later piece needs it."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._found: dict[int, Any] = {}
        self._asked = Counter(need for piece in pieces for need in piece.needs)
        self._asked.update(range(len(pieces)))

    def put(self, place: int, result: Any) -> None:
        self._found[place] = result

    def take(self, place: int) -> Any:
        self._asked[place] -= 1
        return self._found[place] if self._asked[place] else self._found.pop(place)

    def has(self, piece: Piece) -> bool:
        return all(need in self._found for need in piece.needs)

    def handed_out(self, first: int) -> Iterator[Any]:
        """Yield results from a position on, as far as there is no gap."""
        while first in self._found:
            yield self.take(first)
            first += 1


def _in_turn(work: Callable[..., Result], common: Any, pieces: Sequence[Piece]) -> Iterator[Result]:
    results = _Results(pieces)
    for place, piece in enumerate(pieces):
        results.put(place, work(common, piece.part, *map(results.take, piece.needs)))
        yield results.take(place)


def _over_processes(
    work: Callable[..., Result], common: Any, pieces: Sequence[Piece], workers: int
) -> Iterator[Result]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children, get_context
    from multiprocessing.reduction import ForkingPickler

    others = {child.pid for child in active_children()}
    spawning = get_context("spawn")
    counter, shared = spawning.SimpleQueue(), bytes(ForkingPickler.dumps((work, common)))
    threading.Thread(target=_hand_out, args=(counter, shared, workers), daemon=True).start()
    pool = ProcessPoolExecutor(workers, spawning, _begin, (counter,))
    try:
        yield from _side_by_side(pool, pieces, workers)
    except BrokenProcessPool as error:
        raise MemoryError(f"{LOST}; use fewer workers") from error
    except BaseException:
        # an interrupt, or a piece that failed: nobody waits for the others to end
        for child in active_children():
            if child.pid not in others:
                child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        counter.close()


def _hand_out(counter: Any, shared: bytes, workers: int) -> None:
    """Hand each worker what is shared, from a thread: one that died would never take it."""
    with contextlib.suppress(OSError, ValueError, TypeError):  # the counter was closed meanwhile
        for _ in range(workers):
            counter.put(shared)


def _side_by_side(pool: Executor, pieces: Sequence[Piece], workers: int) -> Iterator[Any]:
    """Give each free worker the first piece that can begin."""
    results, waiting, told = _Results(pieces), list(range(len(pieces))), 0
    running: dict[Future[Any], int] = {}
    while waiting or running:
        able = [place for place in waiting if results.has(pieces[place])]
        for place in able[: workers - len(running)]:
            given = list(map(results.take, pieces[place].needs))
            running[pool.submit(_piece, pieces[place].part, given)] = place
            waiting.remove(place)
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            results.put(running.pop(future), future.result())
        for result in results.handed_out(told):
            yield result
            told += 1


_at_hand: dict[str, Any] = {}


def _begin(counter: Any) -> None:
    """Prepare a worker: interrupts are left to the parent, and the parent is not outlived."""
    from multiprocessing.reduction import ForkingPickler

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    work, common = ForkingPickler.loads(counter.get())
    _at_hand.update(work=work, common=common)


def _end_with_parent() -> None:
    """Wait for the parent to end, killed or not, and end at once: nobody reads the results."""
    from multiprocessing import connection, parent_process

    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _piece(part: Any, given: Sequence[Any]) -> Any:
    return _at_hand["work"](_at_hand["common"], part, *given)


def _over_dask(
    work: Callable[..., Result], common: Any, pieces: Sequence[Piece], workers: int
) -> Iterator[Result]:
    try:
        from distributed import KilledWorker
    except ImportError as error:
        raise UsageError(
            "Dask is not installed; pip install 'foreship[distributed]', or use processes"
        ) from error
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


@contextlib.contextmanager
def _client(workers: int) -> Iterator[Any]:
    """Use the Dask client that is open, or open a cluster that listens on this machine only."""
    from distributed import Client, LocalCluster, get_client

    try:
        client = get_client()
    except ValueError:
        with (
            LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address=None,
            ) as cluster,
            Client(cluster) as client,
        ):
            yield client
    else:
        yield client

"""Pieces of work in processes of this machine.

Workers are spawned, never forked: LightGBM's threads do not survive a fork. What all pieces share
is sent to each worker once.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import Any, TypeVar

from foreship.execute.parts import LOST, Piece, Results
from foreship.execute.sealed import opened, sealed

__all__ = ["over_processes"]

Result = TypeVar("Result")


def over_processes(
    work: Callable[..., Result], common: Any, pieces: Sequence[Piece], workers: int
) -> Iterator[Result]:
    """Yield each piece's result in their order; raise MemoryError if a worker was ended."""
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children, get_context

    others = {child.pid for child in active_children()}
    spawning = get_context("spawn")
    counter, shared = spawning.SimpleQueue(), sealed((work, common))
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
    results, waiting, told = Results(pieces), list(range(len(pieces))), 0
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
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    work, common = opened(counter.get())
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

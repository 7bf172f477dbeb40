"""Independent pieces of work, one after another or side by side, with the same results.

The only file that knows Dask. Workers are spawned, never forked: LightGBM's threads do not
survive a fork. What all pieces share is sent to each worker once.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from foreship.errors import UsageError

__all__ = ["WAYS", "map_parts"]

WAYS = ("serial", "processes", "dask")
LOST = "a worker process was ended from outside, as a system does that runs out of memory"

Common = TypeVar("Common")
Part = TypeVar("Part")
Result = TypeVar("Result")


def map_parts(
    work: Callable[[Common, Part], Result],
    common: Common,
    parts: Sequence[Part],
    *,
    how: str = "serial",
    workers: int = 1,
) -> Iterator[Result]:
    """Yield `work(common, part)` for each part, in the order of the parts.

    Parameters
    ----------
    work
        A function of a module, so that another process can import it. Its results must depend
        on its arguments alone: then they are the same bytes whichever way they were made.
    common
        What all parts need; sent to each worker once.
    parts
        The pieces, independent of each other.
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
    if how == "serial":
        return (work(common, part) for part in parts)
    apart = _over_dask if how == "dask" else _over_processes
    return apart(work, common, parts, min(workers, max(1, len(parts))))


def _over_processes(
    work: Callable[[Common, Part], Result], common: Common, parts: Sequence[Part], workers: int
) -> Iterator[Result]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children, get_context

    others = {child.pid for child in active_children()}
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _begin, (work, common))
    try:
        yield from pool.map(_piece, parts)
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


_at_hand: dict[str, Any] = {}


def _begin(work: Callable[..., Any], common: Any) -> None:
    """Prepare a worker; an interrupt from the keyboard is the parent's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _at_hand.update(work=work, common=common)


def _piece(part: Any) -> Any:
    return _at_hand["work"](_at_hand["common"], part)


def _over_dask(
    work: Callable[[Common, Part], Result], common: Common, parts: Sequence[Part], workers: int
) -> Iterator[Result]:
    try:
        from distributed import KilledWorker
    except ImportError as error:
        raise UsageError(
            "Dask is not installed; pip install 'foreship[distributed]', or use processes"
        ) from error
    with _client(workers) as client:
        everywhere = client.scatter(common, broadcast=True, hash=False)
        pieces = [client.submit(work, everywhere, part, pure=False) for part in parts]
        try:
            for piece in pieces:
                yield piece.result()
        except KilledWorker as error:
            raise MemoryError(f"{LOST}; use fewer workers") from error
        finally:
            client.cancel(pieces)


@contextlib.contextmanager
def _client(workers: int) -> Iterator[Any]:
    """Use the client that is open, or open a cluster on this machine's own address."""
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

"""Run pieces of work one after another or side by side, always with the same results."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from foreship.errors import UsageError
from foreship.execute.parts import Piece, Results

__all__ = ["WAYS", "map_parts"]

WAYS = ("serial", "processes", "dask")

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
    given: Any = workers
    if how not in WAYS or not isinstance(given, int) or given < 1:
        known = ", ".join(WAYS)
        raise UsageError(f"workers = {workers} by {how!r}; at least 1, and one of {known}")
    pieces = [Piece(*each) for each in zip(parts, needs or [()] * len(parts), strict=True)]
    if how == "serial":
        return _in_turn(work, common, pieces)
    most = min(workers, max(1, len(pieces)))
    if how == "dask":
        from foreship.execute.dask_client import over_dask

        return over_dask(work, common, pieces, most)
    from foreship.execute.processes import over_processes

    return over_processes(work, common, pieces, most)


def _in_turn(work: Callable[..., Result], common: Any, pieces: Sequence[Piece]) -> Iterator[Result]:
    results = Results(pieces)
    for place, piece in enumerate(pieces):
        results.put(place, work(common, piece.part, *map(results.take, piece.needs)))
        yield results.take(place)

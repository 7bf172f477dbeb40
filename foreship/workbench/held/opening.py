"""How a run is opened: first what its first page shows, then, behind, the large frames by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Final

import pyarrow
from pyarrow import parquet

from foreship.errors import ForeshipError
from foreship.own_files import EXTRAS, PLAN_LINES
from foreship.pipeline.kept_forecast import FORECAST
from foreship.pipeline.kept_tables import kept_as
from foreship.reading.parts import BY_CELL
from foreship.reading.views import RunView
from foreship.runs import Run, load_run
from foreship.runs.behind import forecast_folder
from foreship.runs.inventory import checked_manifest
from foreship.workbench.grid.ids import KINDS, Ids, Kind
from foreship.workbench.held.cells import CellFrame
from foreship.workbench.held.columns import Arrays, read_columns
from foreship_foundation.tables.output_files import ADJUSTED, EXCEPTIONS, PROJECTED

__all__ = ["FIRST", "LARGE", "CellFrames", "Reading", "ids_of", "left_out", "opened"]

LARGE: Final[Mapping[str, str]] = {
    "units": "units.parquet",
    "reasons": "reasons.parquet",
    "orders": "orders.parquet",
    "forecast": FORECAST,
    "ahead": "ahead.parquet",
    "needs": "needs.parquet",
    PROJECTED.name: PROJECTED.name,
    ADJUSTED.name: ADJUSTED.name,
    "stock": kept_as("stock"),
    "inbound": kept_as("inbound"),
}
"""frames that are held by cell, and their files in a run"""
WHOLE: Final = ("stock", "inbound")
"""those of them that the first page sums up, and that the view has whole beside"""
FIRST: Final = (
    PLAN_LINES, "departures.parquet", "summary.json", "inputs",
    *(name for name in EXTRAS if name not in LARGE),
)  # fmt: skip
"""files that the first page reads"""
FIRST_PAGE_SECONDS: Final = 1.0
"""how long the first page has the machine for itself, unless somebody needs the large frames"""


@dataclass(frozen=True)
class Reading:
    """How far the large frames are read."""

    done: int
    of: int


def opened(folder: Path) -> Run:
    """Open a run once the files of its first page are as they were written.

    Raises
    ------
    UsageError
        If there is no run.
    Tampered
        If one of these files is not what its hash says.
    """
    return load_run(folder, FIRST)


def left_out(run: Run) -> set[str]:
    """Return the frames that the view of the first page does without.

    Only where there is no line the first page says what stops the units, and needs their ledger.
    """
    without = set(BY_CELL) - set(WHOLE) - {EXCEPTIONS.name}
    return without if _has_lines(run) else without - {"units", "reasons"}


def _has_lines(run: Run) -> bool:
    """Whether the plan has a line, by the footer of its file; what cannot be read has none."""
    try:
        return int(parquet.read_metadata(run.path / PLAN_LINES).num_rows) > 0
    except (pyarrow.ArrowException, OSError):
        return False


def ids_of(view: RunView) -> Ids:
    """Return what the tables and lines of a run know by an id."""
    known: dict[Kind, set[str]] = {kind: set() for kind in KINDS}
    for kind in KINDS:
        table = view.table(f"{kind}s")
        known[kind] |= set(map(str, table[kind])) if kind in table else set()
    known["item"] |= set(map(str, view.lines["item"].unique()))
    places = {str(each) for side in ("origin", "destination") for each in view.lines[side].unique()}
    known["region"] |= places - known["hub"] - {""} if not known["region"] else set()
    names = {kind: {each: view.name(kind, each) for each in known[kind]} for kind in KINDS}
    return Ids.of(known, names)


class CellFrames:
    """The large frames of a run by cell, read behind while its first page is looked at.

    Their hashes are checked before they are read. Whoever needs them waits; what went wrong is
    raised for everyone who asks. They begin a little later, so that the first page does not wait
    for them.
    """

    def __init__(self, run: Run, arrays: Arrays) -> None:
        self._run, self._arrays = run, arrays
        self._found: dict[str, CellFrame] = {}
        self._fault: BaseException | None = None
        self._raised_at: TracebackType | None = None
        self._done = 0
        self._wanted, self._unwanted, self._ended = Event(), Event(), Event()
        self._files = dict(_files(run))
        # no daemon: one that Arrow is at work for would keep the interpreter from ending
        self._thread = Thread(target=self._read, name="foreship-cells")

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    @property
    def ready(self) -> bool:
        """Whether nobody has to wait for them any more."""
        return self._ended.is_set()

    @property
    def reading(self) -> Reading:
        """How many of them are read."""
        return Reading(self._done, len(self._files))

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until they are read; tell whether they are."""
        self._wanted.set()
        return self._ended.wait(seconds)

    def frames(self) -> Mapping[str, CellFrame]:
        """Return them by name, those that the run has; waits until they are read.

        Raises
        ------
        Tampered
            If one is not as it was written.
        Unwanted
            If they were put aside before they were read.
        """
        self.wait()
        if self._fault is not None:
            # as it was raised first: each further raise would add to what it holds
            raise self._fault.with_traceback(self._raised_at)
        return self._found

    def close(self) -> None:
        """Stop reading, and remove the files of the arrays."""
        self._unwanted.set()
        self._wanted.set()
        if self.ready:
            self._arrays.close()

    def _read(self) -> None:
        self._wanted.wait(FIRST_PAGE_SECONDS)
        try:
            self._check()
            for name, path in self._files.items():
                region, item = BY_CELL[name]
                columns = read_columns(path, self._arrays, self._unwanted.is_set)
                self._found[name] = CellFrame(columns, region, item)
                self._done += 1
        except BaseException as fault:
            self._fault, self._raised_at = fault, fault.__traceback__
        finally:
            pyarrow.default_memory_pool().release_unused()
            self._let_go()  # before anybody hears of the end
            self._ended.set()
            self._let_go()  # nobody may have wanted them any more just then

    def _let_go(self) -> None:
        if self._unwanted.is_set():
            self._arrays.close()

    def _check(self) -> None:
        own = self._run.path
        names = [str(each.relative_to(own)) for each in self._files.values() if own in each.parents]
        checked_manifest(own, names)


def _files(run: Run) -> Iterator[tuple[str, Path]]:
    """Yield the large frames that a run has, with their paths; its forecast may lie in another."""
    for name, file in LARGE.items():
        path = run.path / file
        if not path.exists() and file == FORECAST:
            path = _forecast_of(run)
        if path.exists():
            yield name, path


def _forecast_of(run: Run) -> Path:
    """Return where the forecast behind a run lies; what cannot be believed is taken as absent."""
    behind = forecast_folder(run.path, run.manifest)
    try:
        if (behind / FORECAST).exists():
            load_run(behind, [FORECAST])
    except ForeshipError:
        return run.path / FORECAST
    return behind / FORECAST

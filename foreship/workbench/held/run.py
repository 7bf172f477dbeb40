"""A run held open for reading; nothing of it changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from foreship.approval.life import Life, life_of
from foreship.errors import UsageError
from foreship.jobs.finished import view_of
from foreship.reading.explaining.known_names import unknown_words
from foreship.reading.parts import part_of
from foreship.reading.views import RunView
from foreship.runs import Run
from foreship.workbench.grid.ids import Ids
from foreship.workbench.grid.lines import LineColumns, columns_of
from foreship.workbench.held.columns import Arrays
from foreship.workbench.held.opening import CellFrames, Reading, ids_of, left_out, opened

__all__ = ["HeldRun"]


class HeldRun:
    """A finished run as the workbench reads it.

    `run`, `view`, `ids` and `lines` are there at once. The view has everything but the frames of
    cells, which a thread reads behind: `part` waits for them.
    """

    run: Run
    view: RunView
    """without units, reasons, forecast, orders, needs, later sends and projected stock"""
    ids: Ids
    lines: LineColumns

    def __init__(self, run: Run, arrays: Arrays) -> None:
        self.run = run
        self.view = view_of(run, left_out(run))
        self.ids = ids_of(self.view)
        self.lines = columns_of(self.view, self.ids)
        self._cells = CellFrames(run, arrays)
        self._cells.start()

    @classmethod
    def open(cls, folder: Path, arrays: Arrays) -> HeldRun:
        """Open a run folder, and begin to read its large frames.

        Raises
        ------
        UsageError
            If there is no run.
        Tampered
            If a file that its first page reads is not what its hash says.
        """
        return cls(opened(folder), arrays)

    @property
    def name(self) -> str:
        """The name of its folder, Monday and id."""
        return self.run.path.name

    @property
    def life(self) -> Life:
        """How far it has come; looked up each time, since papers are written beside a run."""
        return life_of(self.run.path)

    @property
    def ready(self) -> bool:
        """Whether `part` answers at once."""
        return self._cells.ready

    @property
    def reading(self) -> Reading:
        """How far the large frames are read."""
        return self._cells.reading

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the large frames are read, at most so long; tell whether they are."""
        return self._cells.wait(seconds)

    def part(self, *, item: str | None = None, region: str | None = None) -> RunView:
        """Return what of the run concerns an item, a region, or one in the other.

        `explained` says of it what it says of the whole run. Waits for the large frames.

        Raises
        ------
        UsageError
            If the run does not know the item or the region; names the nearest ones.
        Tampered
            If a file is not what its hash says.
        """
        frames = self._cells.frames()
        for kind, wanted in (("item", item), ("region", region)):
            if wanted is not None and not self.knows(kind, wanted):
                raise UsageError(unknown_words(kind, wanted, self._known(kind)))
        return part_of(self.view, item=item, region=region, held=frames)

    def with_frames(self, *names: str) -> RunView:
        """Return the view with some of its large frames read whole: `needs`, `ahead`, `units`.

        For pages that sum a frame up; at the cost of reading it.
        """
        read = {name: getattr(self.run, name) for name in names}
        return replace(self.view, **read)

    def knows(self, kind: str, id_: str) -> bool:
        """Whether the run knows an item or a region; its large frames have a say once read."""
        if kind not in ("item", "region"):
            return id_ in self.ids.hub.code
        names = self.ids.item if kind == "item" else self.ids.region
        return id_ in names.code or (self.ready and id_ in self._known(kind))

    def close(self) -> None:
        """Stop reading, and remove what lies in files; whoever still has a part may read on."""
        self._cells.close()

    def _known(self, kind: str) -> set[str]:
        """Return every item or region that tables, lines, ledger or forecast name."""
        names = self.ids.item if kind == "item" else self.ids.region
        known = set(names.ids)
        for name in ("units", "forecast"):
            frame = self._cells.frames().get(name)
            if frame is not None:
                known |= set(frame.items if kind == "item" else frame.regions)
        return known

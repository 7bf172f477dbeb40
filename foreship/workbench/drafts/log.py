"""A draft: the numbered log of what was decided on a run's lines.

Every action is added, none is changed or taken out; what counts of a line is said last. Several
servers and browsers share a draft: each action names the version it was made on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from foreship.approval.edits import Edit
from foreship.errors import Tampered
from foreship.files import json_text
from foreship.runs import draft_folder
from foreship.workbench.drafts.clash import Clash, clash_of, newest_by_line
from foreship.workbench.drafts.entry import DECIDED, Entry
from foreship.workbench.drafts.lasting import LOG, add_lines, held_alone, whole_lines

__all__ = ["Draft", "read_draft"]


@dataclass(frozen=True)
class Draft:
    """A draft as it was read; to add to it gives the next one."""

    folder: Path
    entries: tuple[Entry, ...] = ()
    """in the order of their versions 1, 2, .."""
    notes: tuple[str, ...] = ()
    """what was found odd at reading"""

    @property
    def run(self) -> str:
        """Name of the run it is about."""
        return self.folder.name

    @property
    def version(self) -> int:
        """How many actions there were."""
        return len(self.entries)

    @cached_property
    def newest(self) -> dict[int, Entry]:
        """Line -> what was decided about it last, also that nothing is."""
        return newest_by_line(self.entries)

    @property
    def decided(self) -> list[Entry]:
        """What an approval has to work in, in the order of lines."""
        found = (each for each in self.newest.values() if each.decision in DECIDED)
        return sorted(found, key=lambda each: each.line)

    def edits(self) -> list[Edit]:
        """Return what counts, as an approval takes it."""
        return [each.edit for each in self.decided]

    def since(self, version: int) -> tuple[Entry, ...]:
        """Return the actions that whoever saw a version has not seen."""
        return self.entries[version:]

    def append(self, entry: Entry) -> Draft | Clash:
        """Add one action; see `append_all`."""
        found = self.append_all([entry])
        return found if isinstance(found, Draft) else found[0]

    def append_all(self, entries: Iterable[Entry]) -> Draft | tuple[Clash, ...]:
        """Add actions, all or none; what is decided so already is not written again.

        The log is read anew for it: others may have added to it.

        Returns
        -------
        Draft or tuple of Clash
            The draft as it is then, or, where others decided otherwise on the same lines, why
            nothing was added.

        Raises
        ------
        WorkspaceLocked
            If another program writes to it and does not end.
        StorageError, Tampered
            If it cannot be written or was damaged.
        """
        with held_alone(self.folder):
            now = _read(self.folder)
            asked = list(entries)
            found = [clash_of(each, now.newest, now.version) for each in asked]
            clashes = tuple(each for each in found if each is not None)
            if clashes:
                return clashes
            added = _numbered(asked, now)
            if added:
                add_lines(self.folder, [_line(each) for each in added])
            return replace(now, entries=(*now.entries, *added), notes=())


def read_draft(runs_at: Path, run: str) -> Draft:
    """Return the draft of a run, without an entry where nobody has decided anything.

    Parameters
    ----------
    runs_at
        The folder that holds `runs/`.
    run
        The name of a run that is there.

    Raises
    ------
    Tampered
        If a line of its log is none of ours.
    StorageError
        If it cannot be read.
    """
    return _read(draft_folder(runs_at, run))


def _read(folder: Path) -> Draft:
    lines, is_torn = whole_lines(folder)
    entries = tuple(_entry(folder, number, line) for number, line in enumerate(lines, 1))
    torn = ("the action made last was not written to its end and does not count",)
    return Draft(folder, entries, torn if is_torn else ())


def _line(entry: Entry) -> str:
    return json_text(entry.to_dict(), ensure_ascii=True)


def _entry(folder: Path, number: int, line: bytes) -> Entry:
    """Return the entry of a line, whose version is the number of the line."""
    try:
        entry = Entry.of(json.loads(line))
    except (ValueError, TypeError) as error:
        raise Tampered(f"{folder / LOG}: line {number} is damaged ({error})") from error
    if entry.version != number:
        raise Tampered(f"{folder / LOG}: line {number} says version {entry.version}")
    return entry


def _numbered(asked: Sequence[Entry], now: Draft) -> list[Entry]:
    """Return what is new of the actions asked for, each with its version."""
    said = {line: each.said for line, each in now.newest.items()}
    fresh = [each for each in asked if said.get(each.line) != each.said]
    return [replace(each, version=number) for number, each in enumerate(fresh, now.version + 1)]

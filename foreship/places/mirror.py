"""Runs that lie in a store, as a folder of this machine: what is whole there is whole here.

A folder of the store is a run when its manifest is there, and its manifest is written last. All
code sees the folder; what is written into it is first in the store.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from foreship.errors import StorageError
from foreship.files import read_small, replace_atomically
from foreship.params import StoreParams
from foreship.places.objects import Objects

__all__ = ["MARK", "Mirror", "mirror_of", "mirrored"]

MANIFEST = "manifest.json"
WHOLE = f"*/*/{MANIFEST}"
"""what is there of every run, trial, approval and release that is whole, two folders down"""
LEVELS = 3
MARK = "place.json"
"""in the private folder of a mirror: which store it stands for"""
WEEKS = 8
"""newest weeks that are brought here at once; older ones when they are named"""
LARGEST_MARK = 10_000


@dataclass(frozen=True)
class Mirror:
    """A folder of this machine that stands for a place in a store."""

    folder: Path
    objects: Objects

    def synchronise(self, weeks: int = WEEKS) -> None:
        """Bring what the store has and the folder lacks, take away what the store has no more.

        Folders of the newest `weeks` Mondays are brought; nothing that another process of this
        machine is writing is touched.

        Raises
        ------
        StorageError
            If the store does not answer, or refuses, or the disk does.
        """
        here = self._here()  # before the store is asked: what is written meanwhile is in both
        there = self._there()
        for name in sorted(here - there):
            self._take_away(name)
        for name in _newest(there - here, weeks, there):
            self.bring(name)

    def bring(self, name: str) -> Path:
        """Bring a folder such as `runs/2026-11-16-0123456789` whole, or not at all.

        Raises
        ------
        StorageError
            If there is none in the store, or it cannot be read or written.
        """
        place = self.folder / name
        if place.exists():
            return place
        names = [each for each in self.objects.names(name) if _is_plain(each)]
        if f"{name}/{MANIFEST}" not in names:
            raise StorageError(f"{self.objects.place} holds no whole {name}")
        coming = self.folder / ".foreship" / "coming" / secrets.token_hex(6)
        try:
            for each in names:
                data = self.objects.read(each)
                if data is None:
                    raise StorageError(f"{self.objects.place}/{each} vanished while it was read")
                path = coming / PurePosixPath(each).relative_to(name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            place.parent.mkdir(parents=True, exist_ok=True)
            coming.rename(place)
        except OSError as error:
            if not place.exists():  # else another process brought it meanwhile
                raise StorageError(f"cannot write {place}: {error.strerror or error}") from error
        finally:
            shutil.rmtree(coming, ignore_errors=True)
        return place

    def _here(self) -> set[str]:
        found = (path.parent.relative_to(self.folder) for path in self.folder.glob(WHOLE))
        return {each.as_posix() for each in found if not each.parts[0].startswith(".")}

    def _there(self) -> set[str]:
        """Return the folders of the store that are whole: their manifest is there."""
        names = (PurePosixPath(each) for each in self.objects.names() if _is_plain(each))
        return {
            str(each.parent)
            for each in names
            if each.match(WHOLE) and len(each.parts) == LEVELS and not each.parts[0].startswith(".")
        }

    def _take_away(self, name: str) -> None:
        gone = self.folder / ".foreship" / "gone" / secrets.token_hex(6)
        gone.parent.mkdir(parents=True, exist_ok=True)
        try:
            (self.folder / name).rename(gone)
        except FileNotFoundError:
            return  # another process was first
        except OSError as error:
            raise StorageError(f"cannot remove {name}: {error.strerror}") from error
        shutil.rmtree(gone, ignore_errors=True)


def _is_plain(name: str) -> bool:
    """Whether the name of an object stays inside the folder it is written to."""
    parts = name.split("/")
    return not any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts)


def _newest(names: Iterable[str], weeks: int, of: Iterable[str]) -> list[str]:
    """Return the folders among the newest Mondays of a place, and all whose name has none."""
    day = {name: name.partition("/")[2][:10] for name in of}
    newest = set(sorted(set(day.values()), reverse=True)[:weeks])
    return sorted(name for name in names if day[name] in newest)


def mirrored(place: str, settings: StoreParams | None = None) -> Mirror:
    """Return this machine's mirror of a place in a store, made where there is none.

    Raises
    ------
    StorageError
        If no folder of our own can be made for it.
    """
    place = place.rstrip("/")
    folder = _cache() / hashlib.sha256(place.encode()).hexdigest()[:16]
    try:
        (folder / ".foreship").mkdir(parents=True, exist_ok=True)
        mark = folder / ".foreship" / MARK
        if not mark.exists():
            said = json.dumps({"place": place})
            replace_atomically(mark, lambda draft: draft.write_text(said, "utf-8"))
    except OSError as error:
        raise StorageError(f"cannot write {folder}: {error.strerror}") from error
    return Mirror(folder, Objects(place, settings or StoreParams()))


def mirror_of(folder: Path, settings: StoreParams | None = None) -> Mirror | None:
    """Return the mirror that a folder is; None where runs lie in it and nowhere else."""
    try:
        told = json.loads(read_small(folder / ".foreship" / MARK, LARGEST_MARK))
        place = str(told["place"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise StorageError(f"{folder / '.foreship' / MARK} is damaged; take it away") from None
    return Mirror(folder, Objects(place, settings or StoreParams()))


def _cache() -> Path:
    """Return a folder that only we write to; without a home one of the system's, by user.

    Raises
    ------
    StorageError
        If the folder belongs to somebody else, or is a link.
    """
    stated, home = os.environ.get("XDG_CACHE_HOME", ""), os.environ.get("HOME", "")
    inside = Path(stated) if stated else Path(home, ".cache") if home else None
    if inside is not None:
        try:
            (inside / "foreship").mkdir(parents=True, exist_ok=True)
        except OSError:
            inside = None
        else:
            if os.access(inside / "foreship", os.W_OK):
                return inside / "foreship"
    own = Path(tempfile.gettempdir()) / f"foreship-{os.getuid() if hasattr(os, 'getuid') else ''}"
    try:
        own.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StorageError(f"cannot write {own}: {error.strerror}") from error
    foreign = own.is_symlink() or (hasattr(os, "getuid") and own.stat().st_uid != os.getuid())
    if foreign:
        raise StorageError(f"{own} is not our own folder; set XDG_CACHE_HOME to one that is")
    return own

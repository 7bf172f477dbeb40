"""What files a folder holds, what their sizes and hashes are, and whether a manifest says so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from foreship.errors import Tampered
from foreship.own_files import MANIFEST, read_manifest

__all__ = ["checked_manifest", "inventory", "is_as_measured", "measure"]


def inventory(folder: Path) -> list[str]:
    """Return the names of the files of a folder, sorted; links are none."""
    plain = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(str(path.relative_to(folder)) for path in plain)


def measure(path: Path) -> dict[str, Any]:
    """Return the size of a file in bytes and its SHA-256."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}


def is_as_measured(path: Path, entry: Mapping[str, Any]) -> bool:
    """Tell whether a file is still what was measured."""
    # sizes first: a file that grew without end is not read to its end
    same_size = entry["bytes"] == path.stat().st_size
    return same_size and measure(path) == entry


def checked_manifest(
    folder: Path, needs: Iterable[str] | None = None
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the manifest of a run folder whose files are as it says, and doubts of the rest.

    Parameters
    ----------
    needs
        The files that will be read, as far as the run has them; a folder stands for all that is in
        it. Only these are checked, and must be right; what else is not as it was written becomes a
        doubt: people save workbooks in place and take old scenarios away. Left out, every file
        must be right and no other may be there.

    Raises
    ------
    UsageError
        If there is no run in `folder`.
    Tampered
        If a file is missing, added or not what its hash says.
    """
    manifest = read_manifest(folder)
    files: Mapping[str, Any] = manifest["files"]
    found, odd = set(inventory(folder)) - {MANIFEST}, _links(folder)
    doubts = {name: f"{name} is missing" for name in sorted(set(files) - found)}
    doubts |= {name: f"{name} is no plain file" for name in odd}
    doubts |= {name: f"{name} was added" for name in sorted(found - set(files))}
    needed = None if needs is None else {each.rstrip("/") for each in needs}
    for name in sorted(found & set(files)):
        if _is_needed(name, needed):
            right = is_as_measured(folder / name, files[name])
        else:
            right = (folder / name).stat().st_size == files[name]["bytes"]
        if not right:
            doubts[name] = f"{name} is not what its sha256 says"
    faults = [words for name, words in doubts.items() if _is_needed(name, needed)]
    if faults:
        raise Tampered(f"{folder}: {'; '.join(faults)}. Move the folder away and make it again")
    changed = f"{folder.name} has changed since it was written: {'; '.join(doubts.values())}"
    return manifest, (changed,) if doubts else ()


def _is_needed(name: str, needed: set[str] | None) -> bool:
    """Whether a file, or the folder it lies in, is among those needed; None: everything is."""
    return needed is None or name in needed or name.split("/", maxsplit=1)[0] in needed


def _links(folder: Path) -> list[str]:
    """Return what is neither a file nor a folder of its own: links, pipes, devices."""
    own = ((path, path.is_symlink()) for path in folder.rglob("*"))
    odd = [path for path, link in own if link or not (path.is_file() or path.is_dir())]
    return sorted(str(path.relative_to(folder)) for path in odd)

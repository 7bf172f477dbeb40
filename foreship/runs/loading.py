"""Open run folders after checking them against their manifests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from foreship.errors import Tampered
from foreship.own_files import MANIFEST, read_manifest
from foreship.runs.inventory import inventory, is_as_measured
from foreship.runs.names import RUNS
from foreship.runs.run import Run

__all__ = ["load_run", "newest_run", "written"]


def load_run(path: str | Path, needs: Iterable[str] | None = None) -> Run:
    """Open a run folder after checking its files against the manifest.

    Parameters
    ----------
    needs
        The files that will be read, as far as the run has them; a folder stands for all that is in
        it. Only these are checked, and must be right; what else is not as it was written becomes a
        doubt of the run: people save workbooks in place and take old scenarios away. Left out,
        every file must be right and no other may be there.

    Raises
    ------
    UsageError
        If there is no run at `path`.
    Tampered
        If a file is missing, added or not what its hash says.
    """
    folder = Path(path)
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
    return Run(folder, manifest, (changed,) if doubts else ())


def _is_needed(name: str, needed: set[str] | None) -> bool:
    """Whether a file, or the folder it lies in, is among those needed; None: everything is."""
    return needed is None or name in needed or name.split("/", maxsplit=1)[0] in needed


def _links(folder: Path) -> list[str]:
    """Return what is neither a file nor a folder of its own: links, pipes, devices."""
    own = ((path, path.is_symlink()) for path in folder.rglob("*"))
    odd = [path for path, link in own if link or not (path.is_file() or path.is_dir())]
    return sorted(str(path.relative_to(folder)) for path in odd)


def newest_run(
    workspace: Path,
    as_of: str | None,
    holding: str,
    needs: Iterable[str] | None = None,
    suits: Callable[[Mapping[str, Any]], bool] = lambda manifest: True,
) -> Run | None:
    """Return the run of `as_of` written last that holds the file `holding`, or None.

    Without `as_of` runs of all Mondays are looked at.
    What its manifest says counts, not the time of a file: copies and backups change that. Only
    runs whose manifest `suits` are looked at; `needs` is that of `load_run`.
    """
    folders = [
        path.parent
        for path in (workspace / RUNS).glob(f"{as_of or '*'}-*/{MANIFEST}")
        if (path.parent / holding).exists() and suits(read_manifest(path.parent))
    ]
    if not folders:
        return None
    return load_run(max(folders, key=written), needs)


def written(folder: Path) -> tuple[datetime, str]:
    """Return when a run was written, by its manifest, and its name, so that no two are equal."""
    return datetime.fromisoformat(read_manifest(folder)["written"]), folder.name

"""Files of a run and of its release as they were written: looked up in their manifests."""

from __future__ import annotations

from pathlib import Path

from foreship.approval.papers import RELEASED
from foreship.own_files import MANIFEST
from foreship.runs import load_run
from foreship.workbench.bench import Bench
from foreship.workbench.door.places import NotFound
from foreship.workbench.handling import Answer, Request, Route

__all__ = ["ROUTES"]

SHOWN = ".html"
"""how pages of their own end, which are shown and not handed down"""


def of_run(request: Request, bench: Bench) -> Answer:
    """Send a file of a run, once it is as it was written."""
    return _sent(bench.place(request.path["run"]), request.path["name"])


def of_release(request: Request, bench: Bench) -> Answer:
    """Send a file of a run's release, as the picking list."""
    run = bench.place(request.path["run"]).name
    folder = bench.runs_at / RELEASED / run
    if not (folder / MANIFEST).is_file() or folder.is_symlink():
        raise NotFound(f"{run} was not released")
    return _sent(folder, request.path["name"])


def _sent(folder: Path, name: str) -> Answer:
    if "/" in name or name not in load_run(folder, []).manifest["files"]:
        raise NotFound(f"{folder.name} has no file {name!r}")
    load_run(folder, [name])
    if name.endswith(SHOWN):
        return Answer(folder / name, sandboxed=True)
    return Answer(folder / name, kind="application/octet-stream", file_name=name)


ROUTES = (
    Route("GET", "/run/{run}/file/{name}", of_run),
    Route("GET", "/released/{run}/{name}", of_release),
)

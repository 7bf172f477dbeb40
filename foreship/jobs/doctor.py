"""Look over the installation and a workspace: what is loaded from where, what is damaged."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from foreship.approval.papers import APPROVALS, RELEASED
from foreship.errors import ForeshipError
from foreship.installation import PACKAGES, home_of, run_versions, unloaded_libraries
from foreship.runs import RUNS, WHAT_IFS, load_run
from foreship_optimize.compiled import kept_in

__all__ = ["Examination", "examine"]

WRONG_SOLVERS = ("1.14.0",)
NOT_KEPT = (
    "anew by every plan of many items: neither the package's folder nor the user's cache folder "
    "can be written; set NUMBA_CACHE_DIR to one that can"
)


@dataclass(frozen=True)
class Examination:
    """What was found: versions, where each package was loaded from, and ailments.

    `compiled` is the folder where compiled code is kept, None where none can be written.
    """

    versions: dict[str, str]
    origins: dict[str, str]
    compiled: str | None
    ailments: tuple[str, ...]
    exit_code: int

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            "versions": self.versions,
            "origins": self.origins,
            "compiled": self.compiled,
            "ailments": list(self.ailments),
            "healthy": not self.ailments,
        }

    def __str__(self) -> str:
        lines = [f"{name:<10} {version}" for name, version in self.versions.items()]
        lines += [f"{name:<10} from {origin}" for name, origin in self.origins.items()]
        lines.append(f"{'compiled':<10} {self.compiled or NOT_KEPT}")
        well = "nothing is wrong" if self.compiled else "nothing is wrong beside that"
        lines += [f"ailment: {words}" for words in self.ailments] or [well]
        return "\n".join(lines)


def examine(folder: Path | None = None) -> Examination:
    """Examine the installation and, if given, the runs of a workspace.

    A package loaded from another copy of foreship, a library that cannot be loaded, a solver
    known to return wrong optima and damaged runs are ailments; the first damaged run decides the
    exit code (9).
    """
    versions, origins = run_versions(), _origins()
    site = Path(__file__).resolve().parents[2]
    ailments = [
        f"`import {package}` finds {origin}, which is not of the foreship in {site}"
        for package, origin in origins.items()
        if Path(origin) not in _rightful_homes(site, package)
    ]
    broken = unloaded_libraries()
    ailments += broken
    if versions["highspy"] in WRONG_SOLVERS:
        ailments.append(f"highspy {versions['highspy']} returns wrong optima; install another")
    code = 2 if ailments else 0
    for damage in _damaged_runs(folder) if folder else ():
        ailments.append(damage)
        code = 9
    kept = None if any(words.startswith("numba ") for words in broken) else kept_in()
    compiled = None if kept is None else str(kept)
    return Examination(versions, origins, compiled, tuple(ailments), code)


def _origins() -> dict[str, str]:
    return {package: str(home_of(package) or "nowhere") for package in PACKAGES}


def _rightful_homes(site: Path, package: str) -> tuple[Path, Path]:
    """Where a package of ours lies: beside foreship, or in a checkout in the room named for it."""
    return site / package, site / package.removeprefix("foreship_") / package


def _damaged_runs(folder: Path) -> list[str]:
    """Say which runs, approvals and releases are not as they were written."""
    damage = []
    places = (sorted((folder / name).glob("*")) for name in (RUNS, WHAT_IFS, APPROVALS, RELEASED))
    for path in chain.from_iterable(places):
        try:
            load_run(path)
        except ForeshipError as error:
            damage.append(str(error))
    return damage

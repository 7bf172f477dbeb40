"""Look over the installation and a workspace: what is loaded from where, what is damaged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foreship.errors import ForeshipError
from foreship.runs import load_run, run_versions

__all__ = ["Examination", "examine"]

ROOMS = ("forecast", "optimize", "foreship")
WRONG_SOLVERS = ("1.14.0",)


@dataclass(frozen=True)
class Examination:
    """What was found: versions, where each package was loaded from, and ailments."""

    versions: dict[str, str]
    origins: dict[str, str]
    ailments: tuple[str, ...]
    exit_code: int

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            "versions": self.versions,
            "origins": self.origins,
            "ailments": list(self.ailments),
            "healthy": not self.ailments,
        }

    def __str__(self) -> str:
        lines = [f"{name:<10} {version}" for name, version in self.versions.items()]
        lines += [f"{name:<10} from {origin}" for name, origin in self.origins.items()]
        lines += [f"ailment: {words}" for words in self.ailments] or ["nothing is wrong"]
        return "\n".join(lines)


def examine(folder: Path | None = None) -> Examination:
    """Examine the installation and, if given, the runs of a workspace.

    A room shadowed by another package of the same name, a solver known to return wrong optima
    and damaged runs are ailments; the first damaged run decides the exit code (9).
    """
    versions, origins = run_versions(), _origins()
    home = Path(__file__).resolve().parent.parent
    ailments = [
        f"`import {room}` finds {origin}, not the one beside foreship ({home / room})"
        for room, origin in origins.items()
        if Path(origin).resolve().parent != home / room
    ]
    if versions["highspy"] in WRONG_SOLVERS:
        ailments.append(f"highspy {versions['highspy']} returns wrong optima; install another")
    code = 2 if ailments else 0
    for damage in _damaged_runs(folder) if folder else ():
        ailments.append(damage)
        code = 9
    return Examination(versions, origins, tuple(ailments), code)


def _origins() -> dict[str, str]:
    from importlib.util import find_spec

    specs = {room: find_spec(room) for room in ROOMS}
    return {room: str(spec.origin) if spec else "nowhere" for room, spec in specs.items()}


def _damaged_runs(folder: Path) -> list[str]:
    damage = []
    for path in sorted((folder / "runs").glob("*")):
        try:
            load_run(path)
        except ForeshipError as error:
            damage.append(str(error))
    return damage

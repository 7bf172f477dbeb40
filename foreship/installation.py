"""What is installed: our packages and where they are, and the versions an answer depends on."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

__all__ = [
    "PACKAGES",
    "home_of",
    "is_library_missing",
    "own_version",
    "run_versions",
    "unloaded_libraries",
]

PACKAGES = ("foreship", "foreship_forecast", "foreship_foundation", "foreship_optimize")
"""every top-level import name of this distribution"""
LIBRARIES = ("numpy", "scipy", "pandas", "pyarrow", "lightgbm", "pulp", "highspy", "numba")
UNLOADED = ("cannot open shared object file", "library not loaded", "dll load failed")
"""words of loaders that miss a library of the system, or cannot read one"""
REMEDIES = {
    "libgomp": "install libgomp1 (Debian, Ubuntu) or libgomp (Fedora, Alpine)",
    "libomp": "install libomp (macOS: brew install libomp)",
    "libstdc++": "install libstdc++6 (Debian, Ubuntu) or libstdc++ (Fedora, Alpine)",
}
"""part of a system library's name -> where it comes from"""


def run_versions() -> dict[str, str]:
    """Versions that may change an answer: interpreter, libraries, our package and its source."""
    versions = {"python": platform.python_version(), "machine": platform.machine()}
    versions |= {name: _version_of(name) for name in LIBRARIES}
    versions["foreship"] = own_version()
    versions["source"] = _source_hash()
    return versions


def _version_of(name: str, unknown: str = "not installed") -> str:
    from importlib import metadata  # slow, and every command begins by importing this file

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return unknown


def unloaded_libraries() -> list[str]:
    """Load every library that an answer depends on; say of each that fails why, and what helps."""
    faults = []
    for name in LIBRARIES:
        try:
            import_module(name)
        except Exception as error:  # whatever a broken library raises
            words = " ".join(str(error).split()) or type(error).__name__
            helps = [remedy for part, remedy in REMEDIES.items() if part in words]
            faults.append("; ".join([f"{name} cannot be loaded: {words}", *helps[:1]]))
    return faults


def is_library_missing(error: BaseException) -> bool:
    """Whether an error says that a library, ours to install or the system's, cannot be loaded."""
    if not isinstance(error, (ImportError, OSError)):
        return False
    absent = (getattr(error, "name", None) or "").split(".", maxsplit=1)[0] in LIBRARIES
    return absent or any(words in str(error).lower() for words in UNLOADED)


def own_version() -> str:
    """Return foreship's installed version, or say that it runs from its folder."""
    return _version_of("foreship", unknown="uninstalled")


def home_of(package: str) -> Path | None:
    """Return the folder that `import package` would load, None where there is none."""
    spec = find_spec(package)
    return None if spec is None or spec.origin is None else Path(spec.origin).resolve().parent


@cache
def _source_hash() -> str:
    """Hash of our packages' own code, so that a changed line makes another run.

    Once a process: code that is replaced on disk meanwhile is not the code that answers.
    """
    digest = hashlib.sha256()
    for package in PACKAGES:
        home = home_of(package)
        if home is None:
            continue
        for path in sorted(home.rglob("*.py")):
            digest.update(f"{package}/{path.relative_to(home)}".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]

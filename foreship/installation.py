"""What is installed: our packages and where they are, and the versions an answer depends on."""

from __future__ import annotations

import hashlib
import platform
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

__all__ = ["PACKAGES", "home_of", "own_version", "run_versions"]

PACKAGES = ("foreship", "foreship_forecast", "foreship_foundation", "foreship_optimize")
"""every top-level import name of this distribution"""
LIBRARIES = ("numpy", "scipy", "pandas", "pyarrow", "lightgbm", "pulp", "highspy", "numba")


def run_versions() -> dict[str, str]:
    """Versions that may change an answer: interpreter, libraries, our package and its source."""
    versions = {"python": platform.python_version(), "machine": platform.machine()}
    versions |= {name: metadata.version(name) for name in LIBRARIES}
    versions["foreship"] = own_version()
    versions["source"] = _source_hash()
    return versions


def own_version() -> str:
    """Return foreship's installed version, or say that it runs from its folder."""
    try:
        return metadata.version("foreship")
    except metadata.PackageNotFoundError:
        return "uninstalled"


def home_of(package: str) -> Path | None:
    """Return the folder that `import package` would load, None where there is none."""
    spec = find_spec(package)
    return None if spec is None or spec.origin is None else Path(spec.origin).resolve().parent


def _source_hash() -> str:
    """Hash of our packages' own code, so that a changed line makes another run."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        home = home_of(package)
        if home is None:
            continue
        for path in sorted(home.rglob("*.py")):
            digest.update(f"{package}/{path.relative_to(home)}".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]

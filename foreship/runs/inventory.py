"""What files a folder holds, and what their sizes and hashes are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["inventory", "is_as_measured", "measure"]


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

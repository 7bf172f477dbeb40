"""What a command prints with `--json`, held against the keys that are listed for it."""

from __future__ import annotations

import json
from typing import Any

from foreship.cli.json_keys import misfits

__all__ = ["object_of"]


def object_of(stdout: str) -> dict[str, Any]:
    """Return the one object of a command; it has the keys that the page promises, and no other."""
    (line,) = stdout.splitlines()
    said = dict(json.loads(line))
    assert misfits(said) == [], said["command"]
    return said

"""The folders of runs in a workspace, and the names of the runs in them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

__all__ = ["RUNS", "WHAT_IFS", "run_id"]

RUNS, WHAT_IFS = "runs", "whatif"
"""folders of a workspace: plans of weeks, and plans that are tried"""


def run_id(**ingredients: Any) -> str:
    """Ten hexadecimal digits of the hash of everything the answer depends on."""
    text = json.dumps(ingredients, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:10]

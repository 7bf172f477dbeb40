"""The folders of runs in a workspace, and the names of the runs in them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

__all__ = ["RUNS", "WHAT_IFS", "draft_folder", "run_id"]

RUNS, WHAT_IFS = "runs", "whatif"
"""folders of a workspace: plans of weeks, and plans that are tried"""


def draft_folder(runs_at: Path, run: str) -> Path:
    """Return the folder of what is being decided on a run, which need not be there.

    Parameters
    ----------
    runs_at
        The folder that holds `runs/`.
    run
        The name of a run that is there.
    """
    return runs_at / ".foreship" / "drafts" / run


def run_id(**ingredients: Any) -> str:
    """Ten hexadecimal digits of the hash of everything the answer depends on."""
    text = json.dumps(ingredients, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:10]

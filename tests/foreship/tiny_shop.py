"""The committed tiny workspace, copied with a small forest and few paths."""

from __future__ import annotations

import shutil
from pathlib import Path

__all__ = ["FIVE", "TINY", "quick_copy", "silent"]

TINY = Path(__file__).resolve().parents[2] / "data" / "tiny"
FIVE = ("plan.parquet", "plan.csv", "units.parquet", "reasons.parquet", "inbound.csv")
"""files of a run that are the same to the byte however it was made"""
QUICK = """
[forecast]
rounds = 5
scenarios = 10
horizon_weeks = 4
block_rows = 100
[plan]
time_limit_seconds = 1e9
"""


def quick_copy(home: Path) -> Path:
    """Copy it to a folder that is not there yet, which is returned."""
    shutil.copytree(TINY, home, ignore=shutil.ignore_patterns("runs", ".foreship"))
    config = home / "foreship.toml"
    config.write_text(config.read_text() + QUICK)
    return home


def silent(words: str) -> None:
    """Say nothing."""

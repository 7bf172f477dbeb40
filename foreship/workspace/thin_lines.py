"""Whether the newest plan of a workspace has many lines that hardly earn anything."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from foreship.errors import ForeshipError
from foreship.own_files import PLAN_LINES
from foreship.runs import newest_run
from foreship_foundation.actions import action_names
from foreship_foundation.telling.words import money, plural

__all__ = ["thin_line_words"]

FEWEST: Final = 20
"""lines below which a plan is looked through as it is"""
SMALL_SHARE: Final = 0.05
"""of the gain, that the thinner half of the lines earns at most"""


def thin_line_words(folder: Path) -> list[str]:
    """Say how many lines of the newest plan earn next to nothing; empty where they do not.

    A run that cannot be read is passed over: whoever needs it says so.
    """
    try:
        run = newest_run(folder, None, PLAN_LINES, (PLAN_LINES,))
        if run is None:
            return []
        lines = run.plan
    except (ForeshipError, OSError):
        return []
    ships = lines[lines["action"].isin(action_names(origin="hub"))]
    gain = ships["expected_gain"].sort_values(kind="stable").to_numpy()
    half = gain[: len(gain) // 2]
    whole = float(gain.sum())
    if len(gain) < FEWEST or whole <= 0.0 or half.sum() >= SMALL_SHARE * whole:
        return []
    return [
        f"run {run.path.name} ships {plural(len(gain), 'line')}; the thinner half is expected to "
        f"earn at most {money(float(half[-1]))} each, together {money(float(half.sum()))} of "
        f"{money(whole)}: plan.minimum_line_gain, or plan.line_handling_cost where a line is paid "
        "for, leaves such lines out"
    ]

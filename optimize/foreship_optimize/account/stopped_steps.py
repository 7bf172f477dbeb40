"""What stops a step of a finished plan, one unit more or one less of a move, in a planner's words.

Every cause is read from the limits that the step would break, or from the sizes in which units
move, so that lifting what is named lets the step happen.
"""

from __future__ import annotations

from typing import Final

from foreship_foundation.output_files import ALSO, OVER
from foreship_optimize.limits import Limits, family_of
from foreship_optimize.whole_units.working_plan import RISK_ROW, WORTH_IT, WorkingPlan

__all__ = ["what_keeps", "what_stops"]

PACK: Final = "pack size"
LINE: Final = "minimum line quantity"
GAP: Final = "gap of the solver"


def what_stops(working: WorkingPlan, limits: Limits, move: int) -> list[str]:
    """Name all that stops one more unit of a move that pays; more than one where each would.

    First the limits that the unit itself would break; without any the pack or the line that it has
    to come in, with the limits that these would break.
    """
    rows = working.blocked_rows(move, 1)
    if rows:
        return [_words(limits, row) for row in rows]
    found = [
        _size_in_words(working, limits, move, name, size)
        for name, size in _sizes(working, move)
        if working.gain(move, size) <= WORTH_IT or working.blocked_rows(move, size)
    ]
    return found or [GAP]


def what_keeps(working: WorkingPlan, limits: Limits, move: int) -> list[str]:
    """Name all that keeps a unit on a move without which the plan would earn more."""
    rows = working.blocked_rows(move, -1)
    if rows:
        return [_words(limits, row) for row in rows]
    units, pack = working.undo(move), working.pack[move]
    pays = working.gain(move, -units) > WORTH_IT and not working.blocked_rows(move, -units)
    if units == 1 or pays:
        return [GAP]
    return [LINE] if units > pack else [PACK]


def _sizes(working: WorkingPlan, move: int) -> list[tuple[str, int]]:
    """List the sizes beyond a single unit in which a move can grow, and what asks for each."""
    pack, step = working.pack[move], working.step(move)
    sizes = [(PACK, pack)] if pack > 1 else []
    return [*sizes, (LINE, step)] if step > pack else sizes


def _size_in_words(working: WorkingPlan, limits: Limits, move: int, name: str, size: int) -> str:
    """Name a size that does not pay or fit, with the limits it breaks; a hub's stock is meant."""
    rows = working.blocked_rows(move, size)
    rows = [row for row in rows if row == RISK_ROW or limits.family[row] != "hub stock"]
    return name + OVER + ALSO.join(_words(limits, row) for row in rows) if rows else name


def _words(limits: Limits, row: int) -> str:
    """Name a limit as the ledger does."""
    if row == RISK_ROW:
        return "risk budget"
    return family_of(limits.family[row]).binding.format(words=limits.words[row])

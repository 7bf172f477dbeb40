"""What stops a step of a finished plan, one unit more or one less of a move, in a planner's words.

Every cause is read from the limits that the step would break, or from the sizes in which units
move, so that lifting what is named lets the step happen.
"""

from __future__ import annotations

from typing import Final

from foreship_foundation.tables.output_files import OVER
from foreship_foundation.telling.words import listed
from foreship_optimize.limits import Limits, family_of
from foreship_optimize.whole_units.working_plan import RISK_ROW, WORTH_IT, WorkingPlan

__all__ = ["GAP", "what_keeps", "what_stops"]

PACK: Final = "pack size"
LINE: Final = "minimum line quantity"
GAP: Final = "gap of the solver"


def what_stops(working: WorkingPlan, limits: Limits, move: int) -> list[str]:
    """Name all that stops one more unit of a move that pays; more than one where each would.

    These are the limits that the unit itself would break, and the pack or the line that it has to
    come in where that does not pay or breaks further limits.
    """
    rows = working.blocked_rows(move, 1)
    line = 1 if working.quantity[move] else int(working.line[move])
    sizes = {PACK: working.pack[move], LINE: line}
    failing = _failing(working, move, sizes, working.step(move), rows)
    found = [_words(limits, row) for row in rows]
    found += [_size_in_words(working, limits, move, *each, rows) for each in failing.items()]
    return found or [GAP]


def what_keeps(working: WorkingPlan, limits: Limits, move: int) -> list[str]:
    """Name all that keeps a unit on a move without which the plan would earn more."""
    rows, units = working.blocked_rows(move, -1), working.quantity[move]
    line = units if units - 1 < int(working.line[move]) else 1
    sizes = {PACK: -working.pack[move], LINE: -line}
    failing = _failing(working, move, sizes, -working.undo(move), rows)
    return [*(_words(limits, row) for row in rows), *failing] or [GAP]


def _failing(
    working: WorkingPlan, move: int, sizes: dict[str, int], together: int, known: list[int]
) -> dict[str, int]:
    """Find the sizes in which a step does not pay or fit; the first if only all together do not.

    Parameters
    ----------
    sizes
        Units that pack and line ask for, by name; 1 or -1 where they ask for nothing.
    together
        Units that both ask for.
    """
    asked = {name: size for name, size in sizes.items() if abs(size) > 1}
    failing = {name: size for name, size in asked.items() if _fails(working, move, size, known)}
    if not failing and asked and _fails(working, move, together, known):
        return {next(iter(asked)): together}
    return failing


def _fails(working: WorkingPlan, move: int, units: int, known: list[int]) -> bool:
    """Whether so many more units of a move do not pay, or break a limit beyond those known."""
    pays = working.gain(move, units) > WORTH_IT
    return not pays or bool(set(working.blocked_rows(move, units)) - set(known))


def _size_in_words(
    working: WorkingPlan, limits: Limits, move: int, name: str, size: int, known: list[int]
) -> str:
    """Name a size that does not pay or fit, with the limits it breaks; hub stock goes unsaid."""
    rows = [row for row in working.blocked_rows(move, size) if row not in known]
    rows = [row for row in rows if row == RISK_ROW or limits.family[row] != "hub stock"]
    return name + OVER + listed(_words(limits, row) for row in rows) if rows else name


def _words(limits: Limits, row: int) -> str:
    """Name a limit as the ledger does."""
    if row == RISK_ROW:
        return "risk budget"
    return family_of(limits.family[row]).binding.format(words=limits.words[row])

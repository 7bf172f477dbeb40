"""All gates by name, and what they say of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from foreship.approval.gates.doubted_input import doubted_input, stale_input
from foreship.approval.gates.far_forecast import far_forecast
from foreship.approval.gates.far_plans import far_in_lines, far_in_money, far_in_units
from foreship.approval.gates.program import (
    always,
    is_empty,
    is_relaxed,
    is_unproven,
    says_notes,
)
from foreship.approval.gates.seen import Seen
from foreship_foundation.telling.words import sentence

__all__ = ["GATES", "OF_THE_PROGRAM", "Gate", "Raised", "raised"]

Gate = Callable[[Seen], Iterator[str]]

OF_THE_PROGRAM: Mapping[str, Gate] = MappingProxyType(
    {
        "always": always,
        "relaxed": is_relaxed,
        "empty": is_empty,
        "notes": says_notes,
        "gap": is_unproven,
    }
)
"""gates of which the plan's own notes tell: they speak only where they hold"""
GATES: Mapping[str, Gate] = MappingProxyType(
    {
        **OF_THE_PROGRAM,
        "stale": stale_input,
        "inputs": doubted_input,
        "forecast": far_forecast,
        "money": far_in_money,
        "units": far_in_units,
        "lines": far_in_lines,
    }
)


class Raised(NamedTuple):
    """What a gate says of a plan."""

    gate: str
    words: str
    """a sentence"""
    holds: bool
    """whether `plan.hold` names the gate"""


def raised(seen: Seen) -> list[Raised]:
    """Ask every gate; those of the program only where `plan.hold` names them."""
    found = []
    for name, gate in GATES.items():
        holds = name in seen.hold
        if holds or name not in OF_THE_PROGRAM:
            found += [Raised(name, sentence(words), holds) for words in gate(seen)]
    return found

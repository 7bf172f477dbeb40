"""The variants of a sweep: settings by the name under which they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from foreship.errors import UsageError
from foreship_foundation.bounds import is_number
from foreship_foundation.telling.words import number

__all__ = ["COST_FACTOR", "budgets", "costs", "seeds", "told_apart"]

COST_FACTOR: Final = "cost_factor"
"""key of a variant beside settings: lane, line and exit costs times it"""
DIGITS: Final = 15
"""all that a number can be told apart by"""
Variants = dict[str, dict[str, Any]]


def budgets(*amounts: float | None) -> Variants:
    """Return a variant for each risk budget, in money; None is a plan without one."""
    return {_named("budget", each): {"risk.budget": each} for each in amounts}


def costs(*factors: float) -> Variants:
    """Return a variant for each factor of lane, line and exit costs."""
    return {_named("costs x", each): {COST_FACTOR: each} for each in factors}


def seeds(*numbers: int) -> Variants:
    """Return a variant for each seed of the plan."""
    return {f"seed {each}": {"plan.seed": each} for each in numbers}


def told_apart(changes: Mapping[str, Any]) -> tuple[dict[str, Any], float]:
    """Return the settings of a variant and its factor of costs.

    Raises
    ------
    UsageError
        If the factor is no number of 0 or more.
    """
    settings = {name: value for name, value in changes.items() if name != COST_FACTOR}
    factor = changes.get(COST_FACTOR, 1.0)
    plain = isinstance(factor, (int, float)) and not isinstance(factor, bool)
    if not plain or not 0.0 <= factor < 1e6:
        raise UsageError(f"{COST_FACTOR} {factor!r}: it must be a number from 0 to 1,000,000")
    return settings, float(factor)


def _named(what: str, value: float | None) -> str:
    """Name a variant by all digits of its number: two that differ never share a name.

    Raises
    ------
    UsageError
        For what is no number.
    """
    if value is None:
        return f"{what} none"
    if not is_number(value):
        raise UsageError(f"{what} {value!r} is no number")
    return f"{what} {number(float(value), DIGITS)}"

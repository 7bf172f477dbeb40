"""Plans that are far from those of the last weeks: in money, units or lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from foreship.approval.gates.seen import Seen, Size
from foreship_foundation.telling.words import money, number, plural

__all__ = ["far_in_lines", "far_in_money", "far_in_units"]

LEAST_PLANS: Final = 2
"""past plans from which it is known what is usual"""
LEAST_LINES: Final = 10
"""lines that one of two plans must have: small ones are far from each other every week"""


def far_in_money(seen: Seen) -> Iterator[str]:
    """Say that the lines cost far more or less than those of the last plans."""
    yield from _far(seen, "money", lambda size: size.money, lambda cost: f"costs {money(cost)}")


def far_in_units(seen: Seen) -> Iterator[str]:
    """Say that far more or fewer units move than in the last plans."""
    yield from _far(
        seen, "units", lambda size: float(size.units), lambda n: f"moves {plural(n, 'unit')}"
    )


def far_in_lines(seen: Seen) -> Iterator[str]:
    """Say that there are far more or fewer lines than in the last plans."""
    yield from _far(
        seen, "lines", lambda size: float(size.lines), lambda n: f"has {plural(n, 'line')}"
    )


def _far(
    seen: Seen, what: str, amount: Callable[[Size], float], said: Callable[[float], str]
) -> Iterator[str]:
    """Compare the plan with the largest and the smallest of the last ones.

    Above the largest times the ratio, or below the smallest over it, is far.
    """
    if len(seen.past) < LEAST_PLANS:
        return
    ratio = getattr(seen.settings, f"{what}_ratio")
    now = Size.of(seen.lines)
    by_size = sorted(seen.past, key=lambda plan: amount(plan.size))
    most, least = by_size[-1], by_size[0]
    weeks = f"the last {plural(len(seen.past), 'plan')}"
    setting = f"(gates.{what}_ratio = {number(ratio)})"
    if amount(now) > ratio * amount(most.size) and now.lines >= LEAST_LINES:
        largest = said(amount(most.size))
        yield f"the plan {said(amount(now))}, the largest of {weeks} {largest} {setting}"
    if ratio * amount(now) < amount(least.size) and least.size.lines >= LEAST_LINES:
        smallest = said(amount(least.size))
        yield f"the plan {said(amount(now))}, the smallest of {weeks} {smallest} {setting}"

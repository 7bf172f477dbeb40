"""What the program itself says of its plan: relaxed limits, an open gap, notes, no line at all."""

from __future__ import annotations

from collections.abc import Iterator

from foreship.approval.gates.seen import Seen
from foreship_foundation.telling.words import is_statistic, percent, plural

__all__ = ["always", "is_empty", "is_relaxed", "is_unproven", "says_notes"]


def always(seen: Seen) -> Iterator[str]:
    """Say that every plan is approved first."""
    yield "every plan waits for an approval"


def is_relaxed(seen: Seen) -> Iterator[str]:
    """Say that limits gave way, so that there is a plan at all."""
    if relaxed := seen.summary["relaxed"]:
        yield f"{plural(len(relaxed), 'limit')} gave way, as no plan keeps all of them"


def is_empty(seen: Seen) -> Iterator[str]:
    """Say that nothing is sent."""
    if seen.lines.empty:
        yield "nothing is to be done: no unit pays"


def is_unproven(seen: Seen) -> Iterator[str]:
    """Say that the plan may be far from the best one."""
    gap = seen.summary["gap"]
    if gap is not None and gap > seen.largest_gap:
        most = percent(seen.largest_gap, 1)
        yield f"the plan may be {percent(gap, 1)} from the best one (plan.largest_gap = {most})"


def says_notes(seen: Seen) -> Iterator[str]:
    """Say that the program left something out or assumed something."""
    count = sum(not is_statistic(each) for each in seen.notes)
    if count:
        yield f"there {'is' if count == 1 else 'are'} {plural(count, 'note')} to read"

"""Why one plan earns more than another: money by term, limits that bind, what gave way."""

from __future__ import annotations

from typing import Final

from foreship.reading.views import RunView
from foreship.reading.words.terms import term_words
from foreship_foundation.telling.words import capital, listed, money, plural

__all__ = ["causes"]

SHOWN: Final = 4
CENT: Final = 0.005


def causes(before: RunView, after: RunView) -> list[str]:
    """Return what made the second plan another one, in sentences, money first."""
    return [*_money(before, after), *_limits(before, after), *_size(before, after)]


def _money(before: RunView, after: RunView) -> list[str]:
    """Say by which terms the expected gain moved, the largest first."""
    earlier, later = before.expected_gain(), after.expected_gain()
    if earlier is None or later is None:
        return []
    was, now = before.totals(), after.totals()
    # terms are costs: what costs less brings more
    moved = {name: was.get(name, 0.0) - now.get(name, 0.0) for name in (*was, *now)}
    order = sorted(moved, key=lambda name: (-abs(moved[name]), name))
    told = [
        f"{money(moved[name], sign=True)} {term_words(name)}"
        for name in order[:SHOWN]
        if abs(moved[name]) >= CENT
    ]
    by = f": {listed(told)}" if told else ""
    return [f"Expected gain {money(earlier)} to {money(later)} ({_change(earlier, later)}){by}."]


def _change(before: float, after: float) -> str:
    return money(after - before, sign=True)


def _limits(before: RunView, after: RunView) -> list[str]:
    """Say which limits cost money in one plan alone, and what gave way in one alone."""
    sides = [{each.limit: each.price for each in view.shadow_prices()} for view in (before, after)]
    gave = [
        {str(each["limit"]) for each in view.summary.get("relaxed", ())} for view in (before, after)
    ]
    said = []
    for there, missing, words in (
        (sides[1], sides[0], "costs money now"),
        (sides[0], sides[1], "costs nothing any more"),
    ):
        new = sorted(set(there) - set(missing), key=lambda name: (-abs(there[name]), name))
        said += [f"{capital(listed(new, SHOWN))}: {words}."] if new else []
    for moved, words in (
        (gave[1] - gave[0], "gives way now"), (gave[0] - gave[1], "is kept again"),
    ):  # fmt: skip
        said += [f"{capital(listed(sorted(moved), SHOWN))}: {words}."] if moved else []
    return said


def _size(before: RunView, after: RunView) -> list[str]:
    """Say how lines and units changed."""
    lines = [len(view.lines) for view in (before, after)]
    moved = [int(view.lines["quantity"].sum()) for view in (before, after)]
    if lines[0] == lines[1] and moved[0] == moved[1]:
        return [f"As before {plural(lines[1], 'line')} of {plural(moved[1], 'unit')}."]
    return [
        f"{plural(lines[0], 'line')} of {plural(moved[0], 'unit')} become "
        f"{plural(lines[1], 'line')} of {plural(moved[1], 'unit')}."
    ]

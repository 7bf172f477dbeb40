"""The marks of numbers and dates: which stands between thousands, before decimals, before days.

Files, commands and reports are written with `ENGLISH` marks, whatever machine they are written on.
A page that answers a reader's browser may be spoken in the marks of that reader's language: the
words around the numbers stay what they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812
from typing import Final

__all__ = ["ENGLISH", "Marks", "marks", "spoken_in"]


@dataclass(frozen=True)
class Marks:
    """How a language writes digits and days.

    Parameters
    ----------
    group
        What stands between groups of digits.
    decimal
        What stands before decimals.
    minus
        What stands before a number below 0.
    date
        How a day is written, as `strftime` has it.
    sizes
        Sizes of groups from the right; the last one holds for all further groups. `(3, 2)` is
        the Indian way: `1,23,45,678`.
    least
        Digits that must stand before the first mark: with 2, `1234` and `12 345`.
    """

    group: str = ","
    decimal: str = "."
    minus: str = "\u2212"
    date: str = "%Y-%m-%d"
    sizes: tuple[int, ...] = (3,)
    least: int = 1

    def written(self, text: str) -> str:
        """Write a number in these marks.

        Parameters
        ----------
        text
            Digits as Python writes them, `1234.5` or `1,234.5`, and whatever follows them. What
            is not grouped stays so.
        """
        if self == ENGLISH:
            return text
        if text.startswith("-"):
            return self.minus + self.written(text[1:])
        whole, point, rest = text.partition(".")
        if "," in whole:
            whole = self._grouped(whole)
        return whole + (self.decimal if point else "") + rest

    def _grouped(self, text: str) -> str:
        """Put marks into the first digits of a text that has commas there."""
        digits = text.replace(",", "")
        end = next((at for at, each in enumerate(digits) if not each.isdigit()), len(digits))
        left, after, pieces, place = digits[:end], digits[end:], list[str](), 0
        if end < self.sizes[0] + self.least:
            return digits
        while left:
            size = self.sizes[min(place, len(self.sizes) - 1)]
            pieces.append(left[-size:])
            left, place = left[:-size], place + 1
        return self.group.join(reversed(pieces)) + after

    def day(self, day: Date) -> str:
        """Write a day."""
        return day.strftime(self.date)


ENGLISH: Final = Marks()
"""the marks of all files and commands"""
_SPOKEN: ContextVar[Marks] = ContextVar("marks", default=ENGLISH)


def marks() -> Marks:
    """Return the marks that are spoken in at present."""
    return _SPOKEN.get()


@contextmanager
def spoken_in(chosen: Marks) -> Iterator[None]:
    """Write all numbers and days within in these marks; other threads and tasks are untouched."""
    before = _SPOKEN.set(chosen)
    try:
        yield
    finally:
        _SPOKEN.reset(before)

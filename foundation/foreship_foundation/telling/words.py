"""How counts, lists, shares, money, days and sentences are written, the same for all rooms."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

from foreship_foundation.telling.marks import marks

__all__ = [
    "STATISTICS",
    "WEEKDAYS",
    "capital",
    "chance",
    "fitted",
    "fixed",
    "is_statistic",
    "listed",
    "money",
    "number",
    "percent",
    "plural",
    "runs_of",
    "sentence",
    "sentences",
    "units",
    "weekdays",
]

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
STATISTICS: Final = "Statistics: "
"""what a note begins with that is for the appendix, not for the planner's desk"""
HELD: Final = "\u00a0"
"""a blank at which no line ends"""
LEAST_RANGE: Final = 3
"""neighbours from which on a range is shorter than a list"""
MILLION: Final = 10**6
"""from which on digits are hard to count"""
ENDS: Final = (".", "!", "?", ":")
TABULAR: Final = re.compile(r"\S {2,}\S")
"""two columns side by side"""


def plural(count: float, one: str, many: str = "") -> str:
    """Write a count with its noun: `1 line`, `3 lines`; with its verb `1 is`, `3 are`."""
    return f"{fixed(count)} {one if count == 1 else many or one + 's'}"


def listed(names: Iterable[object], most: int | None = None, last: str = "and") -> str:
    """Write a list: `a`, `a and b`, `a, b and c`; beyond `most` names how many more there are.

    Parameters
    ----------
    last
        The word before the last name, `and` or `or`.
    """
    shown = [str(name) for name in names]
    if most is not None and len(shown) > most:
        shown = [*shown[:most], f"{fixed(len(shown) - most)} more"]
    head = ", ".join(shown[:-1])
    return f"{head} {last} {shown[-1]}" if head else "".join(shown)


def runs_of(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return the first and the last of each run of consecutive numbers, in ascending order."""
    runs: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def weekdays(days: Iterable[int]) -> str:
    """Write weekdays, Monday 0 to Sunday 6: `Monday, Thursday to Sunday`, `Monday and Friday`."""
    said: list[str] = []
    for first, last in runs_of(days):
        if last - first + 1 >= LEAST_RANGE:
            said.append(f"{WEEKDAYS[first]} to {WEEKDAYS[last]}")
        else:
            said += [WEEKDAYS[each] for each in range(first, last + 1)]
    return listed(said)


def money(amount: float, *, sign: bool = False) -> str:
    """Write money with two decimals, thousands separators and a true minus sign."""
    return fixed(amount, 2, sign=sign) if math.isfinite(amount) else "unknown"


def units(count: float, *, sign: bool = False) -> str:
    """Write a number of whole units."""
    return fixed(count, sign=sign)


def fixed(value: float, digits: int = 0, *, sign: bool = False) -> str:
    """Write a number with so many decimals, in groups of thousands."""
    return _signed(marks().written(f"{abs(value):,.{digits}f}"), value, sign)


def number(value: float, digits: int = 6) -> str:
    """Write a number with so many digits that count, never with an exponent: `0.00005`.

    It stands in groups from a million on.
    """
    if not math.isfinite(value):
        return "unknown"
    rounded = float(f"{value:.{digits}g}")
    text = f"{rounded:,.12f}" if abs(rounded) >= MILLION else f"{rounded:.12f}"
    text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else marks().written(text)


def percent(share: float, digits: int = 0) -> str:
    """Write a share as a percentage: `5 %`."""
    if not math.isfinite(share):
        return "unknown"
    return f"{fixed(100 * share, digits)} %"


def chance(share: float) -> str:
    """Write a chance, or what is compared with one, so that close ones differ: `23.5 %`."""
    return percent(share, 1)


def _signed(text: str, amount: float, sign: bool) -> str:
    """Put the sign of an amount before its digits; what is rounded to 0 has none."""
    if not any(each in "123456789" for each in text):
        return text
    return (marks().minus if amount < 0 else "+" if sign else "") + text


def capital(text: str) -> str:
    """Begin with a capital, and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop.

    A first word that is a name stays as it is: one with a digit, a mark or a capital in it, or
    one before a colon, as the table in `orders: two rows ...`.
    """
    text = text.strip()
    if not text:
        return text
    first = text.split(maxsplit=1)[0]
    if first.rstrip(",;").isalpha() and first.islower():
        text = capital(text)
    return text if text.endswith(ENDS) else f"{text}."


def sentences(notes: Iterable[str]) -> list[str]:
    """Write notes as sentences, each once, in their order."""
    return list(dict.fromkeys(sentence(note) for note in notes))


def is_statistic(note: str) -> bool:
    """Tell whether a note holds figures for the appendix."""
    return note.startswith(STATISTICS)


def fitted(text: str, width: int, *, hanging: str = "") -> str:
    """Break lines longer than `width` between words; no word is torn, no table is touched.

    Parameters
    ----------
    hanging
        What further lines of a broken one begin with, after its own indentation.
    """
    return "\n".join(_broken(line, width, hanging) for line in text.split("\n"))


def _broken(line: str, width: int, hanging: str) -> str:
    if len(line) <= width or TABULAR.search(line):
        return line
    own = line[: len(line) - len(line.lstrip())]
    parts: Sequence[str] = textwrap.wrap(
        re.sub(r"(\d) %", rf"\1{HELD}%", line.strip()),
        width,
        initial_indent=own,
        subsequent_indent=own + hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(parts).replace(f"{HELD}%", " %")

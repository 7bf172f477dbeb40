"""Which of some known names was probably meant by one that is none of them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence

__all__ = ["nearest", "nearest_of", "not_used"]

MOST_SHOWN = 10
MOST_KNOWN = 40
MOST_COMPARED = 20


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which of `known` was probably meant, or which there are, the first of very many."""
    known = list(known)
    close = nearest_of(name, known)
    if close is not None:
        return f"did you mean '{close}'?"
    more = f" and {len(known) - MOST_KNOWN} more" if len(known) > MOST_KNOWN else ""
    return "known: " + ", ".join(known[:MOST_KNOWN]) + more


def nearest_of(name: str, known: Iterable[str]) -> str | None:
    """Return which of `known` was probably meant, if one is near; case and signs do not count."""
    folded = {_folded(each): each for each in reversed(list(known))}
    close = difflib.get_close_matches(_folded(name)[:100], folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def not_used(
    unused: Sequence[str], absent: Iterable[str], show: Callable[[str], str] = repr
) -> tuple[str, str]:
    """Say which columns of a table are not used, and which absent ones they may be.

    Parameters
    ----------
    unused
        At least one, in the order of the table.
    absent
        Columns of the contract that the table has not.
    show
        How a name is written.

    Returns
    -------
    What is odd, and what was probably meant, "" if nothing is near.
    """
    absent = list(absent)
    shown = ", ".join(map(show, unused[:MOST_SHOWN]))
    more = f" and {len(unused) - MOST_SHOWN} more" if len(unused) > MOST_SHOWN else ""
    meant = ((name, nearest_of(name, absent)) for name in unused[:MOST_COMPARED])
    close = [f"{show(name)}: did you mean '{near}'?" for name, near in meant if near is not None]
    return f"columns not used: {shown}{more}", "; ".join(close)


def _folded(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())

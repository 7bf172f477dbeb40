"""Lines in which plans that were tried differ from a plan: chosen, in order, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from foreship.errors import UsageError
from foreship.workbench.web import links
from foreship_foundation.telling.near_names import nearest
from foreship_foundation.telling.words import plural

__all__ = ["MOST", "PAGE", "Apart", "columns_of", "name_of", "ordered"]

MOST: Final = 4
"""plans that are set beside one at once"""
NAMES: Final = "ABCD"
"""what they are called on a page"""
PAGE: Final = 50
"""lines of a page"""


@dataclass(frozen=True)
class Apart:
    """What the address of such a page says."""

    run: str
    trials: tuple[str, ...]
    sort: str = "gain_0"
    desc: bool = True
    page: int = 1
    money_alone: bool = False

    @classmethod
    def of(cls, run: str, query: Mapping[str, Sequence[str]]) -> Apart:
        """Read an address.

        Raises
        ------
        UsageError
            If no plan is named, or more than `MOST`.
        """
        trials = tuple(dict.fromkeys(each for each in query.get("with", ()) if each))
        if not trials:
            raise UsageError("tick what was tried and shall stand beside this plan")
        if len(trials) > MOST:
            ticked = plural(len(trials), "plan is ticked", "plans are ticked")
            raise UsageError(f"{ticked}; at most {MOST} stand side by side")
        last = {name: values[-1] for name, values in query.items() if values}
        page = last.get("page", "1")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 8 else 1
        found = cls(run, trials, page=max(number, 1), money_alone=last.get("all") == "1")
        if "sort" not in last:
            return found
        return replace(found, sort=last["sort"], desc=last.get("desc") == "1")

    def link(self, **other: Any) -> str:
        """Return the address of the same page, but for what is other."""
        there = replace(self, **{"page": 1, **other})
        more = {"sort": there.sort, "desc": "1" if there.desc else "",
                "page": there.page if there.page > 1 else "",
                "all": "1" if there.money_alone else ""}  # fmt: skip
        return links.tried_lines(there.run, there.trials, **more)


def name_of(place: int, trials: int) -> str:
    """Return what one of the plans that were tried is called on a page."""
    return NAMES[place] if trials > 1 else "tried"


def columns_of(trials: int) -> Iterator[tuple[str, str, bool]]:
    """Yield key, heading and whether it is a number, of each column that lines are sorted by."""
    yield from (("action", "action", False), ("item", "item", False), ("region", "region", False),
                ("origin", "from", False), ("destination", "to", False),
                ("before", "this plan", True))  # fmt: skip
    for place in range(trials):
        name = name_of(place, trials)
        yield f"units_{place}", name, True
        yield f"gain_{place}", f"gain of {name}" if trials > 1 else "gain", True


def ordered(rows: pd.DataFrame, asked: Apart) -> pd.DataFrame:
    """Return lines in the order that is asked for; of money the larger change first.

    Parameters
    ----------
    rows
        As `lines_apart` has them, of all plans that are asked for.

    Raises
    ------
    UsageError
        If they cannot be sorted so.
    """
    known = [key for key, _, _ in columns_of(len(asked.trials))]
    if asked.sort not in known:
        raise UsageError(f"lines are not sorted by {asked.sort!r}; {nearest(asked.sort, known)}")
    value = rows[asked.sort].abs() if asked.sort.startswith("gain_") else rows[asked.sort]
    order = rows.assign(sorted_by=value).sort_values(
        ["sorted_by", "item", "region", "action", "origin"],
        ascending=[not asked.desc, True, True, True, True],
        kind="stable",
    )
    return order.drop(columns="sorted_by").reset_index(drop=True)

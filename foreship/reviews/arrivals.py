"""What came of the lines of a plan: which units, and on which day.

Receipts are dealt to lines first come to first announced, as in equation 32b of docs/value.md.
Without a receipt of its run a plan is taken to have arrived as it promised.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

import pandas as pd

from foreship_foundation.telling.words import listed, plural

__all__ = ["Arrivals", "arrivals_of", "dealt", "receipt_notes"]

Tag = TypeVar("Tag")
PIECES = ["line", "units", "day"]
KEY = ["location", "item"]


class Arrivals(NamedTuple):
    """The lines that go somewhere, in the pieces in which they came."""

    pieces: pd.DataFrame
    """`line, units, day`; a day from the end of what is known on is the promised one, and NaT says
    that it should have come and has not"""
    told: bool
    """whether any receipt names the run"""
    beyond: pd.Series[int]
    """units that receipts of the run name beyond those that it sent, by location and item"""

    def late(self, lines: pd.DataFrame) -> pd.DataFrame:
        """Return the pieces that did not come on their day, most units first.

        Columns `line, destination, item, promised, units, came, days`; `came` and `days` are blank
        where nothing came.
        """
        found = self.pieces.join(lines[["destination", "item", "arrival_date"]], on="line")
        found = found[found["day"].isna() | (found["day"] > found["arrival_date"])]
        found = found.rename(columns={"arrival_date": "promised", "day": "came"})
        found = found.assign(days=(found["came"] - found["promised"]).dt.days.astype("float64"))
        found = found.sort_values(["units", "line"], ascending=[False, True], kind="stable")
        columns = ["line", "destination", "item", "promised", "units", "came", "days"]
        return found[columns].reset_index(drop=True)


def arrivals_of(lines: pd.DataFrame, receipts: pd.DataFrame, until: pd.Timestamp) -> Arrivals:
    """Deal what came to the lines of a plan.

    Parameters
    ----------
    lines
        `plan.parquet`, numbered from 0.
    receipts
        `date, location, item, quantity` of this run alone; a quantity of 0 says that nothing more
        will come.
    until
        First day of which nothing is known.
    """
    receipts = receipts[receipts["date"] < until]
    moving = lines[lines["destination"] != ""]
    if receipts.empty:
        whole = zip(moving.index, moving["quantity"], moving["arrival_date"], strict=True)
        return Arrivals(_pieces(whole), told=False, beyond=_beyond(receipts, moving))
    lots = dict(list(receipts.sort_values("date", kind="stable").groupby(KEY)))
    found: list[tuple[int, int, Any]] = []
    for key, group in moving.groupby(["destination", "item"], sort=True):
        rows = group.sort_values("arrival_date", kind="stable")
        came = lots.get(key)
        closed = came is not None and bool((came["quantity"] == 0).any())
        there = [] if came is None else list(zip(came["date"], came["quantity"], strict=True))
        announced = list(zip(rows.index, rows["quantity"].astype(int), strict=True))
        for line, day, units in dealt(announced, there):
            promised = rows.loc[line, "arrival_date"]
            open_ = promised >= until and not closed
            found.append((line, units, day if day is not None else promised if open_ else pd.NaT))
    return Arrivals(_pieces(found), told=True, beyond=_beyond(receipts, moving))


def _beyond(receipts: pd.DataFrame, moving: pd.DataFrame) -> pd.Series[int]:
    sent = moving.groupby(["destination", "item"])["quantity"].sum().rename_axis(KEY)
    more = receipts.groupby(KEY)["quantity"].sum().sub(sent, fill_value=0)
    return more[more > 0].astype("int64")


def receipt_notes(
    arrivals: Arrivals, receipts: pd.DataFrame, run: str, monday: pd.Timestamp, until: pd.Timestamp
) -> Iterator[str]:
    """Say what of the receipts counts for nothing in the review of a run.

    Parameters
    ----------
    receipts
        All of the workspace.
    monday, until
        Day of the plan, and first day of which nothing is known.
    """
    if not arrivals.told:
        named = receipts["run"] == run
        later = int((named & (receipts["date"] >= until)).sum())
        other = receipts.loc[~named & (receipts["date"] >= monday), "run"]
        said = "no receipt names this run"
        if later:
            dated = plural(later, "receipt names", "receipts name")
            said = f"{dated} this run, but no day before {until:%Y-%m-%d}"
        elif len(other):
            names = listed(sorted({each or "no run" for each in other}), most=2)
            said += f", though {plural(len(other), 'receipt')} since then {_name(other)} {names}"
        yield f"{said}: its lines are taken to have arrived as promised"
    if len(arrivals.beyond):
        location, item = arrivals.beyond.index[int(arrivals.beyond.to_numpy().argmax())]
        units = plural(int(arrivals.beyond.sum()), "unit")
        yield (
            f"receipts of this run hold {units} beyond what it sent, most of {item} in {location}, "
            "which count for nothing here: booked twice, in other units, or of another run"
        )


def _name(runs: pd.Series[str]) -> str:
    return "names" if len(runs) == 1 else "name"


def dealt(
    announced: Sequence[tuple[Tag, int]], lots: Sequence[tuple[pd.Timestamp, int]]
) -> list[tuple[Tag, pd.Timestamp | None, int]]:
    """Deal what came, in its order, to what was announced, in its order.

    Parameters
    ----------
    announced, lots
        What names an announcement, and its units; the day of a lot, and its units.

    Returns
    -------
    Name, day (None: not come) and units of each part.
    """
    left = [(day, int(units)) for day, units in lots]
    found: list[tuple[Tag, pd.Timestamp | None, int]] = []
    for name, units in announced:
        wanted = units
        while wanted and left:
            day, there = left[0]
            part = min(wanted, there)
            if part:
                found.append((name, day, part))
            wanted, left[0] = wanted - part, (day, there - part)
            if there == part:
                left.pop(0)
        if wanted:
            found.append((name, None, wanted))
    return found


def _pieces(rows: Iterable[tuple[int, int, Any]]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows), columns=PIECES)
    table = table.astype({"line": "int64", "units": "int64", "day": "datetime64[ns]"})
    return table.sort_values(["line", "day"], kind="stable", ignore_index=True)

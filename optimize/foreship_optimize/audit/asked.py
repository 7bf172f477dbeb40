"""Whether a plan does by policies what it says: levels worked out again, cell by cell."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from foreship_foundation.telling.words import number, plural
from foreship_optimize.audit.books import INTO_REGION, OUT_OF_REGION, Books, Line
from foreship_optimize.audit.timetables import rows_of

__all__ = ["above_floors", "locks_asking", "policies_kept"]

Cell: TypeAlias = tuple[str, str]
FLOORS = ("minimum", "presentation", "cover_weeks", "service", "fair_share")
PARTS = {"policies", "minimum_line_gain", "changes"}
HAIR = 1e-9
"""a level this far above a whole number is that number"""


@dataclass
class Level:
    """What holds for one cell."""

    floor: int = 0
    floor_row: int = -1
    ceiling: float = math.inf


def policies_kept(
    books: Books,
    tables: Mapping[str, pd.DataFrame],
    wanted: Any,
    lines: list[Line],
    summary: Mapping[str, Any],
) -> Iterable[str]:
    """Check that no ceiling is passed, and that what floors lack is told row by row."""
    rows = _live(tables.get("policies"), books.as_of)
    asked = summary.get("asked")
    if asked is None:
        if rows or books.params.plan.minimum_line_gain:
            yield "asked: the summary does not say by what the program was steered"
        if "unmet" in summary:
            yield "unmet: no policy holds"
        return
    if set(asked) != PARTS or not all(math.isfinite(float(each)) for each in asked.values()):
        yield f"asked: {dict(asked)} has not the parts {sorted(PARTS)}"
        return
    levels = _levels(books, rows, wanted)
    came, gone = _moved(lines, INTO_REGION, into=True), _moved(lines, OUT_OF_REGION, into=False)
    yield from _ceilings_hold(books, levels, came, gone)
    lacking = _lacking(books, levels, came, gone)
    told = {each["row"]: (each["wanted"], each["reached"]) for each in summary.get("unmet", ())}
    for row in sorted(lacking.keys() | told.keys()):
        if lacking.get(row) != told.get(row):
            yield f"unmet: {row}: {told.get(row)} (wanted, reached) told, {lacking.get(row)} found"
    if float(asked["policies"]) < -HAIR or (float(asked["policies"]) > HAIR and not lacking):
        steer, lack = number(asked["policies"]), plural(len(lacking), "row lacks", "rows lack")
        yield f"asked: policies steer by {steer}, but {lack} any unit"


def above_floors(
    books: Books, tables: Mapping[str, pd.DataFrame], wanted: Any, lines: list[Line]
) -> dict[Cell, int]:
    """Units by which the stock after the plan is above a floor, of every cell with one."""
    levels = _levels(books, _live(tables.get("policies"), books.as_of), wanted)
    came, gone = _moved(lines, INTO_REGION, into=True), _moved(lines, OUT_OF_REGION, into=False)
    return {
        cell: _lying(books, cell) + came.get(cell, 0) - gone.get(cell, 0) - level.floor
        for cell, level in levels.items()
        if level.floor
    }


def _live(table: pd.DataFrame | None, as_of: pd.Timestamp) -> list[dict[str, Any]]:
    """Rows that hold, each with its place in the table from 1."""
    numbered = enumerate([] if table is None else rows_of(table), start=1)
    return [
        {**row, "place": place}
        for place, row in numbered
        if pd.isna(row["expires"]) or row["expires"] >= as_of
    ]


def _levels(books: Books, rows: list[dict[str, Any]], wanted: Any) -> dict[Cell, Level]:
    """Floor and ceiling of every cell that may be stocked and that a policy is about."""
    known = {(row["kind"], row["item"], row["category"], row["region"]): row for row in rows}
    places = list(zip(wanted.region.tolist(), wanted.item.tolist(), strict=True))
    place = {cell: number for number, cell in enumerate(places)}
    cells = sorted(places if books.assortment is None else books.assortment)
    demand = _Weeks(books, wanted, place)
    levels, shares = dict[Cell, Level](), dict[Cell, dict[str, Any]]()
    for cell in cells:
        each = {kind: _row(books, known, kind, cell) for kind in (*FLOORS, "maximum")}
        found = {kind: row for kind, row in each.items() if row is not None}
        if not found:
            continue
        level = levels[cell] = Level()
        if "maximum" in found:
            level.ceiling = math.floor(found["maximum"]["value"] + HAIR)
        for kind in FLOORS[:-1]:
            if kind in found:
                _raise(level, demand.floor(cell, kind, float(found[kind]["value"])), found[kind])
        if "fair_share" in found:
            shares[cell] = found["fair_share"]
    for cell, row, units in _fair(books, demand, shares):
        _raise(levels[cell], units, row)
    return levels


def _row(
    books: Books, known: dict[tuple[str, str, str, str], dict[str, Any]], kind: str, cell: Cell
) -> dict[str, Any] | None:
    """Find the most specific row of a kind that is about a cell."""
    region, item = cell
    category = books.items[item].get("category", "")
    for key in (
        (kind, item, "", region), (kind, item, "", ""), (kind, "", category, region),
        (kind, "", category, ""), (kind, "", "", region), (kind, "", "", ""),
    ):  # fmt: skip
        if key in known:
            return known[key]
    return None


def _raise(level: Level, units: float, row: dict[str, Any]) -> None:
    if units > level.floor:
        level.floor, level.floor_row = int(min(units, 10**9)), row["place"]


class _Weeks:
    """Demand of cells in whole weeks from the day of the plan, (weeks, S)."""

    def __init__(self, books: Books, wanted: Any, place: dict[Cell, int]) -> None:
        self._books, self._wanted, self._place = books, wanted, place
        start = np.datetime64(books.as_of, "D") - np.datetime64(wanted.weeks[0], "D")
        self._skip = int(start.astype(np.int64)) // 7
        self.scenarios = int(wanted.scenarios)

    def of(self, cell: Cell) -> np.ndarray:
        """Units by week and path; none where the cell is not forecast."""
        if cell not in self._place:
            return np.zeros((len(self._wanted.weeks) - self._skip, self.scenarios), dtype=np.int64)
        weeks = slice(self._skip, None)
        found: np.ndarray = self._wanted.units_of([self._place[cell]], weeks)[0].astype(np.int64)
        return found

    def until_next(self, cell: Cell) -> np.ndarray:
        """Demand by path until what a next plan sends can be there, (S,)."""
        leads = [lead for _, _, lead in self._books.landed(cell) if lead < self._books.horizon_days]
        weeks = math.ceil(min(leads, default=0) / 7) + int(self._books.params.plan.review_weeks)
        total: np.ndarray = self.of(cell)[:weeks].sum(axis=0)
        return total

    def floor(self, cell: Cell, kind: str, value: float) -> float:
        """Units that a floor comes to."""
        if kind == "minimum":
            return math.ceil(value - HAIR)
        if kind == "presentation":
            mean = int(self.until_next(cell).sum()) / self.scenarios
            return math.ceil(value - HAIR) + math.ceil(mean - HAIR)
        if kind == "cover_weeks":
            weekly = self.of(cell).sum(axis=1)
            whole = int(min(math.floor(value), len(weekly)))
            part = int(weekly[min(whole, len(weekly) - 1)]) * (value - whole)
            return math.ceil((int(weekly[:whole].sum()) + part) / self.scenarios - HAIR)
        served = math.ceil(value * self.scenarios - HAIR)
        return int(np.sort(self.until_next(cell))[served - 1]) if served > 0 else 0


def _fair(
    books: Books, demand: _Weeks, shares: dict[Cell, dict[str, Any]]
) -> Iterator[tuple[Cell, dict[str, Any], float]]:
    """Yield the share of scarce hub stock that each cell may count on, beside what lies there."""
    need, total = dict[Cell, int](), defaultdict[str, int](int)
    for cell in shares:
        lies = demand.scenarios * _lying(books, cell)
        need[cell] = max(int(demand.until_next(cell).sum()) - lies, 0)
        total[cell[1]] += need[cell]
    for cell, row in shares.items():
        held = sum(books.hub_stock.get((hub, cell[1]), 0) for hub in books.hubs)
        if need[cell] and total[cell[1]] > held * demand.scenarios:
            part = float(row["value"]) * held * need[cell] / total[cell[1]]
            yield cell, row, _lying(books, cell) + math.floor(part + HAIR)


def _lying(books: Books, cell: Cell) -> int:
    """Units on hand and on their way."""
    return books.on_hand.get(cell, 0) + sum(units for _, units in books.coming.get(cell, ()))


def _moved(lines: list[Line], actions: tuple[str, ...], *, into: bool) -> dict[Cell, int]:
    moved = defaultdict[Cell, int](int)
    for line in lines:
        if line.action in actions:
            moved[line.destination if into else line.origin, line.item] += line.quantity
    return moved


def _ceilings_hold(
    books: Books, levels: dict[Cell, Level], came: dict[Cell, int], gone: dict[Cell, int]
) -> Iterator[str]:
    """Check that nothing is sent above a ceiling but what a lock asks for."""
    for cell, level in levels.items():
        units = came.get(cell, 0)
        after = _lying(books, cell) + units - gone.get(cell, 0)
        if units and after > max(level.ceiling, _lying(books, cell) + _locked(books, cell)):
            most = number(level.ceiling)
            yield f"policies: {plural(after, 'unit')} in {cell}, at most {most} may lie or come"


def locks_asking(books: Books, cell: Cell) -> list[dict[str, Any]]:
    """Locks that ask for units in a cell."""
    region, item = cell
    return [
        lock
        for lock in books.overrides
        if lock["kind"] in ("fix", "at_least")
        and not lock.get("action")
        and lock["region"] in ("", region)
        and lock["item"] in ("", item)
    ]


def _locked(books: Books, cell: Cell) -> int:
    """Units that a lock may ask for in a cell, in whole packs and lines."""
    pack, least = int(books.items[cell[1]]["pack_size"]), _step(books, cell[1])
    most = max((math.ceil(lock["value"]) for lock in locks_asking(books, cell)), default=0)
    return max(-(-most // pack) * pack, least) if most else 0


def _step(books: Books, item: str) -> int:
    """Units that come together at least: whole packs of a line of the least length."""
    pack = int(books.items[item]["pack_size"])
    return -(-int(books.params.plan.minimum_line_quantity) // pack) * pack


def _lacking(
    books: Books, levels: dict[Cell, Level], came: dict[Cell, int], gone: dict[Cell, int]
) -> dict[str, tuple[int, int]]:
    """Units wanted and reached in the cells below their floor, by row of `policies`."""
    found = dict[str, tuple[int, int]]()
    for cell, level in levels.items():
        wanted = min(level.floor, level.ceiling)
        there = _lying(books, cell) + came.get(cell, 0) - gone.get(cell, 0)
        if there < wanted:
            row = f"policies {level.floor_row}"
            before = found.get(row, (0, 0))
            found[row] = (before[0] + int(wanted), before[1] + there)
    return found

"""Edits against what the tables allow: stock, room, packs, locks; plain sums, not the program.

An edit is at fault where no plan could keep it, whatever else it sent: lines that nobody edited may
give way, stock that lies where it lies is not pushed out. Limits of single days are the program's.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from foreship.approval.edits import Edit
from foreship.approval.groups import Group, groups_of, units_by_key
from foreship.errors import Fault
from foreship_foundation.actions import action_names, exit_names
from foreship_foundation.tables.input_tables import LEAVE_OUT
from foreship_foundation.telling.words import number, plural

__all__ = ["faults_of", "not_kept"]

FROM_HUBS = action_names(origin="hub")
OUT, INTO = action_names(origin="region"), action_names(destination="region")
NOISE = 1e-9
DAYS = 7
"""days on which a plan's lines may leave or arrive, at most"""


@dataclass(frozen=True)
class _Books:
    """What the checks look at."""

    groups: Sequence[Group]
    tables: Mapping[str, pd.DataFrame]
    planned: Mapping[tuple[str, str, str, str], int]
    as_of: pd.Timestamp
    least: int
    file: str
    together: bool = False
    """whether to look at what moves exceed only together"""

    def number(self, table: str, key: str, name: str, column: str, otherwise: float) -> float:
        """Return a number of a row of a table, by its id."""
        frame = self.tables[table]
        if column not in frame:
            return otherwise
        found = frame.loc[frame[key] == name, column]
        return float(found.iloc[0]) if len(found) and pd.notna(found.iloc[0]) else otherwise

    def volume(self, item: str) -> float:
        """Volume of a unit."""
        return self.number("items", "item", item, "volume", 1.0)

    def lying(self, place: str, item: str) -> int:
        """Units of an item on hand at a place."""
        stock = self.tables["stock"]
        here = (stock["location"] == place) & (stock["item"] == item)
        return int(stock.loc[here, "quantity"].sum())

    def fault(self, groups: Iterable[Group], problem: str, remedy: str) -> Fault:
        """Return a fault at the cells of some edits."""
        cells = ", ".join(group.cells for group in groups)
        return Fault(self.file, problem, remedy, column=cells)

    def over(
        self, amounts: Mapping[Group, float], most: float, words: str, unit: str
    ) -> Iterator[Fault]:
        """Name what exceeds a limit: single moves that do by themselves, or all that grow together.

        What the plan sent was within the limit: who asks for no more of a move is not to blame.
        """
        grown = [group for group in amounts if group.units > group.planned]
        total = math.fsum(amounts.values())
        found = [(grown, total)] if self.together else [([each], amounts[each]) for each in grown]
        for groups, asked in found:
            if groups and asked > most + NOISE * max(1.0, abs(most)):
                problem = f"{_amount(asked, unit)} asked for, {words} is {_amount(most, unit)}"
                yield self.fault(groups, problem, "ask for less, or for less elsewhere")

    def units_over(self, groups: Iterable[Group], most: float, words: str) -> Iterator[Fault]:
        """Name what exceeds a limit on units."""
        yield from self.over({group: float(group.units) for group in groups}, most, words, "units")


def faults_of(
    edits: Sequence[Edit],
    lines: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    as_of: pd.Timestamp,
    *,
    minimum_line: int = 0,
    file: str = "plan.xlsx",
) -> list[Fault]:
    """Return every fault of edits of a plan, all of them looked at together.

    Parameters
    ----------
    lines
        `plan.parquet` of the plan that is edited.
    tables
        What it was made from.
    minimum_line
        Fewest units of a shipped line (`plan.minimum_line_quantity`).
    file
        Where the edits were written.
    """
    groups = groups_of(edits, lines)
    books = _Books(groups, tables, units_by_key(lines), as_of, minimum_line, file)
    faults: list[Fault] = []
    for together in (False, True):
        for check in CHECKS:
            faults += check(replace(books, together=together))
            # what is at fault is named once, and no other edit is blamed for it
            named = {cell for each in faults for cell in str(each.column).split(", ")}
            rest = [each for each in books.groups if not named.issuperset(each.cells.split(", "))]
            books = replace(books, groups=rest)
    return faults


def not_kept(groups: Sequence[Group], lines: pd.DataFrame, file: str) -> list[Fault]:
    """Return a fault for each group that a plan does not move as its edits ask."""
    found = units_by_key(lines)
    return [
        Fault(
            file,
            f"{_amount(group.units, 'units')} asked for by {group.words}, a plan can move "
            f"{_amount(found.get(group.key, 0), 'units')}",
            "another limit or lock stands against it; ask for what can be moved",
            column=group.cells,
        )
        for group in groups
        if found.get(group.key, 0) != group.units
    ]


def _hub_stock(books: _Books) -> Iterator[Fault]:
    """Yield hubs that would send more of an item than lies there."""
    yield from _on_hand(books, FROM_HUBS)


def _regions_stock(books: _Books) -> Iterator[Fault]:
    """Yield regions out of which more of an item would go than lies there."""
    yield from _on_hand(books, OUT)


def _on_hand(books: _Books, actions: tuple[str, ...]) -> Iterator[Fault]:
    for (place, item), groups in _by(books.groups, actions, "origin", "item").items():
        words = f"stock of {item} in {place}"
        yield from books.units_over(groups, books.lying(place, item), words)


def _storage(books: _Books) -> Iterator[Fault]:
    """Yield regions without room for what they would be sent."""
    for (region,), groups in _by(books.groups, INTO, "destination").items():
        capacity = books.number("regions", "region", region, "capacity", math.inf)
        if math.isinf(capacity):
            continue
        before = _volume_at(books, region)
        leaves = {**books.planned, **{group.key: group.units for group in books.groups}}
        freed = math.fsum(
            units * books.volume(item)
            for (action, origin, _, item), units in leaves.items()
            if action in OUT and origin == region
        )
        most = max(capacity, before) - before + freed
        amounts = {group: group.units * books.volume(group.item) for group in groups}
        yield from books.over(amounts, most, f"storage of {region} left", "volume")


def _volume_at(books: _Books, region: str) -> float:
    """Volume of what lies in a region and is on its way there."""
    rows = [books.tables[name] for name in ("stock", "inbound") if name in books.tables]
    return math.fsum(
        units * books.volume(item)
        for frame in rows
        for item, units in frame.loc[frame["location"] == region, ["item", "quantity"]].to_numpy()
    )


def _lane_room(books: _Books) -> Iterator[Fault]:
    """Yield lanes on which not all of it fits."""
    lanes = books.tables["lanes"]
    if "capacity" not in lanes:
        return
    pairs = _by(books.groups, (*FROM_HUBS, *INTO), "origin", "destination")
    for (origin, destination), groups in pairs.items():
        mine = lanes[(lanes["origin"] == origin) & (lanes["destination"] == destination)]
        most = float(mine["capacity"].fillna(math.inf).sum()) if len(mine) else math.inf
        amounts = {group: group.units * books.volume(group.item) for group in groups}
        words = f"capacity of the lane from {origin} to {destination}"
        yield from books.over(amounts, most, words, "volume")


def _days(books: _Books) -> Iterator[Fault]:
    """Yield hubs and regions that could not handle it in a whole week."""
    for actions, end, table, key, column, verb in (
        (FROM_HUBS, "origin", "hubs", "hub", "picking_units", "picked in a week at"),
        (INTO, "destination", "regions", "region", "receiving_units", "received in a week at"),
    ):
        for (place,), groups in _by(books.groups, actions, end).items():
            most = DAYS * books.number(table, key, place, column, math.inf)
            yield from books.units_over(groups, most, f"what can be {verb} {place}")


def _packs(books: _Books) -> Iterator[Fault]:
    """Yield shipped lines that are no whole cases, or fewer units than a line must have."""
    for group in books.groups:
        if group.action not in FROM_HUBS or group.units in (0, group.planned):
            continue
        pack = int(books.number("items", "item", group.item, "pack_size", 1))
        if group.units % pack:
            low = group.units // pack * pack
            remedy = f"write {low} or {low + pack}" if low else f"write 0 or {pack}"
            asked = _amount(group.units, "units")
            problem = f"{asked} of {group.item} asked for, which comes in whole cases of {pack}"
            yield books.fault([group], problem, remedy)
        elif group.units < books.least:
            asked = _amount(group.units, "units")
            problem = f"{asked} asked for, fewer than a line must have"
            remedy = f"write 0, or {books.least} or more (plan.minimum_line_quantity)"
            yield books.fault([group], problem, remedy)


def _locks(books: _Books) -> Iterator[Fault]:
    """Yield live overrides that the edits stand against."""
    locks = books.tables.get("overrides", pd.DataFrame())
    if locks.empty:
        return
    live = locks["expires"].isna() | (locks["expires"] >= books.as_of)
    for row in locks[live & (locks["kind"] != LEAVE_OUT)].to_dict("records"):
        groups = [group for group in books.groups if _covers(row, group)]
        kind, value = str(row["kind"]), float(row["value"] or 0.0)
        why = ": ".join(str(row[name]) for name in ("author", "reason") if row.get(name))
        words = f"what an override allows ({kind} {number(value)}, {why})"
        if kind != "at_least" and groups:
            most = 0.0 if kind == "forbid" else value
            yield from books.units_over(groups, most, words)
        lowered = [group for group in groups if group.units < group.planned]
        most = _most_moved(books, row, groups)
        if kind in ("fix", "at_least") and lowered and most < value:
            asked = _amount(most, "units")
            problem = f"{asked} asked for, an override asks for {kind} {number(value)} ({why})"
            yield books.fault(lowered, problem, "keep it, or change the override")


def _most_moved(books: _Books, row: Mapping[Any, Any], groups: Sequence[Group]) -> float:
    """Return the most units that an override can count: as edited, and all that others could send.

    Unlimited where it is about several items, or several places that units come to or leave.
    """
    leaves = bool(row.get("action"))
    if not row.get("item") or not row.get("origin" if leaves else "region"):
        return math.inf
    lanes, edited = books.tables["lanes"], {group.origin for group in groups}
    into = set(lanes.loc[lanes["destination"] == row.get("region"), "origin"])
    others = set() if leaves or row.get("origin") else into - edited
    units = sum(group.units for group in groups)
    return units + sum(books.lying(place, str(row["item"])) for place in others)


def _covers(row: Mapping[Any, Any], group: Group) -> bool:
    """Whether an override is about a group."""
    if str(row.get("action") or "") != (
        "" if group.action in (*FROM_HUBS, *INTO) else group.action
    ):
        return False
    ends = (("region", group.destination), ("item", group.item), ("origin", group.origin))
    return all(row.get(name) in ("", value) for name, value in ends)


def _exits(books: _Books) -> Iterator[Fault]:
    """Yield exits that would have to take more than they can."""
    table = books.tables.get("exits", pd.DataFrame())
    if table.empty or "capacity" not in table:
        return
    for action in OUT:
        rows = table[table["exit"].isin(exit_names(action=action))]
        rows = rows.assign(capacity=rows["capacity"].fillna(math.inf))
        taken: dict[tuple[str, str], list[Group]] = {}
        for group in books.groups:
            place = _exit_row(rows, group) if group.action == action else None
            if place is not None:
                taken.setdefault(place, []).append(group)
        for (item, region), groups in sorted(taken.items()):
            mine = (rows["item"] == item) & (rows["region"] == region)
            most = float(rows.loc[mine, "capacity"].sum())
            words = f"capacity of the exit {action.replace('_', ' ')}"
            yield from books.units_over(groups, most, words)


def _exit_row(rows: pd.DataFrame, group: Group) -> tuple[str, str] | None:
    """Return item and region of the most specific rows of an exit that hold for a group."""
    for item, region in (
        (group.item, group.origin), (group.item, ""), ("", group.origin), ("", ""),
    ):  # fmt: skip
        if ((rows["item"] == item) & (rows["region"] == region)).any():
            return item, region
    return None


def _by(
    groups: Iterable[Group], actions: tuple[str, ...], *ends: str
) -> dict[tuple[str, ...], list[Group]]:
    """Return groups of some actions by their ends, in order."""
    found: dict[tuple[str, ...], list[Group]] = {}
    for group in groups:
        if group.action in actions:
            found.setdefault(tuple(getattr(group, end) for end in ends), []).append(group)
    return dict(sorted(found.items()))


def _amount(value: float, unit: str) -> str:
    if unit == "units":
        return plural(value, "unit")
    return f"{number(value)} {unit}"


CHECKS = (
    _hub_stock, _regions_stock, _storage, _lane_room, _days, _packs, _locks, _exits,
)  # fmt: skip

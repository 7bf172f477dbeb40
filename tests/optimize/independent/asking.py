"""What policies and settings ask of a plan, read anew (section 16 of docs/program.md)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from tests.optimize.independent.market import Cell, Key, Market
from tests.optimize.independent.moves import Move
from tests.optimize.independent.program import Best, Model, Writer, model_of
from tests.optimize.independent.vehicles import item_lines_in

__all__ = ["AskedModel", "asked_model"]

HAIR = 1e-9


@dataclass(frozen=True)
class AskedModel:
    """A model, and what is asked of its plans beside money."""

    model: Model
    floors: Mapping[Key, int]
    """units that should lie in a cell or be on their way, as far as its ceiling lets them"""
    room: Mapping[Key, int]
    """units that a plan may send into a cell with a ceiling"""
    charge: tuple[float, ...]
    """of a unit of each move that takes a change back"""

    def lacking(self, quantity: Sequence[int]) -> dict[str, int]:
        """Units below their floors, by item."""
        found: dict[str, int] = defaultdict(int)
        moved: dict[Key, int] = defaultdict(int)
        for move, units in zip(self.model.moves, quantity, strict=True):
            if move.target is not None:
                moved[move.target] += units
            if move.source is not None:
                moved[move.source] -= units
        for key, floor in self.floors.items():
            found[key[1]] += max(0, floor - lying(self.model.market.cells[key]) - moved[key])
        return dict(found)

    def charged(self, quantity: Sequence[int]) -> tuple[float, float]:
        """What ship lines, and changes taken back, are charged."""
        lines = sum(any(quantity[i] for i in mine) for mine in self.ship_lines())
        return self.model.market.settings.minimum_line_gain * lines, math.fsum(
            each * units for each, units in zip(self.charge, quantity, strict=True)
        )

    def ship_lines(self) -> list[list[int]]:
        """Moves of every item out of a hub on every departure."""
        moves = self.model.moves
        by_line = item_lines_in(moves).values()
        return [mine for mine in by_line if moves[mine[0]].from_hub]

    def above(self, quantity: Sequence[int]) -> list[str]:
        """Ceilings that a plan passes, in words."""
        return [
            f"ceiling of {key}: {units} sent, {self.room[key]} allowed"
            for key, into in self.into().items()
            if (units := sum(quantity[i] for i in into)) > self.room[key]
        ]

    def into(self) -> dict[Key, list[int]]:
        """Moves into every cell with a ceiling."""
        moves = self.model.moves
        return {key: [i for i, move in enumerate(moves) if move.target == key] for key in self.room}

    def best(self, lacking: Mapping[str, int] | None = None, *, least: bool = False) -> Best | None:
        """Find the plan of least money and charges that lacks no more of any item than that.

        With `least` the plan that lacks fewest units, whatever its money.
        """
        return _AskedWriter(self, lacking, least=least).solve(20_000)


class _AskedWriter(Writer):
    """Adds floors, ceilings and charges to a program."""

    def __init__(
        self, asked: AskedModel, lacking: Mapping[str, int] | None, *, least: bool
    ) -> None:
        super().__init__(asked.model)
        self.asked, self.lacking, self.least = asked, lacking, least

    def _more(self, moves: list[int]) -> None:
        asked, model = self.asked, self.asked.model
        for key, into in asked.into().items():
            self.row(dict.fromkeys((moves[i] for i in into), 1.0), -math.inf, asked.room[key])
        for i, charge in enumerate(asked.charge):
            self.cost[moves[i]] += charge
        for mine in asked.ship_lines():
            line = self.column(model.market.settings.minimum_line_gain, 1.0)
            most = sum(self.high[moves[i]] for i in mine)
            self.row({moves[i]: 1.0 for i in mine} | {line: -most}, -math.inf, 0.0)
        if self.least:
            self.cost = [0.0] * len(self.cost)
        short: dict[str, list[int]] = defaultdict(list)
        for key, floor in asked.floors.items():
            lacks = self.column(float(self.least), math.inf)
            short[key[1]].append(lacks)
            signs = {lacks: 1.0}
            for i, move in enumerate(model.moves):
                if key in (move.target, move.source):
                    signs[moves[i]] = 1.0 if move.target == key else -1.0
            self.row(signs, floor - lying(model.market.cells[key]), math.inf)
        for item, columns in short.items():
            most = math.inf if self.lacking is None else self.lacking.get(item, 0)
            self.row(dict.fromkeys(columns, 1.0), -math.inf, most)


def lying(cell: Cell) -> int:
    """Units on hand and on their way."""
    return cell.on_hand + sum(units for _, units in cell.coming)


def asked_model(
    market: Market, tables: Mapping[str, pd.DataFrame], as_of: pd.Timestamp
) -> AskedModel:
    """Read `policies` and `recent`, and make the model of a market with them."""
    floors, room = _levels(market, tables, as_of)
    floored = (
        key
        for key, floor in floors.items()
        if floor > lying(market.cells[key]) and room.get(key, 1) > 0
    )
    model = model_of(replace(market, floored=frozenset(floored)))
    charge = _charges(model.moves, tables, market.settings.change_cost)
    return AskedModel(model, floors, room, charge)


def _levels(
    market: Market, tables: Mapping[str, pd.DataFrame], as_of: pd.Timestamp
) -> tuple[dict[Key, int], dict[Key, int]]:
    """Floors above nothing, and the room below ceilings, by cell."""
    rows = [
        row
        for row in (tables["policies"].to_dict("records") if "policies" in tables else [])
        if pd.isna(row["expires"]) or row["expires"] >= as_of
    ]
    category = dict(zip(tables["items"]["item"], tables["items"]["category"], strict=True))
    held: dict[Key, dict[str, float]] = {}
    for key, cell in market.cells.items():
        if cell.stocked:
            held[key] = _that_hold(rows, key, category[key[1]])
    floors = {key: _floor(market, market.cells[key], kinds) for key, kinds in held.items()}
    for key, units in _fair_shares(market, held).items():
        floors[key] = max(floors[key], units)
    room: dict[Key, int] = {}
    for key, kinds in held.items():
        if "maximum" in kinds:
            most = math.floor(kinds["maximum"] + HAIR)
            floors[key] = min(floors[key], most)
            room[key] = _room(market, key, most - lying(market.cells[key]))
    return {key: floor for key, floor in floors.items() if floor > 0}, room


def _that_hold(rows: list[dict[Any, Any]], key: Key, category: str) -> dict[str, float]:
    """Value by kind of the most specific row about a cell."""
    region, item = key
    wanted = (
        (item, "", region),
        (item, "", ""),
        ("", category, region),
        ("", category, ""),
        ("", "", region),
        ("", "", ""),
    )
    found: dict[str, float] = {}
    for place in wanted:
        for row in rows:
            if (row["item"], row["category"], row["region"]) == place:
                found.setdefault(row["kind"], float(row["value"]))
    return found


def _until_next(market: Market, cell: Cell) -> np.ndarray:
    """Demand by path of the whole weeks until what the next plan sends can be there."""
    holding = {hub for hub in market.hubs if market.hub_stock.get((hub, cell.item), 0) > 0}
    ways = market.lanes_between(holding, {cell.region})
    leads = [lane.lead for lane in ways if lane.lead < market.days]
    weeks = math.ceil(min(leads, default=0) / 7) + market.settings.review_weeks
    return np.asarray(cell.paths[: 7 * weeks].sum(axis=0))


def _floor(market: Market, cell: Cell, kinds: Mapping[str, float]) -> int:
    """Equation P34 without fair shares."""
    found = [0]
    for kind, value in kinds.items():
        wanted = _until_next(market, cell)
        if kind == "minimum":
            found.append(math.ceil(value))
        elif kind == "presentation":
            found.append(math.ceil(value) + math.ceil(wanted.mean() - HAIR))
        elif kind == "cover_weeks":
            weekly = cell.paths.reshape(-1, 7, market.scenarios).sum(axis=1).mean(axis=1)
            more = np.concatenate([weekly, np.full(60, weekly[-1])])
            whole = math.floor(value)
            mean = more[:whole].sum() + more[whole] * (value - whole)
            found.append(math.ceil(mean - HAIR))
        elif kind == "service":
            levels = range(int(wanted.max()) + 1)
            found.append(next(k for k in levels if (wanted <= k).mean() >= value - HAIR))
    return max(found)


def _fair_shares(market: Market, held: Mapping[Key, Mapping[str, float]]) -> dict[Key, int]:
    """What cells may count on of hub stock that is less than they all need."""
    need = {
        key: max(
            0.0, float(_until_next(market, market.cells[key]).mean()) - lying(market.cells[key])
        )
        for key, kinds in held.items()
        if "fair_share" in kinds
    }
    found = {}
    for key, units in need.items():
        total = sum(other for (_, item), other in need.items() if item == key[1])
        stock = sum(market.stock_of(key[1]).values())
        if units > 0 and total > stock + HAIR:
            part = held[key]["fair_share"] * stock * units / total
            found[key] = lying(market.cells[key]) + math.floor(part + HAIR)
    return found


def _room(market: Market, key: Key, units: int) -> int:
    """Units that may be sent below a ceiling: whole packs, and what locks ask for."""
    pack = int(market.items[key[1]]["pack"])
    asked = max(
        (
            math.ceil(lock.at_least)
            for lock in market.locks
            if lock.region in ("", key[0]) and lock.item in ("", key[1])
        ),
        default=0,
    )
    least = max(asked, market.settings.minimum_line_quantity) if asked else 0
    return max(max(units, 0) // pack * pack, -(-least // pack) * pack)


def _charges(
    moves: Sequence[Move], tables: Mapping[str, pd.DataFrame], cost: float
) -> tuple[float, ...]:
    """Equation P35: charge of a unit of each move."""
    rows = tables["recent"].to_dict("records") if "recent" in tables else []
    came = {(row["region"], row["item"]) for row in rows if row["units_in"] > 0}
    went = {(row["region"], row["item"]) for row in rows if row["units_out"] > 0}
    return tuple(
        cost
        if (move.exit in ("redirect", "return") and move.source in came)
        or (move.from_hub and move.target in went)
        else 0.0
        for move in moves
    )

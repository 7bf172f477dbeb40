"""A small builder of shipping problems by hand: names in, canonical arrays out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from foreship_foundation.actions import action_names
from foreship_optimize.arrays import shortened
from foreship_optimize.problem import Lock, Moves, Need, ShippingProblem, Units


@dataclass
class Draft:
    """Collects cells, moves and limits by name; `problem()` lays them out in canonical order."""

    cells: dict[tuple[str, str], dict] = field(default_factory=dict)
    items: dict[str, tuple[float, int]] = field(default_factory=dict)
    stock: dict[tuple[str, str], int] = field(default_factory=dict)
    moves: list[tuple] = field(default_factory=list)
    lanes: dict[tuple[str, str], float] = field(default_factory=dict)
    storage: dict[str, float] = field(default_factory=dict)
    locks: list[tuple] = field(default_factory=list)
    unit_cost: dict[str, float] = field(default_factory=dict)
    freight_budget: float = np.inf
    stock_value_budget: float = np.inf

    def item(self, name: str, volume: float = 1.0, pack: int = 1) -> None:
        """Name an item."""
        self.items[name] = (volume, pack)

    def cell(self, region, item, arrivals, on_hand=(), p=None, need=(), loss=1.0) -> None:
        """Values of arrivals and of units on hand; `p` as many; `need` by scenario."""
        self.items.setdefault(item, (1.0, 1))
        values = [*on_hand, *arrivals]
        self.cells[region, item] = {
            "values": values, "on_hand": len(on_hand), "p": p or [0.5] * len(values),
            "need": list(need), "loss": loss,
        }  # fmt: skip

    def move(self, action, origin, destination, item, cost, lateness=0.0, lead=0) -> None:
        """Let units move in any way."""
        self.moves.append((action, origin, destination, item, cost, lateness, lead))

    def ship(self, hub, region, item, cost, lateness=0.0, lead=0) -> None:
        """Let units go from a hub to a cell."""
        self.move("ship", hub, region, item, cost, lateness, lead)

    def lock(self, name, wanted, at_least=0.0, at_most=np.inf) -> None:
        """`wanted(action, origin, destination, item)` picks the moves."""
        self.locks.append((name, wanted, at_least, at_most))

    def problem(self) -> ShippingProblem:
        """Lay everything out in canonical order."""
        items, regions = sorted(self.items), sorted({region for region, _ in self.cells})
        hubs = sorted({hub for hub, _ in self.stock} | {m[1] for m in self.moves if m[0] == "ship"})
        cells = sorted(self.cells)
        lanes = sorted(self.lanes)
        moves = sorted(self.moves, key=lambda m: (action_names().index(m[0]), m[1], m[2], m[3]))
        stock = sorted((item, hub, units) for (hub, item), units in self.stock.items() if units)
        return ShippingProblem(
            items=np.array(items, dtype=object),
            regions=np.array(regions, dtype=object),
            hubs=np.array(hubs, dtype=object),
            volume=np.array([self.items[i][0] for i in items], dtype=float),
            pack_size=np.array([self.items[i][1] for i in items], dtype=np.int64),
            unit_cost=np.array([self.unit_cost.get(i, 1.0) for i in items], dtype=float),
            cell_region=np.array([regions.index(r) for r, _ in cells], dtype=np.int64),
            cell_item=np.array([items.index(i) for _, i in cells], dtype=np.int64),
            units=shortened(self._units(cells)),
            moves=shortened(self._moves(moves, items, regions, hubs, cells, lanes)),
            supply_item=np.array([items.index(i) for i, _, _ in stock], dtype=np.int64),
            supply_hub=np.array([hubs.index(h) for _, h, _ in stock], dtype=np.int64),
            supply_units=np.array([u for _, _, u in stock], dtype=np.int64),
            lane_origin=np.array([o for o, _ in lanes], dtype=object),
            lane_destination=np.array([d for _, d in lanes], dtype=object),
            lane_capacity=np.array([self.lanes[lane] for lane in lanes], dtype=float),
            storage=np.array([self.storage.get(r, np.inf) for r in regions], dtype=float),
            storage_inbound=np.zeros(len(regions)),
            locks=tuple(self._lock(lock, moves) for lock in self.locks),
            loss_per_unit=np.array([self.cells[c]["loss"] for c in cells], dtype=float),
            need=self._need(cells),
            holding_window=np.full(len(cells), 0.1),
            exit_name=np.array(["give_away"] * len(cells), dtype=object),
            notes=(),
            freight_budget=self.freight_budget,
            stock_value_budget=self.stock_value_budget,
        )

    def _units(self, cells) -> Units:
        rows = []
        for number, cell in enumerate(cells):
            known = self.cells[cell]
            for rank, (value, p) in enumerate(zip(known["values"], known["p"], strict=True), 1):
                worth = (value - p * (abs(value) + 1.0)) / (1 - p) + 0.1 if p < 1 else 0.0
                rows.append(
                    (number, rank, rank <= known["on_hand"], value, p, abs(value) + 1.0, worth)
                )
        columns = list(zip(*rows, strict=True)) or [()] * 7
        cell, rank, on_hand, value, p, benefit, worth = columns
        return Units(
            np.array(cell, dtype=np.int64), np.array(rank, dtype=np.int64),
            np.array(on_hand, dtype=bool), np.array(value, dtype=float), np.array(p, dtype=float),
            np.array(benefit, dtype=float), np.array(worth, dtype=float), np.zeros(len(rows)),
        )  # fmt: skip

    def _moves(self, moves, items, regions, hubs, cells, lanes) -> Moves:
        def cell(place, item):
            return cells.index((place, item)) if (place, item) in self.cells else -1

        def hub(place):
            return hubs.index(place) if place in hubs else -1

        rows = []
        for action, origin, destination, item, cost, lateness, lead in moves:
            from_cell = action != "ship"
            to_cell = action in ("ship", "redirect")
            lane = lanes.index((origin, destination)) if (origin, destination) in lanes else -1
            rows.append((
                action_names().index(action), items.index(item), -1 if from_cell else hub(origin),
                cell(origin, item) if from_cell else -1,
                hub(destination) if action == "return" else -1,
                cell(destination, item) if to_cell else -1, cost, lateness, lead, lane,
                "" if action == "ship" else action, 0.0,
            ))  # fmt: skip
        names = list(Moves.__dataclass_fields__)
        columns = list(zip(*rows, strict=True)) or [()] * len(names)
        kinds = [np.int64] * 6 + [float] * 2 + [np.int64] * 2 + [object, float]
        return Moves(*[np.array(c, dtype=k) for c, k in zip(columns, kinds, strict=True)])

    def _lock(self, lock, moves) -> Lock:
        name, wanted, least, most = lock
        mine = [place for place, m in enumerate(moves) if wanted(*m[:4])]
        return Lock(name, np.array(mine, dtype=np.int64), least, most, "override")

    def _need(self, cells) -> Need:
        scenarios = max((len(self.cells[c]["need"]) for c in cells), default=0)
        need = np.zeros((len(cells), scenarios), dtype=np.int32)
        for number, cell in enumerate(cells):
            need[number, : len(self.cells[cell]["need"])] = self.cells[cell]["need"]
        order = sorted(range(len(cells)), key=lambda number: cells[number][::-1])
        return Need.by_item(need[order], np.array(order, dtype=np.int64))


def one_cell(values, cost=2.0, pack=1) -> Draft:
    """One cell, one hub with plenty of stock."""
    draft = Draft()
    draft.item("A", pack=pack)
    draft.stock = {("H1", "A"): 50}
    draft.cell("R1", "A", values)
    draft.ship("H1", "R1", "A", cost)
    return draft


def two_hubs_three_regions() -> Draft:
    """Two hubs, three regions, two items; the optimum is worked out in `test_planning.py`."""
    draft = Draft()
    draft.item("A")
    draft.item("B", volume=2.0)
    draft.stock = {("H1", "A"): 3, ("H2", "A"): 2, ("H1", "B"): 2}
    draft.cell("R1", "A", [10, 6, 1])
    draft.cell("R2", "A", [9, 5, 2])
    draft.cell("R3", "A", [8, 4])
    draft.cell("R1", "B", [7, 3])
    draft.cell("R2", "B", [5])
    for region, near, far in (("R1", 1, 3), ("R2", 2, 2), ("R3", 3, 1)):
        draft.ship("H1", region, "A", near)
        draft.ship("H2", region, "A", far)
    draft.ship("H1", "R1", "B", 1)
    draft.ship("H1", "R2", "B", 2)
    return draft


def resized(problem: ShippingProblem, factor: float) -> ShippingProblem:
    """Return the same problem with all volumes in another unit."""
    names = ("volume", "storage", "storage_inbound", "lane_capacity")
    return replace(problem, **{name: getattr(problem, name) * factor for name in names})


def scaled(problem: ShippingProblem, factor: float) -> ShippingProblem:
    """Return the same problem with all money in another unit."""
    units, moves = problem.units, problem.moves
    money = ("value", "benefit", "unsold_worth", "hold_back")
    return replace(
        problem,
        units=replace(units, **{name: getattr(units, name) * factor for name in money}),
        moves=replace(
            moves,
            cost=moves.cost * factor,
            lateness=moves.lateness * factor,
            rent=moves.rent * factor,
        ),
        loss_per_unit=problem.loss_per_unit * factor,
        holding_window=problem.holding_window * factor,
        unit_cost=problem.unit_cost * factor,
        freight_budget=problem.freight_budget * factor,
        stock_value_budget=problem.stock_value_budget * factor,
    )

"""Demand of a cell, and what of it finds no stock there (equation 2)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tests.optimize.independent.market import Cell

__all__ = ["Counts", "demand_until", "need_and_left"]

Counts = npt.NDArray[np.int64]


def demand_until(cell: Cell, day: int) -> Counts:
    """Demand before a day, shape (S,); days beyond the horizon count as its end."""
    return np.asarray(cell.paths[: max(day, 0)].sum(axis=0), dtype=np.int64)


def need_and_left(cell: Cell, start: int, ends: list[int]) -> tuple[list[Counts], Counts]:
    """Equation 2: need from `start` until each of `ends`, and what is left at the last one."""
    scenarios = cell.paths.shape[1]
    stock = np.full(scenarios, cell.on_hand, dtype=np.int64)
    need = np.zeros(scenarios, dtype=np.int64)
    marks: dict[int, Counts] = {}
    last = max(ends)
    for day in range(last + 1):
        for arrival, units in cell.coming:
            if arrival == day:
                stock = stock + units
        if day in ends:
            marks[day] = need.copy()
        if day == last:
            break
        wanted = cell.paths[day] if day < len(cell.paths) else np.zeros(scenarios, dtype=np.int64)
        if day >= start:
            need = need + np.maximum(wanted - stock, 0)
        stock = np.maximum(stock - wanted, 0)
    later = sum(units for day, units in cell.coming if day > last)
    return [marks[end] for end in ends], stock + later

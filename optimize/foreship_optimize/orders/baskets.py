"""The two values that all work by order stands on: past orders, and what keeping units costs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["Baskets", "Keeping"]


@dataclass(frozen=True)
class Baskets:
    """Past orders that are worth serving from their region, in order of arrival.

    O orders, L lines, T periods, C cells. Periods without an order count with their weight.
    """

    period: Ints
    """(O,) 0 .. T - 1, never falling"""
    first: Ints
    """(O + 1,) lines of order o are first[o] : first[o + 1]; every order has one"""
    cell: Ints
    """(L,) cell of a line, 0 .. C - 1; a cell stands once in an order"""
    units: Ints
    """(L,) units of a line, >= 1"""
    saving: Floats
    """(O,) what serving the whole order from the region saves, after the worth of the units that
    it takes there; > 0 [money]"""
    weight: Floats
    """(T,) weight of each period, >= 0, sum 1"""

    @property
    def order(self) -> Ints:
        """Order of each line, (L,)."""
        return np.repeat(np.arange(len(self.period)), np.diff(self.first))

    def where(self, wanted: Bools) -> Baskets:
        """Return some of the orders, (O,), in their sequence and their periods."""
        lines = wanted[self.order]
        return replace(
            self,
            period=self.period[wanted],
            first=np.append(0, np.cumsum(np.diff(self.first)[wanted])),
            cell=self.cell[lines],
            units=self.units[lines],
            saving=self.saving[wanted],
        )


@dataclass(frozen=True)
class Keeping:
    """By cell what lies there and what a unit more costs; by region room, by item supply.

    C cells, R regions, I items.
    """

    lying: Ints
    """(C,) units there, or coming, that cost nothing more; >= 0"""
    idle: Floats
    """(C,) cost of a unit that no order takes in a period, >= 0 [money]"""
    dearer: Floats
    """(C,) what sending a unit costs beyond its worth if no order takes it, before `idle`; >= 0,
    inf where nothing can be sent [money]"""
    region: Ints
    """(C,) region of the cell, 0 .. R - 1"""
    item: Ints
    """(C,) item of the cell, 0 .. I - 1"""
    volume: Floats
    """(C,) volume of one unit, >= 0"""
    room: Floats
    """(R,) volume left for units sent, >= 0; inf without a limit"""
    supply: Ints
    """(I,) units at hubs that may be sent in all, >= 0"""

    @property
    def dearer_where_sent(self) -> Floats:
        """`dearer`, 0 where nothing can be sent, (C,) [money]."""
        return np.where(np.isfinite(self.dearer), self.dearer, 0.0)

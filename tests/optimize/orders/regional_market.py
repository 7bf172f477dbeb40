"""Drawn markets whose orders are each of one region, as orders of a table are."""

from __future__ import annotations

from dataclasses import replace

from tests.optimize.orders.drawn_baskets import Market, drawn_market


def regional_market(seed: int, *, scarce: bool = False, cells: int = 4, periods: int = 6) -> Market:
    """Draw a market and keep, of each order, the lines of the region of its first line."""
    market = drawn_market(seed, scarce=scarce, cells=cells, periods=periods)
    region = market.keeping.region

    def of_one_region(lines: dict[int, int]) -> dict[int, int]:
        home = region[next(iter(lines))]
        return {cell: units for cell, units in lines.items() if region[cell] == home}

    drawn = [[(saving, of_one_region(lines)) for saving, lines in each] for each in market.periods]
    return replace(market, periods=drawn)

"""Fill: how many orders, lines and units a region had, and how the orders were served."""

from __future__ import annotations

from dataclasses import dataclass, fields

__all__ = ["FILL", "Fill"]


@dataclass(frozen=True)
class Fill:
    """Counts of the orders of one or more days; `_there` = lying in the region."""

    orders: int = 0
    """that came"""
    lines: int = 0
    """of these, one an item"""
    units_there: int = 0
    """of what they wanted, when each came"""
    lines_there: int = 0
    """lines of which all was there when the order came"""
    orders_there: int = 0
    """orders of which all was there when they came, whether or not it was taken"""
    orders_whole_there: int = 0
    """orders served from the region alone, and wholly"""
    orders_one_parcel: int = 0
    """orders served by one parcel and nothing else"""
    splits: int = 0
    """orders served otherwise: by several parcels, or partly from the region"""
    orders_lost: int = 0
    """orders that got nothing"""
    parcels_sent: int = 0

    def __add__(self, other: Fill) -> Fill:
        return Fill(*(getattr(self, name) + getattr(other, name) for name in FILL))

    @property
    def balances(self) -> bool:
        """Whether every order is served in one way or lost, and no more was there than wanted."""
        served = self.orders_whole_there + self.orders_one_parcel + self.splits
        return (
            self.orders == served + self.orders_lost
            and self.orders_whole_there <= self.orders_there <= self.orders <= self.lines
            and self.lines_there <= self.lines
            and self.parcels_sent >= self.orders_one_parcel
        )


FILL = tuple(each.name for each in fields(Fill))
"""names of the counts, as columns"""

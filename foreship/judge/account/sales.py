"""Sales: what one or more days of buyers came to, in money and units."""

from __future__ import annotations

from dataclasses import dataclass

from foreship.judge.account.fill import Fill

__all__ = ["Sales"]


@dataclass(frozen=True)
class Sales:
    """What one or more days of buyers came to."""

    margin: float = 0.0
    parcels: float = 0.0
    last_mile: float = 0.0
    ordered: int = 0
    locally: int = 0
    from_hub: int = 0
    days_saved: float = 0.0
    fill: Fill | None = None
    """counts by order; None where money is not by order"""

    def __add__(self, other: Sales) -> Sales:
        fills = [each.fill for each in (self, other) if each.fill is not None]
        return Sales(
            self.margin + other.margin,
            self.parcels + other.parcels,
            self.last_mile + other.last_mile,
            self.ordered + other.ordered,
            self.locally + other.locally,
            self.from_hub + other.from_hub,
            self.days_saved + other.days_saved,
            sum(fills[1:], fills[0]) if fills else None,
        )

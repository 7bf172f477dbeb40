"""The account of one week: what it came to, in money and in units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from foreship.judge.account.fill import Fill
from foreship.judge.account.freight import Bill
from foreship_foundation.actions import ACTIONS, action_names

__all__ = ["MONEY", "LedgerBroken", "WeekLedger"]

MONEY = ("margin", "parcels", "last_mile", "freight", "holding", "exits", "profit")


class LedgerBroken(AssertionError):
    """Units appeared or vanished in a replay, which is a bug of the simulator."""


@dataclass(frozen=True)
class WeekLedger:
    """One week of one policy; docs/replay.md numbers the equations.

    **Invariants:** `units_at_start + units_refilled = served_locally + served_from_hub + units that
    left the network + units_at_end`, and `units_ordered = served_locally + served_from_hub + lost`;
    where money is by order, every order is whole there, one parcel, split or lost. All is
    checked on creation.
    """

    margin: float
    """price - unit_cost of every unit sold [money]"""
    parcels: float
    """parcels sent from hubs after the order"""
    last_mile: float
    """deliveries from the regions' own stock"""
    freight: float
    """lanes taken by ships, redirects and returns, with their vehicles and lines; charged when
    their plan is made"""
    holding: float
    """units that lay in a region on Sunday night"""
    exits: float
    """handling, price cuts and gifts, less what they recover; charged at departure"""
    units_ordered: int
    served_locally: int
    served_from_hub: int
    lost: int
    moved: Mapping[str, int]
    """units of the plan's lines by action, every action named"""
    units_refilled: int
    """brought to the hubs on Monday"""
    units_at_start: int
    """everywhere and under way, on Monday before the refill"""
    units_at_end: int
    """everywhere and under way, on Sunday night"""
    days_saved: float
    """days of parcel that local buyers did not wait; NaN where no lane says"""
    fill: Fill | None = None
    """counts by order; None where money is not by order"""
    bill: Bill | None = None
    """vehicles and lines, part of the freight; None where no lane states any"""

    def __post_init__(self) -> None:
        gone = self.served_locally + self.served_from_hub
        gone += sum(self.moved[action] for action in action_names(destination=""))
        if self.units_at_start + self.units_refilled != gone + self.units_at_end:
            raise LedgerBroken(f"units do not balance: {self}")
        if self.units_ordered != self.served_locally + self.served_from_hub + self.lost:
            raise LedgerBroken(f"buyers do not balance: {self}")
        if self.fill is not None and not self.fill.balances:
            raise LedgerBroken(f"orders do not balance: {self}")

    @property
    def profit(self) -> float:
        """Margin less parcels, last mile, lanes, holding and exits [money]."""
        spent = self.parcels + self.last_mile + self.freight + self.holding + self.exits
        return self.margin - spent

    def to_dict(self) -> dict[str, float]:
        """Return money, then units, those of each action under its tally, orders and vehicles."""
        told: dict[str, float] = {name: getattr(self, name) for name in MONEY}
        for each in fields(self):
            if each.name == "moved":
                told |= {action.tally: self.moved[action.name] for action in ACTIONS}
            elif each.name == "fill":
                told |= vars(self.fill) if self.fill is not None else {}
            elif each.name == "bill":
                told |= self.bill._asdict() if self.bill is not None else {}
            else:
                told.setdefault(each.name, getattr(self, each.name))
        return told

"""The finished plan: lines, unit ledger, summary, and what to tell the planner."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

import pandas as pd

from foreship_foundation.actions import ACTIONS
from foreship_foundation.tables.output_files import REASONS
from foreship_foundation.telling.words import percent, plural, sentences
from foreship_optimize.network.transport.next_plans import AheadPrices
from foreship_optimize.orders.order_credits import OrderCredits

__all__ = ["SCHEMA_VERSION", "TERMS", "Plan", "gain_promised", "status_of"]

SCHEMA_VERSION = 1
TERMS = {each.term: each.term_words for each in ACTIONS} | {
    "hub_rent": "worth to others of units that leave a scarce hub",
    "lateness": "on another day than the earliest ship",
    "value_given_up": "worth of units where they lay",
    "value_of_arrivals": "worth of units where they arrive",
    "vehicles": "vehicles paid on departures",
    "lines": "handling of item lines",
}
"""terms of the objective, which they sum to; `vehicles` and `lines` only where any are charged"""
CUT = ("time limit", "interrupted")
"""terminations that the clock or a person chose: asked again, the answer may be another"""
SHOWN = 10


@dataclass(frozen=True)
class Plan:
    """A plan that passed its audit.

    **Invariants:** one line a move that carries anything, sorted by action, origin, destination,
    item, exit; `units` sorted by region, item, unit; the totals in `summary` sum to its objective.
    """

    lines: pd.DataFrame
    """columns of the contract's `plan.parquet`"""
    units: pd.DataFrame
    """columns of the contract's `units.parquet`"""
    summary: dict[str, Any]
    """content of the contract's `summary.json`"""
    notes: list[str] = field(default_factory=list)
    """what the planner must be told, one sentence each"""
    inbound: pd.DataFrame = field(default_factory=pd.DataFrame)
    """lines that do not arrive on the day they leave: location, item, quantity, arrival_date"""
    reasons: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(REASONS.names)))
    """columns of the contract's `reasons.parquet`"""
    order_credits: OrderCredits | None = None
    """what past orders said of units in each cell; None where money is by the unit"""
    orders: pd.DataFrame | None = None
    """columns of the contract's `orders.parquet`; None where money is by the unit"""
    departures: pd.DataFrame | None = None
    """columns of the contract's `departures.parquet`; None where no lane states more than its
    units' cost"""
    needs: pd.DataFrame | None = None
    """columns of the contract's `needs.parquet`: what hubs will need, by week"""
    sends_ahead: pd.DataFrame | None = None
    """columns of the contract's `ahead.parquet`: what later plans are expected to send"""
    ahead: AheadPrices | None = None
    """what later plans pay for scarce room; None where nothing is scarce"""

    def __post_init__(self) -> None:
        object.__setattr__(self, "notes", sentences(self.notes))

    def by_order(
        self, credits_used: OrderCredits, figures: dict[str, Any], table: pd.DataFrame
    ) -> Plan:
        """Return this plan with what past orders say of it, as `summary["orders"]` and `orders`."""
        summary = self.summary | {"orders": figures}
        return replace(self, order_credits=credits_used, summary=summary, orders=table)

    @property
    def is_cut(self) -> bool:
        """Whether the search was ended from outside, so that it may find more another time."""
        return self.summary["termination"] in CUT

    def unless_interrupted(self) -> Plan:
        """Return this plan; where Ctrl-C cut it, let the interrupt go on to whoever asked for many.

        Raises
        ------
        KeyboardInterrupt
        """
        if self.summary["termination"] == "interrupted":
            raise KeyboardInterrupt
        return self

    def __str__(self) -> str:
        summary = self.summary
        head = [
            f"Plan: {summary['status']} ({summary['termination']})",
            f"├── {plural(len(self.lines), 'line')}, "
            f"{plural(int(self.lines['quantity'].sum()), 'unit')}",
            *self._gain(),
            f"├── worst outcomes lose {summary['cvar']:,.2f} on average{self._budget()}",
        ]
        terms = [
            f"│   {words:<34}{summary['totals'][term]:>16,.2f}"
            for term, words in TERMS.items()
            if term in summary["totals"]
        ]
        prices = [f"│   {each['words']}" for each in summary["shadow_prices"][:SHOWN]]
        notes = [f"    {note}" for note in self.notes[:SHOWN]]
        more = len(self.notes) - SHOWN
        return "\n".join(
            [
                *head,
                "├── money",
                *terms,
                f"├── {plural(len(summary['shadow_prices']), 'scarce limit')}",
            ]
            + [*prices, f"└── {plural(len(self.notes), 'note')}", *notes]
            + ([f"    and {more} more"] if more > 0 else [])
        )

    def _gain(self) -> list[str]:
        """Say what the plan earns, by the order too, and how far any other could be better."""
        summary, found = self.summary, self.summary.get("orders")
        best = f"at most {-summary['bound']:,.2f} (gap {percent(summary['gap'], 4)})"
        if found is None:
            return [f"├── expected gain {-summary['objective']:,.2f}, {best}"]
        return [
            f"├── expected gain {found['promised']:,.2f}, each order counted once",
            f"├── line by line, at the margin, {-summary['objective']:,.2f}, {best}",
            f"├── of {plural(found['orders_seen'], 'past order')} {percent(found['whole'], 1)} "
            "whole in their "
            f"region, earning {found['gain']:,.2f} a period, at most {found['bound']:,.2f}",
        ]

    def _budget(self) -> str:
        """Give the risk budget in words, if there is one."""
        budget = self.summary["risk_budget"]
        return "" if budget is None else f" (budget {budget:,.2f})"

    def _repr_html_(self) -> str:
        shown = self.lines.head(SHOWN).to_html(index=False, border=0, float_format="{:.2f}".format)
        left = len(self.lines) - min(SHOWN, len(self.lines))
        tail = f"<p>and {plural(left, 'more line')}</p>" if left else ""
        return f"<pre>{escape(str(self))}</pre>{shown}{tail}"


def gain_promised(summary: Mapping[str, Any]) -> float:
    """Return what a plan is expected to earn beyond sending nothing [money].

    By the order that is less than its lines earn together: each is credited with all that the plan
    would lose without it, and a whole order counts once.
    """
    if "orders" in summary:
        return float(summary["orders"]["promised"])
    return -float(summary.get("objective", math.nan))


def status_of(
    hold: Sequence[str], *, relaxed: bool, empty: bool, notes: bool, gap: bool = False
) -> str:
    """Return the plan's status: `hold` where the planner asked to approve such plans first.

    An empty plan may be shipped like any other: doing nothing is then the best that can be done.
    """
    reasons = {"always": True, "relaxed": relaxed, "empty": empty, "notes": notes, "gap": gap}
    # whether the stock is stale is judged outside this room, which sees one stock alone
    if any(reasons.get(name, False) for name in hold):
        return "hold"
    return "relaxed" if relaxed else "ship"

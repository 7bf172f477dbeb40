"""The step that adds what a planner judges a line by: `facts.parquet`, `projected.parquet`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreship.jobs.after_plan.made import Made
from foreship.jobs.identity import Tell

if TYPE_CHECKING:
    from foreship.reading.facts.line_facts import Sales

__all__ = ["line_facts", "sales_of"]


def line_facts(made: Made, tell: Tell) -> Made:
    """Return the plan with the facts of its lines, and with their cells' stock by week."""
    from foreship.reading.facts.line_facts import facts_of

    if made.plan.lines.empty:
        return made
    facts, projected = facts_of(made.view(forecast=False), sales_of(made), made.demand)
    return made.adding("facts.parquet", facts).adding("projected.parquet", projected)


def sales_of(made: Made) -> Sales:
    """Return the orders known on the plan's Monday, and whose sales may be shown."""
    from foreship.reading.facts.line_facts import Sales

    tables, config = made.workspace.tables, made.workspace.config
    orders = tables["orders"]
    known = orders["date"] < made.workspace.as_of
    # ten million rows are not copied where all of them are known
    return Sales(
        orders if known.all() else orders[known], tables["buyers"], config.privacy.min_customers
    )

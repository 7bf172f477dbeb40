"""The step that adds what a planner should look at first: `exceptions.parquet`."""

from __future__ import annotations

from foreship.jobs.after_plan.line_facts import sales_of
from foreship.jobs.after_plan.made import Made
from foreship.jobs.identity import Tell

__all__ = ["exceptions"]


def exceptions(made: Made, tell: Tell) -> Made:
    """Return the plan with the list of its exceptions; what is only counted becomes a note."""
    from foreship.exceptions.listing import listed
    from foreship.exceptions.seen import seen_of
    from foreship_foundation.telling.words import STATISTICS, plural

    workspace = made.workspace
    seen = seen_of(
        made.view(),
        made.tables,
        made.demand,
        sales_of(made),
        workspace.warnings,
        made.stale(),
    )
    found = listed(seen)
    if found.minor:
        said = plural(found.minor, "exception is", "exceptions are")
        words = f"{said} not listed: each comes to less than 1 % of the expected gain"
        made = made.noting(STATISTICS + words)
    if found.further:
        said = plural(found.further, "further exception is", "further exceptions are")
        made = made.noting(f"{said} not listed: each comes to less money than those that are")
    return made if found.frame.empty else made.adding("exceptions.parquet", found.frame)

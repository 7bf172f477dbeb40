"""What a planner must know before any plan, and what of earlier plans is not in `inbound`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreship.jobs.before_plan.sent_before import sent_before
from foreship_foundation.telling.words import listed, plural

if TYPE_CHECKING:
    from foreship.workspace.opening import Workspace

__all__ = ["missing_inbound", "notes_before"]


def notes_before(workspace: Workspace) -> list[str]:
    """Say what a planner must know before any plan: tables, customers' returns, unreadable runs."""
    from foreship.pipeline.customer_returns import return_notes

    economics = workspace.config.economics
    back = return_notes(
        workspace.tables,
        workspace.as_of,
        economics.customer_return_handling,
        economics.customer_return_resold_share,
    )
    return [*workspace.notes, *back, *sent_before(workspace.runs_at, workspace.as_of)[2]]


def missing_inbound(workspace: Workspace) -> list[str]:
    """Say which lines of earlier runs should still be under way but are not in `inbound`."""
    sent, runs, _ = sent_before(workspace.runs_at, workspace.as_of)
    keys = ["location", "item"]
    coming = workspace.tables["inbound"].groupby(keys)["quantity"].sum()
    short = sent.groupby(keys)["quantity"].sum().sub(coming, fill_value=0)
    short = short[short > 0]
    if short.empty:
        return []
    location, item = short.index[0]
    what = f"{'run' if len(runs) == 1 else 'runs'} {listed(runs)}"
    return [
        f"{what} sent {plural(int(sent['quantity'].sum()), 'unit')} that should still be "
        f"under way; {int(short.sum()):,} of them missing from inbound, first {item} to "
        f"{location}: they may be sent twice"
    ]

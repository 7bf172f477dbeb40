"""What a planner must know before any plan, and what of earlier plans is not in `inbound`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreship.jobs.identity import iso
from foreship.runs import load_run

if TYPE_CHECKING:
    from foreship.workspace.opening import Workspace

__all__ = ["missing_inbound", "notes_before"]


def notes_before(workspace: Workspace) -> list[str]:
    """Say what a planner must know before any plan: tables, customers' returns."""
    from foreship.pipeline.customer_returns import return_notes

    economics = workspace.config.economics
    back = return_notes(
        workspace.tables,
        workspace.as_of,
        economics.customer_return_handling,
        economics.customer_return_resold_share,
    )
    return [*workspace.notes, *back]


def missing_inbound(workspace: Workspace) -> list[str]:
    """Say which lines of earlier runs should still be under way but are not in `inbound`."""
    import pandas as pd

    as_of = workspace.as_of
    earlier = [
        path
        for path in sorted((workspace.path / "runs").glob("*/inbound.csv"))
        if path.parent.name[:10] < iso(as_of)
    ]
    if not earlier:
        return []
    run = load_run(max(earlier, key=lambda path: path.parent.name[:10]).parent)
    keys = ["location", "item"]
    sent = pd.read_csv(run.path / "inbound.csv", dtype=str, keep_default_na=False)
    sent = sent[pd.to_datetime(sent["arrival_date"]) >= as_of].astype({"quantity": "int64"})
    coming = workspace.tables["inbound"].groupby(keys)["quantity"].sum()
    short = sent.groupby(keys)["quantity"].sum().sub(coming, fill_value=0)
    short = short[short > 0]
    if short.empty:
        return []
    location, item = short.index[0]
    return [
        f"run {run.path.name} sent {int(sent['quantity'].sum())} units that should still be under "
        f"way; {int(short.sum())} of them are missing from inbound, first {item} to {location}: "
        "they may be sent twice"
    ]

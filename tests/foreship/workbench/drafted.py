"""Actions on drafts, for tests."""

from __future__ import annotations

from foreship.workbench.drafts.entry import Entry


def action(
    line: int = 0,
    decision: str = "change",
    quantity: int | None = 12,
    comment: str = "",
    author: str = "Ada",
    base: int = 0,
) -> Entry:
    """Return what somebody decided about a line, not yet in any log."""
    return Entry(line, decision, quantity, comment, author, "2026-11-16T08:00:00Z", base)

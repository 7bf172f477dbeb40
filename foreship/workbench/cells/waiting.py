"""What stands on a page whose cells are still being read: how far they are; it asks again."""

from __future__ import annotations

from typing import Final

from foreship.reports.markup import Markup, element
from foreship.workbench.held.run import HeldRun
from foreship_foundation.telling.words import fixed

__all__ = ["PATIENCE", "still_reading"]

PATIENCE: Final = 0.2
"""seconds that a page waits before it says that it does"""
AGAIN: Final = "load delay:500ms"


def still_reading(held: HeldRun, link: str) -> Markup | None:
    """Return what is shown until a run's large frames are read; None once they are.

    Parameters
    ----------
    link
        The page itself, whose content takes the place of this.
    """
    if held.wait(PATIENCE):
        return None
    reading = held.reading
    words = f"Reading the ledger: {fixed(reading.done)} of {fixed(reading.of)} files."
    return element(
        "div",
        element("h1", "One moment"),
        element("p", words, role="status"),
        element("p", element("a", "Show it now", href=link)),
        id="reading",
        hx_get=link,
        hx_target="#reading",
        hx_swap="outerHTML",
        hx_trigger=AGAIN,
    )

"""Explain and compare finished runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreship.api.given import a_run

if TYPE_CHECKING:
    from foreship.reading.comparing.compare import Diff
    from foreship.reading.explaining.explanation import Explanation
    from foreship.reading.explaining.overview import Overview
    from foreship.runs import Run

__all__ = ["diff", "explain"]


def explain(run: Run, item: str | None = None, region: str | None = None) -> Explanation | Overview:
    """Say why this item goes to this region in this quantity, unit by unit.

    An item alone is told in all regions, a region alone with all its items.

    Raises
    ------
    UsageError
        If neither is given, or the run does not know it.
    """
    from foreship.jobs.finished import view_of
    from foreship.reading.explaining.explaining import explained

    return explained(view_of(a_run(run)), item, region)


def diff(before: Run, after: Run) -> Diff:
    """Compare two plans line by line, with their money."""
    from foreship.jobs.finished import view_of
    from foreship.reading.comparing.compare import diff as compare

    return compare(view_of(a_run(before, "before")), view_of(a_run(after, "after")))

"""The explanation that is asked for: of a cell, of an item alone, or of a region alone."""

from __future__ import annotations

from foreship.errors import UsageError
from foreship.reading.explaining.explanation import Explanation, explain
from foreship.reading.explaining.item_explanation import explain_item
from foreship.reading.explaining.overview import Overview
from foreship.reading.explaining.region_explanation import explain_region
from foreship.reading.views import RunView

__all__ = ["explained"]


def explained(
    view: RunView, item: str | None = None, region: str | None = None
) -> Explanation | Overview:
    """Say why a plan does what it does with an item, in a region, or with one in the other.

    Raises
    ------
    UsageError
        If neither is given, or the run does not know it.
    """
    if item is not None and region is not None:
        return explain(view, item, region)
    if item is not None:
        return explain_item(view, item)
    if region is not None:
        return explain_region(view, region)
    raise UsageError("explain what? give an item (--item), a region (--region), or both")

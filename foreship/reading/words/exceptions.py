"""What of the list of exceptions concerns one item, one region, or one of both."""

from __future__ import annotations

from collections.abc import Iterator

from foreship.reading.views import RunView
from foreship_foundation.tables.output_files import EXCEPTIONS
from foreship_foundation.telling.words import plural

__all__ = ["exception_words"]

SHOWN = 8


def exception_words(
    view: RunView, *, item: str | None = None, region: str | None = None
) -> Iterator[str]:
    """Yield the words of the exceptions of an item, a region or a cell, most money first."""
    found = view.extra(EXCEPTIONS.name)
    if found is None:
        return
    for column, wanted in (("item", item), ("region", region)):
        if wanted is not None:
            found = found[found[column] == wanted]
    if found.empty:
        return
    yield f"To look at: {plural(len(found), 'exception')}."
    yield from found.sort_values("rank")["words"].head(SHOWN).astype(str)

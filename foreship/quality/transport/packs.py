"""Packs too large for every depot or lane."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foreship.errors import Fault
from foreship.quality.evidence import Evidence, warning
from foreship_foundation.telling.words import number

__all__ = ["packs_fit_somewhere"]

PLACES = (("regions", "depot"), ("lanes", "lane"))


def packs_fit_somewhere(seen: Evidence) -> Iterator[Fault]:
    """A pack that fits no depot, or no lane: its item can never be sent."""
    items = seen.read("items", "item")
    if items is None or not items.rows:
        return
    volume, size = (
        items.parsed[name].values if name in items.parsed else np.ones(items.rows)
        for name in ("volume", "pack_size")
    )
    for table, word in PLACES:
        read = seen.read(table, "capacity")
        if read is None or not read.rows:
            continue
        most = float(read.parsed["capacity"].values.max())
        large = (volume * size > most * (1 + 1e-9)) & (most > 0)
        if large.any():
            words = (
                f"a pack of the item takes more than the largest {word} holds ({number(most)} "
                "volume)"
            )
            column = "pack_size" if "pack_size" in items.parsed else "item"
            yield warning(
                items, column, large, words, "it is never sent; check volume, pack, capacity"
            )

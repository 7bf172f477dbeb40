"""Scenario ids of one's own demand that can hardly be meant."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foreship.errors import Fault
from foreship.ingest.tables import TableRead
from foreship.quality.evidence import warning
from foreship_foundation.tables.keys import combined_codes
from foreship_foundation.telling.words import plural

__all__ = ["scenarios_recur"]

FEWEST_PLACES = 4
"""cells and weeks from which a scenario should name more than one"""
USUAL_ROWS = 5
"""rows of a usual scenario, beside which an id that occurs once is a slip"""


def scenarios_recur(read: TableRead) -> Iterator[Fault]:
    """Scenario ids that occur once: a slip in the id, or a number for each row."""
    wanted = ("region", "item", "week", "scenario")
    if not read.is_sound or not read.rows or not all(name in read.parsed for name in wanted):
        return
    code = read.parsed["scenario"].values
    rows = np.bincount(code + 1)[1:]
    once = rows[code] == 1
    places = len(np.unique(combined_codes((read.parsed[n].values for n in wanted[:3]), read.rows)))
    ids = rows[rows > 0]
    if not once.any() or places < FEWEST_PLACES:
        return
    if np.median(ids) >= USUAL_ROWS or (ids == 1).mean() > 0.5:
        words = (
            f"scenario ids that occur once, of {len(ids):,} ids in {plural(places, 'cell')} and "
            "weeks"
        )
        remedy = "each id is one whole outcome; what it does not name is 0 units there"
        yield warning(read, "scenario", once, words, remedy)

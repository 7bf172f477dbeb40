"""What a policy may know."""

from __future__ import annotations

import pandas as pd

from foreship.pipeline.known import PAST_ONLY, tables_before
from tests.foreship.small_variants import AS_OF, whole_frames


def test_tables_of_the_past_end_at_the_monday() -> None:
    """A row of the Monday itself is not known; what may look ahead is left as it is."""
    frames = whole_frames()
    last = frames["orders"].iloc[:1].assign(date=AS_OF)
    frames["orders"] = pd.concat([frames["orders"], last], ignore_index=True)
    known = tables_before(frames, AS_OF)
    assert len(known["orders"]) == len(frames["orders"]) - 1
    assert all((known[name][column] < AS_OF).all() for name, column in PAST_ONLY.items())
    assert known["calendar"] is frames["calendar"]

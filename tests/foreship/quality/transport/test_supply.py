"""Arrivals that scatter too far or have not been yet, and docks through which nothing goes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from foreship.quality.transport.supply import (
    docks_work,
    receipts_have_come,
    spreads_are_below_leads,
)
from tests.foreship.quality.shops import clean, evidence, found_by


def test_arrivals_that_scatter_by_more_than_their_way_are_doubted(tmp_path: Path) -> None:
    """An sd of 3.5 on the way of 3 days; as many days, blanks and a day on none are not."""
    frames = clean("plain")
    for sd, lead, count in ((3.5, 3, 1), (3.0, 3, 0), (np.nan, 3, 0), (1.0, 0, 0)):
        frames["lanes"] = frames["lanes"].assign(lead_time_days=lead, lead_time_sd_days=sd)
        found = found_by(spreads_are_below_leads, evidence(frames, tmp_path / f"{sd}-{lead}"))
        assert len(found) == count
        assert not found or "more than lead_time_days" in found[0]


def test_a_dock_of_no_units_a_day_is_doubted(tmp_path: Path) -> None:
    """0 stands where a blank was meant; blanks and one unit a day do not."""
    frames = clean("plain")
    for units, said in ((0.0, ["sent by plans", "taken in"]), (1.0, []), (np.nan, [])):
        for table, name in (("hubs", "picking_units"), ("regions", "receiving_units")):
            frames[table] = frames[table].assign(**{name: units})
        found = found_by(docks_work, evidence(frames, tmp_path / str(units)))
        assert len(found) == len(said)
        assert all(words in each for words, each in zip(said, found, strict=True))


def test_a_receipt_of_a_day_to_come_is_doubted(tmp_path: Path) -> None:
    """On the Monday of the plan it is too late to be seen, on the Sunday before it is not."""
    frames = clean("plain")
    monday = evidence(frames, tmp_path / "before").next_monday
    place, item = frames["regions"]["region"].iloc[0], frames["items"]["item"].iloc[0]
    for days, count in ((0, 1), (-1, 0)):
        date = pd.Timestamp(monday) + pd.Timedelta(days=days)
        receipt = {"date": date, "location": place, "item": item, "quantity": 1, "run": ""}
        frames["receipts"] = pd.DataFrame([receipt])
        found = found_by(receipts_have_come, evidence(frames, tmp_path / str(days)))
        assert len(found) == count
        assert not found or f"not before {monday}, the day of the plan" in found[0]

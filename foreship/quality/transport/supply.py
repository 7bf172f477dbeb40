"""Arrivals that scatter too far or have not been yet, and docks through which nothing goes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foreship.errors import Fault
from foreship.quality.evidence import Evidence, warning

__all__ = ["docks_work", "receipts_have_come", "spreads_are_below_leads"]

DOCKS = (("hubs", "picking_units", "sent by plans"), ("regions", "receiving_units", "taken in"))


def spreads_are_below_leads(seen: Evidence) -> Iterator[Fault]:
    """Arrivals that scatter by more days than the way takes: hours or a percentage, maybe."""
    lanes = seen.read("lanes", "lead_time_sd_days", "lead_time_days")
    if lanes is None:
        return
    lead = lanes.parsed["lead_time_days"].values
    wide = lanes.parsed["lead_time_sd_days"].values > np.maximum(lead, 1)
    if wide.any():
        remedy = "is it days, and their standard deviation?"
        words = "more than lead_time_days"
        yield warning(lanes, "lead_time_sd_days", np.asarray(wide), words, remedy)


def docks_work(seen: Evidence) -> Iterator[Fault]:
    """Limits a day of 0 units, that are no limit left blank: no plan uses these places."""
    for table, name, what in DOCKS:
        read = seen.read(table, name)
        if read is None:
            continue
        idle = np.asarray(read.parsed[name].values == 0)
        if idle.any():
            words = f"0 units a day: nothing is ever {what}"
            yield warning(read, name, idle, words, "leave it blank where there is no limit")


def receipts_have_come(seen: Evidence) -> Iterator[Fault]:
    """Receipts dated after the plan, as if a day to come had been counted: they are not seen."""
    receipts = seen.read("receipts", "date")
    if receipts is None or seen.as_of is not None or seen.next_monday is None:
        return
    days = receipts.parsed["date"].values.astype("datetime64[D]")
    early = np.asarray(days >= seen.next_monday)
    if early.any():
        words = f"not before {seen.next_monday}, the day of the plan"
        yield warning(receipts, "date", early, words, "give what has come; it is not seen before")

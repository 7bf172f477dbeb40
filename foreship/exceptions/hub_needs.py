"""Hubs that will need more than they have before they are refilled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from foreship.exceptions.raised import Raised, named
from foreship.exceptions.seen import Seen
from foreship.reading.views import day

__all__ = ["hubs_short"]

LEAST_UNITS: Final = 1.0


def hubs_short(seen: Seen) -> Iterator[Raised]:
    """Items of which a hub is expected to need at least one unit more than lies there in a week.

    Money: units short in the weeks before the refill, times the margin of a sale.
    """
    needs = seen.view.needs
    if needs is None or needs.empty:
        return
    refill = int(seen.setting("plan.hub_refill_weeks", 1))
    near = needs[needs["week"] < seen.view.as_of + pd.Timedelta(weeks=refill)]
    lacking = near.assign(short=(near["mean"] - near["stock"]).clip(lower=0.0))
    groups = lacking[lacking["short"] > 0.0].groupby(["hub", "item"], sort=True)
    total = groups.agg(short=("short", "sum"), week=("week", "min")).reset_index()
    total = total[total["short"] >= LEAST_UNITS]
    money = total["short"].to_numpy() * seen.margin_of(total["item"])
    for row, worth in zip(total.to_dict("records"), money, strict=True):
        hub, item = str(row["hub"]), str(row["item"])
        words = (
            f"{named(seen.view, 'hub', hub)} is expected to need {row['short']:,.1f} units of "
            f"{named(seen.view, 'item', item)} more than lie there, from the week of "
            f"{day(row['week'])} on, before it is refilled."
        )
        yield Raised("hub_short", float(worth), words, item=item, hub=hub, week=row["week"])

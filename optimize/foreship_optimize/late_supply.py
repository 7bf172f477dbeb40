"""What past arrivals say of a place: how late, how far from punctual, and how much of it came.

Equation 32b of docs/value.md, from the table `lateness`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

__all__ = ["Shown", "lanes_with_shown_spread", "shown_by_place"]

FEWEST: Final = 5
"""arrivals of a place, below which nothing is said of it"""
PRIOR_ARRIVALS: Final = 20.0
"""arrivals' worth of all places mixed into each"""


@dataclass(frozen=True)
class Shown:
    """What arrivals at a place were like."""

    late_days: float
    """mean of the days beyond the promise; below 0 where they come early"""
    sd_days: float
    """standard deviation of these"""
    share: float
    """part of the units announced that came [0, 1]"""


def shown_by_place(lateness: pd.DataFrame | None, as_of: pd.Timestamp) -> dict[str, Shown]:
    """Read what arrivals before `as_of` say of every place with enough of them.

    Parameters
    ----------
    lateness
        `location, promised, came, quantity, received`; `came` is blank for what never came.

    Returns
    -------
    By place, drawn to all places; without a row where fewer than five arrivals are known.
    """
    if lateness is None or lateness.empty:
        return {}
    known = (lateness["came"] < as_of) | (lateness["came"].isna() & (lateness["promised"] < as_of))
    rows = lateness[known].reset_index(drop=True)
    rows["days"] = (rows["came"] - rows["promised"]).dt.days
    came = rows[rows["came"].notna() & (rows["received"] > 0)]
    if len(came) < FEWEST or not rows["quantity"].sum():
        return {}
    days, units = came["days"].astype(float), rows["quantity"].mean()
    every = Shown(
        float(days.mean()),
        float(days.std(ddof=0)),
        float(np.minimum(rows["received"], rows["quantity"]).sum() / rows["quantity"].sum()),
    )
    announced = dict(list(rows.groupby("location", sort=True)))
    return {
        str(place): _drawn_to(every, mine["days"].astype(float), announced[place], units)
        for place, mine in came.groupby("location", sort=True)
        if len(mine) >= FEWEST
    }


def _drawn_to(every: Shown, days: pd.Series, announced: pd.DataFrame, units: float) -> Shown:
    """Mix what a place shows with what all show (equation 32b)."""
    size = len(days) + PRIOR_ARRIVALS
    late = (days.sum() + PRIOR_ARRIVALS * every.late_days) / size
    wide = ((days - days.mean()) ** 2).sum() + PRIOR_ARRIVALS * every.sd_days**2
    received = np.minimum(announced["received"], announced["quantity"]).sum()
    prior = PRIOR_ARRIVALS * units
    share = (received + prior * every.share) / (announced["quantity"].sum() + prior)
    return Shown(float(late), float(np.sqrt(wide / size)), float(share))


def lanes_with_shown_spread(lanes: pd.DataFrame, shown: dict[str, Shown]) -> pd.DataFrame:
    """Give lanes that state no `lead_time_sd_days` what arrivals at their destination show."""
    if not shown:
        return lanes
    seen = lanes["destination"].map({place: each.sd_days for place, each in shown.items()})
    return lanes.assign(lead_time_sd_days=lanes["lead_time_sd_days"].fillna(seen.astype(float)))

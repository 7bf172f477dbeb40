"""What depends on the region beside the item: who waits for a parcel, and what holding adds.

Equations 28 and 29 of docs/replay.md, read from the tables by the judge's own code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from foreship.judge.columns import floats, floats_or
from foreship.judge.transport.lanes import Lanes
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["Speed", "held_at_hub"]

WEEKS_PER_YEAR = 52.0


@dataclass(frozen=True)
class Speed:
    """How many buyers a day of waiting loses, where the settings say it."""

    per_day: float
    """share of those left"""
    stated: Bools
    """items that state a share of their own, which goes first"""

    @classmethod
    def from_tables(cls, items: pd.DataFrame, settings: object | None) -> Speed | None:
        """Read the setting, and which `items` state a share; None where days are not priced."""
        per_day = getattr(settings, "lost_sale_share_per_day", None)
        if per_day is None:
            return None
        return cls(float(per_day), floats_or(items, "lost_sale_share_stated", 1.0) > 0.0)

    def share(self, constant: Floats, item: Ints, days: Floats) -> Floats:
        """Return the chance that a buyer does not wait so many days (equation 28), shape (N,).

        Parameters
        ----------
        constant
            What counts where the item states a share, or the days are not known (NaN).
        """
        by_days = 1.0 - (1.0 - self.per_day) ** np.where(np.isnan(days), 0.0, days)
        return np.where(self.stated[item] | np.isnan(days), constant, by_days)


def held_at_hub(
    tables: Mapping[str, pd.DataFrame],
    items: pd.DataFrame,
    holding: Floats,
    usual_lane: Ints,
    lanes: Lanes,
) -> Floats | None:
    """Return what a week at its hub costs of a unit in each region, at most what it costs there.

    Parameters
    ----------
    items
        Sorted by item.
    holding
        Of a unit and week in a region, by item.
    usual_lane
        Cheapest lane into each region, shape (regions, items), -1 without one.

    Returns
    -------
    Shape (regions, items) [money]; None where neither `items` nor `hubs` state any.
    """
    hubs = tables["hubs"].sort_values("hub", kind="stable")
    stated = floats_or(items, "hub_holding_cost_per_week", np.nan)
    rate = floats_or(hubs, "holding_rate_per_year", 0.0)
    if np.isnan(stated).all() and not (rate > 0).any():
        return None
    hub = np.where(usual_lane >= 0, lanes.origin[usual_lane] - len(usual_lane), -1)
    by_rate = np.append(rate, 0.0)[hub] / WEEKS_PER_YEAR * floats(items["unit_cost"])
    return np.asarray(np.minimum(np.where(np.isnan(stated), by_rate, stated), holding))

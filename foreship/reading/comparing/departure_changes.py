"""Compare what two plans pay for departures: vehicles and their cost, by way and weekday."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foreship.reading.views import RunView
from foreship_foundation.telling.words import money, plural

__all__ = ["changed_departures", "departure_block"]

KEYS = ["origin", "destination", "leaves"]
SHOWN = 15


def changed_departures(before: RunView, after: RunView) -> pd.DataFrame | None:
    """Return a row a departure of either plan; None where neither knows of any.

    A departure is a way and a weekday (`leaves`, Mon to Sun), so that plans of different weeks
    compare; then vehicles and cost (of vehicles and lines) before, after and delta.
    """
    if before.departures is None and after.departures is None:
        return None
    earlier = _totals(before.departures).add_suffix("_before")
    joined = earlier.join(_totals(after.departures).add_suffix("_after"), how="outer", sort=True)
    rows = joined.fillna(0.0).reset_index()
    for side in ("before", "after"):
        rows[f"vehicles_{side}"] = rows[f"vehicles_{side}"].astype(np.int64)
    for name in ("vehicles", "cost"):
        rows[f"{name}_delta"] = rows[f"{name}_after"] - rows[f"{name}_before"]
    columns = [f"{name}_{side}" for name in ("vehicles", "cost")
               for side in ("before", "after", "delta")]  # fmt: skip
    return rows[[*KEYS, *columns]]


def _totals(departures: pd.DataFrame | None) -> pd.DataFrame:
    """Return vehicles and cost by way and weekday."""
    if departures is None:
        empty = pd.MultiIndex.from_arrays([[], [], []], names=KEYS)
        return pd.DataFrame({"vehicles": [], "cost": []}, index=empty, dtype=np.float64)
    told = departures.assign(
        leaves=departures["ship_date"].dt.strftime("%a"),
        cost=departures["vehicle_cost"] + departures["line_cost"],
    )
    return told.groupby(KEYS, sort=True)[["vehicles", "cost"]].sum()


def departure_block(rows: pd.DataFrame | None) -> list[str]:
    """Write the departures that changed, most money first; nothing where none did."""
    if rows is None:
        return []
    changed = rows[(rows["vehicles_delta"] != 0) | (rows["cost_delta"] != 0)]
    if changed.empty:
        return []
    order = changed.assign(size=changed["cost_delta"].abs())
    order = order.sort_values(["size", *KEYS], ascending=[False, True, True, True])
    said = ["", f"departures ({plural(len(changed), 'changed', 'changed')})"]
    for row in order.head(SHOWN).to_dict("records"):
        name = f"{row['leaves']} {row['origin']} -> {row['destination']}"
        vehicles = f"{row['vehicles_before']} -> {plural(row['vehicles_after'], 'vehicle')}"
        said.append(f"  {name:<44}{vehicles:>20}{money(row['cost_delta'], sign=True):>14}")
    left = len(changed) - SHOWN
    return [*said, f"  and {plural(left, 'more departure')}"] if left > 0 else said

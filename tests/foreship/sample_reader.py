"""What a made sample holds: the bytes of its files, and what was sold beside what was meant."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from foreship.samples.synthetic.world import AS_OF
from foreship.workspace.opening import Workspace

CELL = ["region", "item"]


def fingerprint(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file under a folder, by its relative name."""
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    return {
        str(each.relative_to(folder)): hashlib.sha256(each.read_bytes()).hexdigest()
        for each in files
    }


def weekly(orders: pd.DataFrame) -> pd.DataFrame:
    """Return units by region, item and week."""
    week = orders["date"] - pd.to_timedelta(orders["date"].dt.day_of_week, unit="D")
    return orders.assign(week=week).groupby([*CELL, "week"], as_index=False)["quantity"].sum()


def wanted_and_meant(workspace: Workspace, means: pd.DataFrame) -> pd.DataFrame:
    """Return `quantity` beside `mean` for past cell-weeks in stock."""
    past = means[means["week"] < pd.Timestamp(AS_OF)].astype({"week": "datetime64[ns]"})
    keys = [*CELL, "week"]
    sold = weekly(workspace.tables["orders"]).astype({"week": "datetime64[ns]"})
    out = workspace.tables["availability"].astype({"week": "datetime64[ns]"})
    both = past.merge(sold, on=keys, how="left").fillna({"quantity": 0})
    both = both.merge(out[[*keys, "in_stock"]], on=keys, how="left")
    return both[both["in_stock"].isna() & (both["mean"] > 0)]


def meetings(orders: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return how often two items stood in one order, and in one region and week.

    Columns `one, other, times`, one before other. The second is by chance what the first would
    be in proportion, were lines dealt over the orders of their region and week.
    """
    week = orders["date"] - pd.to_timedelta(orders["date"].dt.day_of_week, unit="D")
    return tuple(
        _pairs(pd.DataFrame({"group": group, "item": orders["item"].to_numpy()}))
        for group in (
            orders["order_id"].to_numpy(),
            (week.astype(str) + orders["region"]).to_numpy(),
        )
    )


def _pairs(lines: pd.DataFrame) -> pd.DataFrame:
    """Count the pairs of two different items in a group."""
    counted = lines.groupby(["group", "item"]).size().rename("n").reset_index()
    both = counted.merge(counted, on="group", suffixes=("", "_other"))
    both = both[both["item"] < both["item_other"]]
    both = both.assign(times=both["n"] * both["n_other"])
    named = both.rename(columns={"item": "one", "item_other": "other"})
    return named.groupby(["one", "other"], as_index=False)["times"].sum()

"""What a plan promised and what it brought: by line, by region and category."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from foreship.reviews.played import Came, Past, Sent
from foreship_foundation.actions import action_names
from foreship_foundation.arrays import Floats

__all__ = ["cell_of_lines", "gain_by_line", "money_table"]

INTO: Final = action_names(destination="region")
EVERYWHERE: Final = ""
"""region and category of what no line has: whole orders are promised once, its lines each"""


def cell_of_lines(lines: pd.DataFrame) -> pd.DataFrame:
    """Return `region, item` of each line: where its units arrive, else where they leave."""
    arrives = lines["action"].isin(INTO)
    region = lines["destination"].where(arrives, lines["origin"])
    return pd.DataFrame({"region": region, "item": lines["item"]})


def gain_by_line(past: Past, sent: Sent, came: Came, lines: pd.DataFrame) -> Floats:
    """Return what each line brought, shape (lines,).

    What the buyers of a cell brought is shared by units among the lines that come into it or leave
    it; what they cost is each line's own. Cells that no line touches are nobody's.
    """
    network, whole = past.network, sent.promised
    cost = np.bincount(sent.line, came.by_piece, len(lines))
    touched = np.zeros(came.by_cell.shape)
    ends = [(place, (place >= 0) & (place < len(network.regions)))
            for place in (whole.destination, whole.origin)]  # fmt: skip
    for place, here in ends:
        np.add.at(touched, (place[here], whole.item[here]), whole.quantity[here])
    gain = -cost.astype(np.float64)
    for place, here in ends:
        cell = place[here], whole.item[here]
        gain[here] += came.by_cell[cell] * whole.quantity[here] / touched[cell]
    return gain


def money_table(
    past: Past, sent: Sent, came: Came, lines: pd.DataFrame, promised: float, categories: pd.Series
) -> pd.DataFrame:
    """Return `region, category, promised, came`: both columns sum to the whole plan's.

    Parameters
    ----------
    promised
        What the whole plan promised; what its lines do not sum to has a row without a place.
    categories
        Category by item.
    """
    network = past.network
    region, item = np.nonzero(came.by_cell)
    buyers = pd.DataFrame(
        {
            "region": network.regions.to_numpy()[region],
            "item": network.items.to_numpy()[item],
            "promised": 0.0,
            "came": came.by_cell[region, item],
        }
    )
    costs = cell_of_lines(lines).assign(
        promised=lines["expected_gain"], came=-np.bincount(sent.line, came.by_piece, len(lines))
    )
    rows = pd.concat([buyers, costs], ignore_index=True)
    rows["category"] = rows["item"].map(categories).fillna(EVERYWHERE)
    rest = promised - float(lines["expected_gain"].sum())
    if abs(rest) > 1e-9:
        alone = {"region": EVERYWHERE, "category": EVERYWHERE, "promised": rest, "came": 0.0}
        rows = pd.concat([rows, pd.DataFrame([alone])], ignore_index=True)
    table = rows.groupby(["region", "category"], sort=True)[["promised", "came"]].sum()
    return table.reset_index()

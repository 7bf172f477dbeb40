"""Small sets of tables with policies in them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foreship_foundation.tables.input_tables import INPUTS
from tests.optimize.table_builder import draw_tables

VALUES = {
    "minimum": (0, 2, 4, 6), "maximum": (0, 3, 7), "presentation": (1, 2),
    "cover_weeks": (0.5, 1, 3.5), "service": (0.5, 0.9, 0.99), "fair_share": (0.3, 0.8, 1.0),
}  # fmt: skip


def policies(*rows: tuple) -> pd.DataFrame:
    """Return the table of rows `kind, value, region, item`, and a category where there is one."""
    whole = [(*row, *("",) * (5 - len(row)), "shelf", "Anna", pd.NaT) for row in rows]
    names = list(INPUTS["policies"].names)
    return pd.DataFrame(whole, columns=names).astype({"expires": "datetime64[ns]", "value": float})


def draw_case(seed: int, kinds: tuple[str, ...] = tuple(VALUES), count: int = 3):
    """Tables, demand and settings of `draw_tables`, with a few policies of some kinds."""
    tables, demand, params = draw_tables(seed)
    rng, rows = np.random.default_rng(seed), {}
    for _ in range(count):
        kind = str(rng.choice(kinds))
        region = str(rng.choice(["", *tables["regions"]["region"]]))
        item = str(rng.choice(["", *tables["items"]["item"]]))
        rows[kind, region, item] = (kind, float(rng.choice(VALUES[kind])), region, item)
    tables["policies"] = policies(*rows.values())
    return tables, demand, params

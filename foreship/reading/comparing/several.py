"""Lines in which several plans of one Monday differ from the plan that they are set against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from foreship.reading.comparing.compare import KEYS, KINDS, diff
from foreship.reading.views import INTO_REGIONS, RunView

__all__ = ["lines_apart"]

SAME: Final = KINDS[-1]
MONEY_ALONE: Final = "repriced"


def lines_apart(
    before: RunView, others: Sequence[RunView], *, money_alone: bool = False
) -> pd.DataFrame:
    """Return a row a line that is another one in any of the plans.

    Parameters
    ----------
    money_alone
        Whether lines are among them whose units are the same in all.

    Returns
    -------
    The keys of a line, `region` (where it arrives, else where it leaves), `before` its units; then
    for each plan, numbered from 0, `change_0`, `units_0` and `gain_0`, by which its expected gain
    is more than before.
    """
    parts = [_named(diff(before, each).lines, place) for place, each in enumerate(others)]
    rows = parts[0]
    for part in parts[1:]:
        rows = rows.join(part.rename(columns={"before": "again"}), how="outer", sort=True)
        rows["before"] = rows["before"].fillna(rows.pop("again"))
    rows = rows.reset_index()
    kept = np.zeros(len(rows), dtype=bool)
    for place in range(len(others)):
        change = rows[f"change_{place}"].fillna(SAME)
        rows[f"change_{place}"] = change
        rows[f"units_{place}"] = rows[f"units_{place}"].fillna(0).astype("int64")
        rows[f"gain_{place}"] = rows[f"gain_{place}"].fillna(0.0)
        kept |= ~change.isin([SAME] if money_alone else [SAME, MONEY_ALONE]).to_numpy()
    arrives = rows["action"].isin(INTO_REGIONS)
    rows.insert(len(KEYS), "region", rows["destination"].where(arrives, rows["origin"]))
    return rows.assign(before=rows["before"].astype("int64"))[kept].reset_index(drop=True)


def _named(lines: pd.DataFrame, place: int) -> pd.DataFrame:
    """Return what changed in one plan, by the keys of a line."""
    names = {
        "quantity_before": "before",
        "change": f"change_{place}",
        "quantity_after": f"units_{place}",
        "expected_gain_delta": f"gain_{place}",
    }
    return lines.set_index(KEYS)[list(names)].rename(columns=names)

"""What each policy, adjustment, lock and edit brought (docs/review.md, R33).

The plan as it was released and the plan made without the row are played against the same orders.
"""

from __future__ import annotations

from collections.abc import Container
from contextlib import suppress
from typing import Final

import numpy as np
import pandas as pd

from foreship.judge.carried_out.departures import PlanRefused
from foreship.reviews.played import Past

__all__ = ["KEYS", "NOT_SCORED", "SCORES", "by_reason", "scores_of", "without_row"]

KEYS: Final = ["action", "origin", "destination", "item", "ship_date", "arrival_date"]
"""what a line of a plan is known by"""
SCORES: Final = ["row", "table", "kind", "words", "reason", "author", "score", "how"]
SCORED, NOT_SCORED = "scored", "not scored"


def scores_of(
    past: Past,
    lines: pd.DataFrame,
    gain: float,
    rows: pd.DataFrame,
    without: pd.DataFrame | None,
    solved: Container[str] = (),
) -> pd.DataFrame:
    """Return `SCORES`, a row a row of `rows`; `score` is money, above 0 where the row brought.

    Parameters
    ----------
    lines
        The plan as it was released.
    gain
        What it brought as it was promised (without late arrivals, which no row is to blame for).
    rows
        Rows that the plan was asked for: `row, table, kind, words, reason, author`.
    without
        `without.parquet`; None where there is none.
    solved
        Rows for which a plan without them was made: one that differs in no line scored 0.
    """
    found = []
    for each in rows.to_dict("records"):
        score, how = (0.0, SCORED) if each["row"] in solved else (np.nan, NOT_SCORED)
        if without is not None and (without["row"] == each["row"]).any():
            score, how = np.nan, NOT_SCORED
            other = without_row(lines, without[without["row"] == each["row"]])
            with suppress(PlanRefused):
                score, how = gain - past.came(past.sent(other)).gain, SCORED
        found.append({**each, "score": score, "how": how})
    table = pd.DataFrame(found, columns=SCORES)
    return table.astype({"score": "float64"})


def without_row(lines: pd.DataFrame, differing: pd.DataFrame) -> pd.DataFrame:
    """Return the lines of the plan made without a row, `KEYS` and `quantity`.

    Parameters
    ----------
    differing
        Rows of `without.parquet` of one row: quantity 0 says that the line is not there.
    """
    ours = lines.groupby(KEYS, sort=True, dropna=False)["quantity"].sum()
    theirs = differing.groupby(KEYS, sort=True, dropna=False)["quantity"].sum()
    both = theirs.combine_first(ours).astype("int64")
    return both[both > 0].rename("quantity").reset_index()


def by_reason(scores: pd.DataFrame) -> pd.DataFrame:
    """Return `table, kind, reason, score, rows`: what they brought together, largest first.

    Nobody is ranked: who asked stays in the rows alone.
    """
    known = scores[scores["how"] == SCORED]
    keys = ["table", "kind", "reason"]
    total = known.groupby(keys, sort=True)["score"].agg(["sum", "size"])
    total = total.set_axis(["score", "rows"], axis=1).reset_index()
    order = np.argsort(-total["score"].abs().to_numpy(), kind="stable")
    return total.iloc[order].reset_index(drop=True)

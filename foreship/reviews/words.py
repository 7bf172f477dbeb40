"""A review as it is printed."""

from __future__ import annotations

from typing import Final

import pandas as pd

from foreship.reviews.findings import share_inside
from foreship.reviews.results import Review
from foreship_foundation.telling.words import money, plural, sentence

__all__ = ["review_text"]

SHOWN: Final = 15
STAGES: Final = {
    "released": "it was released",
    "approved": "it was approved, not released",
    "draft": "it was not released: it counts as the plan of its week",
}


def review_text(review: Review) -> str:
    """Write a review: findings, units, money by place, forecast, scores, what did not arrive."""
    rows = [f"The plan of {review.monday}, run {review.run}: {STAGES[review.stage]}.", ""]
    rows += [*review.findings, "", *_units(review), "", *_money(review.money)]
    if review.forecast is not None and len(review.forecast):
        rows += ["", share_inside(review.forecast)]
    rows += [*_scores(review.scores), *_late(review.late), *_due(review.due)]
    if review.notes:
        rows += ["", *map(sentence, review.notes)]
    return "\n".join(rows).replace("\u2212", "-")


def _units(review: Review) -> list[str]:
    lines = review.lines
    names = ("sent", "received", "under_way", "missing", "sold", "moved_on", "lying")
    return [f"{name.replace('_', ' '):<14}{int(lines[name].sum()):>16,}" for name in names]


def _money(table: pd.DataFrame) -> list[str]:
    rows = [f"{'region, category':<32}{'promised':>16}{'came':>16}"]
    order = (table["promised"] - table["came"]).abs().sort_values(ascending=False, kind="stable")
    for row in table.loc[order.index[:SHOWN]].to_dict("records"):
        place = ", ".join(each for each in (row["region"], row["category"]) if each)
        name = place or "whole orders, counted once"
        rows.append(f"{name[:31]:<32}{money(row['promised']):>16}{money(row['came']):>16}")
    return rows + _more(table)


def _scores(scores: pd.DataFrame) -> list[str]:
    if scores.empty:
        return []
    rows = ["", f"{'asked for':<48}{'brought':>16}"]
    for row in scores.head(SHOWN).to_dict("records"):
        told = money(row["score"], sign=True) if pd.notna(row["score"]) else row["how"]
        rows.append(f"{row['row'] + ': ' + row['words']:<48.47}{told:>16}")
    return rows + _more(scores)


def _late(late: pd.DataFrame) -> list[str]:
    if late.empty:
        return []
    rows = ["", f"{'did not arrive on its day':<40}{'units':>8}{'promised':>14}{'came':>14}"]
    for row in late.head(SHOWN).to_dict("records"):
        name = f"{row['item']} to {row['destination']}"
        came = "not yet" if pd.isna(row["came"]) else str(row["came"])[:10]
        rows.append(f"{name:<40.39}{row['units']:>8,}{str(row['promised'])[:10]:>14}{came:>14}")
    return rows + _more(late)


def _due(due: pd.DataFrame) -> list[str]:
    if due.empty:
        return []
    rows = ["", f"{'due for a decision today':<40}{'units':>8}{'exit':>14}{'loss':>14}"]
    for row in due.head(SHOWN).to_dict("records"):
        name = f"{row['item']} in {row['region']}"
        rows.append(f"{name:<40.39}{row['units']:>8,}{row['exit']:>14}{money(row['loss']):>14}")
    return rows + _more(due)


def _more(table: pd.DataFrame) -> list[str]:
    left = len(table) - SHOWN
    return [f"and {plural(left, 'more row', 'more rows')}"] if left > 0 else []

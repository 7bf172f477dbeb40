"""What a review found, in sentences, most money first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import pandas as pd

from foreship.reviews.results import Review
from foreship.reviews.scores import by_reason
from foreship_foundation.telling.words import money, number, percent, plural, units

__all__ = ["Finding", "findings_of", "three_findings"]

MOST: Final = 3
NOTABLE: Final = 0.2
"""share by which forecast and sales must differ to be told"""
LEAST: Final = 0.01
"""money below which nothing is told"""


class Finding(NamedTuple):
    """One thing that a planner should know, and the money that it is about."""

    money: float
    words: str


def findings_of(review: Review) -> list[Finding]:
    """Return what was found, most money first; ties in the order in which it is looked for."""
    found = [
        *_gain(review), *_places(review), *_late(review), *_forecast(review),
        *_asked(review), *_due(review),
    ]  # fmt: skip
    return sorted((each for each in found if abs(each.money) >= LEAST), key=lambda f: -abs(f.money))


def three_findings(review: Review) -> list[str]:
    """Return the three most important findings, as sentences."""
    return [each.words for each in findings_of(review)[:MOST]]


def _gain(review: Review) -> Iterator[Finding]:
    short = review.promised - review.came
    so_far = "" if review.settled else " so far, what still lies valued at what it should earn"
    yield Finding(
        short,
        f"The plan of {review.monday} brought {money(review.came)}{so_far}; it had promised "
        f"{money(review.promised)}.",
    )


def _places(review: Review) -> Iterator[Finding]:
    """Tell the region and category that fell short most; one that the whole plan tells is left."""
    table = review.money[review.money["region"] != ""]
    if len(table) < 2:
        return
    short = table["promised"] - table["came"]
    worst = int(short.to_numpy().argmax())
    if short.iloc[worst] <= 0:
        return
    row = table.iloc[worst]
    category = f" with category {row['category']}" if row["category"] else ""
    yield Finding(
        float(short.iloc[worst]),
        f"Region {row['region']}{category} fell short most: {money(row['came'])} came of "
        f"{money(row['promised'])} promised.",
    )


def _late(review: Review) -> Iterator[Finding]:
    late = review.late
    missing = late[late["came"].isna()]
    behind = late[late["came"].notna()]
    gain = review.lines["gain_promised"] / review.lines["sent"]
    if len(missing):
        count, lines = int(missing["units"].sum()), missing["line"].nunique()
        worth = float((missing["line"].map(gain) * missing["units"]).sum())
        yield Finding(
            worth,
            f"{plural(lines, 'line')} did not arrive in full: {plural(count, 'unit')} "
            f"{'is' if count == 1 else 'are'} missing, which {_were(count)} to earn "
            f"{money(worth)}.",
        )
    if len(behind):
        count, most = int(behind["units"].sum()), int(behind["days"].max())
        worth = float((behind["line"].map(gain) * behind["units"]).sum())
        yield Finding(
            worth,
            f"{plural(count, 'unit')} came late, by up to {plural(most, 'day')}, which "
            f"{_were(count)} to earn {money(worth)}.",
        )


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _forecast(review: Review) -> Iterator[Finding]:
    """Tell the item whose forecast was furthest from sales, and the money of the difference."""
    if review.forecast is None:
        return
    items = review.forecast[review.forecast["level"] == "item"]
    if items.empty:
        return
    off = (items["sold"] - items["forecast"]).abs()
    worth = off * items["id"].map(review.margins).fillna(0.0)
    worst = int(worth.to_numpy().argmax())
    row = items.iloc[worst]
    if off.iloc[worst] <= NOTABLE * max(float(row["forecast"]), 1.0):
        return
    yield Finding(
        float(worth.iloc[worst]),
        f"Item {row['id']} sold {units(row['sold'])}, the forecast was "
        f"{number(round(float(row['forecast']), 1))}.",
    )


def _asked(review: Review) -> Iterator[Finding]:
    for row in by_reason(review.scores).to_dict("records"):
        did = "brought" if row["score"] >= 0 else "cost"
        reason = f" ({row['reason']})" if row["reason"] else ""
        many = plural(row["rows"], "row")
        yield Finding(
            float(row["score"]),
            f"{many} of {row['table']}, {row['kind']}{reason}, {did} {money(abs(row['score']))}.",
        )


def _due(review: Review) -> Iterator[Finding]:
    due = review.due
    if len(due):
        yield Finding(
            float(due["loss"].sum()),
            f"{plural(int(due['units'].sum()), 'unit')} of earlier plans still "
            f"{'lies' if due['units'].sum() == 1 else 'lie'} where a decision is due today.",
        )


def share_inside(forecast: pd.DataFrame) -> str:
    """Say how often sales of a cell and week lay inside the band."""
    row = forecast[forecast["level"] == "network"].iloc[0]
    return (
        f"Forecast {number(round(float(row['forecast']), 1))} units, sold {units(row['sold'])}; "
        f"{percent(row['inside'])} of cells and weeks lay between the 5 % and the 95 % quantile."
    )

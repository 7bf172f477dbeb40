"""A run, a replay or a frontier as a picture for a notebook: SVG, like the page's.

Everything is added up here, so that a picture holds a few hundred numbers however large the plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from foreship.errors import UsageError
from foreship.reading.views import FROM_HUBS
from foreship.reports.pictures.curves import Curve, Row, bars, curves, picture
from foreship.reports.pictures.drawing import Bar
from foreship_foundation.telling.words import fixed, number, plural

__all__ = ["Picture", "draw_backtest", "draw_curves", "draw_forecast", "draw_frontier", "draw_plan"]

BINS = 20
MOST = 12
"""names shown one by one, those of most units; the others are added up"""


@dataclass(frozen=True)
class Picture:
    """A picture that a notebook shows where it is the last line of a cell."""

    svg: str

    def save(self, path: str | Path) -> None:
        """Write the picture to a file that ends in `.svg`.

        Raises
        ------
        UsageError
            If the file is to end otherwise.
        """
        if Path(path).suffix != ".svg":
            raise UsageError(f"{path}: pictures are saved as .svg")
        Path(path).write_text(self.svg, "utf-8")

    def _repr_html_(self) -> str:
        return self.svg


def draw_plan(lines: pd.DataFrame, units: pd.DataFrame) -> Picture:
    """Draw what is shipped where, above the chances of the units sent and not sent.

    Parameters
    ----------
    lines, units
        `plan.parquet` and `units.parquet` of the contract.
    """
    shipped = lines[lines["action"].isin(FROM_HUBS)]
    sent = _largest(shipped.assign(name=shipped["destination"]), "quantity")
    sent = sent.groupby(["place", "name", "origin"])["quantity"].sum().reset_index()
    hubs = sorted(set(sent["origin"]))
    counted = chance_bins(units)
    ends = zip(counted["chance"], counted["upto"], strict=True)
    counted["name"] = [f"{low:.2f} to {high:.2f}" for low, high in ends]
    return Picture(
        picture(
            bars(_rows(sent, "origin", "quantity"), hubs, "Units shipped ahead, by region and hub"),
            bars(
                _rows(counted.sort_values(["chance", "unit"]), "unit", "units"),
                sorted(set(counted["unit"])),
                "Units by their chance of being bought",
            ),
        )
    )


def chance_bins(units: pd.DataFrame) -> pd.DataFrame:
    """Count units sent and not sent by chance: `unit, chance, upto, units`."""
    bins = np.minimum((units["p"].to_numpy() * BINS).astype(int), BINS - 1)
    word = np.where(units["planned"] == 1, "planned", "not planned")
    counted = units.assign(unit=word, chance=bins / BINS).groupby(["unit", "chance"])
    found = counted.size().rename("units").reset_index()
    return found.assign(upto=found["chance"] + 1 / BINS)


def draw_forecast(forecast: pd.DataFrame) -> Picture:
    """Draw the expected units of each region, week by week.

    Parameters
    ----------
    forecast
        `forecast.parquet` of the contract.
    """
    total = _largest(forecast.assign(name=forecast["region"]), "mean")
    table = total.pivot_table(index="week", columns="name", values="mean", aggfunc="sum")
    return _by_week(table[list(dict.fromkeys(total["name"]))], "Expected units a week", "units")


def draw_backtest(weekly: pd.DataFrame) -> Picture:
    """Draw what each policy has earned over shipping nothing ahead, week by week.

    Parameters
    ----------
    weekly
        `Backtest.weekly`; without `reactive` the profit itself is drawn.
    """
    profit = weekly.pivot_table(index="week", columns="policy", values="profit", sort=False)
    over = " over reactive" if "reactive" in profit else ""
    earned = profit.sub(profit["reactive"], axis=0) if over else profit
    return _by_week(earned.cumsum(), f"Profit{over}, added up", "money")


def draw_frontier(points: pd.DataFrame) -> Picture:
    """Draw expected gain over CVaR, a point a plan.

    Parameters
    ----------
    points
        `Frontier.points`.
    """
    ordered = points.sort_values("cvar", kind="stable")
    at = list(zip(ordered["cvar"], ordered["expected_gain"], strict=True))
    words = [f"CVaR {fixed(cvar, 2)}: expected gain {fixed(gain, 2)}" for cvar, gain in at]
    title, along = "What safety costs", "mean loss of the worst outcomes (CVaR)"
    return Picture(picture(curves([Curve("plans", at, words)], title, along, "expected gain")))


def draw_curves(table: pd.DataFrame, title: str, unit: str = "") -> Picture:
    """Draw a curve a column of any table of one's own, over the numbers of its index.

    Parameters
    ----------
    table
        Numbers, blank where a curve has no point; the index says where, its name what.
    title
        Stands above.
    unit
        What the columns count.

    Raises
    ------
    UsageError
        If the index holds what is no finite number, or a column what is no number.
    """
    given: Any = table
    if not isinstance(given, pd.DataFrame):
        raise UsageError(f"a {type(given).__name__} is no table of curves; give a DataFrame")
    at = pd.to_numeric(pd.Series(table.index), errors="coerce").to_numpy(np.float64)
    if not np.isfinite(at).all():
        odd = table.index[int(np.flatnonzero(~np.isfinite(at))[0])]
        raise UsageError(f"the index holds {odd!r}; curves are drawn over numbers")
    drawn = []
    for name, column in table.items():
        _refuse_words(str(name), column)
        known = [(x, float(y)) for x, y in zip(at, column, strict=True) if pd.notna(y)]
        words = [f"{name}, {number(x, 4)}: {number(y, 4)}" for x, y in known]
        drawn.append(Curve(str(name), known, words))
    return Picture(picture(curves(drawn, title, str(table.index.name or ""), unit)))


def _refuse_words(name: str, column: pd.Series) -> None:
    """Raise UsageError for the first value of a column that is no number."""
    no_number = pd.to_numeric(column, errors="coerce").isna() & column.notna()
    if no_number.any():
        raise UsageError(f"column {name} holds {column[no_number].iloc[0]!r}; curves are numbers")


def _by_week(table: pd.DataFrame, title: str, unit: str) -> Picture:
    """Draw a curve a column over the weeks of the index."""
    days = [f"{week:%Y-%m-%d}" for week in table.index]
    drawn = []
    for name, column in table.items():
        known = [(place, float(value)) for place, value in enumerate(column) if pd.notna(value)]
        words = [f"{name}, {days[place]}: {fixed(value, 2)}" for place, value in known]
        drawn.append(Curve(str(name), known, words))
    return Picture(picture(curves(drawn, title, "week", unit, (days[0], days[-1]))))


def _largest(table: pd.DataFrame, value: str) -> pd.DataFrame:
    """Order rows by the total of their `name`, the smallest names under one that counts them."""
    total = table.groupby("name")[value].sum().sort_values(ascending=False, kind="stable")
    if len(total) > MOST:
        rest = plural(len(total) - MOST + 1, "other")
        small = table["name"].isin(total.index[MOST - 1 :])
        table = table.assign(name=table["name"].where(~small, rest))
        total = pd.concat([total.iloc[: MOST - 1], pd.Series({rest: 0.0})])
    place = table["name"].map({name: place for place, name in enumerate(total.index)})
    return table.assign(place=place).sort_values("place", kind="stable")


def _rows(table: pd.DataFrame, shade: str, value: str) -> Sequence[Row]:
    """Return a row a name, in the table's order, its parts by shade."""
    return [
        Row(
            str(name),
            [
                Bar(float(count), part, f"{name}, {part}: {fixed(count)}")
                for part, count in zip(mine[shade], mine[value], strict=True)
            ],
        )
        for name, mine in table.groupby("name", sort=False)
    ]

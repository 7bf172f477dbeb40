"""A finished run as its readers see it, and the words and numbers they share.

The page, the workbook, the explanation and the comparison all read a `RunView`; none of
them opens a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from foreship.reading.gain import expected_gain, gain_key
from foreship_foundation.actions import action_names
from foreship_foundation.telling.marks import marks
from foreship_foundation.telling.words import chance, is_statistic

__all__ = [
    "COUNTED_ONCE",
    "CellStock",
    "RunView",
    "ShadowPrice",
    "break_even_words",
    "called",
    "day",
]

FROM_HUBS = action_names(origin="hub")
INTO_REGIONS, OUT_OF_REGIONS = action_names(destination="region"), action_names(origin="region")
REVIEW = "plan.review_weeks"
NAME, NAMED = "name", ("item", "region", "hub")
"""the column that names what an id stands for, and the kinds of ids that have one"""
STATUS = {
    "ship": "The plan may be shipped as it is.",
    "relaxed": "The plan may be shipped, but not every limit could be kept: see the notes.",
    "hold": "The plan waits for an approval before it may be shipped.",
    "none": "There is no plan to ship.",
}


@dataclass(frozen=True)
class ShadowPrice:
    """What one unit more of a scarce limit is worth, or of a required minimum costs."""

    limit: str
    """the limit in words, e.g. `storage of Lyon`"""
    family: str
    price: float
    """money gained by one `unit` more; negative for a minimum that costs"""
    unit: str
    """what one more is: units, volume or money"""
    words: str


@dataclass(frozen=True)
class CellStock:
    """Units of one item in one region around a plan; `stays` = here + arriving - leaving."""

    on_hand: int
    inbound: int
    arriving: int
    leaving: int


COUNTED_ONCE: Final = "orders_counted_once"
"""term of the expected gain: what the lines of whole orders are credited with more than once"""


@dataclass(frozen=True)
class RunView:
    """The parts of a run in memory.

    **Invariants:** `lines` and `units` hold the contract's columns, sorted as written;
    nothing here is changed by a reader.
    """

    as_of: pd.Timestamp
    run_id: str
    lines: pd.DataFrame
    """`plan.parquet`; no rows where nothing is worth moving or no plan was made"""
    units: pd.DataFrame
    """`units.parquet`"""
    summary: Mapping[str, Any]
    """`summary.json`; empty for a forecast alone"""
    reasons: pd.DataFrame | None = None
    """`reasons.parquet`; None where the run does not know it"""
    orders: pd.DataFrame | None = None
    """`orders.parquet`; None where money is by the unit"""
    departures: pd.DataFrame | None = None
    """`departures.parquet`; None where no lane states more than its units' cost"""
    needs: pd.DataFrame | None = None
    """`needs.parquet`: what hubs will need, by week; None where the run does not know it"""
    ahead: pd.DataFrame | None = None
    """`ahead.parquet`: what later plans are expected to send"""
    forecast: pd.DataFrame | None = None
    """`forecast.parquet`; None where the demand was the user's own"""
    extras: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """file name -> what was worked out of the plan, where it says something"""
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """regions, hubs, items, lanes, stock, inbound as typed by the contract, where known"""
    notes: Sequence[str] = ()
    """what was left out, borrowed or relaxed, one sentence each"""
    assumptions: Mapping[str, Any] = field(default_factory=dict)
    """settings by section"""
    versions: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    """input's name -> rows and sha256"""

    @property
    def planner_notes(self) -> list[str]:
        """The notes that a planner should read before shipping."""
        return [note for note in self.notes if not is_statistic(note)]

    @property
    def statistics(self) -> list[str]:
        """The notes whose figures are for the appendix."""
        return [note for note in self.notes if is_statistic(note)]

    @property
    def review_weeks(self) -> int:
        """Weeks from one plan to the next; 1 where the run does not say."""
        return int(flat(self.assumptions).get(REVIEW, 1))

    @property
    def has_plan(self) -> bool:
        """Whether a plan was made, even an empty one."""
        return bool(self.summary) or len(self.lines) > 0

    def table(self, name: str) -> pd.DataFrame:
        """Return an input table, without rows where the run does not know it."""
        frame = self.tables.get(name)
        return pd.DataFrame() if frame is None else frame

    def extra(self, name: str) -> pd.DataFrame | None:
        """Return what was worked out of the plan, by file name; None where it says nothing."""
        return self.extras.get(name)

    def name(self, kind: str, id_: str) -> str:
        """Return what an item, a region or a hub is called beside its id, '' where it has no name.

        Parameters
        ----------
        kind
            `item`, `region` or `hub`.
        """
        return self._names[kind].get(id_, "")

    @cached_property
    def _names(self) -> Mapping[str, Mapping[str, str]]:
        return {kind: names_of(self.table(f"{kind}s"), kind) for kind in NAMED}

    def number(self, key: str) -> float | None:
        """Return a number of the summary, None where it is absent."""
        value = self.summary.get(key)
        return None if value is None else float(value)

    def expected_gain(self) -> float | None:
        """Return what the plan is expected to earn, None if unknown."""
        return expected_gain(self.summary)

    def gain_key(self) -> str:
        """Return the key of the summary that has the expected gain."""
        return gain_key(self.summary)

    def totals(self) -> dict[str, float]:
        """Return the money of the expected gain by term, as costs; they sum to what it costs."""
        terms = {str(name): float(value) for name, value in self.summary.get("totals", {}).items()}
        gain, objective = self.expected_gain(), self.number("objective")
        if terms and "orders" in self.summary and gain is not None and objective is not None:
            terms[COUNTED_ONCE] = -objective - gain
        return terms

    def worst_share(self) -> float | None:
        """Return the share of outcomes that CVaR averages over, None if unknown."""
        level = self.summary.get("risk_level")
        if level is None:
            level = flat(self.assumptions).get("risk.level")
        return None if level is None else 1.0 - float(level)

    def shadow_prices(self) -> list[ShadowPrice]:
        """Return what scarce limits are worth, the most valuable first."""
        return [
            ShadowPrice(*(each[name] for name in ("limit", "family", "price", "unit", "words")))
            for each in self.summary.get("shadow_prices", ())
        ]

    def exit_days(self) -> pd.Series:
        """Return by line the Monday on which its unsold units are decided on.

        That is the first plan after the window of what arrives; missing for what leaves a region,
        and where the review interval is not known.
        """
        weeks = flat(self.assumptions).get(REVIEW)
        if weeks is None:
            return pd.Series(pd.NaT, index=self.lines.index, dtype="datetime64[s]")
        review = 7 * int(weeks)
        lead = (self.lines["arrival_date"] - self.as_of).dt.days
        plans = 1 + -(-lead // review)
        days = self.as_of + pd.to_timedelta(plans * review, unit="D")
        return days.where(self.lines["action"].isin(INTO_REGIONS))

    def cause(self, about: str, region: str, item: str) -> str:
        """Return what `reasons` says about a cell, '' where it says nothing."""
        if self.reasons is None:
            return ""
        mine = (self.reasons["region"] == region) & (self.reasons["item"] == item)
        found = self.reasons.loc[mine & (self.reasons["about"] == about), "cause"]
        return str(found.iloc[0]) if len(found) else ""

    @cached_property
    def causes(self) -> Mapping[tuple[str, str, str], str]:
        """What `reasons` says of every cell, by what it is about, region and item."""
        if self.reasons is None:
            return {}
        keys = (self.reasons[name] for name in ("about", "region", "item"))
        return dict(zip(zip(*keys, strict=True), self.reasons["cause"], strict=True))

    def held_by(self, lines: pd.DataFrame) -> list[str]:
        """Return by line what holds a last unit that does not pay by itself, '' for others."""
        known = self.causes
        arrives = lines["action"].isin(INTO_REGIONS)
        spare = lines["purchase_probability"] - lines["break_even"]
        pays = spare.where(arrives, -spare) >= 0
        about = np.where(pays, "", np.where(arrives, "sent", "leaves"))
        place = lines["destination"].where(arrives, lines["origin"])
        return [known.get(key, "") for key in zip(about, place, lines["item"], strict=True)]

    def lines_at(self, region: str) -> pd.DataFrame:
        """Return the lines that bring units into a region or take them out of it."""
        lines = self.lines
        into = (lines["destination"] == region) & lines["action"].isin(INTO_REGIONS)
        out = (lines["origin"] == region) & lines["action"].isin(OUT_OF_REGIONS)
        return lines[into | out]

    def arrivals(self) -> pd.Series:
        """Return units that this plan sends, by region and item."""
        coming = self.lines[self.lines["action"].isin(INTO_REGIONS)]
        return coming.groupby(["destination", "item"], sort=True)["quantity"].sum()

    def cell(self, region: str, item: str) -> CellStock:
        """Return the stock of one cell around the plan."""
        lines = self.lines[self.lines["item"] == item]
        into = lines[(lines["destination"] == region) & lines["action"].isin(INTO_REGIONS)]
        out = lines[(lines["origin"] == region) & lines["action"].isin(OUT_OF_REGIONS)]
        return CellStock(
            self._lying("stock", region, item),
            self._lying("inbound", region, item),
            int(into["quantity"].sum()),
            int(out["quantity"].sum()),
        )

    def _lying(self, name: str, region: str, item: str) -> int:
        frame = self.table(name)
        if frame.empty:
            return 0
        here = (frame["location"] == region) & (frame["item"] == item)
        return int(frame.loc[here, "quantity"].sum())


def names_of(table: pd.DataFrame, key: str) -> dict[str, str]:
    """Return the names that a table states, by id; without a column `name` there are none."""
    if not {key, NAME} <= set(table.columns):
        return {}
    named = table[table[NAME].notna() & (table[NAME] != "")]
    both = (named[column].astype(str).tolist() for column in (key, NAME))
    return dict(zip(*both, strict=True))


def called(id_: str, name: str) -> str:
    """Write an id with its name beside it, where it has one."""
    return f"{id_} ({name})" if name else id_


def flat(settings: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested settings as `section.key` -> value, in their order."""
    found: dict[str, Any] = {}
    for key, value in settings.items():
        name = f"{prefix}{key}"
        found |= flat(value, f"{name}.") if isinstance(value, Mapping) else {name: value}
    return found


def break_even_words(break_even: float, *, leaves: bool = False) -> str:
    """Write a break-even as a chance; where no chance decides, whether the unit always pays.

    A unit that leaves pays below its break-even, any other above it.
    """
    if 0.0 <= break_even <= 1.0:
        return chance(break_even)
    return "always" if (break_even < 0.0) != leaves else "never"


def day(date: pd.Timestamp, *, long: bool = False) -> str:
    """Write a date: `2026-11-16`, or `Monday 16 November 2026`."""
    if long:
        return f"{date:%A} {date.day} {date:%B %Y}"
    return str(date)[:10] if pd.isna(date) else marks().day(date)

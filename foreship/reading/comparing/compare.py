"""Compare two plans: which lines are new, gone, larger or smaller, and what that is worth."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from foreship.reading.comparing.departure_changes import changed_departures, departure_block
from foreship.reading.views import RunView, day
from foreship_foundation.telling.words import fixed, money, plural, units

__all__ = ["KEYS", "KINDS", "Diff", "diff"]

KEYS = ["action", "origin", "destination", "item"]
AMOUNTS = ("quantity", "cost", "expected_gain")
WORDS = {"quantity": "quantity", "cost": "cost", "expected_gain": "gain of lines"}
"""amount -> its heading: lines of one whole order share its gain, so that what they are credited
with may sum to more than the plan's expected gain, which counts each order once"""
CHANGED = ("new", "dropped", "increased", "decreased", "repriced")
KINDS = (*CHANGED, "done", "under way", "same")
SHOWN = 15
COLUMNS = 80


@dataclass(frozen=True)
class Diff:
    """What changed from one plan to another.

    **Invariants:** a line is what is done with an item from an origin to a destination;
    `after - before = delta` in every row, and the deltas of all rows sum to the difference of
    the plans' totals.
    """

    before: str
    """`<as_of>-<run id>` of the earlier plan"""
    after: str
    lines: pd.DataFrame
    """a row a line of either plan: `change`, the keys, then before, after and delta of quantity,
    cost and expected gain; `change` is `repriced` where only money differs. Across weeks it is
    `done` where the earlier plan's line has arrived, `under way` where it has left: such a line
    and one of the later plan are two rows"""
    departures: pd.DataFrame | None = None
    """a row a departure of either plan, with vehicles and their cost; None where none is known"""

    @property
    def counts(self) -> dict[str, int]:
        """Lines by kind of change."""
        found = self.lines["change"].value_counts()
        return {kind: int(found.get(kind, 0)) for kind in KINDS}

    @property
    def totals(self) -> dict[str, dict[str, float]]:
        """Totals before, after and their difference, of quantity, cost and expected gain."""
        sides = ("before", "after", "delta")
        money_totals = {
            name: {side: math.fsum(self.lines[f"{name}_{side}"]) for side in sides}
            for name in ("cost", "expected_gain")
        }
        return {
            "quantity": {side: int(self.lines[f"quantity_{side}"].sum()) for side in sides},
            **money_totals,
        }

    @property
    def summary(self) -> str:
        """One line that sums up the change."""
        counts, totals = self.counts, self.totals
        said = [
            f"{fixed(counts[kind])} {word}"
            for kind, word in zip(CHANGED, ("new", "gone", "more", "less", "repriced"), strict=True)
            if counts[kind]
        ]
        said += [f"{fixed(counts[kind])} {kind}" for kind in ("done", "under way") if counts[kind]]
        changed = ", ".join(said) if said else "no line changed"
        return (
            f"{changed}, {fixed(counts['same'])} the same; "
            f"units {units(totals['quantity']['delta'], sign=True)}, "
            f"{WORDS['expected_gain']} {money(totals['expected_gain']['delta'], sign=True)}"
        ).replace("\u2212", "-")

    @property
    def text(self) -> str:
        """The change in words: one line of summary, totals, then the largest changes."""
        rows = [*textwrap.wrap(self.summary, COLUMNS), f"{self.before} -> {self.after}", ""]
        rows.append(f"{'':<14}{'before':>16}{'after':>16}{'change':>16}")
        for name, write in (("quantity", units), ("cost", money), ("expected_gain", money)):
            total = self.totals[name]
            numbers = f"{write(total['before']):>16}{write(total['after']):>16}"
            change = write(total["delta"], sign=True)
            rows.append(f"{WORDS[name]:<14}{numbers}{change:>16}")
        for kind in CHANGED:
            rows += _block(kind, self.lines[self.lines["change"] == kind])
        rows += departure_block(self.departures)
        return "\n".join(rows).replace("\u2212", "-")

    def to_dict(self) -> dict[str, Any]:
        """Return plain values; unchanged lines are counted, not listed."""
        changed = self.lines[self.lines["change"] != "same"]
        found = self.departures
        known = {} if found is None else {"departures": found.to_dict("records")}
        return {
            "before": self.before,
            "after": self.after,
            "summary": self.summary,
            "counts": self.counts,
            "totals": self.totals,
            "lines": changed.to_dict("records"),
            **known,
        }

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.text)}</pre>"


def diff(before: RunView, after: RunView) -> Diff:
    """Compare two plans line by line; of an earlier week's, only what has not left by then."""
    arrived = before.lines["arrival_date"] < after.as_of
    left = (before.lines["ship_date"] < after.as_of) & ~arrived
    if before.as_of >= after.as_of:
        arrived, left = (each & False for each in (arrived, left))
    open_ = before.lines[~arrived & ~left]
    parts = [_compared(open_, after.lines)]
    for kind, rows in (("done", arrived), ("under way", left)):
        if rows.any():
            parts.append(_compared(before.lines[rows], after.lines.iloc[:0]).assign(change=kind))
    filled = [each for each in parts if len(each)] or parts[:1]
    lines = filled[0]  # in the order of its keys already
    if len(filled) > 1:
        lines = pd.concat(filled, ignore_index=True)
        lines = lines.sort_values(KEYS, kind="stable", ignore_index=True)
    return Diff(_name(before), _name(after), lines, changed_departures(before, after))


def _compared(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return a row a line of either, with what changed."""
    earlier = _totals(before).add_suffix("_before")
    joined = earlier.join(_totals(after).add_suffix("_after"), how="outer", sort=True)
    lines = joined.fillna(0.0).reset_index()
    for side in ("before", "after"):
        lines[f"quantity_{side}"] = lines[f"quantity_{side}"].astype(np.int64)
    for name in AMOUNTS:
        lines[f"{name}_delta"] = lines[f"{name}_after"] - lines[f"{name}_before"]
    lines.insert(0, "change", _change(lines))
    columns = [f"{name}_{side}" for name in AMOUNTS for side in ("before", "after", "delta")]
    return lines[["change", *KEYS, *columns]]


def _name(view: RunView) -> str:
    return f"{day(view.as_of)}-{view.run_id}"


def _totals(lines: pd.DataFrame) -> pd.DataFrame:
    return lines.groupby(KEYS, sort=True)[list(AMOUNTS)].sum()


def _change(lines: pd.DataFrame) -> pd.Series:
    before, after = lines["quantity_before"], lines["quantity_after"]
    same_money = (lines["cost_delta"] == 0) & (lines["expected_gain_delta"] == 0)
    names = [*CHANGED, KINDS[-1]]
    kinds = np.select(
        [before == 0, after == 0, after > before, after < before, ~same_money],
        range(len(CHANGED)),
        len(CHANGED),
    )
    return pd.Series(pd.Categorical.from_codes(kinds, pd.Index(names)), index=lines.index).astype(
        "str"
    )


def _block(kind: str, lines: pd.DataFrame) -> list[str]:
    """Write the largest changes of one kind, most money first."""
    if lines.empty:
        return []
    order = lines.assign(size=lines["expected_gain_delta"].abs())
    order = order.sort_values(["size", *KEYS], ascending=[False] + [True] * len(KEYS))
    rows = ["", f"{kind} ({plural(len(lines), 'line')})"]
    for row in order.head(SHOWN).to_dict("records"):
        place = f"{row['origin']} -> {row['destination']}" if row["destination"] else row["origin"]
        amount = f"{fixed(row['quantity_before'])} -> {fixed(row['quantity_after'])}"
        gain = money(row["expected_gain_delta"], sign=True)
        name = f"{row['action'].replace('_', ' ')} {row['item']}  {place}"
        rows.append(f"  {_short(name, 48):<48}{amount:>16}{gain:>14}")
    left = len(lines) - SHOWN
    return [*rows, f"  and {plural(left, 'more line', 'more lines')}"] if left > 0 else rows


def _short(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 3] + "..."

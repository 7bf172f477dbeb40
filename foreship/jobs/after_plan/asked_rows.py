"""What is asked of a plan: the rows of policies, adjustments and locks that hold on its day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from foreship_foundation.actions import action_names
from foreship_foundation.tables.asked_rows import with_reason
from foreship_foundation.tables.input_tables import LEAVE_OUT
from foreship_foundation.telling.words import number

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from foreship.jobs.after_plan.made import Made

__all__ = ["AskedRow", "asked_rows"]

NAN: Final = float("nan")


@dataclass(frozen=True)
class AskedRow:
    """One row that holds."""

    table: str
    place: int
    """row of its table, from 0"""
    kind: str
    words: str
    wanted: float
    """units asked for, NaN where it is no number of units"""
    reached: float
    """units of these that the plan comes to, NaN where nobody counted"""
    touched: float
    """units of the plan, or of expected demand, that it is about"""

    @property
    def name(self) -> str:
        """Table and row in it, from 1."""
        return f"{self.table} {self.place + 1}"


def asked_rows(made: Made) -> list[AskedRow]:
    """Return the rows that hold on the day of the plan: policies, adjustments, overrides.

    An override that leaves orders out of the history asks nothing of a plan.
    """
    return [*_policies(made), *_adjustments(made), *_overrides(made)]


def _live(made: Made, table: str) -> Iterator[tuple[int, dict[Any, Any]]]:
    """Yield place and content of the rows that hold."""
    import pandas as pd

    frame = made.tables.get(table)
    if frame is None:
        return
    for place, row in enumerate(frame.to_dict("records")):
        if pd.isna(row["expires"]) or row["expires"] >= made.workspace.as_of:
            yield place, row


def _policies(made: Made) -> Iterator[AskedRow]:
    from foreship_optimize.network.policies import policy_words

    rows = list(_live(made, "policies"))
    words = policy_words(made.tables["policies"]) if rows else ()
    floors = _floors(made) if rows else {}
    lines = made.plan.lines
    lines = lines[lines["action"].isin(action_names(destination="region"))]
    for place, row in rows:
        wanted, reached = floors.get(place, (NAN, NAN))
        here = lines[_in_scope(made, row, lines["destination"], lines["item"])]
        yield AskedRow(
            table="policies",
            place=place,
            kind=str(row["kind"]),
            words=str(words[place]),
            wanted=wanted,
            reached=reached,
            touched=float(here["quantity"].sum()),
        )


def _floors(made: Made) -> dict[int, tuple[float, float]]:
    """Return units asked for and reached by the policies that set the floor of a cell, by row."""
    import numpy as np
    import pandas as pd

    from foreship.pipeline.stages import optimize_params
    from foreship_optimize.valuation.inputs import read_inputs

    params, as_of = optimize_params(made.workspace.config), made.workspace.as_of
    inputs = read_inputs(made.tables, made.demand, as_of, params, 0.0)
    levels = inputs.policies
    if levels is None:
        return {}
    network, cells = inputs.network, inputs.cells
    at = np.flatnonzero(levels.floor_row >= 0)
    region, item = network.regions[cells.region[at]], network.items[cells.item[at]]
    index = pd.MultiIndex.from_arrays([region, item])
    there = levels.lying[at].astype(float)
    for column, sign in (("destination", 1), ("origin", -1)):
        units = made.plan.lines.groupby([column, "item"], sort=True)["quantity"].sum()
        there += sign * units.reindex(index).fillna(0).to_numpy(dtype=float)
    floor = np.minimum(levels.floor, levels.ceiling)[at]
    found = pd.DataFrame({"row": levels.floor_row[at], "wanted": floor})
    found["reached"] = np.minimum(there, floor)
    sums = found.groupby("row", sort=True)[["wanted", "reached"]].sum()
    return {
        int(row): (float(wanted), float(reached))
        for row, wanted, reached in sums.itertuples(name=None)
    }


def _adjustments(made: Made) -> Iterator[AskedRow]:
    changed = made.extras.get("adjusted.parquet")
    for place, row in _live(made, "adjustments"):
        touched = 0.0
        if changed is not None:
            here = _in_scope(made, row, changed["region"], changed["item"])
            here &= changed["week"] <= row["expires"]
            if row["week"] == row["week"]:
                here &= changed["week"] == row["week"]
            touched = float((changed["mean"] - changed["mean_before"])[here].abs().sum())
        yield AskedRow(
            table="adjustments",
            place=place,
            kind=str(row["kind"]),
            words=_words_of_adjustment(row),
            wanted=NAN,
            reached=NAN,
            touched=touched,
        )


def _words_of_adjustment(row: Mapping[Any, Any]) -> str:
    """Name an adjustment as its planner would."""
    what = row["item"] or (f"category {row['category']}" if row["category"] else "any item")
    words = f"demand of {what} in {row['region'] or 'any region'}"
    words += f" {row['kind']} {number(row['value'])}"
    if row["week"] == row["week"]:
        words += f" in the week of {row['week'].date()}"
    return with_reason(words, row)


def _overrides(made: Made) -> Iterator[AskedRow]:
    from foreship_optimize.network.locks import lock_words

    lines = made.plan.lines
    for place, row in _live(made, "overrides"):
        kind = str(row["kind"])
        if kind == LEAVE_OUT:
            continue
        value = 0.0 if kind == "forbid" else float(row["value"])
        units = float(lines["quantity"][_locked(row, lines)].sum())
        yield AskedRow(
            table="overrides",
            place=place,
            kind=kind,
            words=f"lock {lock_words(kind, value, row)}",
            wanted=value,
            reached=units,
            touched=max(units, value),
        )


def _locked(row: Mapping[Any, Any], lines: pd.DataFrame) -> npt.NDArray[Any]:
    """Mark the lines that a lock counts."""
    action = row["action"]
    actions = [action] if action else list(action_names(destination="region"))
    here = lines["action"].isin(actions)
    for column, value in (
        ("destination", "" if action else row["region"]),
        ("item", row["item"]),
        ("origin", row["origin"]),
    ):
        if value:
            here &= lines[column] == value
    return here.to_numpy(dtype=bool)


def _in_scope(
    made: Made, row: Mapping[Any, Any], region: pd.Series[Any], item: pd.Series[Any]
) -> npt.NDArray[Any]:
    """Mark the cells that a policy or an adjustment is about."""
    import numpy as np

    here = np.ones(len(region), dtype=bool)
    if row["region"]:
        here &= (region == row["region"]).to_numpy(dtype=bool)
    if row["item"]:
        here &= (item == row["item"]).to_numpy(dtype=bool)
    if row["category"]:
        items = made.tables["items"]
        mine = items["item"][items["category"] == row["category"]]
        here &= item.isin(mine).to_numpy(dtype=bool)
    return here

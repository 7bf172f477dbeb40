"""What earlier runs announced and what `receipts` say came: the table `lateness` of a plan.

Equation 32b of docs/value.md is told from it. A receipt counts with the run that it names.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from foreship.errors import ForeshipError
from foreship.jobs.before_plan.recent_moves import recent_moves
from foreship.jobs.before_plan.sent_before import announced_by
from foreship.jobs.before_plan.standing_overrides import standing_overrides
from foreship.own_files import INBOUND
from foreship.runs import RUNS, load_run
from foreship_foundation.tables.contents import content_hash
from foreship_foundation.telling.words import listed, plural

if TYPE_CHECKING:
    import pandas as pd

    from foreship.workspace.opening import Workspace

__all__ = ["PlanTables", "known_lateness", "lateness_of", "plan_tables"]

OPEN_DAYS: Final = 28
"""days after its promise from which what has not come counts as never coming"""
COLUMNS: Final = ("location", "item", "promised", "came", "quantity", "received")


class PlanTables(NamedTuple):
    """What a plan is made of beside demand: the workspace's tables, and how late supply was."""

    tables: Mapping[str, pd.DataFrame]
    identity: dict[str, str]
    """what a run's id must know of earlier weeks beside the workspace's tables"""
    notes: list[str]


def plan_tables(workspace: Workspace) -> PlanTables:
    """Return the tables of a workspace with what earlier weeks add to them.

    That is `lateness`, where its receipts say something of it, `recent`, where a change of what was
    sent has a cost, and edits of earlier weeks that still hold, at the end of `overrides`.
    """
    import pandas as pd

    late, notes = known_lateness(workspace)
    edits, more = standing_overrides(workspace)
    found = {"lateness": late, "recent": recent_moves(workspace)}
    known = {name: frame for name, frame in found.items() if len(frame)}
    identity = {name: content_hash(frame) for name, frame in known.items()}
    if len(edits):
        own = workspace.tables["overrides"]
        known["overrides"] = pd.concat([own, edits], ignore_index=True) if len(own) else edits
        identity["edits"] = content_hash(edits)
    # asked one by one: a table that lies packed stays so until it is read
    held = cast("dict[str, pd.DataFrame]", workspace.tables)
    return PlanTables(
        ChainMap(known, held) if known else workspace.tables, identity, [*notes, *more]
    )


def known_lateness(workspace: Workspace) -> tuple[pd.DataFrame, list[str]]:
    """Return the table `lateness` of a workspace, without a row where it knows no receipt.

    Returns
    -------
    The table, and what could not be matched, one sentence each.
    """
    receipts = workspace.tables["receipts"]
    receipts = receipts[receipts["date"] < workspace.as_of]
    names = sorted(set(receipts["run"]) - {""})
    runs, notes = _announced_by_each(workspace.runs_at / RUNS, names)
    table, more = lateness_of(receipts, runs, workspace.as_of)
    if not table.empty:
        table = _and_never_came(table, workspace.tables["inbound"], workspace.as_of)
    return table, [*notes, *more]


def _and_never_came(
    known: pd.DataFrame, inbound: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Add what still stands in `inbound` long after its day: of its run nothing may have come.

    What `known` tells of the same place, item and day already is not told again.
    """
    import pandas as pd

    overdue = (as_of - inbound["arrival_date"]).dt.days > OPEN_DAYS
    rows = inbound[overdue].rename(columns={"arrival_date": "promised"})
    keys = ["location", "item", "promised"]
    units = rows.groupby(keys, sort=True)["quantity"].sum()
    told = known[known["came"].isna()].groupby(keys)["quantity"].sum()
    left = units.sub(told.reindex(units.index, fill_value=0)).clip(lower=0)
    lost = left[left > 0].reset_index().assign(came=pd.NaT, received=0)
    if lost.empty:
        return known
    lost = lost[list(COLUMNS)].astype(known.dtypes.to_dict())
    both: pd.DataFrame = pd.concat([known, lost], ignore_index=True)
    return both


def _announced_by_each(folder: Path, names: list[str]) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Read what some runs announced; say which of those that stand there cannot be read."""
    runs, notes = {}, []
    for name in names:
        if Path(name).name != name or not (folder / name / INBOUND).exists():
            continue
        try:
            runs[name] = announced_by(load_run(folder / name, (INBOUND,)))
        except (ForeshipError, OSError) as error:
            notes.append(f"how punctual run {name} was is not known: {error}")
    return runs, notes


def lateness_of(
    receipts: pd.DataFrame, runs: Mapping[str, pd.DataFrame], as_of: pd.Timestamp
) -> tuple[pd.DataFrame, list[str]]:
    """Match what came with what runs had announced, first come to first announced.

    Parameters
    ----------
    receipts
        `date, location, item, quantity, run`, dated before `as_of`; a quantity of 0 says that
        nothing more will come.
    runs
        By name, `location, item, quantity, arrival_date` of its `inbound.csv`.
    as_of
        What was announced for `OPEN_DAYS` before it and has not come is never coming.

    Returns
    -------
    The table `lateness`, an announced row split where it came in parts, and a sentence on receipts
    without a known run.
    """
    import pandas as pd

    keys = ["run", "location", "item"]
    known = receipts["run"].isin(list(runs))
    came = receipts[known].sort_values([*keys, "date"], kind="stable")
    lots = dict(list(came.groupby(keys, sort=True)))
    closed = {key for key, rows in lots.items() if (rows["quantity"] == 0).any()}
    found = []
    for name, announced in sorted(runs.items()):
        lines = announced.sort_values(["location", "item", "arrival_date"], kind="stable")
        for (location, item), rows in lines.groupby(["location", "item"], sort=True):
            key = (name, location, item)
            for promised, date, units in _matched(rows, lots.get(key)):
                overdue = (as_of - promised).days > OPEN_DAYS or key in closed
                if date is not None or overdue:
                    received = 0 if date is None else units
                    found.append((location, item, promised, date, units, received))
    table = pd.DataFrame(found, columns=list(COLUMNS))
    dates = dict.fromkeys(("promised", "came"), "datetime64[ns]")
    table = table.astype(dates | {"quantity": "int64", "received": "int64"})
    return table, _on_unknown(receipts[~known])


def _matched(
    announced: pd.DataFrame, lots: pd.DataFrame | None
) -> list[tuple[pd.Timestamp, pd.Timestamp | None, int]]:
    """Deal what came to what was announced: promised day, day it came (None: not yet), units."""
    from foreship.reviews.arrivals import dealt

    return dealt(_pairs(announced, "arrival_date"), [] if lots is None else _pairs(lots, "date"))


def _pairs(rows: pd.DataFrame, day: str) -> list[tuple[pd.Timestamp, int]]:
    """Return the day and the units of each row."""
    return list(zip(rows[day], rows["quantity"].astype(int).tolist(), strict=True))


def _on_unknown(receipts: pd.DataFrame) -> list[str]:
    """Say how many receipts name no run, or one that is not there."""
    if receipts.empty:
        return []
    nameless = int((receipts["run"] == "").sum())
    unknown = len(receipts) - nameless
    words = [f"{plural(nameless, 'row names', 'rows name')} no run"] if nameless else []
    words += [f"{plural(unknown, 'row names', 'rows name')} a run not in runs/"] if unknown else []
    return [f"receipts: {listed(words)}; how late they were is not known"]

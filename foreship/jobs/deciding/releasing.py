"""Release a plan: write once what the warehouse takes, with who and when."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from foreship import files
from foreship.approval.life import SHIPPED, Stage, life_of
from foreship.approval.papers import (
    RELEASED,
    approval_of,
    paper_in,
    release_of,
    time_now,
)
from foreship.errors import Held, Tampered, UsageError
from foreship.jobs.deciding.signing import refuse_unsigned
from foreship.jobs.finished import view_of
from foreship.jobs.identity import Tell, silent
from foreship.reading.views import FROM_HUBS, RunView
from foreship.reports.workbook.picking_sheets import picks_of
from foreship.runs import Run, workspace_lock, write_folder
from foreship_foundation.telling.words import sentence

__all__ = ["PICKING", "WAREHOUSE", "Release", "release_job"]

WAREHOUSE: Final = (
    "line", "ship_date", "action", "origin", "destination", "item", "quantity", "cases",
    "pack_size", "arrival_date",
)  # fmt: skip
"""columns of `plan.csv` as released: no money, nothing that is not whole"""
PICKING: Final = (
    "origin", "ship_date", "destination", "item", "name", "cases", "pack_size", "singles",
    "quantity", "volume", "kg",
)  # fmt: skip
DECIMALS: Final = {".": ",", ",": ";"}
"""decimal mark -> mark between columns"""
PLACES: Final = 3


@dataclass(frozen=True)
class Release:
    """A released plan."""

    run: Run
    path: Path
    """its folder in `released/`"""
    paper: Mapping[str, Any]
    """what `release.json` says"""
    reused: bool = False
    """whether it stood already"""


def release_job(
    run: Run, *, by: str, bom: bool = False, decimal: str = ".", tell: Tell = silent
) -> Release:
    """Release a run to the warehouse; the same again by the same name changes nothing.

    Parameters
    ----------
    by
        Who releases.
    bom
        Whether files begin with the mark by which some spreadsheets know UTF-8.
    decimal
        `.`, or `,` with `;` between columns.

    Raises
    ------
    Held
        If the plan waits for an approval.
    UsageError
        If nobody signs, another run of the Monday is released or was approved in its place.
    Tampered
        If the run's files do not say the same.
    """
    if decimal not in DECIMALS:
        raise UsageError(f"--decimal {decimal!r}: write '.' or ','")
    with workspace_lock(run.path.parent.parent):
        standing = release_of(run.path)
        if standing is not None and standing["by"] == by.strip():
            return Release(run, run.path.parent.parent / RELEASED / run.path.name, standing, True)
        refuse_unsigned(run, by)
        approved = approval_of(run.path)
        _refuse_unapproved(run, approved)
        tell("write the release")
        return _released(run, by.strip(), approved, bom, decimal)


def _refuse_unapproved(run: Run, approved: Mapping[str, Any] | None) -> None:
    """Refuse a plan that waits for an approval, or in whose place another one was approved."""
    life = life_of(run.path)
    if life.stage is Stage.superseded:
        raise UsageError(_superseded(run, life.of, approved))
    if approved is not None:
        return
    if run.summary.get("status") not in SHIPPED:
        held = " ".join(sentence(each) for each in life.held_by)
        because = f": {held}" if held else ""
        remedy = f"`foreship approve {run.path} --by NAME` approves it"
        raise Held(f"the plan of {run.path.name} is held for approval{because}; {remedy}")


def _superseded(run: Run, other: str, approved: Mapping[str, Any] | None) -> str:
    """Name both runs, who approved which, and what may be released."""
    by = (approval_of(run.path.with_name(other)) or {}).get("by", "")
    words = f"run {other} was approved in the place of {run.path.name}, by {by}"
    if approved is not None:
        words += f", after {approved['by']} had approved that one"
    return f"{words}; `foreship release {run.path.with_name(other)} --by NAME` releases it"


def _released(
    run: Run, by: str, approved: Mapping[str, Any] | None, bom: bool, decimal: str
) -> Release:
    """Write the folder of a release."""
    view = view_of(run)
    plan = _warehouse_lines(view)
    _refuse_unequal(run, plan)
    write = partial(_csv, bom=bom, decimal=decimal)
    texts: dict[str, bytes] = {
        "plan.csv": write(plan),
        "picking.csv": write(_picking(view)),
        "inbound.csv": write(_text_of(run.path / "inbound.csv")),
    }
    paper = {
        "run": run.path.name,
        "as_of": run.as_of,
        "by": by,
        "at": time_now(),
        "approved_by": None if approved is None else approved["by"],
        "held_by": list(life_of(run.path).held_by),
        "units": int(plan["quantity"].sum()),
        "lines": len(plan),
        "files": {name: hashlib.sha256(text).hexdigest() for name, text in sorted(texts.items())},
    }
    workspace = run.path.parent.parent
    folder = workspace / RELEASED / run.path.name
    writers: dict[str, Callable[[Path], object]] = {
        name: partial(_write_bytes, text) for name, text in texts.items()
    }
    writers["release.json"] = lambda path: files.write_json(paper, path)
    facts = {"run_id": run.id, "as_of": run.as_of, "notes": []}
    write_folder(workspace, folder, writers, facts)
    return Release(run, folder, paper_in(folder) or paper)


def _text_of(path: Path) -> pd.DataFrame:
    """Return a CSV file of a run with every value as it stands there."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _write_bytes(text: bytes, path: Path) -> None:
    path.write_bytes(text)


def _warehouse_lines(view: RunView) -> pd.DataFrame:
    """Return the lines as a warehouse takes them: what, how many, from where to where, when."""
    lines = view.lines
    items = view.table("items")
    known = items.set_index("item")["pack_size"] if "pack_size" in items else pd.Series(dtype=float)
    pack = known.reindex(lines["item"]).fillna(1).to_numpy(dtype=np.int64)
    cased = lines["action"].isin(FROM_HUBS).to_numpy() & (pack > 1)
    table = lines.assign(
        line=range(len(lines)),
        pack_size=np.where(cased, pack, 1),
        cases=np.where(cased, lines["quantity"] // pack, 0),
    )
    return table[list(WAREHOUSE)]


def _picking(view: RunView) -> pd.DataFrame:
    """Return what is picked at which hub, measures without tails."""
    picks = picks_of(view)
    return picks[list(PICKING)].round(dict.fromkeys(("volume", "kg"), PLACES))


def _refuse_unequal(run: Run, lines: pd.DataFrame) -> None:
    """Compare the run's `plan.csv`, read anew, with what goes out: units and days, line by line."""
    keys = ["action", "origin", "destination", "item", "quantity", "ship_date", "arrival_date"]
    told = _text_of(run.path / "plan.csv")
    days = ["ship_date", "arrival_date"]
    out = lines[keys].assign(**{day: lines[day].dt.strftime("%Y-%m-%d") for day in days})
    same = len(told) == len(out) and all(
        (told[name].to_numpy() == out[name].astype(str).to_numpy()).all() for name in keys
    )
    if not same:
        raise Tampered(f"{run.path}: plan.csv and plan.parquet differ; make the run again")


def _csv(frame: pd.DataFrame, *, bom: bool, decimal: str) -> bytes:
    """Return a frame as CSV: LF line ends, ISO dates, whole numbers whole."""
    text = frame.to_csv(
        index=False,
        lineterminator="\n",
        date_format="%Y-%m-%d",
        sep=DECIMALS[decimal],
        decimal=decimal,
    )
    return text.encode("utf-8-sig" if bom else "utf-8")

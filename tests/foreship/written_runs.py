"""Runs, approvals and releases as folders without any work behind them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from foreship.approval.papers import APPROVALS, PAPERS
from foreship.runs import write_folder, write_run

SUMMARY = {
    "termination": "optimal", "objective": -1.0, "totals": {}, "shadow_prices": [], "relaxed": [],
    "counts": {},
}  # fmt: skip


def planned(workspace: Path, monday: str, letter: str, status: str = "ship", **more: Any) -> Path:
    """Write a run with the files that readers of its life look at; return its folder."""
    texts = {
        "inbound.csv": "location,item,quantity,arrival_date\n",
        "plan.parquet": "lines",
        "summary.json": json.dumps({**SUMMARY, "status": status, **more}),
    }
    writers = {name: _writer(text) for name, text in texts.items()}
    return write_run(workspace, monday, letter * 10, writers, {"notes": []}).path


def sign(
    run: Path,
    folder: str = APPROVALS,
    by: str = "Ada",
    more: Mapping[str, str] | None = None,
    place: Path | None = None,
) -> Path:
    """Write an approval, or a release, of a run by hand, with more texts; return its folder."""
    said = {"run": run.name, "as_of": run.name[:10], "by": by, "at": "2026-11-16T09:00:00+00:00"}
    facts: Mapping[str, Any] = {"run_id": run.name[11:], "as_of": run.name[:10], "notes": []}
    texts = {PAPERS[folder]: json.dumps(said), **(more or {})}
    writers = {name: _writer(text) for name, text in texts.items()}
    place = place or run.parent.parent / folder / run.name
    write_folder(run.parent.parent, place, writers, facts)
    return place


def _writer(text: str) -> Any:
    return lambda path: path.write_text(text)

"""A run's own metrics, as `summary.json` holds them under `metrics`.

Only `clock` differs between equal runs; `drift` hangs on the runs before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from foreship.approval.life import weeks_plans
from foreship.errors import ForeshipError
from foreship.jobs.after_plan.made import Made
from foreship.jobs.identity import iso
from foreship.metrics.drift import LATEST, drift_from, spreads_from
from foreship.metrics.meter import current
from foreship.own_files import read_summary

__all__ = ["VERSION", "run_metrics"]

VERSION: Final = 1
SKILL: Final = ("weeks", "forecast", "climatology", "skill")


def run_metrics(made: Made) -> dict[str, Any]:
    """Return the figures of a finished plan that is about to be written."""
    summary, meter = made.plan.summary, current()
    figures: dict[str, Any] = {
        "version": VERSION,
        "rows": {name: len(frame) for name, frame in made.workspace.tables.items() if len(frame)},
        "cells": len(made.demand.item),
        "lines": len(made.plan.lines),
        "units": int(made.plan.lines["quantity"].sum()),
        "gap": summary.get("gap"),
        "gates": {str(each["gate"]): 1 for each in summary.get("held_by") or ()},
    }
    if made.skill is not None:
        figures["skill"] = {name: made.skill.get(name) for name in SKILL}
    past = _past(made)
    figures |= {"drift": drift_from(figures, past), "drift_z": spreads_from(figures, past)}
    return figures | ({} if meter is None else {"clock": meter.clock()})


def _past(made: Made) -> list[Mapping[str, Any]]:
    """Return the metrics of the plans of the last weeks, of those that can be read and have any."""
    workspace, found = made.workspace, []
    for folder in weeks_plans(workspace.runs_at, iso(workspace.as_of), LATEST):
        try:
            found.append(read_summary(folder / "summary.json").get("metrics") or {})
        except (ForeshipError, OSError):
            continue
    return found

"""The files of a run folder, each with the function that writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foreship import files
from foreship.jobs.before_plan.demand_source import ADJUSTED, SCENARIOS
from foreship.jobs.before_plan.freshness import stock_content
from foreship.own_files import MODEL

if TYPE_CHECKING:
    import pandas as pd

    from foreship.jobs.after_plan.made import Made
    from foreship.pipeline.stages import ForecastResult
    from foreship.workspace.opening import Workspace

__all__ = ["Writers", "forecast_facts", "forecast_files", "plan_facts", "plan_files"]

Writers = dict[str, Callable[[Path], object]]


def forecast_facts(result: ForecastResult) -> dict[str, Any]:
    """Return what a later plan must know of a forecast beside its files."""
    return {
        "scenarios": result.paths.scenarios,
        "obsolescence": result.obsolescence,
        "contents": dict(result.contents),
    } | ({} if result.skill is None else {"skill": result.skill})


def forecast_files(result: ForecastResult) -> Writers:
    """Return the files of a forecast by name, each with its writer."""
    said = result.paths.distribution
    return {
        "forecast.parquet": lambda path: files.write_parquet_parts(said.frames(), path),
        "law.parquet": lambda path: files.write_parquet_parts(said.law_frames(), path),
        SCENARIOS: lambda path: files.write_parquet_parts(result.paths.frames(), path),
        MODEL: result.model.save,
    } | _where_known({ADJUSTED: result.adjusted})


def plan_facts(workspace: Workspace) -> dict[str, Any]:
    """Return what a later plan must know of a plan beside its files."""
    doubted = {each.check for each in workspace.warnings if each.check}
    return {"stock_content": stock_content(workspace), "warnings": sorted(doubted)}


def plan_files(made: Made, metrics: Mapping[str, Any]) -> Writers:
    """Return the files of a plan by name, each with its writer; `metrics` join the summary's file.

    They are no part of the answer: neither page nor workbook, which are the same for equal runs,
    show them.
    """
    from foreship.reports import plan_page, workbook

    plan, view = made.plan, made.view()
    files_of_plan: Writers = {
        "plan.parquet": lambda path: files.write_parquet(plan.lines, path),
        "plan.csv": lambda path: files.write_csv(plan.lines, path),
        "plan.xlsx": lambda path: workbook.write(path, view),
        "units.parquet": lambda path: files.write_parquet(plan.units, path),
        "reasons.parquet": lambda path: files.write_parquet(plan.reasons, path),
        "inbound.csv": lambda path: files.write_csv(plan.inbound, path),
        "summary.json": lambda path: files.write_json({**plan.summary, "metrics": metrics}, path),
        "report.html": lambda path: path.write_text(plan_page.render(view), "utf-8"),
    }
    return files_of_plan | _where_known(
        {
            "orders.parquet": plan.orders,
            "departures.parquet": plan.departures,
            "needs.parquet": plan.needs,
            "ahead.parquet": plan.sends_ahead,
            **made.extras,
        }
    )


def _where_known(frames: Mapping[str, pd.DataFrame | None]) -> Writers:
    """Return the files that only some plans have, each with its writer."""
    known = {name: frame for name, frame in frames.items() if frame is not None}
    return {name: partial(files.write_parquet, frame) for name, frame in known.items()}

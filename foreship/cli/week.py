"""Commands of the week: forecast, plan, and both with the report.

Annotations are real objects here (no postponed evaluation), since Typer reads them.
Nothing heavy is imported before a command runs: `--help` stays instant.
"""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from foreship.cli.options import AsOf, Folder, ForecastRun, open_for, show_run
from foreship.cli.voice import Voice

__all__ = ["forecast", "plan", "run"]


def forecast(
    voice: Voice,
    folder: Folder,
    as_of: AsOf = None,
    model: Annotated[
        Path | None, typer.Option(metavar="RUN", help="Predict with this run's model.")
    ] = None,
    retrain: Annotated[
        bool, typer.Option(help="Learn anew; keep RUN's model unless the new one wins.")
    ] = False,
) -> None:
    """Predict purchase probabilities and the scenarios the plan needs."""
    from foreship.jobs.freshness import refuse_old_orders
    from foreship.jobs.weekly import forecast_job
    from foreship.runs import load_run

    workspace = open_for(voice, folder, as_of)
    refuse_old_orders(workspace, _today(as_of))
    earlier = load_run(model, ["model"]) if model else None
    run = forecast_job(workspace, model=earlier, retrain=retrain, tell=voice.progress)
    show_run(voice, run)


def plan(
    voice: Voice,
    folder: Folder,
    as_of: AsOf = None,
    forecast: ForecastRun = None,
    demand: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your own: region, item, week, scenario, units."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Never relax a limit; exit 4.")] = False,
) -> None:
    """Pre-position stock: solve the program and write the plan."""
    from foreship.jobs.freshness import refuse_old_orders
    from foreship.jobs.weekly import plan_job
    from foreship.runs import load_run

    workspace = open_for(voice, folder, as_of, history=demand is None)
    refuse_old_orders(workspace, _today(as_of))
    named = load_run(forecast) if forecast else None
    run = plan_job(workspace, demand=demand, forecast=named, strict=strict, tell=voice.progress)
    show_run(voice, run)


def run(voice: Voice, folder: Folder, as_of: AsOf = None) -> None:
    """Forecast, plan and report: the weekly job."""
    from foreship.jobs.freshness import refuse_old_orders
    from foreship.jobs.weekly import run_job

    workspace = open_for(voice, folder, as_of)
    refuse_old_orders(workspace, _today(as_of))
    show_run(voice, run_job(workspace, tell=voice.progress))


def _today(as_of: str | None) -> date | None:
    """Return the day of this run where nobody named the Monday of the plan."""
    return datetime.now(UTC).date() if as_of is None else None

"""Commands of the week: forecast, plan, and both with the report.

Annotations are real objects here (no postponed evaluation), since Typer reads them.
Nothing heavy is imported before a command runs: `--help` stays instant.
"""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from foreship.cli.options import (
    AsOf,
    Cluster,
    Folder,
    ForecastRun,
    Out,
    Wait,
    named_folder,
    named_forecast,
    named_run,
    open_for,
    refuse_no_cluster,
    runs_folder,
    show_run,
)
from foreship.cli.terminal.voice import Voice

__all__ = ["forecast", "plan", "run"]


def forecast(
    voice: Voice,
    folder: Folder,
    as_of: AsOf = None,
    model: Annotated[
        str | None, typer.Option(metavar="RUN", help="Predict with this run's model.")
    ] = None,
    retrain: Annotated[
        bool, typer.Option(help="Learn anew; keep RUN's model unless the new one wins.")
    ] = False,
    cluster: Cluster = None,
    out: Out = None,
    wait: Wait = 0,
) -> None:
    """Predict purchase probabilities and the scenarios the plan needs."""
    from foreship.jobs.before_plan.freshness import refuse_old_orders
    from foreship.jobs.weekly import forecast_job
    from foreship.runs import load_run, waiting

    refuse_no_cluster(cluster)
    workspace = open_for(voice, folder, as_of, out=out)
    refuse_old_orders(workspace, _today(as_of))
    place = workspace.runs_at  # a store was listed for it
    earlier = load_run(named_folder(model, place, "model"), ["model"]) if model else None
    tell = voice.progress
    with waiting(wait, voice.note):
        run = forecast_job(workspace, model=earlier, retrain=retrain, cluster=cluster, tell=tell)
    show_run(voice, run)


def plan(
    voice: Voice,
    folder: Folder,
    as_of: AsOf = None,
    forecast: ForecastRun = None,
    demand: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Your own: region, item, week, scenario, units; or quantiles."
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Never relax a limit; exit 4.")] = False,
    cluster: Cluster = None,
    tried: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Try a setting; the plan lies apart."),
    ] = None,
    table: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=FILE", help="Try another table; the plan lies apart."),
    ] = None,
    change: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WORDS",
            help="Try numbers, as 'lanes.capacity*0.8 where origin=H', a promotion, an event.",
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="RUN", help="What is tried is set against; default: the last plan."),
    ] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="List what was tried for the Monday.")
    ] = False,
    out: Out = None,
    wait: Wait = 0,
) -> None:
    """Pre-position stock: solve the program and write the plan, or try another one."""
    from foreship.runs import waiting

    refuse_no_cluster(cluster, for_the_week=not (compare or tried or table or change or against))
    if compare:
        _compare(voice, runs_folder(out or folder), as_of)
        return
    if tried or table or change or against:
        wanted = tried or [], table or [], change or []
        with waiting(wait, voice.note):
            _try(voice, folder, as_of, *wanted, against, demand=demand, strict=strict, out=out)
        return
    from foreship.jobs.before_plan.freshness import refuse_old_orders
    from foreship.jobs.weekly import plan_job

    workspace = open_for(voice, folder, as_of, history=demand is None, out=out)
    refuse_old_orders(workspace, _today(as_of))
    named = named_forecast(forecast, workspace.runs_at)
    with waiting(wait, voice.note):
        run = plan_job(
            workspace,
            demand=demand,
            forecast=named,
            strict=strict,
            cluster=cluster,
            tell=voice.progress,
        )
    show_run(voice, run)


def _try(
    voice: Voice,
    folder: Path,
    as_of: str | None,
    tried: list[str],
    table: list[str],
    change: list[str],
    against: str | None,
    *,
    demand: Path | None,
    strict: bool,
    out: str | None,
) -> None:
    """Plan with what is tried, say why the money differs, and what changes."""
    from foreship.config import CONFIG_NAME, load_config
    from foreship.jobs.before_plan.freshness import refuse_old_orders
    from foreship.jobs.trying.changed_settings import Tried, changed_config, pairs_of
    from foreship.jobs.trying.trial import trial_of
    from foreship.jobs.trying.what_if import what_if_job

    tables = {name: Path(path) for name, path in pairs_of("--table", table).items()}
    asked = Tried(pairs_of("--set", tried), tables, tuple(change))
    other = named_run(voice, against, out or folder) if against else None
    config = changed_config(load_config(folder / CONFIG_NAME), folder, asked)
    day = as_of or (other.as_of if other is not None else None)
    workspace = open_for(voice, folder, day, history=demand is None, config=config, out=out)
    refuse_old_orders(workspace, _today(day))
    trial = trial_of(workspace, asked)
    found = what_if_job(trial, other, demand=demand, strict=strict, tell=voice.progress)
    voice.notes(found.run.notes)
    voice.headline(found.causes)
    voice.data(f"{found.run.path}\n\n{found.diff.text}", found.to_dict())


def _compare(voice: Voice, folder: Path, as_of: str | None) -> None:
    """Print what was tried for a Monday, a row a plan."""
    from foreship.jobs.trying.what_if import what_ifs
    from foreship.reading.words.tried import tried_words

    found = what_ifs(folder, as_of)
    voice.data(tried_words(found), {"plans": found.to_dict("records")})


def run(
    voice: Voice,
    folder: Folder,
    as_of: AsOf = None,
    cluster: Cluster = None,
    out: Out = None,
    wait: Wait = 0,
) -> None:
    """Forecast, plan and report: the weekly job."""
    from foreship.jobs.before_plan.freshness import refuse_old_orders
    from foreship.jobs.weekly import run_job
    from foreship.runs import waiting

    refuse_no_cluster(cluster)
    workspace = open_for(voice, folder, as_of, out=out)
    refuse_old_orders(workspace, _today(as_of))
    with waiting(wait, voice.note):
        made = run_job(workspace, cluster=cluster, tell=voice.progress)
    show_run(voice, made)


def _today(as_of: str | None) -> date | None:
    """Return the day of this run where nobody named the Monday of the plan."""
    return datetime.now(UTC).date() if as_of is None else None

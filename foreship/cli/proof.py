"""Commands that judge: past weeks in money, the price of safety, forecast skill.

Annotations are real objects here (no postponed evaluation), since Typer reads them.
Nothing heavy is imported before a command runs: `--help` stays instant.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from foreship.cli.options import AsOf, Folder, ForecastRun, Out, Weeks, named_forecast, open_for
from foreship.cli.terminal.voice import Voice
from foreship.errors import UsageError
from foreship_foundation.bounds import MOST_THREADS

__all__ = ["backtest", "evaluate", "frontier"]


class Way(StrEnum):
    """Where the work of several workers is done."""

    serial = "serial"
    processes = "processes"
    dask = "dask"


def backtest(
    voice: Voice,
    folder: Folder,
    weeks: Weeks = 8,
    policies: Annotated[
        str | None, typer.Option(metavar="A,B,..", help="Which policies; default: all.")
    ] = None,
    cost_factors: Annotated[
        str | None,
        typer.Option(metavar="A,B,..", help="Replay with lane and exit costs times these, too."),
    ] = None,
    regret: Annotated[
        bool, typer.Option("--regret", help="Also say where money was lost; more replays.")
    ] = False,
    workers: Annotated[
        int,
        typer.Option(
            min=1, max=MOST_THREADS, help="Processes to share the work; never changes the answer."
        ),
    ] = 1,
    how: Annotated[Way | None, typer.Option(help="Default: processes, if more than one.")] = None,
) -> None:
    """Replay past weeks with what truly was ordered, in money by policy."""
    from foreship.replay.backtest import backtest as replay

    workspace = open_for(voice, folder, None)
    chosen = [name.strip() for name in policies.split(",")] if policies else None
    result = replay(
        workspace,
        weeks=weeks,
        policies=chosen,
        cost_factors=_factors(cost_factors),
        regret=regret,
        workers=workers,
        how=how,
        tell=voice.progress,
    )
    voice.notes(result.notes)
    voice.data(str(result), result.to_dict())


def frontier(
    voice: Voice,
    folder: Folder,
    as_of: AsOf = None,
    forecast: ForecastRun = None,
    out: Out = None,
) -> None:
    """Show profit against CVaR: the price of safety."""
    from foreship.jobs.judging.frontier import frontier as trace_frontier

    workspace = open_for(voice, folder, as_of, out=out)
    named = named_forecast(forecast, workspace.runs_at)
    result = trace_frontier(workspace, forecast=named, tell=voice.progress)
    voice.notes(result.notes)
    voice.data(str(result), result.to_dict())


def evaluate(
    voice: Voice,
    folder: Folder,
    weeks: Weeks = 8,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The page; default: DIR/evaluation.html.")
    ] = None,
) -> None:
    """Measure forecast skill over past weeks against the stated floors; write it as a page."""
    from foreship.jobs.judging.evaluating import evaluate_job

    workspace = open_for(voice, folder, None)
    page = html or workspace.path / "evaluation.html"
    result = evaluate_job(workspace, weeks=weeks, page=page, tell=voice.progress)
    voice.note(f"{page} holds the page.")
    voice.data(str(result), {**result.to_dict(), "page": str(page)})


def _factors(words: str | None) -> tuple[float, ...]:
    """Read numbers separated by commas; which of them will do, the replay says."""
    try:
        return tuple(float(each) for each in words.split(",")) if words else ()
    except ValueError:
        raise UsageError(f"--cost-factors {words}: give numbers, such as 0.5,1,2") from None

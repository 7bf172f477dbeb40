"""Arguments and options that several commands take, and how they open and show a run."""

from pathlib import Path
from typing import Annotated, Any

import typer

from foreship.cli.terminal.voice import Voice

MOST_WEEKS = 5200
"""weeks of a hundred years"""

__all__ = [
    "AsOf",
    "Folder",
    "ForecastRun",
    "RunFolder",
    "RunsIn",
    "Weeks",
    "named_run",
    "open_for",
    "show_run",
]

Folder = Annotated[Path, typer.Argument(help="The workspace: a folder with foreship.toml.")]
RunFolder = Annotated[
    str,
    typer.Argument(metavar="RUN", help="A run: its folder or name, `latest` or `released`."),
]
RunsIn = Annotated[
    Path | None,
    typer.Option(
        "--dir", metavar="DIR", help="The workspace of a run given by name; default: this folder."
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="A Monday; default: the one after the last order."
    ),
]
ForecastRun = Annotated[
    Path | None,
    typer.Option(
        "--forecast", metavar="RUN", help="Plan on this forecast; default: one of these inputs."
    ),
]
Weeks = Annotated[int, typer.Option("--weeks", min=1, max=MOST_WEEKS, help="How many past weeks.")]


def named_run(voice: Voice, run: str, folder: Path | None) -> Any:
    """Open the run that is meant, as its readers do; say what in it has changed."""
    from foreship.approval.named_runs import find_run
    from foreship.jobs.finished import finished_run

    found = finished_run(find_run(run, folder))
    voice.notes(found.doubts)
    return found


def open_for(
    voice: Voice, folder: Path, as_of: str | None, *, history: bool = True, config: Any = None
) -> Any:
    """Open the workspace; where no date was given, say which Monday was taken."""
    from foreship.workspace.opening import open_workspace

    voice.progress(f"read and check {folder}")
    workspace = open_workspace(folder, as_of, history=history, config=config)
    if as_of is None:
        stray = (workspace.tables["orders"]["date"] >= workspace.as_of).any()
        aside = " that does not stand alone" if stray else ""
        voice.note(f"As of {workspace.as_of.date()}, the Monday after the last order{aside}")
    return workspace


def show_run(voice: Voice, run: Any) -> None:
    """Say the headline and the notes, print the run's folder, hold it if the config asks."""
    from foreship.jobs.finished import view_of

    voice.notes(run.notes)
    if run.summary:
        from foreship.reports.plan_page import headline

        voice.headline(headline(view_of(run), voice.columns()))
    if run.reused:
        voice.note("nothing has changed since this run was made: it is given again, not made anew")
    value = {"run": str(run.path), "run_id": run.id, "as_of": run.as_of, "reused": run.reused}
    voice.data(str(run.path), {**value, "summary": run.summary, "notes": run.notes})
    if run.summary.get("termination") == "interrupted":
        voice.error("Interrupted; the plan is the best so far, and no retry will take it for done.")
        raise typer.Exit(130)
    if run.summary.get("status") == "hold":
        from foreship.jobs.before_plan.freshness import HELD

        held = [note.removeprefix(HELD) for note in run.notes if note.startswith(HELD)]
        because = f": {' '.join(held)}" if held else ""
        voice.error(f"The plan is held for approval ([plan] hold){because or '.'}")
        raise typer.Exit(6)

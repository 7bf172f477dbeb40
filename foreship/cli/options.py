"""Arguments and options that several commands take, and how they open and show a run."""

from pathlib import Path
from typing import Annotated, Any

import typer

from foreship.cli.terminal.voice import Voice

MOST_WEEKS = 5200
"""weeks of a hundred years"""
MOST_SECONDS = 604_800
"""of a week"""
OUT_VARIABLE = "FORESHIP_OUT"
"""variable of the environment that says where runs lie, where no option does"""

__all__ = [
    "AsOf",
    "Cluster",
    "Folder",
    "ForecastRun",
    "Out",
    "RunFolder",
    "RunsIn",
    "Wait",
    "Weeks",
    "named_folder",
    "named_forecast",
    "named_run",
    "open_for",
    "refuse_no_cluster",
    "runs_folder",
    "show_run",
]

Folder = Annotated[Path, typer.Argument(help="The workspace: a folder with foreship.toml.")]
RunFolder = Annotated[
    str,
    typer.Argument(metavar="RUN", help="A run: its folder or name, `latest` or `released`."),
]
RunsIn = Annotated[
    str | None,
    typer.Option(
        "--dir",
        "--out",
        metavar="DIR",
        envvar=OUT_VARIABLE,
        help="Where a run given by name lies: the workspace, or its --out; default: this folder.",
    ),
]
Out = Annotated[
    str | None,
    typer.Option(
        metavar="FOLDER",
        envvar=OUT_VARIABLE,
        help="Where runs lie, if not in the workspace; tables are then only read.",
    ),
]
Wait = Annotated[
    float,
    typer.Option(min=0, max=MOST_SECONDS, help="Seconds to wait while another run is at work."),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="A Monday; default: the one after the last order."
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Work on Dask: tcp://host:8786 of a scheduler, or local:4, workers of this machine.",
    ),
]
ForecastRun = Annotated[
    str | None,
    typer.Option(
        "--forecast", metavar="RUN", help="Plan on this forecast; default: one of these inputs."
    ),
]
Weeks = Annotated[int, typer.Option("--weeks", min=1, max=MOST_WEEKS, help="How many past weeks.")]


def named_run(voice: Voice, run: str, folder: str | Path | None) -> Any:
    """Open the run that is meant, as its readers do; say what in it has changed."""
    from foreship.jobs.finished import finished_run

    found = finished_run(named_folder(run, folder))
    voice.notes(found.doubts)
    return found


def named_folder(run: str, folder: str | Path | None, holding: str = "plan.parquet") -> Path:
    """Return the folder of the run that is meant; the latest is one that holds what is asked."""
    from foreship.approval.named_runs import find_run
    from foreship.places.place import is_in_store, run_folder

    if is_in_store(run):
        return run_folder(run)
    return find_run(run, None if folder is None else runs_folder(folder), holding)


def named_forecast(run: str | None, folder: Path) -> Any:
    """Open the run whose forecast is planned on; None where none is named."""
    from foreship.runs import load_run

    return load_run(named_folder(run, folder, "forecast.parquet")) if run else None


def runs_folder(folder: str | Path) -> Path:
    """Return the folder in which runs are looked for; of a store, its mirror on this machine."""
    from foreship.places.place import folder_of, is_in_store

    return folder_of(folder) if is_in_store(folder) else Path(folder)


def refuse_no_cluster(address: str | None, *, for_the_week: bool = True) -> None:
    """Raise UsageError for what is no address, before tables are read, which may take long."""
    from foreship.cluster import refuse_no_address
    from foreship.errors import UsageError

    refuse_no_address(address)
    if address is not None and not for_the_week:
        raise UsageError("--cluster shares the work on a week's plan; what is tried is made here")


def open_for(
    voice: Voice,
    folder: Path,
    as_of: str | None,
    *,
    history: bool = True,
    config: Any = None,
    out: str | None = None,
) -> Any:
    """Open the workspace; where no date was given, say which Monday was taken."""
    from foreship.metrics.meter import stage
    from foreship.workspace.opening import open_workspace

    voice.progress(f"read and check {folder}")
    with stage("read and check") as work:
        workspace = open_workspace(folder, as_of, history=history, config=config, out=out)
        work.rows = sum(map(len, workspace.tables.values()))
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

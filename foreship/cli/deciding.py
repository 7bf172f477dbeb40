"""Commands that decide on a plan: approve it, with edits or as it is, and release it.

Annotations are real objects here (no postponed evaluation), since Typer reads them.
Nothing heavy is imported before a command runs: `--help` stays instant.
"""

from pathlib import Path
from typing import Annotated

import typer

from foreship.cli.options import RunFolder, RunsIn, Wait, named_run
from foreship.cli.terminal.voice import Voice

__all__ = ["approve", "release"]

By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides.")]


def approve(
    voice: Voice,
    run: RunFolder,
    by: By = "",
    edits: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The run's plan.xlsx as edited, or a CSV of edits."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Last day edits hold; default: Sunday of the week."),
    ] = None,
    demand: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your own scenarios, if the run was planned on them."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what the edits cost; approve nothing.")
    ] = False,
    folder: RunsIn = None,
    wait: Wait = 0,
) -> None:
    """Approve a plan; with edits each is checked and priced, and it is planned again."""
    from foreship.errors import UsageError
    from foreship.jobs.deciding.approving import approve_job
    from foreship.jobs.deciding.pricing import price_job
    from foreship.runs import waiting

    found_run = named_run(voice, run, folder)
    if dry_run:
        if edits is None:
            raise UsageError("--dry-run says what edits cost; give them by --edits FILE")
        priced = price_job(found_run, edits=edits, until=until, demand=demand, tell=voice.progress)
        voice.notes(priced.notes)
        voice.headline(priced.words())
        voice.data(str(found_run.path), priced.to_dict())
        return
    with waiting(wait, voice.note):
        found = approve_job(
            found_run, by=by, edits=edits, until=until, demand=demand, tell=voice.progress
        )
    voice.notes(found.notes)
    voice.headline(found.words())
    voice.data(str(found.run.path), found.to_dict())


def release(
    voice: Voice,
    run: RunFolder,
    by: By = "",
    bom: Annotated[bool, typer.Option("--bom", help="Begin files with a byte order mark.")] = False,
    decimal: Annotated[
        str, typer.Option(metavar="MARK", help="`.`, or `,` with ; between columns.")
    ] = ".",
    folder: RunsIn = None,
    wait: Wait = 0,
) -> None:
    """Release a plan: write once what the warehouse takes, with who and when."""
    from foreship.jobs.deciding.releasing import release_job
    from foreship.runs import waiting

    found_run = named_run(voice, run, folder)
    with waiting(wait, voice.note):
        found = release_job(found_run, by=by, bom=bom, decimal=decimal, tell=voice.progress)
    if found.reused:
        voice.note("this plan was released before; it stands as it was")
    voice.data(str(found.path), {"release": str(found.path), **found.paper})

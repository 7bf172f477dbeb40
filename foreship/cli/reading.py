"""Commands that read finished runs: why, where the page is, what changed.

Annotations are real objects here (no postponed evaluation), since Typer reads them.
Nothing heavy is imported before a command runs: `--help` stays instant.
"""

from typing import Annotated

import typer

from foreship.cli.options import RunFolder, RunsIn, named_run
from foreship.cli.terminal.voice import Voice

__all__ = ["diff", "explain", "report"]

NEWEST = "latest"
"""the run that is meant where none is named"""


def explain(
    voice: Voice,
    run: RunFolder = NEWEST,
    item: Annotated[str | None, typer.Option(help="The item's id; alone: in all regions.")] = None,
    region: Annotated[
        str | None, typer.Option(help="The region's id; alone: with all its items.")
    ] = None,
    folder: RunsIn = None,
) -> None:
    """Say why an item goes to a region in this quantity, unit by unit, or all of either."""
    from foreship.jobs.finished import view_of
    from foreship.reading.explaining.explaining import explained

    result = explained(view_of(named_run(voice, run, folder)), item, region)
    voice.data(result.text, result.to_dict())


def report(voice: Voice, run: RunFolder = NEWEST, folder: RunsIn = None) -> None:
    """Print where a run's page is, with its stage and its headline."""
    from foreship.approval.life import life_of
    from foreship.approval.life_words import life_words
    from foreship.jobs.finished import view_of
    from foreship.reports.plan_page import headline

    found = named_run(voice, run, folder)
    view, life = view_of(found), life_of(found.path)
    stage, page = life_words(life), found.path / "report.html"
    voice.headline([*stage, *headline(view, voice.columns())])
    lines = [*stage, *headline(view)]
    voice.data(str(page), {"report": str(page), "stage": life.stage.name, "headline": lines})


def diff(
    voice: Voice,
    before: Annotated[str, typer.Argument(metavar="RUN", help="The earlier run.")],
    after: Annotated[str, typer.Argument(metavar="RUN", help="The later run.")],
    folder: RunsIn = None,
) -> None:
    """Compare two plans line by line, with their money."""
    from foreship.jobs.finished import view_of
    from foreship.reading.comparing.compare import diff as compare

    runs = [named_run(voice, each, folder) for each in (before, after)]
    result = compare(*map(view_of, runs))
    voice.data(str(result), result.to_dict())

"""Commands that read finished runs: why, where the page is, what changed.

Annotations are real objects here (no postponed evaluation), since Typer reads them.
Nothing heavy is imported before a command runs: `--help` stays instant.
"""

from pathlib import Path
from typing import Annotated

import typer

from foreship.cli.options import RunFolder
from foreship.cli.voice import Voice

__all__ = ["diff", "explain", "report"]


def explain(
    voice: Voice,
    run: RunFolder,
    item: Annotated[str | None, typer.Option(help="The item's id; alone: in all regions.")] = None,
    region: Annotated[
        str | None, typer.Option(help="The region's id; alone: with all its items.")
    ] = None,
) -> None:
    """Say why this item goes to this region in this quantity, unit by unit."""
    from foreship.jobs.finished import finished_run, view_of
    from foreship.reading.explaining import explained

    found = finished_run(run)
    voice.notes(found.doubts)
    result = explained(view_of(found), item, region)
    voice.data(result.text, result.to_dict())


def report(voice: Voice, run: RunFolder) -> None:
    """Print where a run's page is, with its headline."""
    from foreship.jobs.finished import finished_run, view_of
    from foreship.reports.plan_page import headline

    found = finished_run(run)
    voice.notes(found.doubts)
    lines = headline(view_of(found))
    voice.headline(lines)
    page = found.path / "report.html"
    voice.data(str(page), {"report": str(page), "headline": lines})


def diff(
    voice: Voice,
    before: Annotated[Path, typer.Argument(metavar="RUN", help="The earlier run.")],
    after: Annotated[Path, typer.Argument(metavar="RUN", help="The later run.")],
) -> None:
    """Compare two plans line by line, with their money."""
    from foreship.jobs.finished import finished_run, view_of
    from foreship.reading.compare import diff as compare

    runs = [finished_run(each) for each in (before, after)]
    for each in runs:
        voice.notes(each.doubts)
    result = compare(*map(view_of, runs))
    voice.data(str(result), result.to_dict())

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
    item: Annotated[str, typer.Option(help="The item's id.")],
    region: Annotated[str, typer.Option(help="The region's id.")],
) -> None:
    """Say why this item goes to this region in this quantity, unit by unit."""
    from foreship.jobs.finished import view_of
    from foreship.reading.explanation import explain as explain_cell
    from foreship.runs import load_run

    result = explain_cell(view_of(load_run(run)), item, region)
    voice.data(result.text, result.to_dict())


def report(voice: Voice, run: RunFolder) -> None:
    """Print where a run's page is, with its headline."""
    from foreship.jobs.finished import view_of
    from foreship.reports.plan_page import headline
    from foreship.runs import load_run

    found = load_run(run)
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
    from foreship.jobs.finished import view_of
    from foreship.reading.compare import diff as compare
    from foreship.runs import load_run

    result = compare(view_of(load_run(before)), view_of(load_run(after)))
    voice.data(str(result), result.to_dict())

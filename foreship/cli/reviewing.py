"""The command that looks back: what became of the last plan.

Annotations are real objects here (no postponed evaluation), since Typer reads them.
Nothing heavy is imported before the command runs: `--help` stays instant.
"""

from pathlib import Path
from typing import Annotated

import typer

from foreship.cli.options import AsOf, Folder, Out, open_for
from foreship.cli.terminal.voice import Voice

__all__ = ["review"]


def review(
    voice: Voice,
    folder: Folder,
    run: Annotated[
        str | None,
        typer.Argument(metavar="RUN", help="A run; default: the plan that was released last."),
    ] = None,
    as_of: AsOf = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write it as a page.")
    ] = None,
    out: Out = None,
) -> None:
    """Say what became of the last plan: sent, sold and left, money promised and money that came."""
    from foreship.jobs.judging.reviewing import review_job

    found = review_job(open_for(voice, folder, as_of, out=out), run, page=html, tell=voice.progress)
    if html is not None:
        voice.note(f"{html} holds the page.")
    voice.data(found.text, found.to_dict())

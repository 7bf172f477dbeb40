"""Commands before there is a plan: a sample to start from, and a check of one's tables.

Annotations are real objects here (no postponed evaluation), since Typer reads them.
Nothing heavy is imported before a command runs: `--help` stays instant.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from foreship.cli.options import Folder
from foreship.cli.terminal.voice import Voice
from foreship.errors import InputError, UsageError
from foreship_foundation.bounds import LARGEST_SEED

__all__ = ["check", "sample"]


class Source(StrEnum):
    """Where sample data come from."""

    synthetic = "synthetic"
    complete_journey = "complete-journey"


class Size(StrEnum):
    """How large a synthetic sample is."""

    tiny = "tiny"
    small = "small"
    medium = "medium"
    large = "large"
    hundred_thousand = "hundred-thousand"
    million = "million"


class Format(StrEnum):
    """What the tables of a sample are written as."""

    parquet = "parquet"
    csv = "csv"
    xlsx = "xlsx"


def sample(
    voice: Voice,
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    source: Annotated[Source, typer.Option(help="Simulated, or published.")] = Source.synthetic,
    size: Annotated[Size, typer.Option(help="Of the synthetic one.")] = Size.small,
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="Same seed, same bytes.")] = 1,
    form: Annotated[
        Format, typer.Option("--format", help="What the tables are written as.")
    ] = Format.parquet,
) -> None:
    """Write a ready workspace of sample data."""
    from foreship.samples import make_sample

    report = make_sample(folder, source=source.value, size=size.value, seed=seed, kind=form.value)
    voice.notes(report.notes)
    voice.data(str(folder), report.to_dict())


def check(voice: Voice, folder: Folder) -> None:
    """Report every fault of every table and of the config; change nothing."""
    from foreship.workspace.checking import check as check_workspace

    report = check_workspace(folder)
    voice.data(str(report), report.to_dict())
    try:
        report.raise_if_faulty()
    except (UsageError, InputError) as error:
        voice.because(str(error), [each.to_dict() for each in report.faults])
    raise typer.Exit(report.exit_code)

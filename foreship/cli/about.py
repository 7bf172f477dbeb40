"""Commands about foreship itself: its contract, and whether it is well installed.

Annotations are real objects here (no postponed evaluation), since Typer reads them.
Nothing heavy is imported before a command runs: `--help` stays instant.
"""

from pathlib import Path
from typing import Annotated

import typer

from foreship.cli.terminal.voice import Voice

__all__ = ["doctor", "schema"]


def schema(voice: Voice) -> None:
    """Print the contract: tables, columns, settings, files, exit codes."""
    from foreship.workspace.schema import schema_dict, schema_text

    voice.data(schema_text(), schema_dict())


def doctor(
    voice: Voice,
    folder: Annotated[Path | None, typer.Argument(help="A workspace to look over.")] = None,
) -> None:
    """Look over the installation and, if given, a workspace."""
    from foreship.jobs.doctor import examine

    result = examine(folder)
    voice.data(str(result), result.to_dict())
    raise typer.Exit(result.exit_code)

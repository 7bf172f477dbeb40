"""The first command of a planner: from raw exports to a workspace.

Annotations are real objects here (no postponed evaluation), since Typer reads them.
Nothing heavy is imported before a command runs: `--help` stays instant.
"""

from pathlib import Path
from typing import Annotated

import typer

from foreship.cli.terminal.voice import Voice

__all__ = ["init"]


def init(
    voice: Voice,
    folder: Annotated[Path, typer.Argument(help="The workspace to make.")],
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="Exports, folders of them, or TABLE=FILE."),
    ],
    returns: Annotated[
        bool, typer.Option("--returns", help="Orders of a negative quantity are returns.")
    ] = False,
    unit_cost_share: Annotated[
        float | None,
        typer.Option(help="Cost of a unit over its price, where nobody says it; default 0.6."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace foreship.toml; the old one is kept.")
    ] = False,
) -> None:
    """Propose columns, formats and missing tables from raw files, and write foreship.toml."""
    from foreship.jobs.proposing.starting import COST_SHARE, init_workspace

    share = COST_SHARE if unit_cost_share is None else unit_cost_share
    proposal = init_workspace(folder, files, returns=returns, cost_share=share, force=force)
    voice.data(str(proposal), proposal.to_dict())

"""Commands on the runs there are: list them, and remove old ones.

Annotations are real objects here (no postponed evaluation), since Typer reads them.
Nothing heavy is imported before a command runs: `--help` stays instant.
"""

from pathlib import Path
from typing import Annotated

import typer

from foreship.cli.options import MOST_WEEKS, OUT_VARIABLE, Out, Wait, runs_folder
from foreship.cli.terminal.voice import Voice
from foreship.errors import UsageError

__all__ = ["clean", "runs"]

Kept = Annotated[
    str, typer.Argument(metavar="DIR", help="The workspace, or the folder its runs lie in.")
]


def runs(voice: Voice, folder: Kept, out: Out = None) -> None:
    """List the runs with their state, newest first."""
    from foreship.jobs.keeping.listing import list_runs, runs_in_words

    place = runs_folder(_meant(folder, out))
    rows = list_runs(place)
    value = {"folder": str(place), "runs": [each.to_dict() for each in rows]}
    voice.data(runs_in_words(rows), value)


def clean(
    voice: Voice,
    folder: Kept,
    keep: Annotated[
        int, typer.Option(min=1, max=MOST_WEEKS, help="Newest weeks of which every run stays.")
    ] = 8,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be removed; remove nothing.")
    ] = False,
    out: Out = None,
    wait: Wait = 0,
) -> None:
    """Remove old runs that are neither released or approved nor needed by a later one."""
    from foreship.jobs.keeping.cleaning import clean_job
    from foreship.places.place import is_in_store
    from foreship.runs import waiting

    place = _meant(folder, out)
    if is_in_store(place):
        raise UsageError("runs in a store are removed by the store's own rules of lifecycle")
    with waiting(wait, voice.note):
        found = clean_job(Path(place), keep, dry_run=dry_run)
    voice.data(str(found), found.to_dict())


def _meant(folder: str, out: str | None) -> str:
    """Return where the runs lie that are meant.

    Raises
    ------
    UsageError
        If the folder named holds runs and no tables, while `--out`, or the variable that nobody
        sees, names another one.
    """
    from foreship.places.place import is_in_store
    from foreship.runs import RUNS

    here = Path(folder)
    if not out or is_in_store(folder) or (here / "foreship.toml").exists():
        return out or folder
    other = is_in_store(out) or Path(out).resolve() != here.resolve()
    if other and (here / RUNS).is_dir():
        raise UsageError(
            f"the folder {folder} holds runs, but --out (or {OUT_VARIABLE}) says {out}; name one "
            "of them"
        )
    return out

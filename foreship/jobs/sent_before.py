"""What plans of earlier Mondays sent that should still be under way.

Of each Monday the plan that was written last counts, unless it waits for an approval: nobody
ships a plan that is held. A run that cannot be read is warned of, it stops nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from foreship.errors import ForeshipError
from foreship.runs import Run, load_run, written

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["announced_by", "sent_before"]

SENT = "inbound.csv"
NEEDED = (SENT, "summary.json")
COLUMNS = ["location", "item", "quantity", "arrival_date"]
SHIPPED = ("ship", "relaxed")
"""statuses of a plan that may be shipped"""


def sent_before(workspace: Path, as_of: pd.Timestamp) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Return what earlier plans sent and what should arrive on `as_of` or later.

    Returns
    -------
    Lines of `location, item, quantity, arrival_date`; the names of the runs they are of; and a
    sentence for each earlier run that could not be asked.
    """
    import pandas as pd

    lines, runs, warnings = [], [], []
    for folder in _of_earlier_mondays(workspace, as_of):
        try:
            last = _last_shipped(folder)
            sent = None if last is None else _under_way(last, as_of)
        except (ForeshipError, OSError) as error:
            warnings.append(f"what earlier plans sent is not fully known: {error}")
            continue
        if last is not None and sent is not None and len(sent):
            lines.append(sent)
            runs.append(last.path.name)
            warnings += last.doubts
    empty = pd.DataFrame({name: [] for name in COLUMNS}).astype({"quantity": "int64"})
    return pd.concat(lines) if lines else empty, runs, warnings


def _of_earlier_mondays(workspace: Path, as_of: pd.Timestamp) -> list[list[Path]]:
    """Return the folders of earlier runs with a plan, a list a Monday."""
    by_day: dict[str, list[Path]] = {}
    for path in sorted((workspace / "runs").glob(f"*/{SENT}")):
        if path.parent.name[:10] < as_of.date().isoformat():
            by_day.setdefault(path.parent.name[:10], []).append(path.parent)
    return list(by_day.values())


def _last_shipped(folders: list[Path]) -> Run | None:
    """Return the run written last whose plan may be shipped, None where all are held."""
    for folder in sorted(folders, key=written, reverse=True):
        run = load_run(folder, NEEDED)
        if run.summary.get("status") in SHIPPED:
            return run
    return None


def _under_way(run: Run, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the lines of a run that should not have arrived before `as_of`."""
    sent = announced_by(run)
    return sent[sent["arrival_date"] >= as_of]


def announced_by(run: Run) -> pd.DataFrame:
    """Return `location, item, quantity, arrival_date` of what a run said would come.

    Raises
    ------
    Tampered
        If its file is not as we write it.
    """
    import pandas as pd

    from foreship.errors import Tampered

    try:
        sent = pd.read_csv(run.path / SENT, dtype=str, keep_default_na=False)[COLUMNS]
        days = pd.to_datetime(sent["arrival_date"], format="%Y-%m-%d")
        return sent.astype({"quantity": "int64"}).assign(arrival_date=days)
    except (ValueError, KeyError, TypeError):
        raise Tampered(f"{run.path / SENT} is damaged") from None

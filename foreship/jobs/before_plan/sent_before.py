"""What plans of earlier Mondays sent that should still be under way.

Of each Monday the plan of the week counts (`approval.life`): the one released or approved, else
the one written last that is not held. A run that cannot be read is warned of, it stops nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from foreship.approval.life import earlier_mondays, plan_of_the_week
from foreship.errors import ForeshipError
from foreship.own_files import INBOUND
from foreship.runs import Run, load_run

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["announced_by", "sent_before"]

NEEDED = (INBOUND, "summary.json")
COLUMNS = ["location", "item", "quantity", "arrival_date"]


def sent_before(workspace: Path, as_of: pd.Timestamp) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Return what earlier plans sent and what should arrive on `as_of` or later.

    Returns
    -------
    Lines of `location, item, quantity, arrival_date`; the names of the runs they are of; and a
    sentence for each earlier run that could not be asked.
    """
    import pandas as pd

    lines, runs, warnings = [], [], []
    for monday in reversed(earlier_mondays(workspace, as_of.date().isoformat())):
        try:
            folder = plan_of_the_week(workspace, monday)
            last = None if folder is None else load_run(folder, NEEDED)
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
        sent = pd.read_csv(run.path / INBOUND, dtype=str, keep_default_na=False)[COLUMNS]
        days = pd.to_datetime(sent["arrival_date"], format="%Y-%m-%d")
        return sent.astype({"quantity": "int64"}).assign(arrival_date=days)
    except (ValueError, KeyError, TypeError):
        raise Tampered(f"{run.path / INBOUND} is damaged") from None

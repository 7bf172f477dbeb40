"""The tables that a run keeps of those it was made from: nothing of orders or customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreship.ingest.tables import empty_frame
from foreship.own_files import KEPT
from foreship_foundation.tables.input_tables import INPUTS

if TYPE_CHECKING:
    import pandas as pd

    from foreship.runs import Run

__all__ = ["KEPT_TABLES", "kept_as", "kept_tables"]

KEPT_TABLES: Final = (
    "items", "regions", "hubs", "lanes", "stock", "inbound", "exits", "assortment", "calendar",
    "overrides", "policies", "adjustments", "lateness", "recent",
)  # fmt: skip
"""those that a plan is made from beside past orders, what came back, prices and signals"""


def kept_as(name: str) -> str:
    """Return the file in which a run keeps a table."""
    return f"{KEPT}/{name}.parquet"


def kept_tables(run: Run) -> dict[str, pd.DataFrame] | None:
    """Return the tables that a run was made from, None for a run that keeps none.

    A table of the contract that had no row is there without rows; `lateness` and `recent`, which
    are derived, only where they said something.

    Raises
    ------
    Tampered
        If a table is not as it was written.
    """
    if not (run.path / KEPT).is_dir():
        return None
    empty = {name: empty_frame(INPUTS[name]) for name in KEPT_TABLES if name in INPUTS}
    there = [name for name in KEPT_TABLES if (run.path / kept_as(name)).exists()]
    return empty | {name: run.frame(kept_as(name)) for name in there}

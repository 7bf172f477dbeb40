"""The step that adds the tables that a plan was made from, so that the plan can be judged later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreship.jobs.after_plan.made import Made
from foreship.jobs.identity import Tell
from foreship.pipeline.kept_tables import KEPT_TABLES, kept_as

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["kept_inputs"]

NAMED_BY_ROW: Final = ("overrides", "policies", "adjustments")
"""tables whose rows a plan names by their number: they stay in their order"""


def kept_inputs(made: Made, tell: Tell) -> Made:
    """Return the plan with its tables: none of them tells of a customer or an order."""
    for name in KEPT_TABLES:
        frame = made.tables.get(name)
        if frame is not None and len(frame):
            made = made.adding(kept_as(name), frame if name in NAMED_BY_ROW else _ordered(frame))
    return made


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in the one order that does not depend on how they were given."""
    return frame.sort_values(list(frame.columns), kind="stable", ignore_index=True)

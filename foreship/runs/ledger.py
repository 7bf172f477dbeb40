"""The unit ledger of one cell, each unit with its reason in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from foreship.errors import UsageError
from foreship.reading.words.limits import stopped_words
from foreship_foundation.tables.output_files import NOT_WORTH_IT
from foreship_foundation.telling.near_names import nearest_of
from foreship_foundation.telling.words import money, percent

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ledger_of"]

LYING = {"on hand": "it lies there", "moved away": "it lies there, and is moved away"}
"""what the ledger says of units that are there before the plan -> in words"""


def ledger_of(units: pd.DataFrame, item: str, region: str) -> pd.DataFrame:
    """Return the rows of `units.parquet` of a cell, with a column `reason`.

    Raises
    ------
    UsageError
        If there are none; with the nearest id.
    """
    for name, wanted in (("item", item), ("region", region)):
        known = units[name].unique().tolist()
        if wanted not in known:
            near = nearest_of(str(wanted), known)
            hint = f"; did you mean {near!r}?" if near else ""
            raise UsageError(f"the plan weighed no {name} {wanted!r}{hint}")
    rows = units[(units["item"] == item) & (units["region"] == region)].reset_index(drop=True)
    if rows.empty:
        words = f"the plan did not weigh item {item!r} in region {region!r}"
        raise UsageError(f"{words}; foreship.explain says why")
    return rows.assign(reason=[_reason(row) for row in rows.to_dict("records")])


def _reason(unit: Mapping[Any, Any]) -> str:
    """Say what became of a unit, and why."""
    binding, gain = str(unit["binding"]), float(unit["expected_gain"])
    chance = f"sells with {percent(float(unit['p']))}"
    if binding in LYING:
        return f"{LYING[binding]}; {chance}"
    if unit["planned"]:
        return f"sent: {chance} and {'gains' if gain >= 0 else 'loses'} {money(abs(gain))}"
    if binding == NOT_WORTH_IT:
        return f"not sent: {chance} and would lose {money(-gain)}"
    return f"not sent: {stopped_words(binding)}" if binding else f"not sent; {chance}"

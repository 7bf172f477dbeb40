"""What another quantity on a line costs by the ledger alone: at once, and knowing no limit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from foreship.reading.facts.line_reasons import is_next
from foreship.reading.views import FROM_HUBS
from foreship_foundation.telling.words import fixed, money, plural

__all__ = ["LedgerPrice", "ledger_price"]


@dataclass(frozen=True)
class LedgerPrice:
    """The price of some units, unit by unit as the ledger weighs them."""

    price: float
    """money lost by it, below 0 where it gains"""
    priced: int
    """units that the ledger weighs"""
    asked: int
    """units in question"""

    @property
    def words(self) -> str:
        """The price in a sentence, with what it does not know."""
        said = f"By the ledger it costs {money(self.price)}"
        if self.priced < self.asked:
            of = f"{plural(self.priced, 'unit')} of {fixed(self.asked)}"
            said += f" for {of}; the others are not in the ledger"
        return f"{said}. No limit and no other line is looked at."


def ledger_price(units: pd.DataFrame, action: str, planned: int, wanted: int) -> LedgerPrice | None:
    """Return what it costs to send another quantity.

    Units that no longer come are the last ones planned, whose expected gain is lost; units that
    come in addition are the next ones, as far as the ledger weighs them.
    What lies there is neither.

    Parameters
    ----------
    units
        `units.parquet` of the line's cell.
    action
        What the line does; only what hubs send has units of its own in the ledger.
    planned, wanted
        Units of the line as planned, and as wanted.

    Returns
    -------
    LedgerPrice or None
        None where the ledger does not weigh such lines.
    """
    if action not in FROM_HUBS:
        return None
    ordered = units.sort_values("unit")
    if wanted <= planned:
        gains = ordered.loc[ordered["planned"] == 1, "expected_gain"].tolist()
        lost = gains[max(len(gains) - (planned - wanted), 0) :]
        return LedgerPrice(_sum(lost), len(lost), planned - wanted)
    won = ordered.loc[is_next(ordered), "expected_gain"].tolist()[: wanted - planned]
    return LedgerPrice(_sum(-each for each in won), len(won), wanted - planned)


def _sum(values: Iterable[float]) -> float:
    return float(sum(values))

"""Disposal: what it costs to be rid of a unit, as the judge reads the tables (docs/replay.md).

The program has its own reading of the same tables; the two share no code on purpose, only what is
declared of each exit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from foreship_foundation.actions import exit_named
from foreship_foundation.arrays import Floats, Ints

__all__ = ["ExitPrices", "ExitSettings"]


class ExitSettings(Protocol):
    """The `[exits]` settings the judge needs where there is no `exits` table."""

    @property
    def allowed(self) -> tuple[str, ...]:
        """Names of the exits in use."""

    @property
    def markdown_share(self) -> float:
        """Share of the price given up by a local price cut."""

    @property
    def return_handling(self) -> float:
        """Handling of a unit brought back to a hub [money a unit]."""

    @property
    def redirect_handling(self) -> float:
        """Handling of a unit moved to another region [money a unit]."""

    @property
    def recovery_share(self) -> float:
        """Share of the unit cost recovered by giving away, donating or liquidating."""


@dataclass(frozen=True)
class ExitPrices:
    """Price of every exit of a unit, its lane aside.

    **Invariants:** `keys` of one exit are sorted and unique; a key is
    (region + 1) * (items + 1) + (item + 1), with 0 for any region or any item.
    """

    settings: ExitSettings
    stated: bool
    """True where the workspace has an `exits` table: then only its exits exist"""
    price: Floats
    """of the items, shape (I,)"""
    unit_cost: Floats
    holding: Floats
    """of a unit and week beyond that at its hub, shape (I,), or (R, I) where regions differ"""
    keys: dict[str, Ints]
    charges: dict[str, Floats]
    """cost - recovery of each row of the exit"""
    delays: dict[str, Floats]
    """weeks until each row's exit is open"""

    @classmethod
    def from_tables(
        cls,
        exits: pd.DataFrame,
        settings: ExitSettings,
        regions: pd.Index,
        items: pd.Index,
        economics: tuple[Floats, Floats, Floats],
    ) -> ExitPrices:
        """Read the `exits` table; `economics` is (price, unit_cost, holding), by item."""
        keys: dict[str, Ints] = {}
        charges: dict[str, Floats] = {}
        delays: dict[str, Floats] = {}
        for kind in sorted(set(exits["exit"])):
            rows = exits[exits["exit"] == kind]
            key = _codes(rows["region"], regions) * (len(items) + 1) + _codes(rows["item"], items)
            keys[kind], first = np.unique(key, return_index=True)
            charges[kind] = (rows["cost"] - rows["recovery"]).to_numpy(dtype=float)[first]
            delays[kind] = rows["delay_weeks"].to_numpy(dtype=float)[first]
        return cls(settings, len(exits) > 0, *economics, keys, charges, delays)

    def handling(self, kind: str, region: Ints, item: Ints) -> Floats:
        """Return the price of exit `kind` for units at (region, item), its lane aside.

        NaN where that exit does not exist (docs/replay.md, equation 7).
        """
        charge, delay = self._row(kind, region, item)
        holding = self.holding[item] if self.holding.ndim == 1 else self.holding[region, item]
        return self._own_loss(kind, item) + charge + holding * delay

    def _own_loss(self, kind: str, item: Ints) -> Floats:
        """Return what the exit gives up besides the row's cost and recovery."""
        declared, handling = exit_named(kind), 0.0
        if declared.handling and not self.stated:
            handling = float(getattr(self.settings, declared.handling))
        if declared.gives_up == "share of price":
            return handling + self.settings.markdown_share * self.price[item]
        if declared.gives_up == "unit cost":
            kept = 0.0 if self.stated else self.settings.recovery_share
            return handling + (1.0 - kept) * self.unit_cost[item]
        return np.full(len(item), handling)

    def _row(self, kind: str, region: Ints, item: Ints) -> tuple[Floats, Floats]:
        """Return charge and delay of the most specific row: both, item, region, any."""
        charge, delay = np.full(len(item), np.nan), np.zeros(len(item))
        if not self.stated:
            charge[:] = 0.0 if kind in self.settings.allowed else np.nan
        if kind not in self.keys:
            return charge, delay
        keys, width = self.keys[kind], len(self.price) + 1
        for_region = (region + 1) * width
        for wanted in (0 * item, for_region, item + 1, for_region + item + 1):
            at = np.searchsorted(keys, wanted)
            found = np.append(keys, -1)[at] == wanted
            charge[found] = self.charges[kind][at[found]]
            delay[found] = self.delays[kind][at[found]]
        return charge, delay


def _codes(ids: pd.Series, known: pd.Index) -> Ints:
    """Return 1 + position of each id; 0 for an empty id, which stands for any."""
    text = ids.to_numpy(dtype=object)
    at = known.get_indexer(pd.Index(text, dtype=object))
    return np.where(text == "", 0, at + 1).astype(np.int64)

"""Prices of edits that were solved for, kept beside the draft: each is asked for once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from foreship.files import read_small, write_json
from foreship.workbench.drafts.lasting import held_alone

__all__ = ["KeptPrices", "keep_prices", "kept_prices", "price_key"]

PRICES: Final = "prices.json"
LARGEST: Final = 50_000_000
"""bytes"""


def price_key(line: int, decision: str, quantity: int | None) -> str:
    """Return what an edit's own price hangs on; other edits do not make it old."""
    return f"{line} {decision} {quantity or 0}"


@dataclass(frozen=True)
class KeptPrices:
    """Solved prices of a run's edits."""

    each: Mapping[str, float] = field(default_factory=dict)
    """price by `price_key` [money]"""
    of_all: float | None = None
    """of all edits together at `version`, None where nobody asked"""
    version: int = 0


def kept_prices(folder: Path) -> KeptPrices:
    """Return what is kept of a draft's prices; what cannot be read is solved for anew."""
    try:
        told = json.loads(read_small(folder / PRICES, LARGEST))
        each = {str(key): float(value) for key, value in told["each"].items()}
        of_all = None if told["of_all"] is None else float(told["of_all"])
        return KeptPrices(each, of_all, int(told["version"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return KeptPrices()


def keep_prices(
    folder: Path,
    edits: Iterable[Mapping[str, Any]],
    of_all: float | None = None,
    version: int | None = None,
) -> KeptPrices:
    """Add prices to those that are kept.

    Parameters
    ----------
    folder
        Of the draft.
    edits
        Rows `line, decision, new, price` of an answer of `approve`; those without a price of their
        own are left out.
    of_all, version
        Price of all edits of a version; without a version it is left as it was.

    Raises
    ------
    WorkspaceLocked, StorageError
        As `Draft.append`.
    """
    new = {
        price_key(int(row["line"]), str(row["decision"]), int(row["new"])): float(row["price"])
        for row in edits
        if row.get("price") is not None
    }
    with held_alone(folder):
        before = kept_prices(folder)
        is_newer = version is not None and version >= before.version
        found = KeptPrices(
            {**before.each, **new},
            of_all if is_newer else before.of_all,
            version if version is not None and is_newer else before.version,
        )
        if found != before:
            told = {"each": dict(found.each), "of_all": found.of_all, "version": found.version}
            write_json(told, folder / PRICES)
    return found

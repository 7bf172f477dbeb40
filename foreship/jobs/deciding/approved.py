"""An approved plan: who approved it, its edits as a table, and what each of them costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from foreship.approval.edits import Edit
from foreship.approval.groups import keys_of
from foreship.approval.prices import TOGETHER, Prices
from foreship.runs import Run
from foreship_foundation.telling.words import money

__all__ = ["EDITS", "Approval", "edit_words", "edits_table", "no_edits"]

EDITS: Final = (
    "line", "action", "origin", "destination", "item", "old", "new", "decision", "comment",
    "price", "how",
)  # fmt: skip
"""columns of `edits.csv`"""


@dataclass(frozen=True)
class Approval:
    """An approved plan."""

    run: Run
    """the run approved, which edits have made another one"""
    path: Path
    """its folder in `approvals/`"""
    paper: Mapping[str, Any]
    """what `approval.json` says"""
    edits: pd.DataFrame
    """a row an edit, with its price"""
    notes: tuple[str, ...] = ()
    reused: bool = False
    """whether it stood already"""

    @property
    def price_of_all(self) -> float | None:
        """What all edits together cost, None without any."""
        found = self.paper.get("price_of_all")
        return None if found is None else float(found)

    def words(self) -> list[str]:
        """Say who approved what, what each edit costs, and what all of them together do."""
        other = self.paper.get("instead_of")
        place = f", in the place of run {other}" if other else ""
        said = [f"Run {self.run.path.name} is approved by {self.paper['by']}{place}."]
        return said + edit_words(self.edits, self.price_of_all, self.paper["price_of_the_rest"])

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for `--json`."""
        return {
            "run": str(self.run.path),
            "approval": str(self.path),
            "reused": self.reused,
            **{name: value for name, value in self.paper.items() if name != "run"},
            "edits": self.edits.to_dict("records"),
            "notes": list(self.notes),
        }


def edit_words(edits: pd.DataFrame, of_all: float | None, of_rest: float | None) -> list[str]:
    """Say what each edit costs, and what all of them cost together.

    Parameters
    ----------
    edits
        As `edits_table`.
    of_all, of_rest
        Price of all edits, and of those that have none of their own [money]; None: not known.
    """
    said = []
    for row in edits.to_dict("records"):
        to = f" to {row['destination']}" if row["destination"] else ""
        move = f"{row['action']} of {row['item']} from {row['origin']}{to}"
        cost = "not priced" if pd.isna(row["price"]) else f"costs {money(row['price'])}"
        if row["how"] == TOGETHER and of_rest is not None:
            cost = f"priced with others, {money(of_rest)} in all"
        said.append(f"Line {row['line']}, {move}: {row['old']} -> {row['new']}, {cost}.")
    return said if of_all is None else [*said, f"All edits together cost {money(of_all)}."]


def no_edits() -> pd.DataFrame:
    """Return the table of edits of a plan that is approved as it is."""
    return pd.DataFrame(columns=list(EDITS))


def edits_table(edits: Sequence[Edit], lines: pd.DataFrame, prices: Prices) -> pd.DataFrame:
    """Return a row an edit: its line, what was and what is asked, and its price."""
    keys, quantity = keys_of(lines), lines["quantity"].tolist()
    rows = [
        (
            edit.line, *keys[edit.line][:2], lines["destination"].iloc[edit.line],
            keys[edit.line][3], int(quantity[edit.line]), edit.quantity, edit.decision,
            edit.comment, price, how,
        )
        for edit, price, how in zip(edits, prices.each, prices.how, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(EDITS))

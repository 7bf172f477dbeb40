"""One action on a draft: what somebody decided about a line, and on which version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from foreship.approval.edits import Edit
from foreship.reports.workbook import decisions

__all__ = ["DECIDED", "LONGEST_COMMENT", "TAKEN_BACK", "Entry"]

TAKEN_BACK: Final = ""
"""nothing is decided any more"""
DECIDED: Final = (decisions.CHANGE, decisions.DROP, decisions.FREEZE)
"""decisions that an approval has to work in; to keep a line is to leave it as it is"""
MEANT: Final = (*decisions.DECISIONS, TAKEN_BACK)
LONGEST_COMMENT: Final = 1000
"""letters"""


@dataclass(frozen=True)
class Entry:
    """An action on a draft.

    Raises
    ------
    ValueError
        If a field is not of its kind: a log that holds such an entry was not written by us.
    """

    line: int
    """row of `plan.parquet`, from 0"""
    decision: str
    """keep, change, drop, freeze, or blank where a decision is taken back"""
    quantity: int | None
    """units that shall move: of a change or a freeze 0 or more, of a drop 0, else None"""
    comment: str
    author: str
    at: str
    """when, UTC, as 2026-11-16T08:00:00Z"""
    base: int
    """version of the draft on which the author saw the line"""
    version: int = 0
    """its place in the log from 1; 0 while it is in none"""

    def __post_init__(self) -> None:
        wrong = [name for name, right in self._rules().items() if not right]
        if wrong:
            raise ValueError(f"no entry of a draft: {', '.join(wrong)}")

    def _rules(self) -> dict[str, bool]:
        counts = all(_is_count(each) for each in (self.line, self.base, self.version))
        texts = all(isinstance(each, str) for each in (self.comment, self.author, self.at))
        is_given = self.quantity is not None
        return {
            "line, base or version": counts,
            "decision": self.decision in MEANT,
            "quantity": is_given == (self.decision in DECIDED)
            and (not is_given or _is_count(self.quantity)),
            "a drop with a quantity": self.decision != decisions.DROP or self.quantity == 0,
            "comment": texts and len(self.comment) <= LONGEST_COMMENT,
        }

    @property
    def said(self) -> tuple[str, int | None, str]:
        """What it says about its line, whoever says it and when."""
        return self.decision, self.quantity, self.comment

    @property
    def edit(self) -> Edit:
        """Return it as an approval takes it; only of what is in `DECIDED`."""
        return Edit(self.line, self.decision, self.quantity or 0, self.comment)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, as they stand in the log."""
        return asdict(self)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Entry:
        """Return the entry that a line of the log holds.

        Raises
        ------
        ValueError
            If it holds none.
        """
        try:
            return cls(**values)
        except TypeError as error:
            raise ValueError(f"no entry of a draft: {error}") from error


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0

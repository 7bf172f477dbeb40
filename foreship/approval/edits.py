"""What a planner decided about lines of a plan, as values."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Edit"]


@dataclass(frozen=True, order=True)
class Edit:
    """One decision about one line.

    **Invariants:** `quantity` is whole and 0 or more; for `drop` it is 0, for `freeze` and
    `keep` it is what the plan says.
    """

    line: int
    """row of `plan.parquet`, from 0"""
    decision: str
    """change, drop or freeze; keep where that undoes an earlier one"""
    quantity: int
    """units that shall move"""
    comment: str = ""
    cell: str = ""
    """where it was written, as `Plan!R17` or `line 4`"""

"""What a planner may write into the plan's sheet, for those who write it and those who read it."""

from __future__ import annotations

from typing import Final

__all__ = ["CHANGE", "COMMENT", "DECISION", "DECISIONS", "DROP", "FREEZE", "KEEP", "LINE",
           "NEW_QUANTITY", "PLAN_SHEET"]  # fmt: skip

PLAN_SHEET: Final = "Plan"
LINE: Final = "line"
"""hidden first column: the row of `plan.parquet`, from 0; rows may be sorted and filtered"""
DECISION: Final = "decision"
NEW_QUANTITY: Final = "new quantity"
COMMENT: Final = "comment"
KEEP: Final = "keep"
CHANGE: Final = "change"
"""another quantity, for this plan and as long as the edit holds"""
DROP: Final = "drop"
"""nothing on this line"""
FREEZE: Final = "freeze"
"""this quantity, whatever later plans would rather do"""
DECISIONS: Final = (KEEP, CHANGE, DROP, FREEZE)

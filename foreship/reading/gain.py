"""What a plan is expected to earn, as its summary says it: one figure wherever it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["expected_gain", "gain_key"]


def expected_gain(summary: Mapping[str, Any]) -> float | None:
    """Return what a plan is expected to earn [money], None where its summary does not say.

    Each whole order is counted once: by the order the objective credits every line with all that
    hangs on it.
    """
    if gain_key(summary) == "orders":
        return float(summary["orders"]["promised"])
    objective = summary.get("objective")
    return None if objective is None else -float(objective)


def gain_key(summary: Mapping[str, Any]) -> str:
    """Return the key of the summary that has the expected gain."""
    orders = summary.get("orders") or {}
    return "objective" if orders.get("promised") is None else "orders"

"""Limits of a planner's own in the audit: each weighs the finished lines anew."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from foreship_optimize.errors import AuditFailed

__all__ = ["own_limits_kept"]

WAYS = ["action", "origin", "destination", "item", "ship_date", "arrival_date"]
NOISE = 1e-6
"""share of a limit that sums of floats may be off by"""


def own_limits_kept(lines: pd.DataFrame, summary: Mapping[str, Any], limits: Sequence[Any]) -> None:
    """Refuse lines that together count more than a limit, beyond what the summary says gave way.

    Parameters
    ----------
    lines
        The plan's lines in the contract's shape.
    limits
        Each with `name`, `upper`, `counts` and `weight`.

    Raises
    ------
    AuditFailed
        Naming each limit that is exceeded.
    """
    gave_way = {str(each["limit"]): float(each["kept"]) for each in summary["relaxed"]}
    violations = []
    for limit in limits:
        weight = list(limit.weight(lines[WAYS].copy())) if len(lines) else []
        used = math.fsum(
            float(each) * units for each, units in zip(weight, lines["quantity"], strict=True)
        )
        most = max(float(limit.upper), gave_way.get(limit.name, 0.0))
        if used > most + NOISE * max(1.0, most):
            violations.append(f"limit {limit.name}: {used} {limit.counts}, at most {most}")
    if violations:
        raise AuditFailed(violations)

"""The work of a sweep where one seed finds no plan, also in processes that import it anew."""

from __future__ import annotations

from functools import partial
from typing import Any
from unittest.mock import patch

from foreship.sweeps import sweeping
from foreship_optimize.errors import NoUsablePlan

__all__ = ["NO_TIME", "UNLUCKY", "planned_by_luck"]

UNLUCKY = 99
NO_TIME = "time ended before there was a plan"
_planned = sweeping._planned


def planned_by_luck(common: Any, variant: Any) -> Any:
    """Plan a variant as a sweep does, but for the unlucky seed."""
    lucky = partial(_lucky, sweeping.plan_stage)
    with patch.object(sweeping, "plan_stage", lucky):
        return _planned(common, variant)


def _lucky(plan: Any, tables: Any, demand: Any, as_of: Any, config: Any, **more: Any) -> Any:
    if config.plan.seed == UNLUCKY:
        raise NoUsablePlan(NO_TIME)
    return plan(tables, demand, as_of, config, **more)

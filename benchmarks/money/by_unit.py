"""The plan of before, a parcel a unit whatever orders say: judged beside the plan by order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreship.pipeline.handoff import drawn_demand
from foreship.pipeline.stages import plan_stage

if TYPE_CHECKING:
    from foreship.pipeline.known import Known
    from foreship_optimize.plan import Plan

__all__ = ["plan_by_unit"]


def plan_by_unit(known: Known) -> Plan:
    """Plan on the same forecast as `foreship`, but count money by the unit."""
    tables = dict(known.tables)
    tables["orders"] = tables["orders"].drop(columns="order_id", errors="ignore")
    forecast = known.forecast()
    return plan_stage(
        tables,
        drawn_demand(forecast.paths),
        known.as_of,
        known.config,
        obsolescence=forecast.obsolescence,
    )

"""Paths that a test has drawn itself, as the forecast stage hands them on."""

from __future__ import annotations

from types import SimpleNamespace

from foreship_optimize.demand import DemandScenarios

__all__ = ["paths_of"]


def paths_of(demand: DemandScenarios) -> SimpleNamespace:
    """Return what stands for the draws of a forecast whose paths are these."""
    said = SimpleNamespace(
        region=demand.region, item=demand.item, weeks=demand.weeks, order_sizes=demand.order_sizes
    )
    return SimpleNamespace(
        distribution=said, packed=lambda *_across: demand.paths, whole=lambda: demand
    )

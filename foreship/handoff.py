"""Where the two vocabularies meet: sample paths of the forecast become demand of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forecast.scenarios import SamplePaths
    from optimize.demand import DemandScenarios

__all__ = ["demand_scenarios"]


def demand_scenarios(paths: SamplePaths) -> DemandScenarios:
    """Hand the forecast's joint sample paths to the program, unit for unit.

    What a path is worth in money - net of stock and of what is on its way - is the program's
    business (`optimize.assemble`); what a week's demand may be is the forecast's.
    """
    from optimize.demand import DemandScenarios

    return DemandScenarios(paths.region, paths.item, paths.weeks, paths.units)

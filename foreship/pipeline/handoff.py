"""The hand-off: sample paths of the forecast become demand scenarios of the program."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from foreship_foundation.blocks import Across, in_turn

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from foreship_forecast.counts.sample_paths import PathDraws
    from foreship_optimize.demand import DemandScenarios

__all__ = ["Paths", "demand_scenarios", "drawn_demand", "mean_path"]


class Paths(Protocol):
    """Joint sample paths of weekly demand, from the forecast or from the truth."""

    @property
    def region(self) -> npt.NDArray[np.object_]:
        """Region of each cell, shape (C,)."""

    @property
    def item(self) -> npt.NDArray[np.object_]:
        """Item of each cell, shape (C,)."""

    @property
    def weeks(self) -> npt.NDArray[np.datetime64]:
        """Monday of each week, shape (H,)."""

    @property
    def units(self) -> npt.NDArray[Any]:
        """Demand in units, shape (C, H, S)."""

    @property
    def order_sizes(self) -> npt.NDArray[np.float64] | None:
        """Units of a usual order of each cell, shape (C,); None where nobody knows."""


def demand_scenarios(paths: Paths) -> DemandScenarios:
    """Turn joint sample paths into demand scenarios, unit for unit.

    What a path is worth in money - net of stock and of what is on its way - is the program's
    business (`foreship_optimize.assemble`); what a week's demand may be is the forecast's. The
    program holds the units of all cells at once: 2 bytes a cell, week and scenario. Whole orders
    fall on days: where the paths do not know how many units an order takes, they show it.
    """
    from foreship_optimize.demand import DemandScenarios

    sizes = paths.order_sizes
    return DemandScenarios(paths.region, paths.item, paths.weeks, paths.units, order_sizes=sizes)


def drawn_demand(draws: PathDraws, across: Across = in_turn) -> DemandScenarios:
    """Turn the paths of a forecast into demand scenarios, drawn once and kept packed.

    `across` has blocks of cells drawn; it changes none of them.
    """
    from foreship_optimize.demand import DemandScenarios

    said, sizes = draws.distribution, draws.distribution.order_sizes
    units = draws.packed(across)
    return DemandScenarios(said.region, said.item, said.weeks, units, order_sizes=sizes)


def mean_path(demand: DemandScenarios) -> DemandScenarios:
    """Return the mean of all paths as a single path, in whole units.

    It is rounded as it adds up over the weeks, so that slow movers are not rounded away.
    """
    import numpy as np

    mean = demand.totals / demand.scenarios
    rounded = np.floor(np.cumsum(mean, axis=1) + 0.5)
    weekly = np.diff(rounded, axis=1, prepend=0.0).astype(np.int32)
    return replace(demand, paths=weekly[:, :, None], order_sizes=None)

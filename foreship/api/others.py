"""Forecasts that other tools made, and limits of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreship.api.given import a_workspace
from foreship.forecasts.unique_ids import PATTERN
from foreship_optimize.own_limits.limit import Limit

if TYPE_CHECKING:
    import pandas as pd

    from foreship.frames.kinds import IntoFrame
    from foreship.runs import Run
    from foreship.workspace.opening import Workspace

__all__ = ["Limit", "demand_of"]


def demand_of(
    workspace: Workspace,
    forecast: IntoFrame,
    *,
    law: str | None = None,
    dispersion: float | None = None,
    dependence: Run | float | None = None,
    unique_id: str = PATTERN,
    model: str | None = None,
) -> pd.DataFrame:
    """Turn quantiles or means of any forecaster into scenarios, `plan(ws, demand=...)`.

    Parameters
    ----------
    forecast
        A frame of any kind, a row a cell and week: `region, item, week`, or `unique_id, ds` as
        Nixtla's tools write them. Quantiles stand in columns `q05, q50, ..`, `MODEL-lo-90,
        MODEL-hi-90`, `MODEL-q-5` or `MODEL-median` [units a week]; a mean in `mean`, or under the
        name of its model.
    law
        Of a mean: `poisson` or `negative_binomial`. There is no default.
    dispersion
        r of a negative binomial, whose variance is m + m^2 / r.
    dependence
        A run whose model says how cells and weeks move together; or a share, 0 (each by itself)
        to .95, that all cells of a week have in common. Absent: the newest run with a model says
        it, else past orders do.
    unique_id
        How such an id is put together.
    model
        Whose columns to read, where there are several models.

    Returns
    -------
    DataFrame
        `region, item, week, scenario, units`, as many scenarios as `forecast.scenarios`. Within
        each cell and week they have the quantiles or the law stated, to one scenario. What is
        absent is no demand; `attrs["doubts"]` tells it.

    Raises
    ------
    UsageError
        If it is not clear what is stated, or a mean has no law.
    InputError
        With every row at fault.
    """
    from foreship.frames.arriving import pandas_of
    from foreship.jobs.before_plan.others_demand import demand_of_others

    return demand_of_others(
        a_workspace(workspace),
        pandas_of(forecast, "demand"),
        law=law,
        dispersion=dispersion,
        dependence=dependence,
        unique_id=unique_id,
        model=model,
    )

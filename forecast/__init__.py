"""What each region will buy: the count distribution of every region, item and week.

>>> import forecast
>>> snapshot = forecast.Snapshot(tables, "2026-11-16")
>>> model = forecast.fit(snapshot)
>>> distribution = model.predict(snapshot)
>>> distribution.to_frame(), model.sample(distribution)

The names below are imported on first use, so that `import forecast` is instant.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = [
    "BeyondAsOf",
    "Contest",
    "DemandDistribution",
    "Evaluation",
    "ForecastError",
    "ForecastParams",
    "ModelRefused",
    "NotEnoughHistory",
    "PathDraws",
    "PrivacyParams",
    "PurchaseModel",
    "SamplePaths",
    "Snapshot",
    "TableFault",
    "contest",
    "evaluate",
    "fit",
    "obsolescence_per_year",
    "sample_paths",
]

if TYPE_CHECKING:
    from forecast.challenge import Contest, contest
    from forecast.distribution import DemandDistribution
    from forecast.errors import (
        BeyondAsOf,
        ForecastError,
        ModelRefused,
        NotEnoughHistory,
        TableFault,
    )
    from forecast.evaluation import Evaluation, evaluate
    from forecast.fitting import fit
    from forecast.lifetime import obsolescence_per_year
    from forecast.model import PurchaseModel
    from forecast.params import ForecastParams, PrivacyParams
    from forecast.scenarios import PathDraws, SamplePaths, sample_paths
    from forecast.snapshot import Snapshot

_HOME = {
    "Contest": "challenge",
    "DemandDistribution": "distribution",
    "Evaluation": "evaluation",
    "ForecastParams": "params",
    "PathDraws": "scenarios",
    "PrivacyParams": "params",
    "PurchaseModel": "model",
    "SamplePaths": "scenarios",
    "Snapshot": "snapshot",
    "contest": "challenge",
    "evaluate": "evaluation",
    "fit": "fitting",
    "obsolescence_per_year": "lifetime",
    "sample_paths": "scenarios",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'forecast' has no attribute {name!r}")
    return getattr(import_module(f"forecast.{_HOME.get(name, 'errors')}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)

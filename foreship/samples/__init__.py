"""Ready workspaces to try the tool on: simulated orders with their truth, or published ones.

    make_sample("workspace")                                  # simulated, small
    make_sample("grocery", source="complete-journey")         # needs the extra `samples`

A simulated workspace also holds its law of demand in `truth/`; see `foreship.samples.truth`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = [
    "SampleReport",
    "complete_journey",
    "make_sample",
    "simulate_workspace",
    "true_purchase_probability",
    "truth_paths",
]

if TYPE_CHECKING:
    from foreship.samples.grocery import complete_journey
    from foreship.samples.making import SampleReport, make_sample
    from foreship.samples.synthetic import simulate_workspace
    from foreship.samples.truth import true_purchase_probability, truth_paths

_HOME = {
    "SampleReport": "making",
    "complete_journey": "grocery",
    "make_sample": "making",
    "simulate_workspace": "synthetic",
    "true_purchase_probability": "truth",
    "truth_paths": "truth",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'foreship.samples' has no attribute {name!r}")
    return getattr(import_module(f"foreship.samples.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)

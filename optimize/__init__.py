"""What each unit is worth where, and the plan that ships the units worth it.

Names are loaded when first used, so that importing the room costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "AuditFailed": "errors",
    "DemandScenarios": "demand",
    "EconomicsParams": "params",
    "ExitParams": "params",
    "LimitsConflict": "errors",
    "NoUsablePlan": "errors",
    "OptimizeError": "errors",
    "OptimizeParams": "params",
    "Plan": "plan",
    "PlanParams": "params",
    "RiskParams": "params",
    "ShippingProblem": "problem",
    "SolverRefused": "errors",
    "TableFault": "errors",
    "assemble": "assembly",
    "audit": "auditor",
    "make_plan": "planning",
    "solve": "planning",
}

__all__ = sorted(_HOME)  # noqa: PLE0605 - one list of names, kept beside their homes


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'optimize' has no attribute {name!r}; it has {__all__}")
    return getattr(import_module(f"optimize.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__

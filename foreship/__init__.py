"""foreship: from order lines to a shipment plan, with the reasons.

>>> import foreship
>>> workspace = foreship.open("workspace")
>>> run = foreship.run(workspace, as_of="2026-11-16")
>>> run.plan, run.summary["objective"]

The names below are imported on first use, so that `import foreship` is instant.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = [
    "ForeshipError",
    "InputError",
    "Run",
    "UsageError",
    "Workspace",
    "backtest",
    "check",
    "diff",
    "evaluate",
    "explain",
    "forecast",
    "frontier",
    "load_run",
    "open",
    "plan",
    "run",
    "sample",
]

if TYPE_CHECKING:
    from foreship.api import (
        backtest,
        check,
        diff,
        evaluate,
        explain,
        forecast,
        frontier,
        open,  # noqa: A004
        plan,
        run,
        sample,
    )
    from foreship.errors import ForeshipError, InputError, UsageError
    from foreship.runs import Run, load_run
    from foreship.workspace import Workspace

_HOME = {
    "ForeshipError": "errors",
    "InputError": "errors",
    "UsageError": "errors",
    "Run": "runs",
    "load_run": "runs",
    "Workspace": "workspace",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'foreship' has no attribute {name!r}")
    return getattr(import_module(f"foreship.{_HOME.get(name, 'api')}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)

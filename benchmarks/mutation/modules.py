"""Which modules are mutated, and the tests that each of them calls its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["MODULES", "REPOSITORY", "Module"]

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Module:
    """A module and the test files that must find its faults, the quickest first."""

    name: str
    """as it is imported"""
    room: str
    """folder that holds its package, from the repository"""
    tests: tuple[str, ...]
    """test files below `tests`"""

    @property
    def short(self) -> str:
        """The name without its room."""
        return self.name.partition(".")[2]

    @property
    def path(self) -> Path:
        """The module's source."""
        return (REPOSITORY / self.room / self.name.replace(".", "/")).with_suffix(".py")


def _optimize(name: str, *tests: str) -> Module:
    return Module(f"foreship_optimize.{name}", "optimize", tests)


def _forecast(name: str, *tests: str) -> Module:
    return Module(f"foreship_forecast.{name}", "forecast", tests)


def _corridor(name: str, *tests: str) -> Module:
    return Module(f"foreship.{name}", "", tests)


MODULES = (
    _optimize("valuation.recursion", "optimize/valuation/test_recursion.py"),
    _optimize("network.economics", "optimize/network/test_economics.py"),
    _optimize("limits", "optimize/test_limits.py"),
    _optimize("program.formulation", "optimize/program/test_formulation.py"),
    _optimize("program.bound", "optimize/program/test_bound.py"),
    _optimize("audit.auditor", "optimize/audit/test_shape.py"),
    _optimize("audit.books", "optimize/audit/test_books.py"),
    _optimize("audit.limits", "optimize/audit/test_limits.py"),
    _optimize("audit.money", "optimize/audit/test_money.py"),
    _optimize("audit.risk", "optimize/audit/test_risk.py"),
    _forecast("counts.law", "forecast/counts/test_law.py"),
    _forecast("counts.distribution", "forecast/counts/test_distribution.py"),
    _forecast("counts.calibration", "forecast/counts/test_calibration.py"),
    _forecast("counts.dependence", "forecast/counts/test_dependence.py"),
    _forecast("learning.fitting", "forecast/learning/test_fitting.py"),
    _corridor("judge.bootstrap", "foreship/judge/test_bootstrap.py"),
    _corridor("judge.buyers", "foreship/judge/test_buyers.py", "foreship/judge/test_simulate.py"),
    _corridor("judge.departures", "foreship/judge/test_simulate.py"),
    _corridor("judge.disposal", "foreship/judge/test_simulate.py"),
    _corridor("judge.ending_stock", "foreship/judge/test_simulate.py"),
    _corridor("judge.network", "foreship/judge/test_simulate.py"),
    _corridor("judge.outcome", "foreship/judge/test_simulate.py"),
    _corridor("judge.sent_back", "foreship/judge/test_simulate.py"),
    _corridor("judge.simulate", "foreship/judge/test_simulate.py"),
    _corridor("judge.state", "foreship/judge/test_simulate.py"),
    _corridor("judge.week_account", "foreship/judge/test_simulate.py"),
    _corridor("judge.without", "foreship/judge/test_simulate.py"),
)

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
    slow: tuple[str, ...] = ()
    """beginnings of the names of tests in them that are not asked: they cost seconds each"""

    @property
    def short(self) -> str:
        """The name without its room."""
        return self.name.partition(".")[2]

    @property
    def path(self) -> Path:
        """The module's source."""
        return (REPOSITORY / self.room / self.name.replace(".", "/")).with_suffix(".py")


def _optimize(name: str, tests: str, *slow: str) -> Module:
    return Module(f"foreship_optimize.{name}", "optimize", (f"optimize/{tests}",), slow)


def _forecast(name: str, tests: str, *slow: str) -> Module:
    return Module(f"foreship_forecast.{name}", "forecast", (f"forecast/{tests}",), slow)


def _corridor(name: str, tests: str, *slow: str) -> Module:
    return Module(f"foreship.{name}", "", (f"foreship/{tests}",), slow)


MODULES = (
    _optimize(
        "valuation.unit_worth.recursion", "valuation/unit_worth/test_recursion.py", "test_a_season",
    ),
    _optimize("network.economics", "network/test_economics.py"),
    _optimize("limits", "test_limits.py"),
    _optimize("program.formulation", "program/test_formulation.py"),
    _optimize(
        "program.bound", "program/test_bound.py", "test_no_prices", "test_a_worth_of_arrivals",
        "test_the_solvers_prices", "test_deciding_most_moves", "test_blocks_of_units",
    ),
    _optimize("audit.auditor", "audit/test_shape.py"),
    _optimize("audit.books", "audit/test_books.py"),
    _optimize("audit.limits", "audit/test_limits.py"),
    _optimize("audit.money", "audit/test_money.py"),
    _optimize("audit.risk", "audit/test_risk.py"),
    _forecast("counts.law", "counts/test_law.py"),
    _forecast("counts.distribution", "counts/test_distribution.py"),
    _forecast(
        "counts.calibration", "counts/test_calibration.py", "test_censored_rows",
        "test_a_zero_inflated_truth",
    ),
    _forecast("counts.dependence", "counts/test_dependence.py", "test_lead_time_sums"),
    _forecast("learning.fitting", "learning/test_fitting.py"),
    Module(
        "foreship_foundation.intervals", "foundation", ("foundation/test_intervals.py",),
        ("test_intervals_hold",),
    ),
    _corridor("judge.buyers", "judge/test_buyers.py"),
    _corridor("judge.carried_out.departures", "judge/carried_out/test_departures.py"),
    _corridor("judge.network.network", "judge/network/test_network.py"),
    _corridor("judge.network.sent_back", "judge/network/test_sent_back.py"),
    _corridor("judge.carried_out.state", "judge/carried_out/test_state.py"),
    _corridor("judge.account.week_account", "judge/account/test_week_account.py"),
    _corridor("judge.network.disposal", "judge/network/test_disposal.py"),
    _corridor("judge.simulate", "judge/test_simulate.py"),
)  # fmt: skip

"""CPU seconds by test, those of its processes included: `python -m pytest -p tests.cpu_seconds`."""

from __future__ import annotations

import os

import pytest

DEAREST = 60
BEFORE = pytest.StashKey[float]()
NAME = "cpu seconds"

spent: dict[str, float] = {}


def cpu_seconds() -> float:
    """Return what this process and its ended children have used."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Start counting before the fixtures are made."""
    item.stash[BEFORE] = cpu_seconds()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Write the sum on the last report, which workers send home."""
    if call.when == "teardown":
        item.user_properties.append((NAME, cpu_seconds() - item.stash[BEFORE]))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep the sum of a test."""
    if report.when == "teardown":
        spent[report.nodeid] = dict(report.user_properties)[NAME]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the dearest tests."""
    terminalreporter.section(f"{sum(spent.values()):.1f} CPU seconds in tests")
    for name in sorted(spent, key=lambda each: -spent[each])[:DEAREST]:
        terminalreporter.write_line(f"{spent[name]:8.2f} {name}")

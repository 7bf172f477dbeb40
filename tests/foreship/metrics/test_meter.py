"""Stages are timed where somebody measures, and cost nothing where nobody does."""

from __future__ import annotations

import pytest

from foreship.metrics import meter
from foreship.metrics.meter import Stage, current, measuring, stage


def test_time_of_a_stage_adds_up_and_a_failed_one_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice the same stage is one figure; what raises has still taken its time."""
    ticks = iter([0.0, 2.0, 10.0, 13.0])
    monkeypatch.setattr(meter.time, "monotonic", lambda: next(ticks))
    with measuring() as found:
        with stage("plan"):
            pass
        with pytest.raises(ValueError, match="broken"), stage("plan"):
            raise ValueError("broken")
    assert found.clock()["seconds"] == {"plan": 5.0}


def test_processor_time_and_memory_are_the_systems() -> None:
    """The process has used both: some megabytes, and not less time than before."""
    with measuring() as found:
        sum(range(100_000))
    clock = found.clock()
    assert clock["cpu_seconds"] >= 0
    assert clock["peak_bytes"] > 10**7


def test_nobody_is_measured_outside() -> None:
    """Neither before nor after; a stage then leaves nothing behind."""
    with stage("plan"):
        assert current() is None
    with measuring() as found:
        assert current() is found
    assert current() is None


def test_who_measures_hears_of_each_stage_that_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its time, and its rows where somebody counted them; one that failed is not told."""
    ticks = iter([0.0, 2.0, 10.0, 13.0, 20.0, 21.0])
    monkeypatch.setattr(meter.time, "monotonic", lambda: next(ticks))
    heard: list[Stage] = []
    with measuring(heard.append):
        with stage("demand") as work:
            work.rows = 12
        with pytest.raises(ValueError, match="broken"), stage("plan"):
            raise ValueError("broken")
        with stage("plan"):
            pass
    assert heard == [Stage("demand", 12, 2.0), Stage("plan", None, 1.0)]

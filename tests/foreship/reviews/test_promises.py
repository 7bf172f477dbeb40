"""Whether the last plans together brought what they promised."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from foreship.errors import UsageError
from foreship.params import GateParams
from foreship.reviews import promises
from foreship.reviews.played import Came
from tests.foreship.small_world import date


def run(promised: float, came: float, *, settled: bool = True) -> Any:
    """Return a run that promised and brought so much."""
    return SimpleNamespace(
        summary={"objective": -promised}, brought=Came(came, None, None, settled)
    )  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def played(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each run be played to what it brought; one without that cannot be played."""

    def of(run: Any, now: object, until: object) -> Any:
        if run.brought is None:
            raise UsageError("it keeps no tables")
        return SimpleNamespace(past=SimpleNamespace(came=lambda _: run.brought), sent=None)

    monkeypatch.setattr(promises.Reviewed, "of", of)


def said(*runs: Any, **settings: Any) -> list[str]:
    return promises.promise_words(runs, {}, date(0), GateParams(**settings))


def test_plans_far_below_their_promise_are_told() -> None:
    """Three of ten over two plans; six of ten is above the half that is asked for."""
    assert said(run(5.0, 1.0), run(5.0, 2.0)) == [
        "the last 2 plans whose weeks are over brought 3.00 of 10.00 promised "
        "(gates.promise_share = 50 %)"
    ]
    assert said(run(5.0, 1.0), run(5.0, 5.0)) == []
    assert said(run(5.0, 1.0), run(5.0, 5.0), promise_share=0.7) != []


def test_what_is_not_over_or_not_known_does_not_count() -> None:
    """One plan alone is too little; of more than are asked for the newest count."""
    open_, unknown = run(5.0, -9.0, settled=False), run(5.0, 0.0)
    unknown.brought = None
    assert said(open_, unknown, run(5.0, 1.0)) == []
    assert said(run(5.0, 5.0), run(5.0, 5.0), run(5.0, -90.0), plans=2) == []


def test_a_promise_of_nothing_is_kept() -> None:
    """Plans that send nothing neither promise nor bring."""
    assert said(run(0.0, 0.0), run(0.0, 0.0)) == []

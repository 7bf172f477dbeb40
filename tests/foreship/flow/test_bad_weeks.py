"""Bad weeks are each stopped by the gate they are for; clean weeks in a row by none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import foreship
from tests.foreship.bad_weeks import BAD, CLEAN_WEEKS, KINDS, Bad, plan_week, week

OF_A_GATE = list({bad.gate: bad for bad in reversed(BAD)}.values())
"""the first case of every gate; all of them nightly"""


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[foreship.Run]]:
    """Plan the clean weeks, one after the other."""
    folder = tmp_path_factory.mktemp("weeks") / "shop"
    return folder, [plan_week(folder, number, week(number)) for number in range(CLEAN_WEEKS)]


def gates_of(clean: tuple[Path, list[foreship.Run]], bad: Bad, folder: Path) -> set[str]:
    """Return the gates that hold the plan of a bad week after the clean ones."""
    shutil.copytree(clean[0], folder / "shop")
    run = plan_week(folder / "shop", CLEAN_WEEKS, bad.frames(CLEAN_WEEKS))
    held = run.summary.get("held_by", [])
    assert (run.summary["status"] == "hold") == bool(held)
    assert all(f"Held: {each['words']}" in run.notes for each in held)
    return {each["gate"] for each in held}


@pytest.mark.sweep
def test_clean_weeks_in_a_row_are_held_by_no_gate(clean) -> None:
    """Five Mondays of an ordinary shop, with every gate asked."""
    _, runs = clean
    assert [run.summary["status"] for run in runs] == ["ship"] * CLEAN_WEEKS
    assert all("held_by" not in run.summary for run in runs)
    assert all(len(run.plan) > 10 for run in runs)


@pytest.mark.sweep
@pytest.mark.parametrize("bad", OF_A_GATE, ids=lambda bad: f"{bad.kind} {bad.seed}")
def test_a_bad_week_is_stopped_by_its_gate(clean, bad: Bad, tmp_path: Path) -> None:
    """One of each gate."""
    assert bad.gate in gates_of(clean, bad, tmp_path)


@pytest.mark.nightly
@pytest.mark.parametrize("bad", BAD, ids=lambda bad: f"{bad.kind} {bad.seed}")
def test_sixty_five_bad_weeks_are_each_stopped_by_their_gate(clean, bad: Bad, tmp_path) -> None:
    """Five of each kind, drawn anew."""
    assert bad.gate in gates_of(clean, bad, tmp_path)


def test_the_cases_are_enough() -> None:
    """Sixty at least, of every gate that looks beyond the program's own doubts."""
    assert len(BAD) >= 60
    assert {gate for gate, _ in KINDS.values()} >= {"inputs", "stale", "forecast", "units", "lines"}

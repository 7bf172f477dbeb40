"""No address leads out of the folders of runs."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from foreship.workbench.door.places import NotFound, run_folder

NAME = "2026-11-16-0123456789"


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Return a folder with one run, one trial, and a run beside it that is none of its own."""
    for each in ("work/runs/" + NAME, "work/whatif/2026-11-16-aaaaaaaaaa", "outside/" + NAME):
        (tmp_path / each).mkdir(parents=True)
        (tmp_path / each / "manifest.json").write_text("{}")
    return tmp_path / "work"


def test_runs_and_trials_are_found_by_their_whole_names(runs: Path) -> None:
    """And by nothing shorter."""
    assert run_folder(runs, NAME) == runs / "runs" / NAME
    assert run_folder(runs, "2026-11-16-aaaaaaaaaa").parent.name == "whatif"
    for name in (NAME[:-1], "0123456789", "runs", ""):
        with pytest.raises(NotFound):
            run_folder(runs, name)


@pytest.mark.parametrize("name", ["latest", "released"])
def test_where_nothing_was_planned_or_released_it_is_said(runs: Path, name: str) -> None:
    """As a page that is not there."""
    with pytest.raises(NotFound, match="yet"):
        run_folder(runs, name)


@pytest.mark.parametrize("part", ["runs", f"runs/{NAME}", f"runs/{NAME}/manifest.json"])
def test_a_link_is_no_run(runs: Path, tmp_path: Path, part: str) -> None:
    """Wherever on the way it stands."""
    (runs / part).rename(tmp_path / "moved")
    (runs / part).symlink_to(tmp_path / "moved")
    with pytest.raises(NotFound):
        run_folder(runs, NAME)


def test_a_link_is_not_the_latest_run(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What leads out by its name does not lead out as `latest` either."""
    found = runs / "runs" / NAME
    monkeypatch.setattr("foreship.workbench.door.places.latest_run", lambda _: found)
    assert run_folder(runs, "latest") == found
    found.rename(tmp_path / "moved")
    found.symlink_to(tmp_path / "moved")
    with pytest.raises(NotFound, match="link"):
        run_folder(runs, "latest")


def test_two_hundred_names_lead_nowhere(runs: Path) -> None:
    """Dots, slashes, zeros, absolute paths, in any mixture."""
    parts = ["..", ".", "/", "\\", "%2e%2e", "%2F", "\x00", NAME, "runs", "outside", "~", "*", "?"]
    chance = random.Random(22)
    names = {"".join(chance.choices(parts, k=chance.randint(1, 6))) for _ in range(260)} - {NAME}
    assert len(names) > 200
    for name in names | {str(runs.parent / "outside" / NAME), f"../../outside/{NAME}"}:
        with pytest.raises(NotFound):
            run_folder(runs, name)

"""A run is found by a word, its name, the beginning of its name, or its path."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.approval.named_runs import find_run
from foreship.approval.papers import RELEASED
from foreship.errors import UsageError
from foreship.runs import write_run
from tests.foreship.written_runs import planned, sign


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return a workspace with two runs of one Monday and one of an earlier Monday, made last."""
    (tmp_path / "foreship.toml").touch()
    planned(tmp_path, "2026-11-16", "a")
    planned(tmp_path, "2026-11-16", "b")
    planned(tmp_path, "2026-11-09", "c")
    return tmp_path


def test_latest_is_the_plan_made_last_of_the_newest_monday(shop: Path) -> None:
    """Not the one made last of all: an older week may have been planned again."""
    assert find_run("latest", shop).name == "2026-11-16-bbbbbbbbbb"


def test_latest_is_no_plan_that_an_ended_approval_left(shop: Path) -> None:
    """The same words mean the plan that was edited, until the one with edits is signed."""
    facts = {"notes": [], "command": "approve", "base": "2026-11-16-bbbbbbbbbb"}
    writers = {"plan.parquet": lambda path: path.write_text("lines")}
    edited = write_run(shop, "2026-11-16", "d" * 10, writers, facts).path
    assert find_run("latest", shop).name == "2026-11-16-bbbbbbbbbb"
    sign(edited)
    assert find_run("latest", shop) == edited


def test_released_is_the_newest_release(shop: Path) -> None:
    """And an error that names the command where there is none."""
    with pytest.raises(UsageError, match="foreship release"):
        find_run("released", shop)
    sign(shop / "runs" / "2026-11-09-cccccccccc", RELEASED)
    sign(shop / "runs" / "2026-11-16-aaaaaaaaaa", RELEASED)
    assert find_run("released", shop).name == "2026-11-16-aaaaaaaaaa"


@pytest.mark.parametrize("name", ["2026-11-16-aaaaaaaaaa", "2026-11-16-a", "aaa", "a"])
def test_a_name_may_be_cut_and_go_without_its_monday(name: str, shop: Path) -> None:
    """As long as one run alone begins so."""
    assert find_run(name, shop).name == "2026-11-16-aaaaaaaaaa"


def test_what_fits_several_or_none_is_refused(shop: Path) -> None:
    """Both name what would be right."""
    with pytest.raises(UsageError, match=r"several runs begin with '2026-11-16': 2026-11-16-aaa"):
        find_run("2026-11-16", shop)
    with pytest.raises(UsageError, match="no run whose name begins with 'z'; write latest"):
        find_run("z", shop)
    with pytest.raises(UsageError, match="no run whose name begins with ''"):
        find_run("", shop)


def test_a_path_needs_no_workspace(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name does: the current folder, or the one that is given."""
    run = shop / "runs" / "2026-11-16-aaaaaaaaaa"
    assert find_run(run) == run
    monkeypatch.chdir(shop)
    assert find_run("latest").resolve() == (shop / "runs" / "2026-11-16-bbbbbbbbbb").resolve()
    monkeypatch.chdir(shop / "runs")
    with pytest.raises(UsageError, match=r"holds no foreship\.toml"):
        find_run("latest")

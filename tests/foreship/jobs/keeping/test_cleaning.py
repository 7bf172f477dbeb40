"""Old runs go; what was released, is needed or cannot be read stays, with the reason."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from foreship.approval.papers import RELEASED
from foreship.cli.commands import app
from foreship.errors import UsageError, WorkspaceLocked
from foreship.jobs.keeping.cleaning import clean_job
from foreship.runs import WHAT_IFS, draft_folder, workspace_lock, write_run
from tests.foreship.flow.killed_commands import files_of
from tests.foreship.spoken_objects import object_of
from tests.foreship.written_runs import SUMMARY, planned, sign

WEEKS = [f"2026-{month:02}-{day:02}" for month, day in
         [(11, 16), (11, 9), (11, 2), (10, 26), (10, 19), (10, 12), (10, 5)]]  # fmt: skip
HEAD = "location,item,quantity,arrival_date\n"
TEXTS = {
    "plan.parquet": "lines",
    "inbound.csv": HEAD,
    "summary.json": json.dumps({**SUMMARY, "status": "ship", "counts": {"lines": 1}}),
}


def plan_of(shop: Path, monday: str, letter: str, place: str = "runs", **facts: object) -> Path:
    """Write a plan with facts in its manifest, which arrives when `inbound` says."""
    texts = TEXTS | {"inbound.csv": str(facts.pop("inbound", HEAD))}
    writers = {name: lambda path, text=text: path.write_text(text) for name, text in texts.items()}
    return write_run(shop, monday, letter * 10, writers, {"notes": [], **facts}, folder=place).path


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return a folder with a plan a week, the newest looking back at no gate."""
    for number, monday in enumerate(WEEKS):
        config = {"gates": {"plans": 0}, "plan": {}} if number == 0 else {}
        plan_of(tmp_path, monday, "a", config=config)
    return tmp_path


def kept(shop: Path, keep: int = 2) -> dict[str, str]:
    """Clean; return what was kept, and hold it against what is there."""
    found = clean_job(shop, keep)
    there = {each.name for place in ("runs", WHAT_IFS) for each in (shop / place).glob("*")}
    assert there == set(found.kept)
    assert not there & set(found.removed)
    assert not (shop / ".foreship" / "tmp").exists()
    return dict(found.kept)


def test_the_newest_weeks_stay_whole(shop: Path) -> None:
    """Every run of them, whatever it is; all older ones go."""
    plan_of(shop, WEEKS[1], "b")
    plan_of(shop, WEEKS[1], "c", WHAT_IFS)
    plan_of(shop, WEEKS[2], "c", WHAT_IFS)
    names = {f"{WEEKS[0]}-aaaaaaaaaa", *(f"{WEEKS[1]}-{each * 10}" for each in "abc")}
    assert set(kept(shop)) == names


def test_what_people_decided_on_stays(shop: Path) -> None:
    """Released or approved, however old."""
    sign(shop / "runs" / f"{WEEKS[5]}-aaaaaaaaaa", RELEASED)
    sign(shop / "runs" / f"{WEEKS[6]}-aaaaaaaaaa")
    found = kept(shop)
    assert found[f"{WEEKS[5]}-aaaaaaaaaa"] == "released"
    assert found[f"{WEEKS[6]}-aaaaaaaaaa"] == "approved"


def test_what_a_kept_run_refers_to_stays_and_what_that_refers_to(shop: Path) -> None:
    """Its forecast, the base of edits, what a trial was set against, the model of a forecast."""
    oldest, older, old = (f"{each}-bbbbbbbbbb" for each in (WEEKS[6], WEEKS[5], WEEKS[4]))
    plan_of(shop, WEEKS[6], "b")
    plan_of(shop, WEEKS[5], "b", base=oldest)
    plan_of(shop, WEEKS[4], "b", WHAT_IFS, forecast=older)
    plan_of(shop, WEEKS[0], "b", whatif={"against": old})
    found = kept(shop)
    assert [found[each] for each in (old, older, oldest)] == [
        f"{WEEKS[0]}-bbbbbbbbbb refers to it",
        f"{old} refers to it",
        f"{older} refers to it",
    ]


def test_the_run_of_a_model_in_use_stays(shop: Path) -> None:
    """It is named by the hashes of its files, not by its folder."""
    writers = {"model/a.txt": lambda path: path.write_text("trees")}
    learned = write_run(shop, WEEKS[6], "d" * 10, writers, {"notes": []})
    mark = {"model/a.txt": learned.manifest["files"]["model/a.txt"]["sha256"]}
    plan_of(shop, WEEKS[0], "e", model=mark)
    assert kept(shop)[learned.path.name] == f"{WEEKS[0]}-eeeeeeeeee refers to it"


def test_what_is_still_under_way_stays(shop: Path) -> None:
    """The next plan counts it from that run's file: a ship from overseas takes months."""
    plan_of(shop, "2026-09-28", "b", inbound=f"{HEAD}R,a,3,2026-11-16\n")
    plan_of(shop, "2026-09-21", "b", inbound=f"{HEAD}R,a,3,2026-11-15\n")
    found = kept(shop)
    assert found["2026-09-28-bbbbbbbbbb"] == "its lines are still under way"
    assert "2026-09-21-bbbbbbbbbb" not in found


def test_what_the_next_plan_looks_back_at_stays(shop: Path) -> None:
    """Weeks of calm and of the gates, as the newest plan's settings say."""
    plan_of(shop, "2026-11-23", "b", config={"plan": {"calm_weeks": 4}, "gates": {"plans": 2}})
    found = kept(shop, keep=1)
    assert found[f"{WEEKS[2]}-aaaaaaaaaa"] == "the next plan looks back at it"
    assert f"{WEEKS[3]}-aaaaaaaaaa" not in found


def test_what_cannot_be_read_and_what_is_a_link_stays(shop: Path, tmp_path: Path) -> None:
    """Nobody knows what it is: it is said, and nothing behind a link is touched."""
    (shop / "runs" / f"{WEEKS[6]}-aaaaaaaaaa" / "manifest.json").write_text("{")
    elsewhere = plan_of(tmp_path / "elsewhere", WEEKS[5], "b")
    (shop / "runs" / elsewhere.name).symlink_to(elsewhere)
    before = files_of(tmp_path / "elsewhere")
    found = clean_job(shop, 2).kept
    assert found[f"{WEEKS[6]}-aaaaaaaaaa"].startswith("it is damaged")
    assert found[elsewhere.name] == "it is a link"
    assert files_of(tmp_path / "elsewhere") == before


def test_a_dry_run_says_the_same_and_removes_nothing(shop: Path) -> None:
    """Bytes, names and reasons are those of the cleaning that follows."""
    before = files_of(shop)
    words = ["clean", str(shop), "--keep", "3", "--json"]
    dry, done = (object_of(CliRunner().invoke(app, each).stdout)
                 for each in ([*words, "--dry-run"], words))  # fmt: skip
    gone = set(before) - set(files_of(shop))
    assert {name.split("/")[1] for name in gone} == set(dry["removed"])
    assert sum(len(before[name]) for name in gone) == dry["bytes"]
    assert {**dry, "dry_run": False} == done


def test_a_cleaning_that_was_killed_is_finished_by_the_next_job(shop: Path) -> None:
    """What it had taken aside is no run any more, and is swept."""
    aside = shop / ".foreship" / "tmp"
    (shop / "runs" / f"{WEEKS[6]}-aaaaaaaaaa").rename(aside)
    assert f"{WEEKS[6]}-aaaaaaaaaa" not in kept(shop, keep=9)


def test_a_cleaning_that_is_stopped_leaves_no_files_aside(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run that it was taking away is gone as a whole, and nothing of it lies anywhere."""
    removed, asked = shutil.rmtree, []

    def stopped(path: Path, **options: object) -> None:
        asked.append(path)
        if len(asked) == 2:  # the first sweeps, the second removes a run
            raise KeyboardInterrupt
        removed(path, **options)

    monkeypatch.setattr(shutil, "rmtree", stopped)
    with pytest.raises(KeyboardInterrupt):
        clean_job(shop, 2)
    assert len(list((shop / "runs").iterdir())) == len(WEEKS) - 1
    assert [each.name for each in (shop / ".foreship").iterdir()] == ["lock"]


def test_nobody_cleans_while_a_job_is_at_work(shop: Path) -> None:
    """Exit 7, and every run is there; a week at least is kept."""
    before = files_of(shop)
    with workspace_lock(shop), pytest.raises(WorkspaceLocked):
        clean_job(shop, 2)
    with pytest.raises(UsageError, match="--keep 0"):
        clean_job(shop, 0)
    assert files_of(shop) == before
    assert planned(shop, "2026-11-30", "z").exists()


def test_what_was_being_decided_on_a_run_goes_with_it(shop: Path, tmp_path: Path) -> None:
    """That on a run that stays is as it was; beyond a link nothing is touched."""
    runs = [f"{WEEKS[0]}-{'a' * 10}", f"{WEEKS[-1]}-{'a' * 10}"]
    for name in runs:
        draft_folder(shop, name).mkdir(parents=True)
        (draft_folder(shop, name) / "log.jsonl").write_text("{}")
    removed = clean_job(shop, 2).removed
    assert runs[1] in removed
    assert [draft_folder(shop, name).exists() for name in runs] == [True, False]


def test_drafts_behind_a_link_stay(shop: Path, tmp_path: Path) -> None:
    """They lie beyond the folder that is cleaned."""
    gone = f"{WEEKS[-1]}-{'a' * 10}"
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / gone).mkdir(parents=True)
    (shop / ".foreship").mkdir(exist_ok=True)
    (shop / ".foreship" / "drafts").symlink_to(elsewhere)
    assert gone in clean_job(shop, 2).removed
    assert (elsewhere / gone).exists()

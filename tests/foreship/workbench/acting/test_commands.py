"""Deeds are commands, handed over word by word."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from foreship.workbench.acting import commands
from foreship.workbench.bench import Bench
from tests.foreship.workbench.stand_ins import own_bench, waiting

RUN = Path("/shop/runs/2026-11-16-0123456789")


def test_a_name_that_looks_like_an_option_is_none(bench: Bench) -> None:
    """It stands behind its own option."""
    job = commands.release(bench, RUN, by="--dry-run")
    assert job.command == ("release", str(RUN), "--by=--dry-run")


def test_an_approval_names_the_file_of_its_decisions_only_where_there_are_some(
    bench: Bench,
) -> None:
    """And a last day only with them."""
    assert commands.approve(bench, RUN, "", version=0, by="Ada", until="2026-11-20").command == (
        "approve", str(RUN), "--by=Ada",
    )  # fmt: skip
    bench.jobs.close()
    job = commands.approve(bench, RUN, "line\n", version=1, by="Ada", until="2026-11-20")
    assert job.command[3:] == (f"--edits={job.files[0]}", "--until=2026-11-20")
    assert job.files[0].read_text() == "line\n" and job.files[0].parent == bench.scratch


def test_a_button_that_is_pressed_twice_is_one_job(tmp_path: Path) -> None:
    """By the same person on the same version; another person, or a later version, is another."""
    with own_bench(tmp_path) as bench:
        waiting(bench)

        def approve(by: str, version: int) -> str:
            return commands.approve(bench, RUN, "l", version=version, by=by, until="").id

        with ThreadPoolExecutor(8) as fingers:
            assert set(fingers.map(lambda _: approve("Ada", 1), range(8))) == {"1"}
        assert (approve("Ben", 1), approve("Ada", 2)) == ("2", "3")
        once = commands.release(bench, RUN, by="Ada")
        assert commands.release(bench, RUN, by="Ada") is once
        bench.jobs.stop(once.id)
        assert commands.release(bench, RUN, by="Ada") is not once
        assert len(list(bench.scratch.glob("decisions-*"))) == 3


def test_plans_trials_and_reviews_are_one_job_each_however_often_pressed(tmp_path: Path) -> None:
    """Another Monday, another change or another person is another."""
    with own_bench(tmp_path) as bench:
        waiting(bench)

        def deeds(who: str, change: str, as_of: str) -> list[str]:
            tried = commands.try_plan(bench, RUN, [], [], [change], words="try", who=who)
            page = tmp_path / f"{len(bench.jobs.all())}.html"
            found = [commands.plan_anew(bench, as_of, who=who), tried,
                     commands.look_back(bench, RUN, page, who=who)]  # fmt: skip
            return [each.id for each in found]

        first = deeds("Ada", "demand*2", "")
        assert deeds("Ada", "demand*2", "") == first
        assert not set(deeds("Ben", "demand*2", "")) & set(first)
        plan, trial, review = deeds("Ada", "demand*3", "2026-11-23")
        assert plan not in first and trial not in first and review == first[2]


def test_what_writes_waits_for_another_program(bench: Bench) -> None:
    """As long as the server was told to; a price writes nothing and does not."""
    bench.patience = 60.0
    writing = [
        commands.approve(bench, RUN, "", version=0, by="Ada", until=""),
        commands.release(bench, RUN, by="Ada"),
        commands.plan_anew(bench, "", who="Ada"),
        commands.try_plan(bench, RUN, [], [], words="try", who="Ada"),
    ]
    assert all("--wait=60" in each.command for each in writing)
    bench.jobs.close()


def test_runs_that_lie_elsewhere_are_said_so(bench: Bench, tmp_path: Path) -> None:
    """Else the command would look into the workspace."""
    at_home = commands.plan_anew(bench, "2026-11-16", who="Ada")
    assert at_home.command == ("run", str(bench.folder.resolve()), "--as-of=2026-11-16")
    bench.runs_at = tmp_path
    job = commands.try_plan(
        bench, RUN, ["plan.beta=0.5"], ["items=x"], ["lanes.capacity=1"], words="try", who="Ada"
    )
    assert job.command[2:] == (
        "--set=plan.beta=0.5", "--table=items=x", "--change=lanes.capacity=1",
        f"--against={RUN}", "--as-of=2026-11-16", f"--out={tmp_path.resolve()}",
    )  # fmt: skip
    bench.jobs.close()

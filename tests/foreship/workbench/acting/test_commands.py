"""Deeds are commands, handed over word by word."""

from __future__ import annotations

from pathlib import Path

from foreship.workbench.acting import commands
from foreship.workbench.bench import Bench

RUN = Path("/shop/runs/2026-11-16-0123456789")


def test_a_name_that_looks_like_an_option_is_none(bench: Bench) -> None:
    """It stands behind its own option."""
    job = commands.release(bench, RUN, by="--dry-run")
    assert job.command == ("release", str(RUN), "--by=--dry-run")


def test_an_approval_names_the_file_of_its_decisions_only_where_there_are_some(
    bench: Bench,
) -> None:
    """And a last day only with them."""
    assert commands.approve(bench, RUN, "", by="Ada", until="2026-11-20").command == (
        "approve", str(RUN), "--by=Ada",
    )  # fmt: skip
    bench.jobs.close()
    job = commands.approve(bench, RUN, "line\n", by="Ada", until="2026-11-20")
    assert job.command[3:] == (f"--edits={job.files[0]}", "--until=2026-11-20")
    assert job.files[0].read_text() == "line\n" and job.files[0].parent == bench.scratch


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

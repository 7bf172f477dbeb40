"""The commands that deeds are, as one would type them; ids and names are never read as options."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from foreship.workbench.bench import Bench
from foreship.workbench.work.jobs import Job

__all__ = ["Kind", "approve", "look_back", "plan_anew", "price", "release", "try_plan"]


class Kind:
    """What jobs are for: what their pages go on with hangs on it."""

    price = "price"
    price_all = "price of all"
    approve = "approve"
    release = "release"
    plan = "plan"
    trial = "trial"
    review = "review"


def price(
    bench: Bench,
    run: Path,
    edits: str,
    *,
    words: str,
    who: str,
    kind: str,
    about: dict[str, str],
    when_done: Callable[[Job], None],
) -> Job:
    """Ask what edits cost: `approve --dry-run`, which writes nothing."""
    file = _kept(bench, edits)
    command = ["approve", str(run), f"--edits={file}", "--dry-run"]
    about = {"run": run.name, **about}
    return bench.jobs.start(
        command, kind=kind, words=words, writes=False, who=who, about=about, files=[file],
        when_done=when_done,
    )  # fmt: skip


def approve(bench: Bench, run: Path, edits: str, *, by: str, until: str) -> Job:
    """Approve a run, with edits where there are any."""
    command, files = ["approve", str(run), f"--by={by}"], []
    if edits:
        files = [_kept(bench, edits)]
        command += [f"--edits={files[0]}", *([f"--until={until}"] if until else [])]
    words = f"approve the plan of {run.name[:10]}"
    return bench.jobs.start(
        command, kind=Kind.approve, words=words, writes=True, who=by, about={"run": run.name},
        files=files,
    )  # fmt: skip


def release(bench: Bench, run: Path, *, by: str) -> Job:
    """Release a run to the warehouse."""
    words = f"release the plan of {run.name[:10]}"
    return bench.jobs.start(
        ["release", str(run), f"--by={by}"],
        kind=Kind.release,
        words=words,
        writes=True,
        who=by,
        about={"run": run.name},
    )


def plan_anew(bench: Bench, as_of: str, *, who: str) -> Job:
    """Make the plan of a Monday; blank: the one after the last order."""
    day = [f"--as-of={as_of}"] if as_of else []
    command = ["run", str(bench.folder.resolve()), *day, *_out(bench)]
    words = f"plan the week of {as_of}" if as_of else "plan this week"
    return bench.jobs.start(command, kind=Kind.plan, words=words, writes=True, who=who)


def try_plan(
    bench: Bench,
    run: Path,
    settings: Sequence[str],
    tables: Sequence[str],
    changes: Sequence[str] = (),
    *,
    words: str,
    who: str,
    files: Sequence[Path] = (),
) -> Job:
    """Plan with other settings (`KEY=VALUE`), tables (`NAME=FILE`) or changes beside a run."""
    tried = [*(f"--set={each}" for each in settings), *(f"--table={each}" for each in tables)]
    tried += [f"--change={each}" for each in changes]
    command = ["plan", str(bench.folder.resolve()), *tried, f"--against={run}"]
    command += [f"--as-of={run.name[:10]}", *_out(bench)]
    about = {"run": run.name}
    return bench.jobs.start(
        command, kind=Kind.trial, words=words, writes=True, who=who, about=about, files=files
    )


def look_back(bench: Bench, run: Path | None, page: Path, *, who: str) -> Job:
    """Say what became of a plan, the last one where none is named, and write it as a page."""
    named = [run.name] if run else []
    command = ["review", str(bench.folder.resolve()), *named, "--html", str(page), *_out(bench)]
    words = f"review of {run.name if run else 'the last plan'}"
    about = {"page": str(page)}
    return bench.jobs.start(
        command, kind=Kind.review, words=words, writes=False, who=who, about=about
    )


def _out(bench: Bench) -> list[str]:
    """Return where runs lie, said only where that is not in the workspace."""
    there = bench.runs_at.resolve()
    return [] if there == bench.folder.resolve() else [f"--out={there}"]


def _kept(bench: Bench, text: str) -> Path:
    """Write edits for a command into the server's own folder."""
    handle, path = tempfile.mkstemp(dir=bench.scratch, prefix="decisions-", suffix=".csv")
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
        stream.write(text)
    return Path(path).resolve()

"""The commands that deeds are, as one would type them; ids and names are never read as options."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from foreship.workbench.bench import Bench
from foreship.workbench.work.jobs import Job

__all__ = [
    "Kind",
    "approve",
    "look_back",
    "pending",
    "plan_anew",
    "price",
    "release",
    "try_plan",
]


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


def approve(bench: Bench, run: Path, edits: str, *, version: int, by: str, until: str) -> Job:
    """Approve a run, with edits where there are any: those of a version of its draft.

    A button that is pressed twice is one approval.
    """
    command, words = ["approve", str(run), f"--by={by}", *_waits(bench)], "approve the plan of"
    what = "edited" if edits else "as it is"
    about = {"run": run.name, "version": str(version), "until": until, "what": what}
    with bench.jobs.asking:
        if there := _at_work(bench, by, kind=Kind.approve, about=about):
            return there
        files = [_kept(bench, edits)] if edits else []
        command += [f"--edits={each}" for each in files]
        command += [f"--until={until}"] if edits and until else []
        return bench.jobs.start(
            command, kind=Kind.approve, words=f"{words} {run.name[:10]}", writes=True, who=by,
            about=about, files=files,
        )  # fmt: skip


def release(bench: Bench, run: Path, *, by: str) -> Job:
    """Release a run to the warehouse, once however often it is asked for."""
    command, words = ["release", str(run), f"--by={by}", *_waits(bench)], "release the plan of"
    about = {"run": run.name}
    with bench.jobs.asking:
        return _at_work(bench, by, kind=Kind.release, about=about) or bench.jobs.start(
            command, kind=Kind.release, words=f"{words} {run.name[:10]}", writes=True, who=by,
            about=about,
        )  # fmt: skip


def pending(bench: Bench, kind: str, run: str) -> list[Job]:
    """Return the jobs about a run that will answer, newest first; a stopped one never does."""
    return [each for each in _awaited(bench) if each.kind == kind and each.about.get("run") == run]


def _at_work(bench: Bench, who: str, **alike: object) -> Job | None:
    """Return the job of the same person that is alike in these fields, while it is not over."""
    wanted = {"who": who, **alike}
    alike_to_it = (
        each
        for each in _awaited(bench)
        if all(getattr(each, field) == value for field, value in wanted.items())
    )
    return next(alike_to_it, None)


def _awaited(bench: Bench) -> list[Job]:
    """Return the jobs that will answer, newest first."""
    return [each for each in bench.jobs.all() if not (each.is_over or each.is_to_stop)]


def plan_anew(bench: Bench, as_of: str, *, who: str) -> Job:
    """Make the plan of a Monday, blank: of that after the last order; once however often asked."""
    day = [f"--as-of={as_of}"] if as_of else []
    command = ["run", str(bench.folder.resolve()), *day, *_out(bench), *_waits(bench)]
    words = f"plan the week of {as_of}" if as_of else "plan this week"
    with bench.jobs.asking:
        return _at_work(bench, who, command=tuple(command)) or bench.jobs.start(
            command, kind=Kind.plan, words=words, writes=True, who=who
        )


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
    """Plan with other settings (`KEY=VALUE`), tables (`NAME=FILE`) or changes beside a run.

    A button that is pressed twice is one trial.
    """
    tried = [*(f"--set={each}" for each in settings), *(f"--table={each}" for each in tables)]
    tried += [f"--change={each}" for each in changes]
    command = ["plan", str(bench.folder.resolve()), *tried, f"--against={run}"]
    command += [f"--as-of={run.name[:10]}", *_out(bench), *_waits(bench)]
    about = {"run": run.name}
    with bench.jobs.asking:
        return _at_work(bench, who, command=tuple(command)) or bench.jobs.start(
            command, kind=Kind.trial, words=words, writes=True, who=who, about=about, files=files
        )


def look_back(bench: Bench, run: Path | None, page: Path, *, who: str) -> Job:
    """Say what became of a plan, the last one where none is named, and write it as a page.

    A button that is pressed twice is one review.
    """
    named = [run.name] if run else []
    command = ["review", str(bench.folder.resolve()), *named, "--html", str(page), *_out(bench)]
    words = f"review of {run.name if run else 'the last plan'}"
    about = {"page": str(page)}
    with bench.jobs.asking:
        return _at_work(bench, who, kind=Kind.review, words=words) or bench.jobs.start(
            command, kind=Kind.review, words=words, writes=False, who=who, about=about
        )


def _out(bench: Bench) -> list[str]:
    """Return where runs lie, said only where that is not in the workspace."""
    there = bench.runs_at.resolve()
    return [] if there == bench.folder.resolve() else [f"--out={there}"]


def _waits(bench: Bench) -> list[str]:
    """Return how long a command waits for the workspace, said only where it does."""
    return [f"--wait={bench.patience:g}"] if bench.patience else []


def _kept(bench: Bench, text: str) -> Path:
    """Write edits for a command into the server's own folder."""
    handle, path = tempfile.mkstemp(dir=bench.scratch, prefix="decisions-", suffix=".csv")
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
        stream.write(text)
    return Path(path).resolve()

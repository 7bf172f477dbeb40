"""What is signed: an approval with the decisions on a run, their withdrawal, a release."""

from __future__ import annotations

from typing import Final

from foreship.approval.life import Stage
from foreship.approval.life_words import life_words
from foreship.approval.papers import time_now
from foreship.jobs.deciding.signing import refuse_decided
from foreship.workbench.acting import commands, meant, unsigned
from foreship.workbench.acting.listing import AS_IT_IS
from foreship.workbench.bench import Bench
from foreship.workbench.door.knock import Refused
from foreship.workbench.drafts.as_csv import as_csv
from foreship.workbench.drafts.log import Draft
from foreship.workbench.drafts.unsigned import as_signed
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.held.run import HeldRun
from foreship.workbench.web import links
from foreship_foundation.telling.words import listed, plural

__all__ = ["ROUTES"]

CLASH: Final = 409


def approve(request: Request, bench: Bench) -> Answer:
    """Approve a run with the decisions on it, once their signer has seen all of them.

    As it is, without any, where another run has taken its place and is to give it back.
    """
    held, draft = meant.run_and_draft(request, bench)
    as_it_is = AS_IT_IS in request.form
    if as_it_is:
        refuse_decided(held.run)
    elif not _own_unsigned(bench, held):
        meant.refuse_closed(held)
    _refuse_unseen(request, draft)
    edits = as_csv(draft) if draft.decided and not as_it_is else ""
    until = request.form.get("until", "").strip()
    job = commands.approve(
        bench, held.run.path, edits, version=draft.version, by=request.who, until=until
    )
    return Answer(to=links.job(job.id))


def withdraw(request: Request, bench: Bench) -> Answer:
    """Let a draft say again what was approved; nothing of it is erased."""
    held, draft = meant.run_and_draft(request, bench)
    _refuse_unseen(request, draft)
    for each in _own_unsigned(bench, held):
        found = draft.append_all(as_signed(draft, each.signed, request.who, time_now()))
        if not isinstance(found, Draft):
            raise Refused(CLASH, "somebody has decided on these lines just now; look at them first")
    return Answer(to=links.edits(draft.run))


def _own_unsigned(bench: Bench, held: HeldRun) -> list[unsigned.Unsigned]:
    """Return what the draft of a run says beside the approval of its plan.

    Raises
    ------
    UsageError
        If there is something, and its week is released.
    """
    there = unsigned.unsigned_of(bench.runs_at, held.name)
    found = [each for each in there if each.draft.run == held.name]
    if found:
        refuse_decided(held.run)
    return found


def release(request: Request, bench: Bench) -> Answer:
    """Release a run; not past decisions on it that nobody has approved."""
    held, draft = meant.run_and_draft(request, bench)
    _refuse_unseen(request, draft)
    if draft.decided and held.life.stage in meant.OPEN:
        count = plural(len(draft.decided), "decision")
        raise Refused(CLASH, f"{count} on this run would be lost: approve them, or take them back")
    if held.life.of:
        raise Refused(CLASH, " ".join(life_words(held.life)))
    _refuse_left_out(bench, held)
    job = commands.release(bench, held.run.path, by=request.who)
    return Answer(to=links.job(job.id))


def _refuse_left_out(bench: Bench, held: HeldRun) -> None:
    """Refuse to release past decisions that came in while the plan was being approved."""
    if held.life.stage is not Stage.approved:
        return
    late = sum(len(each.entries) for each in unsigned.unsigned_of(bench.runs_at, held.name))
    if late:
        what = f"{plural(late, 'decision')} came in after it was signed and would be lost"
        raise Refused(CLASH, f"{what}: approve again with them, or withdraw them")


def _refuse_unseen(request: Request, draft: Draft) -> None:
    """Refuse a signature under a draft that has grown since it was shown."""
    new = draft.since(meant.version_of(request.form, "version", draft))
    if new:
        names = listed(sorted({each.author for each in new}))
        numbers = sorted({each.line for each in new})
        lines = f"{'line' if len(numbers) == 1 else 'lines'} {listed(list(map(str, numbers)))}"
        count = plural(len(new), "decision")
        words = f"{count} by {names} came in since you looked, on {lines}; look at them first"
        raise Refused(CLASH, words)


ROUTES = (
    Route("POST", "/run/{run}/approve", approve),
    Route("POST", "/run/{run}/withdraw", withdraw),
    Route("POST", "/run/{run}/release", release),
)

"""Decisions that no approval has: made while one was at work, and what is to become of them.

An approval signs the draft as it was shown. Others go on deciding while it solves; what they say is
kept, and told at once and afterwards, until it is approved, too, or withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from foreship.approval.edits import Edit
from foreship.approval.papers import approved_on, paper_in, released_on
from foreship.jobs.deciding.signing import signed_edits
from foreship.reports.markup import Content, Markup, element, join
from foreship.runs import held_by
from foreship.workbench.acting import commands
from foreship.workbench.acting.cells import decided_words
from foreship.workbench.bench import Bench
from foreship.workbench.door.who import said_to_be
from foreship.workbench.drafts.entry import Entry
from foreship.workbench.drafts.log import Draft, read_draft
from foreship.workbench.drafts.unsigned import Signed, left_out, signed_at
from foreship.workbench.web import forms, links
from foreship_foundation.telling.words import listed, plural

__all__ = ["Unsigned", "at_work_told", "told", "unsigned_of"]

WRITING: Final = (
    commands.Kind.approve, commands.Kind.release, commands.Kind.plan, commands.Kind.trial,
)  # fmt: skip
"""work of this server that holds the workspace itself"""
MOST_TOLD: Final = 10
"""decisions that are told one by one"""


@dataclass(frozen=True)
class Unsigned:
    """A draft that says something else than the approval of its plan."""

    draft: Draft
    signed: Signed
    approved: str
    """name of the run that was approved"""
    is_released: bool
    """whether its week is, so that nothing can be done any more"""

    @property
    def entries(self) -> list[Entry]:
        """What the draft says, line by line."""
        return left_out(self.draft, self.signed)


def unsigned_of(runs_at: Path, run: str) -> list[Unsigned]:
    """Return the drafts that say otherwise than the approval that stands, of which a run is part.

    A run's own draft, and that of the run which it was made of by its approval.

    Raises
    ------
    Tampered
        If an approval or a draft is damaged.
    """
    paper_at = next(reversed(approved_on(runs_at, run[:10])), None)
    paper = None if paper_at is None else paper_in(paper_at)
    if paper_at is None or paper is None or run not in (paper["run"], paper["base"]):
        return []
    made, base = str(paper["run"]), str(paper["base"])
    signed = {made: {}, base: _signed(paper_at)}
    names = [made, base] if run == made else [base]
    is_released = released_on(runs_at, run[:10]) is not None
    found = [
        Unsigned(read_draft(runs_at, each), signed[each], made, is_released)
        for each in dict.fromkeys(names)
    ]
    return [each for each in found if each.entries]


def _signed(approval: Path) -> Signed:
    rows = signed_edits(approval).to_dict("records")
    edits = (Edit(int(r["line"]), r["decision"], int(r["new"]), r["comment"]) for r in rows)
    return {each.line: each for each in edits}


def at_work_told(bench: Bench, draft: Draft) -> Content:
    """Say that an approval is at work, and what has come in that it does not have."""
    job = next(iter(commands.pending(bench, commands.Kind.approve, draft.run)), None)
    if job is None:
        return _others_told(bench)
    late = left_out(draft, signed_at(draft, int(job.about["version"])))
    way = element("a", "An approval of these decisions", href=links.job(job.id))
    said = f" is at work. What is decided now is not in it. {_late_words(late)}"
    return element("p", way, said.rstrip(), class_="unsigned")


def _others_told(bench: Bench) -> Content:
    """Say that a program beside this server writes here: it may be approving these decisions."""
    mine = any(not each.is_over and each.kind in WRITING for each in bench.jobs.all())
    holder = None if mine else held_by(bench.runs_at)
    if holder is None:
        return ""
    words = (
        f"Another program is at work on these plans: {holder}. If it approves this one, what is "
        "decided from now on is not in it."
    )
    return element("p", words, class_="unsigned")


def _late_words(late: Sequence[Entry]) -> str:
    if not late:
        return ""
    what = plural(len(late), "decision")
    return f"{what} already: {_lines(late)}. Once it is done, approve again or withdraw them."


def told(found: Unsigned, who: str, here: str) -> Markup:
    """Say what an approval does not have, and offer to approve it, too, or to withdraw it.

    Parameters
    ----------
    here
        The run whose page it is; the draft may be that of the run it was made of.
    """
    draft, late = found.draft, found.entries
    verb = "is" if len(late) == 1 else "are"
    words = f"{plural(len(late), 'decision')} {verb} not in what was approved: {_lines(late)}."
    rows = [element("li", each) for each in _rows(late, found.signed)]
    parts: list[Content] = [element("p", element("b", words)), element("ul", *rows)]
    if found.is_released:
        parts.append(element("p", "The week is released without; the next plan can put it right."))
    elif draft.run != here:
        way = element("a", "Approve again, or withdraw them", href=links.edits(draft.run))
        parts.append(element("p", way, f", on run {draft.run}, of which this one was made."))
    else:
        parts += [_form(draft, who, "approve", "Approve again, with them")]
        parts += [_form(draft, who, "withdraw", "Withdraw them")]
    return element("section", *parts, class_="unsigned", role="alert")


def _form(draft: Draft, who: str, deed: str, words: str) -> Markup:
    signed = element("span", f" {said_to_be(who)}", class_="soft")
    version = forms.hidden(version=draft.version)
    return forms.form(
        links.deed(draft.run, deed), version, forms.button(words), signed, label=words
    )


def _lines(late: Sequence[Entry]) -> str:
    shown = [str(each.line) for each in late[:MOST_TOLD]]
    more = len(late) - len(shown)
    if more:
        return f"on lines {', '.join(shown)} and {plural(more, 'other')}"
    return f"on {'line' if len(shown) == 1 else 'lines'} {listed(shown)}"


def _rows(late: Sequence[Entry], signed: Signed) -> Iterator[Content]:
    for each in late[:MOST_TOLD]:
        now, then = decided_words(each) or "taken back", decided_words(signed.get(each.line))
        by = element("span", said_to_be(each.author), class_="soft")
        yield join([f"line {each.line}: {now}; approved: {then or 'as planned'} ", by])

"""A job as a page shows it: how far it is, what came of it, and where to go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePath
from typing import Any, Final

from foreship.errors import Fault
from foreship.reports.markup import Content, Markup, element, join
from foreship.workbench.acting.commands import Kind
from foreship.workbench.door.who import said_to_be
from foreship.workbench.web import forms, links
from foreship.workbench.web.faulty import fault_table
from foreship.workbench.web.figures import Source, number
from foreship.workbench.work.jobs import Job, State
from foreship_foundation.tables.output_files import SUMMARY
from foreship_foundation.telling.words import money, sentence

__all__ = ["job_told", "solved_told"]

NOTES: Final = 5
"""notes of a command that are shown while it works"""
STATES: Final[Mapping[State, str]] = {
    State.queued: "It waits for the work before it.",
    State.running: "It is at work.",
    State.done: "It is done.",
    State.failed: "It could not be done.",
    State.stopped: "It was stopped; earlier runs are as they were.",
}


def job_told(job: Job, after: Content = "") -> Markup:
    """Write how a job stands, and what is to be said after it; until it is over it asks again."""
    own = f"job-{job.id}"
    asking = {
        "hx_get": links.job(job.id), "hx_trigger": "every 1s", "hx_target": f"#{own}",
        "hx_swap": "outerHTML",
    }  # fmt: skip
    parts: list[Content] = [element("p", f"{sentence(job.words)} {_stated(job)}")]
    parts += _ended(job) if job.is_over else _at_work(job)
    parts.append(after)
    return element(
        "div", *parts, id=own, class_="job", data_state=job.state,
        **({} if job.is_over else asking),
    )  # fmt: skip


def _stated(job: Job) -> str:
    if job.is_to_stop and not job.is_over:
        return "It is being stopped."
    by = f" Asked for by somebody {said_to_be(job.who)}." if job.who else ""
    return STATES[job.state] + by


def _at_work(job: Job) -> Iterator[Content]:
    if job.said.stage:
        share = job.said.share
        value = None if share is None else f"{share:.2f}"
        yield element("label", sentence(job.said.stage), for_=f"progress-{job.id}")
        yield element("progress", id=f"progress-{job.id}", max="1", value=value)
    yield _notes(job)
    stop = forms.button("Stop", disabled="" if job.is_to_stop else None)
    yield forms.form(
        links.job(job.id, "stop"), stop, swap=forms.Swap(f"#job-{job.id}"), label="Stop this work"
    )


def _notes(job: Job) -> Content:
    rows = [element("li", each) for each in job.said.notes[-NOTES:]]
    return element("ul", *rows, class_="soft") if rows else ""


def _ended(job: Job) -> Iterator[Content]:
    if job.state is State.done:
        yield from ON[job.kind](job.answer, job.about)
        return
    error = job.answer.get("error", {})
    if job.state is State.failed:
        words = str(error.get("message", "")) or " ".join(job.said.notes[-1:])
        faults = [_fault(each) for each in error.get("faults", ()) if isinstance(each, Mapping)]
        yield element("p", sentence(words.split("\n")[0] if faults else words), role="alert")
        if faults:
            yield fault_table(faults)
    if error.get("remedy"):
        yield element("p", sentence(str(error["remedy"])), class_="soft")


def _fault(told: Mapping[str, Any]) -> Fault:
    table, problem, remedy, column = (
        str(told.get(name) or "") for name in ("table", "problem", "remedy", "column")
    )
    rows = tuple(each for each in told.get("rows", ()) if isinstance(each, int))
    values = tuple(map(str, told.get("values", ())))
    return Fault(table, problem, remedy, column, rows, values)


def _priced(answer: Mapping[str, Any], about: Mapping[str, str]) -> Iterator[Content]:
    """Say what the one edit costs that was asked about."""
    own = [each["price"] for each in answer.get("edits", ()) if each.get("price") is not None]
    price = own[0] if own else answer.get("price_of_all") or 0.0
    yield solved_told(about.get("run", links.NEWEST), price)


def solved_told(run: str, price: float) -> Markup:
    """Say what one edit costs, with the way to the objective of the run that it is counted from."""
    there = Source(run, SUMMARY.name, "objective")
    return element("p", "Solved for, it costs ", number(money(price), there), ".", class_="price")


def _all_priced(answer: Mapping[str, Any], about: Mapping[str, str]) -> Iterator[Content]:
    """Say what all decisions cost together, however many have a price of their own."""
    of_all = money(answer.get("price_of_all") or 0.0)
    there = links.decisions_csv(about.get("run", links.NEWEST))
    yield element("p", "All decisions together cost ", number(of_all, there), ".", class_="price")


def _approved(answer: Mapping[str, Any], about: Mapping[str, str]) -> Iterator[Content]:
    new = _run_of(answer)
    if new != about.get("run"):
        yield element("p", "The plan with your decisions is a run of its own: this one.")
    if other := str(answer.get("instead_of") or ""):
        before = element("a", f"run {other}", class_="figure-link", href=links.week(other))
        yield element("p", "It takes the place of ", before, ", which was approved before.")
    yield _ways((links.edits(new), "Release it"), (links.week(new), "Its week"))


def _released(answer: Mapping[str, Any], about: Mapping[str, str]) -> Iterator[Content]:
    del about
    run = str(answer.get("run", ""))
    files = ((links.release_file(run, each), each) for each in sorted(answer.get("files", ())))
    yield element("p", "For the warehouse:")
    yield _ways(*files)
    yield _ways((links.edits(run), "Back to the plan"))


def _planned(answer: Mapping[str, Any], about: Mapping[str, str]) -> Iterator[Content]:
    del about
    yield _ways((links.week(_run_of(answer)), "The plan"))


def _tried(answer: Mapping[str, Any], about: Mapping[str, str]) -> Iterator[Content]:
    causes, notes = answer.get("causes", ()), answer.get("notes", ())
    yield element("ul", *(element("li", each) for each in causes))
    run, trial = about.get("run", links.NEWEST), _run_of(answer)
    yield _ways(
        (links.tried_lines(run, [trial]), "The lines in which it differs"),
        (links.try_it(run), "All that was tried, side by side"),
    )
    if notes:
        rows = (element("li", each) for each in notes)
        yield element("details", element("summary", "Notes"), element("ul", *rows))


def _run_of(answer: Mapping[str, Any]) -> str:
    return PurePath(str(answer.get("run", ""))).name


def _ways(*ways: tuple[str, str]) -> Markup:
    return element("ul", join(element("li", element("a", words, href=to)) for to, words in ways))


ON: Final[Mapping[str, Callable[[Mapping[str, Any], Mapping[str, str]], Iterator[Content]]]] = {
    Kind.price: _priced,
    Kind.price_all: _all_priced,
    Kind.approve: _approved,
    Kind.release: _released,
    Kind.plan: _planned,
    Kind.trial: _tried,
}
"""kind of a job -> what its end says, and where one goes on"""

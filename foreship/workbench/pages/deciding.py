"""Decisions on the lines of a run: made, priced, taken back, and taken over from a file."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from foreship.errors import UsageError
from foreship.reports.markup import Content, element, join
from foreship.workbench.acting import meant, pricing, unsigned
from foreship.workbench.acting.cells import clash_cell, edit_cell, edit_form
from foreship.workbench.acting.listing import body_of, since_words
from foreship.workbench.acting.telling import job_told, solved_told
from foreship.workbench.bench import Bench
from foreship.workbench.drafts.as_csv import as_csv
from foreship.workbench.drafts.clash import Clash
from foreship.workbench.drafts.entry import Entry
from foreship.workbench.drafts.log import Draft
from foreship.workbench.drafts.prices import kept_prices
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.held.run import HeldRun
from foreship.workbench.web import links
from foreship.workbench.work.jobs import Job
from foreship_foundation.telling.words import plural

__all__ = ["ROUTES", "edit_cell"]

CLASH: Final = 409
KINDS: Final = (".xlsx", ".csv")
"""how files of decisions end"""


def edits(request: Request, bench: Bench) -> Answer:
    """Show all decisions on a run."""
    held, draft = meant.run_and_draft(request, bench)
    late = unsigned.unsigned_of(bench.runs_at, held.name)
    told = body_of(
        held,
        draft,
        kept_prices(draft.folder),
        request.who,
        at_work=unsigned.at_work_told(bench, draft),
        unsigned=join(unsigned.told(each, request.who, held.name) for each in late),
    )
    return Answer(told, title="Decisions")


def since(request: Request, bench: Bench) -> Answer:
    """Say what others have decided since a version was shown."""
    version = meant.whole_number({"version": request.asked("version", "0")}, "version")
    draft = bench.draft(request.path["run"])
    told = since_words(draft, version, unsigned.at_work_told(bench, draft))
    return Answer(told, title="Decisions since")


def as_file(request: Request, bench: Bench) -> Answer:
    """Hand down the decisions as an approval reads them."""
    draft = bench.draft(request.path["run"])
    name = f"decisions-{draft.run}.csv"
    return Answer(as_csv(draft).encode(), kind="text/csv; charset=utf-8", file_name=name)


def line(request: Request, bench: Bench) -> Answer:
    """Show the form that decides on a line."""
    held, draft = meant.run_and_draft(request, bench)
    number = meant.line_of(request.path["line"], held)
    meant.refuse_closed(held)
    planned = int(held.run.plan["quantity"].iloc[number])
    form = edit_form(number, planned, draft, request.who)
    title = f"Line {number}"
    body = form if request.fragment else element("div", element("h1", title), form)
    return Answer(body, title=title)


def cell(request: Request, bench: Bench) -> Answer:
    """Show what is decided on a line."""
    held, draft = meant.run_and_draft(request, bench)
    number = meant.line_of(request.path["line"], held)
    return Answer(edit_cell(number, draft), title=f"Line {number}")


def decide(request: Request, bench: Bench) -> Answer:
    """Keep a decision on a line, unless somebody else has decided otherwise meanwhile."""
    held, draft = meant.run_and_draft(request, bench)
    meant.refuse_closed(held)
    return _kept(request, bench, draft, meant.entry_of(held, draft, request.form, request.who))


def take_back(request: Request, bench: Bench) -> Answer:
    """Take the decision on a line back: that is an entry, too, and nothing is erased."""
    held, draft = meant.run_and_draft(request, bench)
    meant.refuse_closed(held)
    number = meant.line_of(request.path["line"], held)
    base = meant.version_of(request.form, "base", draft)
    return _kept(request, bench, draft, meant.taken_back(number, request.who, base))


def _kept(request: Request, bench: Bench, draft: Draft, entry: Entry) -> Answer:
    run, title = draft.run, f"Line {entry.line}"
    found = draft.append(entry)
    if isinstance(found, Clash):
        body: Content = clash_cell(run, found)
        whole = body if request.fragment else element("div", element("h1", title), body)
        return Answer(whole, status=CLASH, title=title)
    if request.fragment:
        told = unsigned.at_work_told(bench, found)
        return Answer(edit_cell(entry.line, found, told), title=title)
    return Answer(to=links.edits(run))


def price(request: Request, bench: Bench) -> Answer:
    """Say what a decision costs: by the ledger at once, and solved for behind the page."""
    held, draft = meant.run_and_draft(request, bench)
    meant.refuse_closed(held)
    entry = meant.entry_of(held, draft, request.form, request.who)
    told = [element("p", words) for words in _at_once(held, entry)]
    if told:
        found = pricing.price_of(bench, draft, entry)
        told.append(job_told(found) if isinstance(found, Job) else solved_told(held.name, found))
    else:
        told = [element("p", "It leaves the plan as it is and costs nothing.")]
    title = f"Price of line {entry.line}"
    head = () if request.fragment else (element("h1", title),)
    return Answer(element("div", *head, *told), title=title)


def _at_once(held: HeldRun, entry: Entry) -> Sequence[str]:
    if entry.quantity is None:
        return ()
    found = pricing.by_ledger(held, entry)
    return (found.words if found else "The ledger does not weigh such lines.",)


def price_all(request: Request, bench: Bench) -> Answer:
    """Solve for the price of all decisions together."""
    held, draft = meant.run_and_draft(request, bench)
    meant.refuse_closed(held)
    if not draft.decided:
        raise UsageError("nothing is decided that would have a price")
    return Answer(to=links.job(pricing.price_of_all(bench, draft, request.who).id))


def upload(request: Request, bench: Bench) -> Answer:
    """Take over what an edited workbook or a CSV file decides, all of it or nothing."""
    held, draft = meant.run_and_draft(request, bench)
    meant.refuse_closed(held)
    if request.file is None:
        raise UsageError("no file was handed in")
    ending = PurePosixPath(request.file_name).suffix.lower()
    if ending not in KINDS:
        raise UsageError(f"{request.file_name} is neither {' nor '.join(KINDS)}")
    base = meant.version_of(request.form, "base", draft)
    with tempfile.TemporaryDirectory(dir=bench.scratch) as place:
        path = Path(shutil.copy(request.file, Path(place) / f"plan{ending}"))
        entries, notes = meant.entries_of_file(held, draft, path, request.who, base)
    found = draft.append_all(entries)
    if isinstance(found, Draft):
        title = "Decisions taken over"
        said = f"{plural(len(entries), 'decision')} of {request.file_name}."
        rows = [element("li", each) for each in notes]
        way = element("p", element("a", "All decisions", href=links.edits(draft.run)))
        body = element("div", element("h1", title), element("p", said), element("ul", *rows), way)
        return Answer(body, title=title)
    head = element("h1", "Somebody else has decided otherwise"), element("p", NOTHING)
    told = element("div", *head, *(clash_cell(draft.run, each) for each in found))
    return Answer(told, status=CLASH, title="Decisions clash")


NOTHING: Final = "Nothing of the file is kept while these lines clash; settle them, then send it."


ROUTES = (
    Route("GET", "/run/{run}/edits", edits, nav="Decisions"),
    Route("POST", "/run/{run}/edits", decide),
    Route("GET", "/run/{run}/edits/since", since),
    Route("GET", "/run/{run}/edits/plan.csv", as_file),
    Route("GET", "/run/{run}/edits/{line}", line),
    Route("GET", "/run/{run}/edits/{line}/cell", cell),
    Route("POST", "/run/{run}/edits/{line}/take-back", take_back),
    Route("POST", "/run/{run}/price", price),
    Route("POST", "/run/{run}/price-all", price_all),
    Route("POST", "/run/{run}/upload", upload),
)

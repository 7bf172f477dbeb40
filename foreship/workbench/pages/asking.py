"""What planners ask of the next plans: policies, adjustments and overrides, each signed."""

from __future__ import annotations

from foreship.errors import InputError, UsageError
from foreship.jobs.deciding.asked_files import (
    ASKED,
    AskedFile,
    Changed,
    add_row,
    asked_file,
    take_back,
)
from foreship.runs import load_run
from foreship.workbench.acting import commands
from foreship.workbench.acting.meant import whole_number
from foreship.workbench.acting.wishes import body_of, row_body, row_of
from foreship.workbench.bench import Bench
from foreship.workbench.door.knock import Refused
from foreship.workbench.door.places import NotFound
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.web import links
from foreship_foundation.tables.output_files import ASKED as PRICED

__all__ = ["ROUTES"]

TITLE = "What is asked"
FIRST = "policies"
"""table that is shown where none is named"""


def asked(request: Request, bench: Bench) -> Answer:
    """Show a table of wishes, with the form of a further row."""
    there = asked_file(bench.folder, request.asked("table", FIRST))
    return Answer(body_of(there, request.who, _monday(bench)), title=TITLE)


def row(request: Request, bench: Bench) -> Answer:
    """Show a row of a table of wishes: where it stands, and what each of its values means."""
    there = asked_file(bench.folder, request.asked("table", FIRST))
    place = whole_number({"row": request.asked("row")}, "row")
    if not 1 <= place <= len(there.rows):
        raise NotFound(f"{there.path.name} has no row {place}; it has {len(there.rows)}")
    return Answer(row_body(there, place - 1, _priced(bench)), title=f"Row {place}")


def _priced(bench: Bench) -> str:
    """Return the newest run if it priced what was asked, else blank."""
    try:
        run = bench.place(links.NEWEST)
    except NotFound:
        return ""
    return run.name if PRICED.name in load_run(run, []).manifest["files"] else ""


def ask(request: Request, bench: Bench) -> Answer:
    """Write a row, once the table with it is without fault; else show it with its faults."""
    name, sha = _table(request), request.form.get("sha", "")
    row = row_of(name, request.form, request.who)
    try:
        add_row(bench.folder, bench.runs_at, name, row, sha)
    except Changed as error:
        raise Refused(409, str(error)) from error
    except InputError as error:
        there = asked_file(bench.folder, name)
        body = body_of(there, request.who, _monday(bench), form=row, faults=error.faults)
        return Answer(body, status=400, title=TITLE)
    return Answer(to=links.asked(name))


def take_row_back(request: Request, bench: Bench) -> Answer:
    """Take a row out of its file, if it is still the one that was shown."""
    name, place = _table(request), whole_number(request.form, "row")
    try:
        take_back(bench.folder, bench.runs_at, name, place, request.form.get("sha", ""))
    except Changed as error:
        raise Refused(409, str(error)) from error
    return Answer(to=links.asked(name))


def try_table(request: Request, bench: Bench) -> Answer:
    """Plan with the table as it is beside the newest run."""
    there: AskedFile = asked_file(bench.folder, _table(request))
    if there.why_not or not there.path.exists():
        raise UsageError(there.why_not or f"nothing is asked in {there.table} yet")
    run = bench.place(links.NEWEST)
    change = [f"{there.table}={there.path.resolve()}"]
    words = f"try {there.table} as they are asked"
    job = commands.try_plan(bench, run, [], change, words=words, who=request.who)
    return Answer(to=links.job(job.id))


def _table(request: Request) -> str:
    name = request.form.get("table", "")
    if name not in ASKED:
        raise NotFound(f"there is no table of wishes {name!r}")
    return name


def _monday(bench: Bench) -> str:
    """Return the Monday of the newest run, blank where there is none."""
    try:
        return bench.place(links.NEWEST).name[:10]
    except NotFound:
        return ""


ROUTES = (
    Route("GET", "/asked", asked, nav="Asked"),
    Route("GET", "/asked/row", row),
    Route("POST", "/asked", ask),
    Route("POST", "/asked/take-back", take_row_back),
    Route("POST", "/asked/try", try_table),
)

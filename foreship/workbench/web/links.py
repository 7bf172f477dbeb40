"""Every address, written once: ids travel behind `?` alone, where any letter may stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import quote, urlencode

__all__ = [
    "NEWEST",
    "address",
    "asked",
    "asked_deed",
    "asked_row",
    "cell",
    "decisions_csv",
    "deed",
    "edit",
    "edits",
    "edits_since",
    "find",
    "home",
    "item",
    "job",
    "limits",
    "lines",
    "lines_csv",
    "name",
    "outlook",
    "plan",
    "region",
    "release_file",
    "review",
    "rooted",
    "run_file",
    "runs",
    "source",
    "tried_lines",
    "try_it",
    "under",
    "week",
]

NEWEST = "latest"
"""stands for the run made last"""
_PREFIX: ContextVar[str] = ContextVar("prefix", default="")


@contextmanager
def under(prefix: str) -> Iterator[None]:
    """Let all addresses lie below a path until the end of the block, as a proxy shows them."""
    before = _PREFIX.set(prefix)
    try:
        yield
    finally:
        _PREFIX.reset(before)


def rooted(path: str) -> str:
    """Return the address of a path that begins at `/` as our routes do."""
    return f"{_PREFIX.get()}{path}"


def address(*parts: str, query: Mapping[str, object] | None = None) -> str:
    """Return an address of this server.

    Parameters
    ----------
    parts
        Names of our own: routes, runs, files; never an id of a table.
    query
        Name -> value, or a sequence of values; what is blank or None is left out.
    """
    path = rooted("/" + "/".join(quote(part, safe="") for part in parts))
    kept = {key: value for key, value in (query or {}).items() if value not in (None, "", (), [])}
    return f"{path}?{urlencode(kept, doseq=True)}" if kept else path


def home() -> str:
    """Where the workbench begins."""
    return rooted("/")


def name() -> str:
    """Where somebody says what they call themselves."""
    return address("name")


def week(run: str, **query: object) -> str:
    """The week of a run."""
    return address("run", run, query=query)


def lines(run: str, query: str = "") -> str:
    """The lines of a run; `query` as `grid.Query.text` writes it."""
    return address("run", run, "lines") + (f"?{query}" if query else "")


def lines_csv(run: str, query: str = "") -> str:
    """The lines of a run as a file."""
    return address("run", run, "lines.csv") + (f"?{query}" if query else "")


def item(run: str, item: str, **query: object) -> str:
    """An item in all regions."""
    return address("run", run, "item", query={"item": item, **query})


def region(run: str, region: str, **query: object) -> str:
    """A region with all its items."""
    return address("run", run, "region", query={"region": region, **query})


def cell(run: str, region: str, item: str) -> str:
    """An item in a region."""
    return address("run", run, "cell", query={"region": region, "item": item})


def outlook(run: str, region: str, item: str) -> str:
    """Sales and forecast of an item in a region."""
    return address("run", run, "outlook", query={"region": region, "item": item})


def source(run: str, file: str, column: str, where: Mapping[str, str]) -> str:
    """Where a figure comes from: rows of a file of the run, and what their column means."""
    return address("run", run, "from", query={"file": file, "column": column, **where})


def run_file(run: str, name: str) -> str:
    """A file of a run."""
    return address("run", run, "file", name)


def limits(run: str) -> str:
    """Limits and their prices."""
    return address("run", run, "limits")


def try_it(run: str, **query: object) -> str:
    """What if: plans with other settings or tables beside this one."""
    return address("run", run, "try", query=query)


def tried_lines(run: str, trials: Sequence[str] = (), **query: object) -> str:
    """The lines in which plans that were tried differ from a plan."""
    return address("run", run, "try", "lines", query={"with": list(trials), **query})


def edits(run: str, **query: object) -> str:
    """What was decided on the lines of a run."""
    return address("run", run, "edits", query=query)


def edits_since(run: str, version: int) -> str:
    """What was decided since a version."""
    return f"{address('run', run, 'edits', 'since')}?{urlencode({'version': version})}"


def decisions_csv(run: str) -> str:
    """What is decided, as an approval reads it."""
    return address("run", run, "edits", "plan.csv")


def edit(run: str, line: int, *what: str) -> str:
    """What is decided on one line; `what` is `cell` or `take-back`."""
    return address("run", run, "edits", str(line), *what)


def deed(run: str, what: str) -> str:
    """What is done with the decisions on a run: `price`, `upload`, `approve`, `release`."""
    return address("run", run, what)


def release_file(run: str, name: str) -> str:
    """A file of a run's release."""
    return address("released", run, name)


def asked(table: str = "") -> str:
    """What planners ask of the next plans: policies, adjustments, overrides."""
    return address("asked", query={"table": table})


def asked_row(table: str, row: int) -> str:
    """One row of a table of wishes, counted from 1."""
    return address("asked", "row", query={"table": table, "row": row})


def asked_deed(what: str) -> str:
    """What is done with wishes: `take-back`, `try`."""
    return address("asked", what)


def find(text: str = "", run: str = "") -> str:
    """Items, regions and hubs of a run by what was typed."""
    return address("find", query={"q": text, "run": run})


def runs() -> str:
    """All runs and how far they came."""
    return address("runs")


def review(run: str = "") -> str:
    """What became of a plan."""
    return address("review", query={"run": run})


def job(number: str, *what: str) -> str:
    """Work that runs behind; `what` is `stop`."""
    return address("job", number, *what)


def plan() -> str:
    """Where a new plan is asked for."""
    return address("plan")

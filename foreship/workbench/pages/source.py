"""Where a figure comes from: the file of the run, its rows, and what the column means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from foreship.errors import UsageError
from foreship.own_files import KEPT, MANIFEST
from foreship.reading.views import day, flat
from foreship.reports.markup import Column, Content, Markup, cut, element, table
from foreship.runs import Run, load_run
from foreship.workbench.bench import Bench
from foreship.workbench.door.places import NotFound
from foreship.workbench.grid.columns import SUMMED
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.web import links
from foreship_foundation.tables.declaration import WORDED, Table
from foreship_foundation.tables.declaration import Column as Declared
from foreship_foundation.tables.input_tables import INPUTS
from foreship_foundation.tables.output_files import OUTPUTS, SUMMARY
from foreship_foundation.telling.near_names import nearest
from foreship_foundation.telling.words import fixed, number, plural, sentence

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ROUTES"]

MOST = 20
"""rows that are shown; the file has them all"""
LINE = "line"
"""row of the plan, which its file has no column for"""
DECLARED = {table.name.split(",")[0]: table for table in OUTPUTS.values()}
"""file of a run -> what its columns or keys mean"""
FACTS = Table(
    "manifest.json",
    "what was known when the run was made",
    (
        Declared("notes", "text", "what its planner should know"),
        Declared("inputs", "text", "tables that it was made from, each with rows and hashes"),
        Declared("config", "text", "every setting, as the run was made with it"),
    ),
)
"""facts of a manifest that pages speak of"""
ADDED_UP = (
    *SUMMED, "units", "lines", "vehicles", "vehicle_cost", "line_cost", "d_units", "d_gain", "mean",
    "money",
)  # fmt: skip
"""columns whose sum means something"""
IDS = ("region", "item", "hub")
"""columns of text, by which a file is read in parts"""
CHANCE = "probability"
"""unit of columns whose meanings begin with `that`"""
ROW = (Column("Column"), Column("Value"), Column("What it means"))


def source(request: Request, bench: Bench) -> Answer:
    """Show the rows of a file of a run that a figure was read from, and what it means."""
    run, file, column = request.path["run"], request.asked("file"), request.asked("column")
    folder = bench.place(run)
    declared = _declared(file)
    is_there = file == MANIFEST or file in load_run(folder, []).manifest["files"]
    if declared is None or not is_there:
        raise NotFound(f"{folder.name} has no file {file!r} of which figures are shown")
    found = load_run(folder, [] if file == MANIFEST else [file])
    known = {each.name: each for each in declared.columns}
    if column not in known:
        raise UsageError(f"{file} has no column {column!r}; {nearest(column, known)}")
    where = {name: request.asked(name) for name in request.query if name not in ("file", "column")}
    objects = {SUMMARY.name: found.summary, MANIFEST: found.manifest}
    told = (
        _object(objects[file].get(column), where)
        if file in objects
        else _rows(run, found, file, declared, column, where)
    )
    title = f"{column.replace('_', ' ')} in {file}"
    content = (
        element("p", _meaning(known[column])),
        element("p", f"{file}: {declared.meaning}.", class_="soft"),
        element("p", *_kept(run, found, file), class_="soft"),
        told,
    )
    if request.fragment:
        return Answer(_dialog(title, content))
    return Answer(element("div", element("h1", title), *content), title=title)


def _dialog(title: str, content: Sequence[Content]) -> Markup:
    """Write a source to be shown over the page that asks for it; Escape closes it, too."""
    close = element("form", element("button", "Close", autofocus=""), method="dialog")
    heading = element("h2", title, id="source-title")
    return element("dialog", close, heading, *content, aria_labelledby="source-title")


def _meaning(column: Declared) -> str:
    """Say what a column holds, and in which unit."""
    if column.unit == CHANCE:
        return sentence(f"{CHANCE} {column.meaning}")
    unit = f", in {column.unit}" if column.unit not in ("", "1") else ""
    return sentence(f"{column.meaning}{unit}")


def _declared(file: str) -> Table | None:
    if file.startswith(f"{KEPT}/"):
        return INPUTS.get(file.removeprefix(f"{KEPT}/").removesuffix(".parquet"))
    return FACTS if file == MANIFEST else DECLARED.get(file)


def _kept(run: str, found: Run, file: str) -> list[Content]:
    """Say what the file's hash is, and where it can be had."""
    if file == MANIFEST:
        return [f"{file} of run {found.path.name}, which has the hashes of all its files"]
    digest = found.manifest["files"][file]["sha256"]
    link = element("a", file, href=links.run_file(run, file)) if "/" not in file else file
    return [link, f" of run {found.path.name}, SHA-256 ", element("code", digest)]


def _object(value: Any, where: Mapping[str, str]) -> Content:
    """Show a value of a JSON file: of a list the rows that are meant, of an object its parts."""
    if isinstance(value, Mapping):
        rows = [[name, _shown(part)] for name, part in flat(value).items()]
        return table((Column("Part"), Column("Value")), rows)
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return element("ul", *(element("li", each) for each in value))
    if isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
        names = list(dict.fromkeys(name for each in value for name in each))
        meant = [row for row in value if all(str(row.get(k)) == v for k, v in where.items())]
        shown = [[_shown(row.get(name, "")) for name in names] for row in meant[:MOST]]
        rest = cut(len(shown), len(meant), "row", "the file has them all")
        return element("div", table([Column(name) for name in names], shown), rest)
    return element("p", element("strong", _shown(value)))


def _rows(
    run: str, found: Run, file: str, declared: Table, column: str, where: Mapping[str, str]
) -> Content:
    """Show the rows that are meant: one as a list of its columns, several as a table with sum."""
    frame = _read(found, file, where)
    known = {each.name: each for each in declared.columns}
    if len(frame) == 1:
        row = frame.iloc[0]
        told = [[name, _shown(row[name]), known[name].meaning if name in known else ""]
                for name in frame.columns]  # fmt: skip
        return table(ROW, told)
    named = declared.key or [each.name for each in declared.columns if each.kind in WORDED]
    keys = [each for each in (*named, *where, column) if each in frame]
    names = list(dict.fromkeys([*keys, column]))
    head = frame[names].head(MOST)
    shown = [[_shown(value) for value in row] for row in head.itertuples(index=False)]
    columns = [Column(name, number=name == column) for name in names]
    total: list[Content] | None = None
    if column in ADDED_UP and names[0] != column:
        added = _shown(float(frame[column].sum()))
        ends = {names[0]: f"All {plural(len(frame), 'row')}", column: added}
        total = [ends.get(name, "") for name in names]
    whole: Content = "the file has them all"
    if "/" not in file:
        whole = element("a", whole, href=links.run_file(run, file))
    rest = cut(len(head), len(frame), "row", whole)
    return element("div", table(columns, shown, total=total), rest)


def _read(found: Run, file: str, where: Mapping[str, str]) -> pd.DataFrame:
    """Read the rows of a Parquet file that have these values, as they are written out.

    Raises
    ------
    UsageError
        If a column is not in the file.
    """
    import pyarrow.parquet as pq

    path = found.path / file
    names = pq.read_schema(path).names
    asked = {name: value for name, value in where.items() if name in names}
    others = set(where) - set(asked) - {LINE}
    if others:
        raise UsageError(f"{file} has no column {min(others)!r}; {nearest(min(others), names)}")
    texts = [(name, "=", value) for name, value in asked.items() if name in IDS]
    frame: pd.DataFrame = pq.read_table(path, filters=texts or None).to_pandas()
    for name in set(asked) - {each[0] for each in texts}:
        frame = frame[frame[name].astype(str) == asked[name]]
    if LINE in where and LINE not in names:
        frame = frame[frame.index.astype(str) == where[LINE]]
    return frame


def _shown(value: Any) -> str:
    is_day = isinstance(value, datetime)
    if is_day:
        return day(value)
    if isinstance(value, float):
        return number(value, 9)
    if isinstance(value, int) and not isinstance(value, bool):
        return fixed(value)
    return str(value)


ROUTES = (Route("GET", "/run/{run}/from", source),)

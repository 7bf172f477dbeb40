"""A run folder written from a view that was made up, and the grid over it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from foreship.files import write_parquet
from foreship.pipeline.kept_tables import kept_as
from foreship.reading.views import RunView
from foreship.runs import write_run
from foreship.workbench.grid.ids import Ids
from foreship.workbench.grid.lines import LineColumns, columns_of
from foreship.workbench.grid.query import Query
from foreship.workbench.grid.table import Ways
from foreship.workbench.held.opening import ids_of
from foreship_foundation.tables.output_files import EXCEPTIONS, FACTS, PROJECTED
from tests.foreship.order_views import order_view

FRAMES = ("units", "reasons", "orders", "forecast", "departures")


def told_view() -> RunView:
    """Return a run by the order with facts, projected stock, exceptions and reasons."""
    view = order_view()
    lines = view.lines
    facts = pd.DataFrame({"line": np.arange(len(lines))}).assign(
        name=[f"Tea no. {n % 7}" for n in range(len(lines))],
        sold_4_weeks=np.where(np.arange(len(lines)) % 5, 3.0, np.nan),
        sold_4_weeks_last_year=2.0, forecast_window=1.5, window_days=7, on_hand=1, coming=0,
        weeks_of_cover=2.0, lowest_stock=0.5, sold_out_chance=0.25,
        reason=[f"because of {n}" for n in range(len(lines))], exit=lines["exit"],
        exit_day=view.exit_days(), volume=0.5 * lines["quantity"], kg=1.0, cases=1,
    )[list(FACTS.names)]  # fmt: skip
    cells = view.units[["region", "item"]].drop_duplicates(ignore_index=True)
    projected = cells.assign(week=view.as_of, stock=1.25, short=0.5)[list(PROJECTED.names)]
    seen = pd.DataFrame(
        [(1, "dear", 9.0, "Lyon", "00101", "", pd.NaT, 0, "Look here."),
         (2, "late", 8.0, "Paris", "", "Metz", view.as_of, -1, "And there.")],
        columns=list(EXCEPTIONS.names),
    )  # fmt: skip
    reasons = pd.DataFrame(
        [("Lyon", "00104", "not weighed", "no usable lane"), ("Nice", "00101", "full", "a policy")],
        columns=["region", "item", "about", "cause"],
    )
    items = view.tables["items"].assign(name=lambda each: "Tea " + each["item"], category="tea")
    extras = {FACTS.name: facts, PROJECTED.name: projected, EXCEPTIONS.name: seen}
    return replace(view, extras=extras, reasons=reasons, tables={**view.tables, "items": items})


def write_view(view: RunView, workspace: Path) -> Path:
    """Write a view as a run folder; return it."""
    frames = {f"{name}.parquet": getattr(view, name) for name in FRAMES}
    frames |= {"plan.parquet": view.lines, **view.extras}
    frames |= {kept_as(name): frame for name, frame in view.tables.items()}
    writers: dict[str, Callable[[Path], object]] = {
        name: _frame_writer(frame) for name, frame in frames.items() if frame is not None
    }
    writers["summary.json"] = lambda path: path.write_text(json.dumps(dict(view.summary)))
    facts = {
        "notes": list(view.notes), "config": dict(view.assumptions),
        "versions": dict(view.versions), "inputs": [],
    }  # fmt: skip
    monday = f"{view.as_of:%Y-%m-%d}"
    return write_run(workspace, monday, view.run_id, writers, facts).path


def _frame_writer(frame: pd.DataFrame) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_parquet(frame, path)

    return write


def grid_of(view: RunView) -> tuple[LineColumns, Ids]:
    """Return the grid's columns of a view, and what it knows by ids."""
    ids = ids_of(view)
    return columns_of(view, ids), ids


def plain_ways() -> Ways:
    """Return addresses that say what they lead to."""
    return Ways(
        lines=lambda query: f"/lines?{query.text}",
        cell=lambda region, item: f"/cell/{region}/{item}",
        region=lambda region: f"/region/{region}",
        figure=lambda file, column, line: f"/from/{file}/{column}/{line}",
    )


def asked(**fields: str) -> Query:
    """Read a query from fields with one value each."""
    return Query.of({name: [value] for name, value in fields.items()})

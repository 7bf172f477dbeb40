"""What a form tries: settings and changes as the command takes them, and what is at fault."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from foreship.config import Config
from foreship.errors import Fault, UsageError
from foreship.jobs.trying.change import DEMAND, EVENT, PROMOTION, Change, plain, quoted
from foreship.jobs.trying.changed_settings import Tried, changed_config
from foreship.jobs.trying.changed_tables import changed_tables
from foreship.workbench.held.run import HeldRun
from foreship.workbench.trials.past_promotions import past_promotions

__all__ = ["FIELD", "MOST_ROWS", "Asked", "asked_of", "judged", "row_count"]

FIELD: Final = "set-"
"""begins the name of a field that is a setting"""
ROWS: Final = 2
"""rows of numbers that a form begins with"""
MOST_ROWS: Final = 8
WORD: Final = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[^,]+)')
"""one of several names, which commas part"""
CONDITIONS: Final[Mapping[str, tuple[str, ...]]] = {
    PROMOTION: ("week", "item", "category", "region"),
    EVENT: ("date", "region"),
    DEMAND: ("week", "item", "category", "region"),
}
"""what a form asks of each kind of plan, in the order of its fields"""


@dataclass(frozen=True)
class Asked:
    """What is filled in."""

    settings: Mapping[str, str]
    """by `section.setting`"""
    changes: tuple[str, ...] = ()
    """sentences as `Change` reads them"""
    labels: tuple[str, ...] = ()
    """where in the form each change stands"""

    @property
    def said(self) -> list[str]:
        """What is tried, in short."""
        return [*(f"{key}={value}" for key, value in self.settings.items()), *self.changes]


def row_count(form: Mapping[str, str]) -> int:
    """Return how many rows of numbers a form has: two more where they are asked for."""
    shown = form.get("rows", "")
    rows = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 3 else ROWS
    return min(max(rows, ROWS) + (ROWS if "more" in form else 0), MOST_ROWS)


def asked_of(form: Mapping[str, str]) -> Asked:
    """Return what a form asks for; what stays blank is not asked."""
    said = {key.removeprefix(FIELD): value.strip() for key, value in form.items()
            if key.startswith(FIELD) and value.strip()}  # fmt: skip
    found = [*_numbers(form), *_planned(form)]
    labels, changes = tuple(each for each, _ in found), tuple(each for _, each in found)
    return Asked(dict(sorted(said.items())), changes, labels)


def _numbers(form: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield a sentence for each row of numbers that is filled in."""
    for place in range(1, MOST_ROWS + 1):
        what, how, amount, where = (
            form.get(f"{each}-{place}", "").strip() for each in ("what", "how", "amount", "where")
        )
        if what or amount or where:
            rows = f" where {where}" if where else ""
            yield f"number {place}", f"{what}{how or '='}{quoted(amount)}{rows}"


def _planned(form: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield a sentence for a promotion, an event and another demand that are filled in."""
    for about, columns in CONDITIONS.items():
        value = form.get(f"{about}-value", "").strip()
        where = {
            column: tuple(_names(form.get(f"{about}-{column}", "")))
            for column in columns
            if form.get(f"{about}-{column}", "").strip()
        }
        if value or where:
            how = "" if about == EVENT or not value else form.get(f"{about}-how") or "*"
            column = "price" if about == PROMOTION and value else ""
            yield about, str(Change(about, column, how, value, where))


def _names(text: str) -> Iterator[str]:
    """Yield names that commas part; one with a comma of its own stands in quotes."""
    for word in WORD.findall(text):
        if name := plain(word.strip()):
            yield name


def judged(
    asked: Asked, config: Config, folder: Path, held: HeldRun
) -> tuple[list[Fault], tuple[str, ...]]:
    """Return every fault of what is asked, and sentences on what no forecast has learned.

    What the run keeps of its tables is looked at, and whether the workspace's own prices hold an
    earlier promotion: the command looks at the workspace's own.
    """
    faults: list[Fault] = []
    try:
        changed_config(config, folder, Tried(asked.settings))
    except UsageError as error:
        faults += error.faults
    view = held.view
    until = view.as_of + pd.Timedelta(weeks=config.forecast.horizon_weeks)
    tables = dict(view.tables)
    if PROMOTION in asked.labels:
        past = past_promotions(folder, config, view.as_of)
        tables |= {} if past is None else {"prices": past}
    try:
        found = changed_tables(tables, tables, view.as_of, asked.changes, until)
    except UsageError as error:
        return [*faults, *_labelled(error.faults, asked.labels)], ()
    return faults, found.unlearned


def _labelled(faults: Iterable[Fault], labels: tuple[str, ...]) -> Iterator[Fault]:
    """Yield faults under the names that changes have in the form."""
    for each in faults:
        place, comma, rest = each.table.removeprefix("change ").partition(", ")
        label = labels[int(place) - 1]
        table = label if rest in ("", label) else f"{label}{comma}{rest}"
        yield dataclasses.replace(each, table=table)

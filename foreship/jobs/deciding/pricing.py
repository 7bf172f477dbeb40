"""Price a planner's edits without approving anything: what `approve` would say, written nowhere."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from foreship.approval.edited_book import read_edits
from foreship.jobs.deciding.approved import edit_words, no_edits
from foreship.jobs.deciding.edited_plan import EditedPlan
from foreship.jobs.deciding.signing import last_day, refuse_decided
from foreship.jobs.identity import Tell, silent
from foreship.runs import Run
from foreship_foundation.telling.words import plural, sentences

__all__ = ["Priced", "price_job"]

NOBODY: Final = "a trial"
"""who asks for edits that are only priced"""


@dataclass(frozen=True)
class Priced:
    """What edits would cost."""

    run: Run
    """the run that would be edited"""
    edits: pd.DataFrame
    """a row an edit, with its price"""
    price_of_all: float
    """what all of them together cost [money], 0 without any"""
    price_of_the_rest: float | None
    """what edits without a price of their own cost together, None where each has its own"""
    notes: tuple[str, ...] = ()

    def words(self) -> list[str]:
        """Say what each edit costs, and what all of them together do."""
        head = f"Nothing is approved: this is what edits of run {self.run.path.name} would cost."
        return [head, *edit_words(self.edits, self.price_of_all, self.price_of_the_rest)]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for `--json`, with the keys of an approval."""
        found: Mapping[str, Any] = {
            "run": str(self.run.path),
            "dry_run": True,
            "as_of": self.run.as_of,
            "price_of_all": self.price_of_all,
            "price_of_the_rest": self.price_of_the_rest,
            "edits": self.edits.to_dict("records"),
            "notes": list(self.notes),
        }
        return dict(found)


def price_job(
    run: Run,
    *,
    edits: Path,
    until: str | None = None,
    demand: Path | pd.DataFrame | None = None,
    tell: Tell = silent,
) -> Priced:
    """Price edits of a plan as `approve_job` does: no lock is taken, nothing is written.

    Parameters
    ----------
    edits
        The run's workbook as it was edited, or a CSV file of edits.
    until
        Last day on which the edits would hold; left out, the Sunday of the week.
    demand
        The run's own scenarios, where it was not planned on a forecast.

    Raises
    ------
    InputError
        With every edit that is at fault, or that no plan keeps.
    UsageError
        If the week is released, or the terms of the run are not to be had any more.
    """
    refuse_decided(run)
    read = read_edits(edits, run.plan, run.id)
    if not read.edits and not read.faults:
        words = f"{edits.name} holds no edit"
        return Priced(run, no_edits(), 0.0, None, tuple(sentences([*read.notes, words])))
    tell(f"read {plural(len(read.edits), 'edit')}")
    planner = EditedPlan(run, NOBODY, edits, read.edits, tuple(read.notes), tell)
    terms = planner.terms(read.faults, demand)
    table, price, rest = planner.priced(terms, last_day(run, until))
    told = tuple(sentences([*read.notes, *terms.notes]))
    return Priced(run, table, price, None if math.isnan(rest) else rest, told)

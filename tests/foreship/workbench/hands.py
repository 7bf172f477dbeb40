"""Somebody at a bench of their own, and what an approval leaves beside a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from foreship.jobs.deciding.approved import EDITS
from foreship.jobs.deciding.signing import signed_approval
from foreship.jobs.finished import finished_run
from foreship.workbench.bench import Bench
from tests.foreship.workbench.made_runs import told_view, write_view
from tests.foreship.workbench.served import SENT_BY_US, client_of

__all__ = ["IN_PLACE", "Hand", "approved"]

IN_PLACE = {**SENT_BY_US, "HX-Request": "true"}
NEW = "9876543210"
"""id of the run that edits make"""


class Hand:
    """Somebody at a run of their own."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.client = bench, client_of(bench)
        self.run = f"/run/{bench.place('latest').name}"

    def get(self, what: str) -> Any:
        """Look at a page of the run."""
        return self.client.get(f"{self.run}/{what}")

    def post(self, what: str, *, in_place: bool = True, **form: Any) -> Any:
        """Send a form to the run."""
        sent = IN_PLACE if in_place else SENT_BY_US
        return self.client.post(f"{self.run}/{what}", data=form, headers=sent)


def approved(bench: Bench, edits: Sequence[tuple[int, str, int]], by: str = "Ada") -> str:
    """Approve the newest run as its command would have, without solving; return the run approved.

    Parameters
    ----------
    edits
        Line, decision and new quantity of each; with any, a further run of the Monday is approved.
    """
    base = finished_run(bench.place("latest"))
    rows = pd.DataFrame(edits, columns=["line", "decision", "new"]).reindex(columns=list(EDITS))
    rows = rows.assign(**dict.fromkeys(("action", "origin", "destination", "item", "comment"), ""))
    new = base
    if edits:
        new = finished_run(write_view(replace(told_view(), run_id=NEW), bench.folder))
    signed_approval(new, base, by, rows, (rows, 1.0, 0.0) if edits else None, ())
    return new.path.name

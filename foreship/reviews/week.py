"""The recipe of a review: play the plan, follow its units, weigh what was asked."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from foreship.approval.life import Stage, life_of
from foreship.config import Config, config_of
from foreship.errors import Tampered, UsageError
from foreship.judge.account.ending_stock import cheapest_exit
from foreship.judge.carried_out.departures import PlanRefused
from foreship.pipeline.kept_forecast import kept_forecast
from foreship.pipeline.kept_tables import kept_tables
from foreship.reading.views import RunView
from foreship.reviews.arrivals import arrivals_of, receipt_notes
from foreship.reviews.fates import Fates, fates_of
from foreship.reviews.findings import findings_of
from foreship.reviews.forecasts import forecast_table
from foreship.reviews.line_money import INTO, gain_by_line, money_table
from foreship.reviews.played import Past, Sent
from foreship.reviews.results import Review
from foreship.reviews.scores import KEYS, NOT_SCORED, scores_of
from foreship.reviews.words import review_text
from foreship.runs import Run
from foreship_foundation.arrays import Floats
from foreship_foundation.tables.input_tables import LEAVE_OUT
from foreship_foundation.telling.words import number, plural

__all__ = ["Reviewed", "exit_days", "promise_of", "review_of", "settings_of"]

ASKING: Final = ("policies", "adjustments", "overrides")
SOLVED: Final = "solved"
EDITS: Final = "edits "
"""begins the name of a row of `without.parquet` that stands for an edited line"""


@dataclass(frozen=True)
class Reviewed:
    """A plan played until today: what a review is told from."""

    run: Run
    lines: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    config: Config
    past: Past
    sent: Sent
    pieces: pd.DataFrame
    late: pd.DataFrame
    unheeded: tuple[str, ...]
    """what of the receipts counts for nothing, in sentences"""

    @classmethod
    def of(cls, run: Run, now: Mapping[str, pd.DataFrame], until: pd.Timestamp) -> Reviewed:
        """Read a run, and the orders, returns and receipts of today.

        Raises
        ------
        UsageError
            If the run keeps no tables, or its plan cannot be played with them.
        """
        tables = kept_tables(run)
        if tables is None:
            raise UsageError(f"{run.path.name} keeps no tables: it was made by an older version")
        tables = {**now, **tables}
        config = settings_of(run)
        lines = run.frame("plan.parquet").reset_index(drop=True)
        receipts = now["receipts"]
        arrivals = arrivals_of(lines, receipts[receipts["run"] == run.path.name], until)
        try:
            past = Past.of(tables, config, pd.Timestamp(run.as_of), until)
            sent = past.sent(lines, arrivals.pieces)
            past.morning.state.depart(past.network, sent.came)
        except (PlanRefused, ValueError) as error:
            first = str(error).splitlines()
            raise UsageError(f"{run.path.name} cannot be reviewed: {' '.join(first[:2])}") from None
        late = arrivals.late(lines)
        monday = pd.Timestamp(run.as_of)
        unheeded = tuple(receipt_notes(arrivals, receipts, run.path.name, monday, until))
        return cls(run, lines, tables, config, past, sent, arrivals.pieces, late, unheeded)

    @property
    def until(self) -> pd.Timestamp:
        """First day of which nothing is known."""
        return pd.Timestamp(self.past.terms.end)

    @property
    def categories(self) -> pd.Series:
        """Category by item."""
        return self.tables["items"].set_index("item")["category"]

    def fates(self, later: Mapping[pd.Timestamp, pd.DataFrame]) -> Fates:
        """Return what became of the units, given the plans of later weeks."""
        return fates_of(self.past, self.sent, len(self.lines), later)


def promise_of(summary: Mapping[str, Any]) -> float:
    """Return the gain that a plan promised, each whole order counted once [money]."""
    promised = (summary.get("orders") or {}).get("promised")
    return float(-summary["objective"] if promised is None else promised)


def exit_days(run: Run) -> pd.Series:
    """Return by line of a plan the Monday on which its unsold units are decided on."""
    view = RunView(
        as_of=pd.Timestamp(run.as_of),
        run_id=run.id,
        lines=run.frame("plan.parquet").reset_index(drop=True),
        units=pd.DataFrame(),
        summary=run.summary,
        assumptions=run.fact("config"),
    )
    return view.exit_days()


def settings_of(run: Run) -> Config:
    """Return the settings that a run was made with.

    Raises
    ------
    Tampered
        If they are not as we write them.
    """
    config, faults = config_of(run.fact("config"))
    if faults:
        raise Tampered(f"{run.path.name}: its settings are damaged ({faults[0]}); plan again")
    return config


def review_of(
    run: Run,
    now: Mapping[str, pd.DataFrame],
    until: pd.Timestamp,
    others: Sequence[Run] = (),
) -> Review:
    """Return what became of a plan.

    Parameters
    ----------
    now
        Tables of the workspace today.
    until
        First day of which nothing is known, after the run's Monday.
    others
        Plans of other weeks before `until`: earlier ones whose units may be due, later ones that
        may have moved units on.

    Raises
    ------
    UsageError
        If the plan cannot be played any more.
    """
    played = Reviewed.of(run, now, until)
    past, sent, lines = played.past, played.sent, played.lines
    came = past.came(sent)
    as_promised = past.came(past.sent(lines)).gain
    by_cell = money_table(past, sent, came, lines, promise_of(run.summary), played.categories)
    later = _later(run, others)
    fates = played.fates(later)
    scores = scores_of(
        past, lines, as_promised, asked_rows(played), run.extra("without.parquet"), _solved(run)
    )
    notes = _notes(played, fates, came.settled, int((scores["how"] == NOT_SCORED).sum()))
    due, more = _due(played, now, others)
    items = played.tables["items"].set_index("item")
    forecast = kept_forecast(run)
    review = Review(
        run=run.path.name,
        stage=_stage(run),
        monday=run.as_of,
        until=str(until.date()),
        promised=promise_of(run.summary),
        came=math.fsum(by_cell["came"]),
        settled=came.settled,
        ledger=past.ledger(sent).to_dict(),
        lines=_lines(played, fates, gain_by_line(past, sent, came, lines)),
        money=by_cell,
        forecast=forecast_table(
            forecast,
            run.extra("adjusted.parquet"),
            now["orders"],
            played.categories,
            until,
        )
        if forecast is not None
        else None,
        scores=scores,
        late=played.late,
        due=due,
        notes=(*notes, *more),
        margins=dict(items["price"] - items["unit_cost"]),
    )
    review = replace(review, findings=tuple(each.words for each in findings_of(review)))
    return replace(review, text=review_text(review))


def _stage(run: Run) -> str:
    stage = life_of(run.path).stage
    return stage.name if stage in (Stage.released, Stage.approved) else Stage.draft.name


def _lines(played: Reviewed, fates: Fates, gain: Floats) -> pd.DataFrame:
    """Return a row a line, with what became of its units."""
    lines, pieces = played.lines, played.pieces
    missing, later = pieces["day"].isna(), pieces["day"] >= played.until
    units = {
        name: pieces[rows].groupby("line")["units"].sum().reindex(lines.index, fill_value=0)
        for name, rows in (
            ("received", ~missing & ~later), ("under_way", later), ("missing", missing),
        )
    }  # fmt: skip
    into = lines["action"].isin(INTO).to_numpy()
    return lines[KEYS].assign(
        line=lines.index,
        sent=lines["quantity"],
        **units,
        sold=np.where(into, fates.sold, 0),
        moved_on=np.where(into, fates.moved_on, 0),
        lying=np.where(into, fates.lying, 0),
        gain_promised=lines["expected_gain"],
        gain_came=gain,
    )


def _later(run: Run, others: Sequence[Run]) -> dict[pd.Timestamp, pd.DataFrame]:
    return {
        pd.Timestamp(each.as_of): each.frame("plan.parquet")
        for each in others
        if each.as_of > run.as_of
    }


def _due(
    played: Reviewed, now: Mapping[str, pd.DataFrame], others: Sequence[Run]
) -> tuple[pd.DataFrame, list[str]]:
    """Return units of earlier plans whose exit day is today and that still lie."""
    until, found, notes = played.until, [], []
    for run in sorted((played.run, *others), key=lambda each: each.as_of):
        due = (exit_days(run) == until).to_numpy()
        if not due.any():
            continue
        try:
            mine = played if run is played.run else Reviewed.of(run, now, until)
        except UsageError as error:
            notes.append(f"what of it is due today is not known: {error}")
            continue
        lying = mine.fates(_later(run, others)).lying
        for line in np.flatnonzero(due & (lying > 0)):
            row = mine.lines.iloc[line]
            place = (np.array([mine.past.network.regions.get_loc(row["destination"])]),
                     np.array([mine.past.network.items.get_loc(row["item"])]))  # fmt: skip
            each = float(cheapest_exit(mine.past.network, *place, np.datetime64(until, "D"))[0])
            units = int(lying[line])
            found.append((run.path.name, int(line), row["destination"], row["item"], units,
                          row["exit"], max(each, 0.0) * units))  # fmt: skip
    columns = ["run", "line", "region", "item", "units", "exit", "loss"]
    return pd.DataFrame(found, columns=columns), notes


def asked_rows(played: Reviewed) -> pd.DataFrame:
    """Return what a plan was asked for: rows of three tables that held then, and edited lines.

    An override that leaves orders out of the history asks nothing of a plan.
    """
    run, monday, found = played.run, pd.Timestamp(played.run.as_of), []
    asked = run.extra("asked.parquet")
    words = {} if asked is None else dict(zip(asked["row"], asked["words"], strict=True))
    for table in ASKING:
        for at, row in enumerate(played.tables[table].to_dict("records"), start=1):
            expires = row.get("expires")
            if expires is not None and pd.notna(expires) and expires < monday:
                continue
            if row["kind"] == LEAVE_OUT:
                continue
            name = f"{table} {at}"
            found.append((name, table, row["kind"], words.get(name, _plainly(row)),
                          row.get("reason") or "", row.get("author") or ""))  # fmt: skip
    without = run.extra("without.parquet")
    edited = [] if without is None else sorted({*without["row"]})
    found += [
        (name, "edits", "edit", f"line {name.removeprefix(EDITS)}", "", "")
        for name in edited
        if name.startswith(EDITS)
    ]
    return pd.DataFrame(found, columns=["row", "table", "kind", "words", "reason", "author"])


def _plainly(row: Mapping[Any, Any]) -> str:
    places = [str(row[name]) for name in ("item", "category", "region", "origin") if row.get(name)]
    return f"{row['kind']} {number(float(row['value']))} of {', '.join(places) or 'all'}"


def _solved(run: Run) -> set[str]:
    """Return the rows asked for that the run was planned again without, each by itself."""
    asked = run.extra("asked.parquet")
    return set() if asked is None else set(asked.loc[asked["how"] == SOLVED, "row"])


def _notes(played: Reviewed, fates: Fates, settled: bool, unscored: int) -> list[str]:
    """Say on what the figures rest."""
    notes = [
        "which units buyers took is told by the judge's rule: first from their region, first in "
        "first out",
        *played.unheeded,
    ]
    if not settled:
        notes.append(
            "what came is so far: what lies or is under way is valued as at a window's end"
        )
    if fates.not_there:
        notes.append(
            f"later plans moved {plural(fates.not_there, 'unit')} out of regions that were not "
            "there by this account"
        )
    if unscored:
        notes.append(
            f"{plural(unscored, 'row')} asked for {'is' if unscored == 1 else 'are'} not scored: "
            "no plan that can be played was made without"
        )
    return notes

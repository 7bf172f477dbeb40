"""The weeks of a history: what is read, what is learned from, and what closes the network."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foreship_forecast.history.weeks import MOST_WEEKS, closures, span_of

AS_OF = pd.Timestamp("2026-11-16")


def days(weeks: range, step: int = 1) -> np.ndarray:
    """Return a day of every `step`-th week, counted back from `as_of`."""
    monday = AS_OF.to_datetime64().astype("datetime64[D]")
    return np.sort(monday - 7 * np.arange(weeks.start, weeks.stop, step))


def test_all_weeks_are_read_and_the_latest_learned_from() -> None:
    """Three hundred weeks of orders: 300 are read, the last 104 learned from."""
    span = span_of(days(range(1, 301)), AS_OF, 104)
    assert len(span.weeks) == 300
    assert span.learned == 196
    assert span.notes == (
        f"196 order lines are history before {span.weeks[196]}, not learned from.",
    )


def test_what_is_read_has_an_end() -> None:
    """Of 600 weeks 520 are read, or as many as are learned from; what is older is named."""
    span = span_of(days(range(1, 601)), AS_OF, 104)
    assert (len(span.weeks), span.learned) == (MOST_WEEKS, MOST_WEEKS - 104)
    assert span.notes[0].startswith(f"80 order lines before {span.weeks[0]} are not learned from")
    assert len(span_of(days(range(1, 601)), AS_OF, 590).weeks) == 590


def test_years_by_the_month_before_years_by_the_week_are_not_read() -> None:
    """Five years of files by the month, then two by the day: the two are read, and no error."""
    months = pd.date_range("2019-11-01", "2024-10-01", freq="MS").to_numpy().astype("datetime64[D]")
    daily = days(range(1, 105))
    span = span_of(np.concatenate([months, daily, daily + 3]), AS_OF, 104)
    assert (len(span.weeks), span.learned) == (104, 0)
    assert any("come too seldom" in note for note in span.notes)


def test_closures_are_judged_by_the_trade_of_their_time() -> None:
    """A slow start with many empty weeks excuses no empty week of a busy network."""
    lines = np.concatenate([np.tile([1, 0, 2, 0], 30), np.full(104, 200)])
    lines[[20, -9]] = 0
    closed = closures(lines, 120)
    assert np.flatnonzero(closed).tolist() == [len(lines) - 9]
    assert not closures(lines, 0)[-9]

"""What a policy may know."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from foreship.errors import UsageError
from foreship.pipeline.known import LINE_COLUMNS, PAST_ONLY, lines_of, tables_before
from tests.foreship.small_variants import AS_OF, whole_frames


def test_tables_of_the_past_end_at_the_monday() -> None:
    """A row of the Monday itself is not known; what may look ahead is left as it is."""
    frames = whole_frames()
    last = frames["orders"].iloc[:1].assign(date=AS_OF)
    frames["orders"] = pd.concat([frames["orders"], last], ignore_index=True)
    known = tables_before(frames, AS_OF)
    assert len(known["orders"]) == len(frames["orders"]) - 1
    assert all((known[name][column] < AS_OF).all() for name, column in PAST_ONLY.items())
    assert known["calendar"] is frames["calendar"]


LINES = pd.DataFrame([("ship", "H", "R1", "00123", 2)], columns=list(LINE_COLUMNS))


def by_polars(lazy: bool) -> Any:
    """Return the lines as polars has them."""
    frame = pytest.importorskip("polars").from_pandas(LINES)
    return frame.lazy() if lazy else frame


@pytest.mark.parametrize(
    "answer",
    [
        lambda: LINES,
        lambda: LINES.assign(lines="of a column of that name"),
        lambda: SimpleNamespace(lines=LINES, summary={}),
        lambda: pa.Table.from_pandas(LINES),
        lambda: by_polars(False),
        lambda: by_polars(True),
    ],
)
def test_a_policy_answers_with_a_frame_of_any_kind_or_a_plan(answer: Any) -> None:
    """Its lines, ids as text, are those of the same frame in pandas."""
    found = lines_of("mine", answer())
    assert found[list(LINE_COLUMNS)].to_numpy().tolist() == LINES.to_numpy().tolist()


@pytest.mark.parametrize("answer", [None, 3, "ship", SimpleNamespace(lines=3)])
def test_what_is_no_frame_is_told_by_the_policy(answer: Any) -> None:
    """By its name and what it gave."""
    with pytest.raises(UsageError, match=r"policy mine returns .*, not a frame"):
        lines_of("mine", answer)


def test_lines_without_a_column_are_told_by_the_policy() -> None:
    """In a plan and in a replay alike."""
    with pytest.raises(UsageError, match="policy mine: its lines have no column item and quantity"):
        lines_of("mine", LINES.drop(columns=["item", "quantity"]))

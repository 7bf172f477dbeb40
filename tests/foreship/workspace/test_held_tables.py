"""Tables of an open workspace at rest: large ones are packed, and come back as they were."""

from __future__ import annotations

import gc
import pickle
import weakref

import numpy as np
import pandas as pd
import pytest

from foreship.workspace import packed_frame
from foreship.workspace.held_tables import HeldTables
from foreship.workspace.packed_frame import PackedFrame
from foreship_foundation.tables.frames import COPIES_ON_WRITE

pytestmark = pytest.mark.skipif(not COPIES_ON_WRITE, reason="nothing is packed before pandas 3")


@pytest.fixture(autouse=True)
def _small_frames_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_frame, "FEWEST_ROWS", 4)


def orders(rows: int = 6) -> pd.DataFrame:
    """A table with a column of every kind, a blank text, no number and no date among them."""
    frame = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-01-05", None] * (rows // 2)).astype("datetime64[ns]"),
            "region": pd.array(["R1", ""] * (rows // 2), dtype="str"),
            "quantity": np.arange(rows, dtype=np.int64),
            "price": np.where(np.arange(rows) == 1, np.nan, 0.1 + 0.2),
            "known": np.arange(rows) % 2 == 0,
        }
    )
    frame.attrs["told"] = ["a doubt"]
    return frame


def test_a_table_at_rest_is_let_go_and_comes_back_the_same() -> None:
    """Nobody holds the frame: it goes, and one alike, its attributes too, is there when asked."""
    tables = HeldTables({"orders": orders()})
    gone = weakref.ref(tables["orders"])
    with tables.at_rest():
        gc.collect()
        assert gone() is None
        frame = tables["orders"]
        pd.testing.assert_frame_equal(frame, orders(), check_exact=True)
        assert frame.attrs == orders().attrs
        assert tables["orders"] is frame
    assert tables["orders"] is frame


def test_a_table_that_somebody_holds_stays_the_very_same() -> None:
    """What its holder writes into it is seen by the workspace, during a rest and afterwards."""
    tables = HeldTables({"orders": orders()})
    mine = tables["orders"]
    with tables.at_rest():
        assert tables["orders"] is mine
    mine.loc[0, "quantity"] = 7
    del mine
    assert tables["orders"].loc[0, "quantity"] == 7


def test_a_rest_within_another_ends_with_the_outer_one() -> None:
    """Two jobs on one workspace: the first that ends does not wake the tables of the other."""
    tables = HeldTables({"orders": orders()})
    with tables.at_rest():
        with tables.at_rest():
            pass
        gone = weakref.ref(tables["orders"])
        gc.collect()
        assert gone() is None
    assert tables["orders"] is tables["orders"]


@pytest.mark.parametrize(
    "frame",
    [orders(2), orders().astype({"region": object}), orders().iloc[1:], orders(6).iloc[::-1]],
    ids=["few rows", "objects", "an index from 1", "an index that falls"],
)
def test_what_would_not_pay_or_not_come_back_the_same_is_left_alone(frame: pd.DataFrame) -> None:
    """Few rows, objects of any kind, or rows with names of their own."""
    assert not PackedFrame.admits(frame)


def test_tables_at_rest_can_be_sent_to_another_process() -> None:
    """A frame that is packed is whole in the copy."""
    tables = HeldTables({"orders": orders()})
    with tables.at_rest():
        copy = pickle.loads(pickle.dumps(tables))
    pd.testing.assert_frame_equal(copy["orders"], orders())

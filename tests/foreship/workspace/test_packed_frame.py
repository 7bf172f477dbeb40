"""A packed frame opens as it was, or is not packed at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from foreship.workspace import packed_frame
from foreship.workspace.packed_frame import PackedFrame


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three rows are worth packing."""
    monkeypatch.setattr(packed_frame, "FEWEST_ROWS", 3)


def told() -> pd.DataFrame:
    """Return a frame with every kind of column that tables hold, and blanks where they may be."""
    frame = pd.DataFrame(
        {
            "item": pd.array(["007", "é", "007"], dtype="str"),
            "note": pd.array(["", None, "x"], dtype="str"),
            "day": pd.to_datetime(["2026-11-02", None, "1999-01-01"]),
            "seconds": np.array(["2026-11-02", "NaT", "1999-01-01"], dtype="datetime64[s]"),
            "price": [1.5, np.nan, -0.0],
            "narrow": np.array([1, 2, 3], dtype=np.int32),
            "quantity": [3, -1, 2**62],
            "open": [True, False, True],
        }
    )
    frame.attrs["told"] = "kept"
    return frame


def test_a_frame_that_nobody_holds_opens_as_it_was() -> None:
    """Kinds, blanks, the sign of nought and what is said about it come back."""
    packed = PackedFrame(told())
    assert PackedFrame.admits(told()) and packed.held() is None
    opened = packed.opened()
    pd.testing.assert_frame_equal(opened, told(), check_exact=True)
    assert opened.dtypes.to_dict() == told().dtypes.to_dict()
    assert np.signbit(opened["price"].iloc[2]) and opened.attrs == {"told": "kept"}
    assert packed.opened() is opened


def test_a_frame_that_somebody_holds_is_that_frame() -> None:
    """What he writes into it is found."""
    frame = told()
    packed = PackedFrame(frame)
    frame.loc[0, "quantity"] = 9
    assert packed.opened() is frame and packed.held() is frame


@pytest.mark.parametrize(
    "column",
    [
        pd.array([1, None, 3], dtype="Int64"),
        pd.array([True, None, False], dtype="boolean"),
        pd.Categorical(["a", "b", "a"]),
        pd.to_datetime(["2026-11-02"] * 3).tz_localize("Europe/Berlin"),
        np.array([1, "a", None], dtype=object),
    ],
)
def test_what_would_not_come_back_the_same_is_not_packed(column: Any) -> None:
    """Numbers with blanks of pandas' own, categories, zones and any objects stay as they are."""
    assert not PackedFrame.admits(told().assign(other=column))
    assert not PackedFrame.admits(told().set_index("item"))
    assert not PackedFrame.admits(told().iloc[:2])

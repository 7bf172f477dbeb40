"""Packs too large for every depot or lane."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.quality.transport.packs import packs_fit_somewhere
from tests.foreship.quality.shops import clean, evidence, found_by


@pytest.mark.parametrize(("depot", "lane", "word"), [(0.5, None, "depot"), (None, 0.5, "lane")])
def test_a_pack_that_fits_nowhere_is_doubted(
    depot: float | None, lane: float | None, word: str, tmp_path: Path
) -> None:
    """Six of .1 into .5: the items and their packs are named."""
    frames = clean("plain")
    frames["items"] = frames["items"].assign(volume=0.1, pack_size=6)
    frames["regions"] = frames["regions"].assign(capacity=depot)
    frames["lanes"] = frames["lanes"].assign(capacity=lane)
    (said,) = found_by(packs_fit_somewhere, evidence(frames, tmp_path))
    assert f"the largest {word} holds (0.5 volume)" in said and "values 6, 6, 6" in said


def test_a_pack_that_fits_one_depot_is_sent_there(tmp_path: Path) -> None:
    """One of the depots is large enough, to the brim."""
    frames = clean("plain")
    frames["items"] = frames["items"].assign(volume=0.1, pack_size=6)
    frames["regions"] = frames["regions"].assign(capacity=0.5)
    frames["regions"].loc[1, "capacity"] = 0.6
    assert found_by(packs_fit_somewhere, evidence(frames, tmp_path)) == []

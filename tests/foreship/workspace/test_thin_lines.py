"""`check` says so where half the lines of the newest plan earn next to nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.runs import workspace_lock, write_run
from foreship.workspace.checking import check
from foreship.workspace.thin_lines import thin_line_words
from tests.foreship.good_workspace import write_workspace
from tests.foreship.run_views import make_view
from tests.foreship.small_variants import whole_frames


def planned(folder: Path, gains: list[float], identity: str) -> None:
    """Write a run whose plan ships lines that are expected to earn so much."""
    lines = make_view(items=20).lines
    lines = lines[lines["action"] == "ship"].head(len(gains)).assign(expected_gain=gains)
    files = {"plan.parquet": lines.to_parquet}
    with workspace_lock(folder):
        write_run(folder, "2026-04-27", identity, files, {"notes": []})


@pytest.mark.parametrize(
    ("gains", "said"),
    [
        ([5.0] * 20, ""),
        ([0.05] * 10 + [10.0] * 9, ""),  # too few lines to speak of
        (
            [0.05] * 12 + [10.0] * 12,
            "the thinner half is expected to earn at most 0.05 each, together 0.60",
        ),
        ([-1.0] * 24, ""),
    ],
)
def test_the_thinner_half_is_told(gains: list[float], said: str, tmp_path: Path) -> None:
    """With what leaves such lines out; it is a note of `check`, and no plan says nothing."""
    folder = write_workspace(tmp_path, whole_frames())
    assert thin_line_words(folder) == []
    planned(folder, gains, "aaaaaaaaaa")
    found = thin_line_words(folder)
    assert len(found) == bool(said)
    for each in found:
        assert said in each and "plan.minimum_line_gain" in each
        assert any(note.problem == each for note in check(folder).notes)

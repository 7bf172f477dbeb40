"""Fixtures of the corridor's tests: workspaces written to disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.foreship.good_workspace import good_frames, write_workspace

WorkspaceMaker = Callable[..., Path]


@pytest.fixture
def make_workspace(tmp_path: Path) -> WorkspaceMaker:
    """Return a function that writes the good workspace, with some frames or settings replaced."""

    def make(ending: str = "csv", settings: str = "", **frames: pd.DataFrame) -> Path:
        good = {**good_frames(), **frames}
        return write_workspace(tmp_path / "workspace", good, ending, settings)

    return make


@pytest.fixture(scope="session")
def written_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the good workspace for others to copy, its tables in CSV."""
    return write_workspace(tmp_path_factory.mktemp("good") / "workspace", good_frames())


@pytest.fixture
def good_workspace(written_once: Path, tmp_path: Path) -> Path:
    """Return the folder of a good workspace of one's own, its tables in CSV."""
    return Path(shutil.copytree(written_once, tmp_path / "good"))

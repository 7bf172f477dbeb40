"""Fixtures of the workbench's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.workbench.bench import Bench
from tests.foreship.workbench.served import bench_of


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Return a bench of a workspace without tables and runs."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "foreship.toml").write_text("")
    return bench_of(folder, tmp_path / "scratch")

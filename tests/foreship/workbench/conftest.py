"""Fixtures of the workbench's tests."""

from __future__ import annotations

from collections.abc import Iterator
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


@pytest.fixture(scope="session")
def told_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with one run that was made up, to be read only."""
    from tests.foreship.workbench.made_runs import told_view, write_view

    folder = tmp_path_factory.mktemp("told") / "shop"
    folder.mkdir()
    (folder / "foreship.toml").write_text("")
    write_view(told_view(), folder)
    return folder


@pytest.fixture
def told_bench(told_folder: Path, tmp_path: Path) -> Iterator[Bench]:
    """Return a bench on the run that was made up."""
    found = bench_of(told_folder, tmp_path / "scratch")
    yield found
    found.close()

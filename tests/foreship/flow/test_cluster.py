"""The weekly job on a real cluster: a scheduler and workers, each a process of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

import foreship
from foreship.cli.commands import app
from foreship.cluster import at_work, connecting, spreading
from foreship.errors import StoreUnreachable
from foreship.installation import PACKAGES, home_of
from foreship.params import ClusterParams
from tests.foreship.cluster.deadly_blocks import dying_once, held_up
from tests.foreship.tiny_shop import FIVE, quick_copy, silent
from tests.servers.cluster import Cluster, cluster_of

pytestmark = pytest.mark.filterwarnings("ignore::")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Start a scheduler with two workers."""
    with cluster_of(tmp_path_factory.mktemp("cluster"), 2) as started:
        yield started


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Copy the tiny workspace, with a small forest and few paths."""
    return quick_copy(tmp_path / "shop")


def other_code(folder: Path) -> Path:
    """Copy our packages with a comment more."""
    for package in PACKAGES:
        home = home_of(package)
        assert home is not None
        shutil.copytree(home, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    with (folder / "foreship" / "errors.py").open("a") as file:
        file.write("# another\n")
    return folder


@pytest.mark.nightly
def test_five_files_are_the_same_from_a_cluster(cluster: Cluster, shop: Path) -> None:
    """To the byte, and the run id; `forecast` and then `plan` on the cluster give them too."""
    alone = foreship.run(foreship.open(shop, out=shop.parent / "alone"))
    shared = foreship.run(foreship.open(shop, out=shop.parent / "shared"), cluster=cluster.address)
    assert shared.id == alone.id
    for name in FIVE:
        assert (shared.path / name).read_bytes() == (alone.path / name).read_bytes(), name
    apart = foreship.open(shop, out=shop.parent / "apart")
    made = foreship.forecast(apart, cluster=cluster.address)
    assert made.forecast.equals(alone.forecast)
    planned = foreship.plan(apart, cluster=cluster.address)
    for name in FIVE:
        assert (planned.path / name).read_bytes() == (alone.path / name).read_bytes(), name


@pytest.mark.sweep
def test_what_is_lost_of_a_cluster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One worker: others do its blocks. All of them, or the scheduler too: exit 8, in words."""
    monkeypatch.setattr(spreading, "LOOKING", 0.2)
    monkeypatch.setattr(spreading, "ALONE", 0.5)
    parts = [partial(tuple, (tmp_path, number)) for number in range(6)]
    with cluster_of(tmp_path, 2) as own, at_work(own.address, ClusterParams(), silent) as across:
        assert [number for number, _ in across(dying_once, parts)] == list(range(0, 12, 2))
        for lose in (own.kill_workers, own.kill):
            own.start_worker()
            own.wait_for_workers(1)
            results = across(held_up, parts[:3])
            assert next(results) == 0
            lose()
            with pytest.raises(StoreUnreachable, match="the cluster was lost during held_up"):
                next(results)
    assert StoreUnreachable.exit_code == 8


def test_a_worker_of_other_code_ends_the_command_before_it_learns(
    cluster: Cluster, shop: Path, tmp_path: Path
) -> None:
    """With 2, and what differs; no run folder appears."""
    cluster.start_worker(other_code(tmp_path / "other"))
    cluster.wait_for_workers(3)
    told = CliRunner().invoke(app, ["run", str(shop), "--cluster", cluster.address])
    assert told.exit_code == 2, told.stderr
    assert "has source" in told.stderr and "other code gives other answers" in told.stderr
    assert not list((shop / "runs").glob("*"))


def test_a_dead_scheduler_ends_the_command(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With 8: another try may find it."""
    pytest.importorskip("distributed")
    monkeypatch.setattr(connecting, "PATIENCE", "200ms")
    told = CliRunner().invoke(app, ["run", str(shop), "--cluster", "tcp://127.0.0.1:9"])
    assert told.exit_code == 8, told.stderr
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in told.stderr

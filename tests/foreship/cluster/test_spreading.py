"""Blocks on workers of a cluster: in order, a few at a time, and whoever is killed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.testing import CliRunner

import foreship
from foreship.cli.commands import app
from foreship.cluster import at_work, spreading
from foreship.cluster.spreading import UNDER_WAY, Workers, on_worker
from foreship.errors import StoreUnreachable, TooLarge, UsageError
from foreship.execute import dask_client
from foreship.execute.sealed import opened, sealed
from foreship.params import ClusterParams
from foreship_forecast.counts.dependence import Dependence, Factor
from foreship_forecast.counts.sample_paths import PathDraws
from foreship_forecast.errors import TableFault
from foreship_foundation.blocks import in_turn
from foreship_foundation.paths.path_units import of_all
from tests.forecast.small_law import distribution
from tests.foreship.cluster.deadly_blocks import (
    ERRORS,
    doubled,
    dying,
    dying_once,
    killed_in_each_stage,
    raising,
    refused,
)
from tests.foreship.tiny_shop import FIVE, quick_copy, silent

pytestmark = [
    pytest.mark.filterwarnings("ignore::"),
    pytest.mark.skipif(find_spec("distributed") is None, reason="Dask is not installed"),
]


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """Open two workers of this machine."""
    with at_work("local:2", ClusterParams(worker_memory_gib=1.0), silent) as across:
        assert isinstance(across, Workers)
        yield across


@pytest.fixture
def workspaces(tmp_path: Path) -> list[Path]:
    """Copy the tiny workspace twice, with a small forest and few paths."""
    return [quick_copy(tmp_path / name) for name in ("alone", "shared")]


def test_results_come_in_order_and_parts_are_made_as_they_are_sent(
    workers: Workers, tmp_path: Path
) -> None:
    """In two other processes; before the first result only as many are made as are under way."""
    made: list[int] = []

    def make(number: int) -> tuple[Path, int]:
        made.append(number)
        return tmp_path, number

    results = workers(doubled, [partial(make, number) for number in range(12)])
    first, process = next(results)
    assert (first, made) == (0, list(range(2 * UNDER_WAY)))
    rest = list(results)
    assert [number for number, _ in rest] == list(range(2, 24, 2))
    processes = {process, *(each for _, each in rest)}
    assert len(processes) == 2 and os.getpid() not in processes


def test_what_was_moved_is_counted(workers: Workers, tmp_path: Path) -> None:
    """Blocks, bytes both ways, seconds and memory, by stage."""
    before = workers.moving.stages.pop("doubled", None)
    assert before is None or before.blocks > 0
    list(workers(doubled, [partial(tuple, (tmp_path, 1))] * 3))
    cost = workers.moving.stages["doubled"]
    assert cost.blocks == 3
    assert cost.bytes_out == 3 * len(sealed((doubled, (tmp_path, 1))))
    assert cost.bytes_in > 0 and cost.seconds >= 0
    assert cost.peak_bytes == 0 or cost.peak_bytes > 2**20


def test_a_worker_killed_in_the_middle_changes_nothing(workers: Workers, tmp_path: Path) -> None:
    """Its blocks, done or not, are done by others."""
    parts = [partial(tuple, (tmp_path, number)) for number in range(8)]
    found = [number for number, _ in workers(dying_once, parts)]
    assert found == list(range(0, 16, 2))
    assert (tmp_path / "three").exists()


def test_errors_keep_their_kind_and_words(workers: Workers, tmp_path: Path) -> None:
    """What a block raises on a worker is raised here, and the workers go on."""
    parts = [partial(tuple, (tmp_path, number)) for number in range(3)]
    with pytest.raises(TableFault, match="number 0 is wrong"):
        list(workers(refused, parts))
    assert len(list(workers(doubled, parts))) == 3


@pytest.mark.parametrize("name", sorted(ERRORS.keys() - {"odd"}))
def test_what_work_raises_is_no_lost_cluster(workers: Workers, name: str) -> None:
    """Of the kinds that a lost cluster raises too: told as itself, at once, with where it arose."""
    wanted = ERRORS[name]
    with pytest.raises(type(wanted)) as raised:
        list(workers(raising, [partial(str, name)]))
    assert type(raised.value) is type(wanted) and str(raised.value) == str(wanted)
    assert getattr(raised.value, "errno", None) == getattr(wanted, "errno", None)
    assert any("in raising" in note for note in raised.value.__notes__)


def test_an_error_that_cannot_travel_comes_by_its_name(workers: Workers) -> None:
    """Instead of an error about copying it."""
    with pytest.raises(RuntimeError, match="CannotTravelError: this cannot travel"):
        list(workers(raising, [partial(str, "odd")]))


def test_what_dask_raises_is_the_cluster(
    workers: Workers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A connection that breaks, a client that is closed, work given up; a worker without us: 2."""
    from distributed import Future
    from distributed.comm import CommClosedError

    parts = [partial(tuple, (tmp_path, 1))]
    lost = "the cluster was lost during doubled"
    for error, kind, words in (
        (CommClosedError("closed"), StoreUnreachable, lost),
        (RuntimeError("Client not running"), StoreUnreachable, lost),
        (CancelledError("lost"), StoreUnreachable, lost),
        (
            ModuleNotFoundError("No module named 'foreship'"),
            UsageError,
            "not installed on a worker",
        ),
    ):
        with monkeypatch.context() as patched, pytest.raises(kind, match=words):
            patched.setattr(Future, "result", _raises(error))
            list(workers(doubled, parts))


def _raises(error: Exception) -> Callable[..., None]:
    def result(*_: object, **__: object) -> None:
        raise error

    return result


@pytest.mark.sweep
def test_a_block_that_ends_every_worker_is_too_large(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Exit 5 with the stage and the settings that help, instead of trying for ever."""
    monkeypatch.setitem(dask_client.LOCAL, "distributed.scheduler.allowed-failures", 0)
    with (
        at_work("local:1", ClusterParams(), silent) as across,
        pytest.raises(TooLarge, match=r"block of dying.*worker_memory_gib \(2 now\).*block_rows"),
    ):
        list(across(dying, [partial(tuple, (tmp_path, 1))]))
    assert TooLarge.exit_code == 5


def test_a_worker_of_other_code_is_refused() -> None:
    """Also one that joins after the job began: each block brings the driver's versions."""
    packed = sealed((doubled, (Path(), 4)))
    ours = spreading.run_versions_here()
    assert opened(on_worker(packed, ours).packed) == (8, os.getpid())
    told = on_worker(packed, {**ours, "source": "another"})
    assert told.raised and isinstance(opened(told.packed), UsageError)
    assert "a worker has source" in str(opened(told.packed))


def test_without_an_address_this_machine_works() -> None:
    """No cluster is opened."""
    with at_work(None, ClusterParams(), silent) as across:
        assert across is in_turn


@pytest.mark.sweep
def test_paths_drawn_by_workers_are_the_same_though_one_is_killed(
    workers: Workers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """To the bit, block by block; the worker is killed with its block done and not yet told."""
    said = distribution(9, 30, 8)
    tied = Dependence.of(
        week=Factor(0.1, 0.2, 0.6),
        item=Factor(0.3, 0.5, 0.4),
        region=Factor(0.1, 1.0, 0.0),
        own=(0.3, 0.2),
    )
    alone = of_all(PathDraws(said, tied, 200, 3, 10_000).packed())
    monkeypatch.setattr(spreading, "on_worker", partial(killed_in_each_stage, str(tmp_path)))
    shared = of_all(PathDraws(said, tied, 200, 3, 500).packed(workers))
    assert (tmp_path / "as_one_block").exists()
    assert (shared == alone).all()


@pytest.mark.parametrize("command", ["forecast", "plan", "run"])
@pytest.mark.parametrize(
    ("address", "words"),
    [("there", "'there' is no address"), ("local:0", "1 to 64"), ("local:x", "no address")],
)
def test_an_address_that_is_none_is_told_first(
    command: str, address: str, words: str, tmp_path: Path
) -> None:
    """With 2, before a folder is even opened: a run that stands already hides no slip."""
    told = CliRunner().invoke(app, [command, str(tmp_path / "none"), "--cluster", address])
    assert told.exit_code == 2, told.stderr
    assert words in told.stderr


def test_python_is_told_of_a_wrong_address_too(workspaces: list[Path]) -> None:
    """By every job that takes one."""
    opened = foreship.open(workspaces[0])
    for job in (foreship.forecast, foreship.plan, foreship.run):
        with pytest.raises(UsageError, match="no address"):
            job(opened, cluster="there")


def test_what_is_tried_is_planned_here(tmp_path: Path) -> None:
    """A cluster shares the plan of a week."""
    tried = ["--set", "plan.freight_budget=1", "--cluster", "local:2"]
    told = CliRunner().invoke(app, ["plan", str(tmp_path), *tried])
    assert told.exit_code == 2
    assert "what is tried is made here" in told.stderr


@pytest.mark.nightly
def test_a_run_on_a_cluster_is_the_same_though_workers_are_killed(
    monkeypatch: pytest.MonkeyPatch, workspaces: list[Path], tmp_path: Path
) -> None:
    """One in each stage, with its results: the same run id and the same files to the byte."""
    alone = foreship.run(foreship.open(workspaces[0]))
    marks = tmp_path / "marks"
    marks.mkdir()
    monkeypatch.setattr(spreading, "on_worker", partial(killed_in_each_stage, str(marks)))
    # of the tiny workspace more than one block
    monkeypatch.setattr("foreship.jobs.weekly.sent_rows", lambda settings: 100)
    shared = foreship.run(foreship.open(workspaces[1]), cluster="local:2")
    stages = ["as_one_block", "block_worth", "law_of_block"]
    assert sorted(each.name for each in marks.iterdir()) == stages
    assert shared.id == alone.id
    names = [each.name for each in alone.path.iterdir() if each.suffix in (".parquet", ".csv")]
    assert set(FIVE) < set(names)
    for name in names:
        assert (shared.path / name).read_bytes() == (alone.path / name).read_bytes(), name

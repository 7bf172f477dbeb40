"""Pieces of work give the same results one after another, side by side and over Dask."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.testing import CliRunner

import foreship
from foreship.cli.commands import app
from foreship.errors import InputError, UsageError
from foreship.execute import WAYS, map_parts
from foreship.replay.backtest import _refuse_homeless
from foreship_forecast.errors import TableFault
from foreship_optimize.errors import AuditFailed, LimitsConflict
from tests.foreship.pieces import (
    PATIENCE,
    Deadly,
    added,
    ending,
    failing,
    is_running,
    squared_beyond,
    wait_until,
)

ROOT = Path(__file__).resolve().parents[3]
TINY = ROOT / "data" / "tiny"
ALIKE = ("processes", pytest.param("dask", marks=pytest.mark.filterwarnings("ignore::")))


def installed(how: str) -> str:
    """Skip where the extra is not installed."""
    if how == "dask" and find_spec("distributed") is None:
        pytest.skip("the extra `distributed` is not installed")
    return how


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the tiny workspace, whose truth can be replayed too."""
    folder = tmp_path_factory.mktemp("execute") / "tiny"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("runs", ".foreship"))
    config = folder / "foreship.toml"
    quick = "[forecast]\nrounds = 5\nscenarios = 10\nhorizon_weeks = 4\n"
    patient = "[plan]\ntime_limit_seconds = 1e9\n"  # workers are processes with clocks of their own
    config.write_text(config.read_text() + "\n" + quick + patient + "[backtest]\nrefit_weeks = 1\n")
    return folder


def own_idea(known):
    """Ship nothing ahead, as a policy of one's own."""
    from foreship.replay.policies import reactive

    return reactive(known)


@pytest.mark.parametrize("how", ALIKE)
def test_results_come_in_the_order_of_the_parts(how: str, tmp_path: Path) -> None:
    """Though the second ends first; and they were made in other processes, two at once."""
    common = (100, tmp_path)
    found = list(map_parts(squared_beyond, common, range(6), how=installed(how), workers=2))
    assert [answer for answer, _ in found] == [100, 101, 104, 109, 116, 125]
    assert os.getpid() not in {place for _, place in found}
    assert len({place for _, place in found}) == 2


@pytest.mark.sweep
@pytest.mark.parametrize("how", ["serial", *ALIKE])
def test_a_part_is_given_the_results_it_needs(how: str) -> None:
    """Of any earlier parts, in the order it names them, whichever of them ended first."""
    needs = [(), (), (0, 1), (1,), (2, 3)]
    found = list(map_parts(added, 100, range(5), needs=needs, how=installed(how), workers=2))
    assert found == [100, 101, 303, 204, 611]


def test_serial_is_here_and_lazy(tmp_path: Path) -> None:
    """One after another, in this process, each only when it is asked for."""
    results = map_parts(squared_beyond, (0, tmp_path), [4, 5])
    assert next(iter(results)) == (16, os.getpid())


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("table", TableFault),
        ("limits", LimitsConflict),
        ("audit", AuditFailed),
        ("input", InputError),
    ],
)
def test_errors_cross_the_border_with_their_words(part: str, kind: type[Exception]) -> None:
    """An error of a worker says what it would have said here."""
    with pytest.raises(kind) as here:
        list(map_parts(failing, ["a b", "c"], [part]))
    with pytest.raises(kind) as there:
        list(map_parts(failing, ["a b", "c"], [part], how="processes", workers=2))
    assert str(there.value) == str(here.value)
    assert "a b" in str(here.value).lower()


def test_a_worker_that_was_killed_is_a_limit() -> None:
    """A worker ended by the system raises MemoryError, exit 5, and does not hang."""
    with pytest.raises(MemoryError, match="fewer workers"):
        list(map_parts(ending, None, [1, 2], how="processes", workers=2))


def test_a_worker_that_dies_before_it_began_is_not_waited_for() -> None:
    """Megabytes are still to be handed to it: the parent does not wait for them to be taken."""
    common = (Deadly(), bytes(5_000_000))
    with pytest.raises(MemoryError, match="fewer workers"):
        list(map_parts(ending, common, [1, 2], how="processes", workers=2))


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_workers_do_not_outlive_a_parent_that_was_killed(tmp_path: Path) -> None:
    """Whoever ends the parent, and however, ends them: nobody reads their results."""
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path\n"
        "from foreship.execute import map_parts\n"
        "from tests.foreship.pieces import endless\n"
        "if __name__ == '__main__':\n"
        f"    folder = Path({str(tmp_path)!r})\n"
        "    list(map_parts(endless, folder, [1, 2], how='processes', workers=2))\n"
    )
    script = tmp_path / "script.txt"
    script.write_text(code)
    with subprocess.Popen([sys.executable, script]) as parent:
        try:
            wait_until(lambda: len(list(tmp_path.glob("*-*"))) == 2)
        finally:
            parent.kill()
    begun = [int(each.name.split("-")[1]) for each in tmp_path.glob("*-*")]
    wait_until(lambda: not any(map(is_running, begun)))


@pytest.mark.parametrize(("how", "workers"), [("threads", 2), ("processes", 0)])
def test_unknown_ways_are_refused(how: str, workers: int) -> None:
    """The message names the ways there are."""
    with pytest.raises(UsageError, match=", ".join(WAYS)):
        map_parts(squared_beyond, 0, [1], how=how, workers=workers)


def test_dask_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the message says what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"foreship\[cluster\]"):
        list(map_parts(squared_beyond, 0, [1], how="dask"))


def test_an_interrupt_ends_all_workers(tmp_path: Path) -> None:
    """Ctrl-C at the parent ends it with 130 at once, and its workers with it."""
    code = (
        f"import signal, sys; sys.path.insert(0, {str(ROOT)!r})\n"
        # tests that run in a shell's background inherit deaf ears
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from pathlib import Path\n"
        "from foreship.execute import map_parts\n"
        "from foreship.exit_codes import exit_code_of\n"
        "from tests.foreship.pieces import endless\n"
        "if __name__ == '__main__':\n"
        "    try:\n"
        f"        folder = Path({str(tmp_path)!r})\n"
        "        list(map_parts(endless, folder, [1, 2], how='processes', workers=2))\n"
        "    except KeyboardInterrupt as error:\n"
        "        sys.exit(exit_code_of(error))\n"
    )
    script = tmp_path / "script.txt"
    script.write_text(code)
    with subprocess.Popen([sys.executable, script]) as parent:
        try:
            wait_until(lambda: len(list(tmp_path.glob("*-*"))) == 2)
            begun = list(tmp_path.glob("*-*"))
            parent.send_signal(signal.SIGINT)
            assert parent.wait(PATIENCE) == 130
        finally:
            parent.kill()
    for each in begun:
        with pytest.raises(ProcessLookupError):
            os.kill(int(each.name.split("-")[1]), 0)


POLICIES = ("base_stock", "foreship", "truth", own_idea)


@pytest.fixture(scope="module")
def alone(workspace: Path) -> str:
    """Replay two weeks in this process: two fits, and a policy of one's own."""
    found = foreship.backtest(foreship.open(workspace), weeks=2, policies=[*POLICIES])
    return json.dumps(found.to_dict())


@pytest.mark.sweep
@pytest.mark.parametrize("how", ALIKE)
def test_a_shared_backtest_is_the_same_to_the_byte(workspace: Path, how: str, alone: str) -> None:
    """Money, weeks, other costs and notes."""
    opened, policies = foreship.open(workspace), [*POLICIES]
    shared = foreship.backtest(opened, weeks=2, policies=policies, workers=2, how=installed(how))
    assert json.dumps(shared.to_dict()) == alone


def test_a_policy_without_a_home_is_refused(workspace: Path) -> None:
    """A function inside a function cannot be sent, nor what holds one; the message says what to do.

    What holds a function that has a home can.
    """

    def homeless(known):
        return own_idea(known)

    opened = foreship.open(workspace)
    for each in (homeless, partial(homeless), partial(partial(homeless))):
        with pytest.raises(UsageError, match="module of its own"):
            foreship.backtest(opened, weeks=1, policies=[each], workers=2)
    _refuse_homeless({"own_idea()": partial(own_idea)})


@pytest.mark.sweep
def test_the_command_takes_workers_and_keeps_its_exit_codes(workspace: Path) -> None:
    """`--workers 2` prints what one worker prints; too short a history is exit 3 from a worker."""
    words = ["backtest", str(workspace), "--weeks", "1", "--policies", "base_stock", "--json"]
    alone, shared = (CliRunner().invoke(app, [*words, *more]) for more in ([], ["--workers", "2"]))
    assert (alone.exit_code, shared.exit_code) == (0, 0), shared.stderr
    assert shared.stdout == alone.stdout
    long = ["backtest", str(workspace), "--weeks", "59", "--workers", "2"]
    code = CliRunner().invoke(app, long)
    assert code.exit_code == 3, code.stderr
    assert "purchase probabilities need" in code.stderr

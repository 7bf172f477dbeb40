"""A job that the system asks to end does so at any stage; a machine of odd habits stops none."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from foreship.runs import load_run, workspace_lock
from tests.foreship.flow.killed_commands import ROOT, files_of
from tests.foreship.planned_shop import AS_OF, DEMAND, planned_shop
from tests.foreship.spoken_objects import object_of

PATHS = os.pathsep.join([str(ROOT), *(str(ROOT / each) for each in
                                      ("forecast", "optimize", "foundation"))])  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return a shop with a run of its Monday, of which another seed makes another run."""
    planned_shop(tmp_path / "shop")
    config = tmp_path / "shop" / "foreship.toml"
    config.write_text(config.read_text().replace("[plan]", "[plan]\nseed = 7"))
    return tmp_path / "shop"


def command(shop: Path, *more: object) -> list[str]:
    """Return the words of a plan of the shop."""
    words = ("-m", "foreship", "plan", shop, "--as-of", AS_OF.date(), "--demand", shop / DEMAND)
    return [sys.executable, *map(str, (*words, "--json", *more))]


def stopped_at(stage: int, shop: Path) -> tuple[int, dict[str, Any], int]:
    """Plan, and send SIGTERM as the stage of that number begins; code, object, stages heard."""
    heard = 0
    words = command(shop, "--log-format", "json", "-v")
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": PATHS},
    ) as job:  # fmt: skip
        assert job.stderr is not None and job.stdout is not None
        for line in job.stderr:
            if json.loads(line).get("event") == "stage":
                heard += 1
                if heard == stage:
                    job.send_signal(signal.SIGTERM)
        said = object_of(job.stdout.read())
    return job.returncode, said, heard


def another_user() -> list[str]:
    """Return the words that run a command as nobody, none where that one may not start Python."""
    if os.geteuid() or not shutil.which("setpriv"):
        return []
    words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    start = ["sh", "-c", 'exec "$0" -c ""', sys.executable]
    tried = subprocess.run([*words, *start], check=False, capture_output=True)
    return [] if tried.returncode else words


def refuse_harm(shop: Path, before: dict[str, bytes], code: int, said: dict[str, Any]) -> None:
    """Fail unless a stopped job left all as it was, and one that came to its end a whole run."""
    after = files_of(shop)
    assert {name: after.get(name) for name in before} == before
    assert said["exit_code"] == code
    if code == 143:
        assert said["error"]["kind"] == "Stopped" and set(after) == set(before)
    else:
        load_run(said["run"])
    with workspace_lock(shop):
        pass


@pytest.mark.sweep
def test_a_plan_that_is_stopped_says_so_and_leaves_nothing(shop: Path) -> None:
    """Exit 143 and one object, as its second stage begins; the lock is free."""
    before = files_of(shop)
    code, said, _ = stopped_at(2, shop)
    assert code == 143
    refuse_harm(shop, before, code, said)


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("words", "code"), [(["doctor"], 0), (["runs", "nowhere"], 2), (["runs", "--what"], 2)]
)
def test_an_object_that_was_said_is_how_the_command_ends(
    tmp_path: Path, words: list[str], code: int
) -> None:
    """Signals that come after it, until the process is gone, change neither code nor object."""
    with subprocess.Popen(
        [sys.executable, "-m", "foreship", *words, "--json"], cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "PYTHONPATH": PATHS},
    ) as job:  # fmt: skip
        assert job.stdout is not None
        said = job.stdout.readline()
        while job.poll() is None:
            job.send_signal(signal.SIGTERM)
        more = job.stdout.read()
    assert (job.returncode, object_of(said)["exit_code"], more) == (code, code, "")


@pytest.mark.nightly
def test_a_plan_may_be_stopped_at_every_stage(shop: Path) -> None:
    """Until a stage is not heard any more: the run was whole before the signal."""
    before = files_of(shop)
    for stage in range(1, 30):
        code, said, heard = stopped_at(stage, shop)
        refuse_harm(shop, before, code, said)
        if heard < stage:
            break
        for each in set(files_of(shop)) - set(before):
            (shop / each).unlink()
    assert stage > 3 and code in (0, 6)


@pytest.mark.nightly
def test_without_home_or_cache_in_another_country_it_is_the_same_plan(
    shop: Path, tmp_path: Path
) -> None:
    """No home, no place for compiled code, Turkish letters, a stream of Latin-1, a umask.

    As another user, where that one may start this interpreter.
    """
    out = tmp_path / "out"
    out.mkdir()
    for each in (out, shop, *shop.iterdir()):
        os.chown(each, 65534, 65534)
    for each in (tmp_path, *tmp_path.parents[:2]):
        each.chmod(0o755)
    odd = {
        "PATH": os.environ["PATH"], "PYTHONPATH": PATHS, "HOME": "/nonexistent",
        "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu", "PYTHONIOENCODING": "latin-1",
        "PYTHONDONTWRITEBYTECODE": "1", "FORESHIP_OUT": str(out),
        "NUMBA_CACHE_DIR": "/proc/nowhere",
    }  # fmt: skip
    strict = ["sh", "-c", 'umask 077; exec "$@"', "sh"]
    ended = subprocess.run(
        [*another_user(), *strict, *command(shop)],
        env=odd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    apart = Path(object_of(ended.stdout)["run"])
    usual = subprocess.run(
        command(shop), env={**os.environ, "PYTHONPATH": PATHS}, capture_output=True, check=True
    )
    run = Path(object_of(usual.stdout.decode())["run"])
    assert run.name == apart.name
    for name in ("plan.parquet", "plan.csv", "plan.xlsx", "units.parquet", "report.html"):
        assert (run / name).read_bytes() == (apart / name).read_bytes(), name

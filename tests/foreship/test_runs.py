"""Run folders are whole or absent, verified by hash, and one writer holds the workspace."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from foreship.errors import StorageError, Tampered, UsageError, WorkspaceLocked
from foreship.runs import (
    held_by,
    load_run,
    newest_run,
    run_id,
    waiting,
    workspace_lock,
    write_run,
)

ROOT = Path(__file__).resolve().parents[2]

WRITE_ONE = """
import os, signal, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from foreship.runs import workspace_lock, write_run

fatal, seen = int(sys.argv[2]), 0
WRITES = {{"os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree"}}

def kill_at(event, arguments):
    global seen
    writes = event in WRITES or (event == "open" and str(arguments[1] or "r")[:1] in "wax")
    if writes and {workspace!r} in str(arguments[0]):
        seen += 1
        if seen == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(kill_at)
workspace = Path({workspace!r})
with workspace_lock(workspace):
    write_run(
        workspace, "2026-11-16", sys.argv[1],
        {{"plan.csv": lambda path: path.write_text("action,quantity\\nship,3\\n"),
          "summary.json": lambda path: path.write_text("{{}}")}},
        {{"notes": []}},
    )
"""


def _write(workspace: Path, identity: str = "a" * 10, text: str = "x\n1\n"):
    return write_run(
        workspace,
        "2026-11-16",
        identity,
        {"plan.csv": lambda path: path.write_text(text)},
        {"notes": ["all is well"]},
    )


def test_written_run_loads_and_says_what_it_holds(tmp_path: Path) -> None:
    """A run that was written is found again with its facts and hashes."""
    written = _write(tmp_path)
    found = load_run(written.path)
    assert (found.id, found.as_of, found.notes) == ("a" * 10, "2026-11-16", ["all is well"])
    assert "1 file with" in str(found)
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["2026-11-16-aaaaaaaaaa"]


@pytest.mark.parametrize("damage", ["edit", "remove", "add", "manifest"])
def test_damaged_run_is_refused(tmp_path: Path, damage: str) -> None:
    """A run with an edited, missing or added file, or a broken manifest, is not loaded."""
    folder = _write(tmp_path).path
    if damage == "edit":
        (folder / "plan.csv").write_text("x\n2\n")
    elif damage == "remove":
        (folder / "plan.csv").unlink()
    elif damage == "add":
        (folder / "more.csv").write_text("")
    else:
        (folder / "manifest.json").write_text('{"files": {}')
    with pytest.raises(Tampered):
        load_run(folder)


def test_folder_without_manifest_is_no_run(tmp_path: Path) -> None:
    """A folder that nobody finished is not mistaken for a run."""
    with pytest.raises(UsageError, match=r"manifest\.json"):
        load_run(tmp_path)


def test_failed_writer_leaves_no_run(tmp_path: Path) -> None:
    """A writer that fails leaves earlier runs as they were and no new one."""
    first = _write(tmp_path)

    def fail(path: Path) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(StorageError, match="no space"):
        write_run(tmp_path, "2026-11-16", "b" * 10, {"plan.csv": fail}, {"notes": []})
    assert [path.name for path in (tmp_path / "runs").iterdir()] == [first.path.name]
    load_run(first.path)
    with workspace_lock(tmp_path):
        assert not (tmp_path / ".foreship" / "tmp").exists()


@pytest.mark.sweep
def test_kill_at_each_write_leaves_the_workspace_whole(tmp_path: Path) -> None:
    """Kill -9 at each write in turn: the new run is whole or absent, the old one intact."""
    old = _write(tmp_path)
    script = WRITE_ONE.format(root=str(ROOT), workspace=str(tmp_path))
    for fatal in range(1, 60):
        identity = f"{fatal:010d}"
        ended = subprocess.run(
            [sys.executable, "-c", script, identity, str(fatal)], capture_output=True, check=False
        )
        load_run(old.path)
        for path in (tmp_path / "runs").iterdir():
            load_run(path)
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    else:
        pytest.fail("the writer never survived")
    assert fatal > 5
    assert (tmp_path / "runs" / f"2026-11-16-{identity}").exists()


def test_second_writer_is_told_who_holds_the_workspace(tmp_path: Path) -> None:
    """While one process holds the workspace another fails at once and names it."""
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path\nfrom foreship.runs import workspace_lock\n"
        f"try:\n    with workspace_lock(Path({str(tmp_path)!r})): pass\n"
        "except Exception as error:\n    print(type(error).__name__, error)\n"
    )
    with workspace_lock(tmp_path):
        said = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        ).stdout
    assert said.startswith("WorkspaceLocked")
    assert "process" in said
    with workspace_lock(tmp_path):
        pass


HOLDER = """
import sys, time
sys.path.insert(0, {root!r})
from pathlib import Path
from foreship.runs import workspace_lock
with workspace_lock(Path({folder!r})):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_job_may_wait_for_the_workspace_and_says_once_for_whom(tmp_path: Path) -> None:
    """It goes on as soon as the other one ends; one whose time is over ends as without waiting."""
    said: list[str] = []
    code = HOLDER.format(root=str(ROOT), folder=str(tmp_path))
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None and other.stdin is not None
        assert other.stdout.readline() == "held\n"
        with (
            pytest.raises(WorkspaceLocked, match=f"process {other.pid} on"),
            waiting(0.01, said.append),
            workspace_lock(tmp_path),
        ):
            pass

        def end_the_other(words: str) -> None:
            said.append(words)
            other.stdin.write("\n")
            other.stdin.flush()

        with waiting(600.0, end_the_other), workspace_lock(tmp_path):
            held = json.loads((tmp_path / ".foreship" / "owner.json").read_text())["pid"]
    assert held == os.getpid()
    assert [f"process {other.pid} on" in each for each in said] == [True, True]
    with workspace_lock(tmp_path), pytest.raises(WorkspaceLocked), workspace_lock(tmp_path):
        pass  # patience ends with the block that asked for it


def test_the_lock_of_a_dead_process_holds_nobody(tmp_path: Path) -> None:
    """Its file and its note may lie there; the system let go of it."""
    code = HOLDER.format(root=str(ROOT), folder=str(tmp_path))
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        other.kill()
    assert (tmp_path / ".foreship" / "owner.json").exists()
    assert held_by(tmp_path) is None
    with workspace_lock(tmp_path):
        assert f"process {os.getpid()} since" in (held_by(tmp_path) or "")
    assert held_by(tmp_path) is None


@pytest.mark.parametrize("name", ["", "tmp", "lock", "owner.json"])
def test_a_link_leads_nobody_out_of_the_workspace(name: str, tmp_path: Path) -> None:
    """What we sweep, lock or write is our own: links are refused, their ends left alone."""
    workspace, aside = tmp_path / "workspace", tmp_path / "aside"
    (aside / "tmp").mkdir(parents=True)
    kept = aside / "tmp" / "kept"
    kept.write_text("dear")
    place = workspace / ".foreship" / name
    (place.parent if name else workspace).mkdir(parents=True, exist_ok=True)
    place.symlink_to(kept if name in ("lock", "owner.json") else aside / name)
    with pytest.raises(StorageError, match="a link"), workspace_lock(workspace):
        pass
    assert kept.read_text() == "dear"
    assert [each.name for each in aside.rglob("*")] == ["tmp", "kept"]


@pytest.mark.parametrize("name", ["tmp", "lock", "owner.json"])
def test_a_pipe_is_not_waited_for(name: str, tmp_path: Path) -> None:
    """Named pipes at our places are refused, whoever made them."""
    (tmp_path / ".foreship").mkdir()
    os.mkfifo(tmp_path / ".foreship" / name)
    with pytest.raises(StorageError, match=r"no (folder|plain file)"), workspace_lock(tmp_path):
        pass


def test_lock_error_is_the_contract_s(tmp_path: Path) -> None:
    """The error of a held workspace carries exit code 7."""
    assert WorkspaceLocked("held").exit_code == 7


def test_newest_run_is_the_last_written_that_holds_the_file(tmp_path: Path) -> None:
    """The newest run of a date with the wanted file is chosen, others are passed over."""
    _write(tmp_path, "a" * 10)
    last = _write(tmp_path, "b" * 10)
    assert newest_run(tmp_path, "2026-11-16", "forecast.parquet") is None
    assert newest_run(tmp_path, "2026-11-23", "plan.csv") is None
    found = newest_run(tmp_path, "2026-11-16", "plan.csv")
    assert found is not None
    assert found.path == last.path


def test_newest_is_what_was_written_last_whatever_the_times_of_files(tmp_path: Path) -> None:
    """A copy or a backup changes times of files, not what is newest."""
    first, last = _write(tmp_path, "b" * 10), _write(tmp_path, "a" * 10)
    for run, time in ((first, 2_000_000_000), (last, 1_000_000_000)):
        for path in (run.path / "manifest.json", run.path):
            os.utime(path, (time, time))
    found = newest_run(tmp_path, "2026-11-16", "plan.csv")
    assert found is not None and found.path == last.path


def _write_many(workspace: Path):
    names = ("plan.csv", "plan.xlsx", "scenarios.parquet", "model/chance.txt")

    def text(path: Path) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(path.name)

    return write_run(workspace, "2026-11-16", "a" * 10, dict.fromkeys(names, text), {"notes": []})


def test_only_what_is_needed_must_be_right(tmp_path: Path) -> None:
    """A workbook saved in place, its lock file, scenarios taken away: a doubt, not a refusal."""
    folder = _write_many(tmp_path).path
    assert load_run(folder, ["plan.csv", "model"]).notes == []
    (folder / "plan.xlsx").write_text("saved in place")
    (folder / "~$plan.xlsx").touch()
    (folder / "scenarios.parquet").unlink()
    found = load_run(folder, ["plan.csv", "model"])
    assert len(found.doubts) == 1 and found.notes == list(found.doubts)
    for name in ("plan.xlsx", "~$plan.xlsx was added", "scenarios.parquet is missing"):
        assert name in found.doubts[0]
    for needs in (None, ["plan.xlsx"], ["scenarios.parquet"]):
        with pytest.raises(Tampered):
            load_run(folder, needs)


@pytest.mark.parametrize("spoil", ["edit", "same size", "add", "remove", "link"])
def test_what_is_needed_is_checked_to_the_last_byte(spoil: str, tmp_path: Path) -> None:
    """Inside a folder that is needed, too: nothing edited, added, missing or led elsewhere."""
    folder = _write_many(tmp_path).path
    text = folder / "model" / "chance.txt"
    if spoil == "edit":
        text.write_text("another chance")
    elif spoil == "same size":
        text.write_text(text.name.upper())
    elif spoil == "add":
        text.with_name("more.txt").touch()
    else:
        text.rename(tmp_path / "aside")
        if spoil == "link":
            text.symlink_to(tmp_path / "aside")
    with pytest.raises(Tampered, match="model/"):
        load_run(folder, ["model"])
    load_run(folder, ["plan.csv"])


def test_identity_depends_on_every_ingredient() -> None:
    """The id changes with any ingredient and not with their order."""
    assert run_id(a=1, b=2) == run_id(b=2, a=1)
    assert len({run_id(a=1), run_id(a=2), run_id(a="1"), run_id(b=1)}) == 4

"""`foreship serve` starts, says its link, answers, and ends when it is told to."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from foreship.cli.commands import app
from foreship.cli.terminal.signals import ending_itself
from tests.servers.needed import missing

HEARING = """import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("foreship", run_name="__main__", alter_sys=True)"""
"""foreship as it is in a terminal, also where the tests run in the background, deaf to Ctrl-C"""


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Exit 2 with the line to type."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    ended = CliRunner().invoke(app, ["serve", str(tmp_path), "--json"])
    assert ended.exit_code == 2
    assert "pip install 'foreship[serve]'" in json.loads(ended.stdout)["error"]["message"]


def test_no_other_command_imports_it() -> None:
    """Neither the workbench nor what speaks HTTP is there after every command is."""
    code = (
        "import sys, foreship.cli.commands, foreship.jobs.weekly, foreship.api.jobs;"
        "print([each for each in sys.modules if each.startswith('foreship.workbench')"
        " or each.split('.')[0] in ('starlette', 'uvicorn', 'anyio', 'h11', 'python_multipart')])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


@pytest.mark.sweep
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_until_it_is_told_to_end(tmp_path: Path, number: signal.Signals) -> None:
    """One line with the link before it serves; ended by either signal it has done its work."""
    (tmp_path / "foreship.toml").write_text("")
    words = [sys.executable, "-c", HEARING, "serve", tmp_path, "--no-open", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        said = json.loads(run.stdout.readline())
        if not said["ok"]:
            missing("what the workbench needs")
        assert (said["ok"], said["pid"], said["host"]) == (True, run.pid, "127.0.0.1")
        with urllib.request.urlopen(said["url"]) as page:
            assert page.status == 200
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(f"http://127.0.0.1:{said['port']}/")
        run.send_signal(number)
        rest, words_said = run.communicate()
        assert (run.returncode, rest) == (0, "")
        assert said["url"].split("=")[1] not in words_said


@pytest.mark.parametrize(("running", "code"), [(0, 0), (1, 143)])
def test_ended_while_something_is_at_work_it_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, running: int, code: int
) -> None:
    """Work that was cut short is no success; without any the server has done its own."""
    (tmp_path / "foreship.toml").write_text("")
    starting = pytest.importorskip("foreship.workbench.serving.starting")
    jobs = pytest.importorskip("foreship.workbench.work.jobs")
    monkeypatch.setattr(starting, "serve", lambda *_: int(signal.SIGTERM))
    monkeypatch.setattr(jobs.Jobs, "close", lambda _: running)
    assert CliRunner().invoke(app, ["serve", str(tmp_path), "--no-open"]).exit_code == code


def test_nobody_ends_in_the_place_of_what_ends_itself() -> None:
    """The watcher of signals hears nothing meanwhile, and does again afterwards."""
    import os

    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    try:
        with ending_itself():
            assert signal.set_wakeup_fd(-1) == -1
        assert signal.set_wakeup_fd(-1) == writer
    finally:
        signal.set_wakeup_fd(before)
        os.close(reader)
        os.close(writer)

"""Files of a run are sent as they were written, by the names in its manifest alone."""

from __future__ import annotations

import functools
import shutil
from pathlib import Path

import pytest

from foreship.errors import Tampered
from foreship.runs import write_run
from foreship.workbench.bench import Bench
from foreship.workbench.door.places import NotFound
from foreship.workbench.handling import Request
from foreship.workbench.pages.files import of_release, of_run

RUN = "2026-11-16-0123456789"
FILES = {"plan.csv": b"line\n0\n", "report.html": b"<html>"}


def written(bench: Bench) -> Path:
    """Write a run of a few files."""
    writers = {name: functools.partial(Path.write_bytes, data=body) for name, body in FILES.items()}
    return write_run(bench.folder, RUN[:10], RUN[11:], writers, {"notes": []}).path


def asked(name: str, run: str = RUN) -> Request:
    """Ask for a file."""
    return Request(path={"run": run, "name": name})


def test_files_are_sent_under_their_names_and_pages_in_a_sandbox(bench: Bench) -> None:
    """A file of tables goes down, a page is shown and may do nothing."""
    folder = written(bench)
    plan = of_run(asked("plan.csv"), bench)
    assert (plan.body, plan.file_name, plan.sandboxed) == (folder / "plan.csv", "plan.csv", False)
    page = of_run(asked("report.html"), bench)
    assert (page.file_name, page.sandboxed) == ("", True)


@pytest.mark.parametrize("name", ["manifest.json", "../x", "", ".", "plan.csv/", "/etc/passwd"])
def test_what_the_manifest_does_not_name_is_not_there(bench: Bench, name: str) -> None:
    """Though it may lie in the folder."""
    written(bench)
    with pytest.raises(NotFound):
        of_run(asked(name), bench)


def test_what_is_not_as_it_was_written_is_not_sent(bench: Bench) -> None:
    """Its hash is looked at first."""
    folder = written(bench)
    (folder / "plan.csv").write_bytes(b"line\n1\n")
    with pytest.raises(Tampered):
        of_run(asked("plan.csv"), bench)


def test_a_release_has_its_own_files(bench: Bench) -> None:
    """Where there is one, and it is no link."""
    run = written(bench)
    with pytest.raises(NotFound, match="not released"):
        of_release(asked("plan.csv"), bench)
    (bench.folder / "released").mkdir()
    (bench.folder / "released" / RUN).symlink_to(run)
    with pytest.raises(NotFound, match="not released"):
        of_release(asked("plan.csv"), bench)
    (bench.folder / "released" / RUN).unlink()
    folder = shutil.copytree(run, bench.folder / "released" / RUN)
    assert of_release(asked("plan.csv"), bench).body == folder / "plan.csv"

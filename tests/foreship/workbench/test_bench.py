"""What pages may ask of the workspace that is served."""

from __future__ import annotations

import os

import pytest

from foreship.errors import UsageError
from foreship.workbench.bench import Bench
from foreship.workbench.door.places import NotFound


def test_settings_are_read_anew_when_the_file_changes(bench: Bench) -> None:
    """And kept while it does not."""
    first = bench.config
    assert bench.config is first
    path = bench.folder / "foreship.toml"
    path.write_text("[serve]\nupload_mb = 7\n")
    os.utime(path, ns=(1, 1))
    assert bench.config.serve.upload_mb == 7


def test_a_faulty_file_is_told_as_commands_tell_it(bench: Bench) -> None:
    """With every fault."""
    (bench.folder / "foreship.toml").write_text("[serve]\nupload_mb = 0\nupload = 1\n")
    with pytest.raises(UsageError) as found:
        _ = bench.config
    assert len(found.value.faults) == 2


def test_a_draft_is_of_a_run_that_is_there(bench: Bench) -> None:
    """Without a decision it is empty; of no run there is none, and no folder is made."""
    run = bench.folder / "runs" / "2026-11-16-0123456789"
    run.mkdir(parents=True)
    (run / "manifest.json").write_text("{}")
    assert bench.place(run.name) == run
    assert bench.draft(run.name).version == 0
    with pytest.raises(NotFound):
        bench.draft("2026-11-16-0000000000")
    assert not (bench.folder / ".foreship").exists()

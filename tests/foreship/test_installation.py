"""What is installed: the versions that an answer names are those of the code that gave it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from foreship import installation
from foreship.installation import run_versions


@pytest.fixture
def hashed_anew() -> Iterator[None]:
    """Let a test see the source hashed for its own packages, and the others for ours."""
    installation._source_hash.cache_clear()
    yield
    installation._source_hash.cache_clear()


def test_versions_name_every_library_and_our_own_source() -> None:
    """The manifest can say which code and which libraries made a plan."""
    versions = run_versions()
    assert {"python", "numpy", "lightgbm", "pulp", "highspy", "foreship", "source"} <= set(versions)
    assert json.dumps(versions)


@pytest.mark.usefixtures("hashed_anew")
def test_code_that_is_replaced_under_a_process_is_not_named_for_its_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two pages of one evaluation differed when a file was saved between them; a start tells."""
    monkeypatch.setattr(installation, "home_of", lambda package: tmp_path)
    code = tmp_path / "plan.py"
    code.write_text("x = 1\n", "utf-8")
    before = run_versions()
    code.write_text("x = 2\n", "utf-8")
    assert run_versions() == before
    installation._source_hash.cache_clear()
    assert run_versions()["source"] != before["source"]

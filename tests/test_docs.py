"""The words in the repository are true: README, docs and code say the same."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from foreship.exit_codes import EXIT_CODES

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md")])
CODE = [
    path
    for room in ("forecast", "foundation", "foreship", "optimize")
    for path in (ROOT / room).rglob("*.py")
]


EQUATIONS = {"forecast", "value", "program", "replay"}


def test_readme_sets_everything_up_in_two_lines() -> None:
    """The first block has two lines: one runs the main job, one the tests."""
    said = subprocess.run(
        [sys.executable, ROOT / ".ci" / "readme.py", README],
        capture_output=True,
        text=True,
        check=True,
    )
    job, tests = said.stdout.strip().splitlines()
    assert "foreship run data/tiny" in job
    assert "pytest" in tests


def test_readme_names_every_command() -> None:
    """Every command of the program is in the README."""
    from foreship.cli.commands import app

    text = README.read_text("utf-8")
    names = [each.name for each in app.registered_commands]
    assert len(names) == 13
    missing = [name for name in names if f"foreship {name}" not in text]
    assert missing == []


def test_readme_lists_every_exit_code_in_our_words() -> None:
    """The README's exit codes are those of the program, with the same words."""
    text = README.read_text("utf-8")
    missing = [code for code, words in EXIT_CODES.items() if f"| {code} | {words} |" not in text]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of every page leads to a file."""
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
    local = [each for each in targets if "://" not in each and not each.startswith("mailto:")]
    assert [each for each in local if not (page.parent / each).exists()] == []


def test_pages_name_only_files_that_exist() -> None:
    """Paths of our own code and docs that a page quotes are there."""
    quoted = re.compile(
        r"`((?:forecast|foundation|optimize|foreship|docs|benchmarks|data|tests)/[\w./-]+)`"
    )
    missing = {
        (page.name, path)
        for page in PAGES
        for path in quoted.findall(page.read_text("utf-8"))
        if not (ROOT / path.rstrip("/")).exists()
    }
    assert missing == set()


@pytest.mark.parametrize("page", ["forecast", "value", "program", "replay"])
def test_equations_named_by_the_code_are_in_the_docs(page: str) -> None:
    """Each equation number that a file citing only this page names stands on it."""
    text = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    known = {int(a or b) for a, b in re.findall(r"\((\d+)\)|\\tag\{(\d+)\}", text)}
    cited: dict[str, set[int]] = {}
    for path in CODE:
        code = path.read_text("utf-8")
        if set(re.findall(r"docs/(\w+)\.md", code)) & EQUATIONS == {page}:
            found = re.findall(r"(?:[Ee]quations?|eqs?\.) ((?:\d+(?:, | and |-)?)+)", code)
            cited[path.name] = {
                int(number) for each in found for number in re.findall(r"\d+", each)
            }
    assert {name: numbers - known for name, numbers in cited.items() if numbers - known} == {}
    assert set().union(*cited.values())


def test_nothing_in_the_forecast_room_reads_the_truth() -> None:
    """The simulator's truth is for judges: no forecast file mentions it."""
    readers = [
        path.name
        for path in (ROOT / "forecast").rglob("*.py")
        if re.search(r"truth(/|_paths|_purchase)", path.read_text())
    ]
    assert readers == []


def test_no_pickle_anywhere() -> None:
    """Models and tables are text, JSON and Parquet: nothing that runs code when read."""
    users = [str(path) for path in CODE if re.search(r"\b(pickle|joblib)\b", path.read_text())]
    assert users == []

"""The pages about Python and the notebooks say what the code says."""

from __future__ import annotations

import ast
import contextlib
import doctest
import io
import re
import shutil
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
import pytest

import foreship
from foreship import Run, Workspace

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "python"
PAGES = [
    FOLDER / f"{name}.md" for name in ("index", "runs", "forecasts", "deciding", "judging", "rooms")
]
EXAMPLE = re.compile(
    r"^```python\n(.*?)^```$(?:\n\n^```text\n(.*?)^```$)?", re.DOTALL | re.MULTILINE
)
"""code of a page, and what it prints where that is shown"""
SMALL = "\n[forecast]\nrounds = 5\nscenarios = 20\ncalibration_weeks = 4\n"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with the workspace of the pages, at a size that learns quickly."""
    left_out = shutil.ignore_patterns("runs", ".foreship")
    shutil.copytree(ROOT / "data" / "tiny", tmp_path / "shop", ignore=left_out)
    with (tmp_path / "shop" / "foreship.toml").open("a", encoding="utf-8") as file:
        file.write(SMALL)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("shop")
def test_examples_print_what_the_pages_show() -> None:
    """One after the other, from the first page to the last, with what the earlier ones made."""
    names: dict[str, Any] = {}
    same = doctest.OutputChecker().check_output
    shown = 0
    for page in PAGES:
        for code, words in EXAMPLE.findall(page.read_text("utf-8")):
            with contextlib.redirect_stdout(io.StringIO()) as said:
                exec(compile(code, page.name, "exec"), names)
            assert same(words, said.getvalue(), doctest.ELLIPSIS), (
                f"{page.name}\n{code}\n{said.getvalue()}"
            )
            shown += bool(words)
    assert shown > 10


def test_every_page_is_read() -> None:
    """No page about Python is left out of the test of its examples."""
    assert sorted(PAGES) == sorted(FOLDER.glob("*.md"))


def test_every_public_name_has_an_example() -> None:
    """The names of `foreship`, and what a workspace and a run can do, are in the pages' code."""
    text = "".join(page.read_text("utf-8") for page in PAGES)
    code = "".join(code for code, _ in EXAMPLE.findall(text))
    used = {node.attr for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Attribute)}
    told = used | set(re.findall(r"`(?:run|workspace)\.(\w+)", text))
    assert sorted({*dir(foreship)} - used) == []
    assert sorted(each for each in _members(Run) | _members(Workspace) if each not in told) == []


def _members(kind: type) -> set[str]:
    """Return what users call or read of a class."""
    fields = set(getattr(kind, "__dataclass_fields__", {}))
    shown = {
        name
        for name, each in vars(kind).items()
        if callable(each) or isinstance(each, (property, cached_property))
    }
    return {name for name in fields | shown if not name.startswith("_")} - INTERNAL


INTERNAL = {"keeper", "findings", "said", "stated_items", "out"}
"""what carries a workspace from one to the next"""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_kept_with_what_they_say(path: Path) -> None:
    """Run from top to bottom, without an error, a path of a machine or a time."""
    cells = [each for each in nbformat.read(path, as_version=4).cells if each.cell_type == "code"]
    assert [each.execution_count for each in cells] == list(range(1, len(cells) + 1))
    outputs = [each for cell in cells for each in cell.outputs]
    assert len(outputs) > len(cells) / 2
    said = "\n".join(str(each) for each in outputs)
    assert re.findall(r"/(?:tmp|work|root|home)/\S*|\d\d:\d\d:\d\d|Traceback", said) == []
    assert {each.output_type for each in outputs} <= {"stream", "execute_result", "display_data"}
    assert any("<svg" in each.get("data", {}).get("text/html", "") for each in outputs)

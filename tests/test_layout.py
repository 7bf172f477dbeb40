"""How the tests themselves are laid out."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
MODULES = sorted(TESTS.rglob("*.py")) + sorted((TESTS.parent / "benchmarks").rglob("*.py"))


def borrowed(source: str) -> list[str]:
    """Return the test modules and conftests that a module's text imports from."""
    named = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            named += [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            named += [f"{node.module or ''}.{each.name}" for each in node.names]
    return [
        name
        for name in named
        if any(part.startswith("test_") or part == "conftest" for part in name.split("."))
    ]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("from tests.rooms.test_walls import wall", ["tests.rooms.test_walls.wall"]),
        ("from test_walls import wall", ["test_walls.wall"]),
        ("import tests.rooms.test_walls", ["tests.rooms.test_walls"]),
        ("from tests.rooms import test_walls", ["tests.rooms.test_walls"]),
        ("from tests.rooms.conftest import paint", ["tests.rooms.conftest.paint"]),
        ("from tests.rooms.walls import wall", []),
    ],
)
def test_what_is_borrowed_is_seen_however_it_is_imported(line: str, names: list[str]) -> None:
    """By its whole name, from its folder or by a bare name; a helper may be imported."""
    assert borrowed(line) == names


def test_no_module_imports_from_a_test_module() -> None:
    """What two modules need stands in a file of its own, so that no test is collected twice."""
    found = {
        str(path.relative_to(TESTS.parent)): names
        for path in MODULES
        if (names := borrowed(path.read_text("utf-8")))
    }
    assert found == {}
    assert len(MODULES) > 100

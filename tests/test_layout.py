"""How the tests themselves are laid out."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROOMS = {
    "optimize": TESTS.parent / "optimize" / "foreship_optimize",
    "forecast": TESTS.parent / "forecast" / "foreship_forecast",
    "foundation": TESTS.parent / "foundation" / "foreship_foundation",
    "foreship/addresses": TESTS.parent / "foreship" / "addresses",
    "foreship/approval": TESTS.parent / "foreship" / "approval",
    "foreship/cluster": TESTS.parent / "foreship" / "cluster",
    "foreship/exceptions": TESTS.parent / "foreship" / "exceptions",
    "foreship/forecasts": TESTS.parent / "foreship" / "forecasts",
    "foreship/frames": TESTS.parent / "foreship" / "frames",
    "foreship/ingest": TESTS.parent / "foreship" / "ingest",
    "foreship/judge": TESTS.parent / "foreship" / "judge",
    "foreship/metrics": TESTS.parent / "foreship" / "metrics",
    "foreship/pipeline": TESTS.parent / "foreship" / "pipeline",
    "foreship/places": TESTS.parent / "foreship" / "places",
    "foreship/quality": TESTS.parent / "foreship" / "quality",
    "foreship/reviews": TESTS.parent / "foreship" / "reviews",
    "foreship/sweeps": TESTS.parent / "foreship" / "sweeps",
    "foreship/workbench": TESTS.parent / "foreship" / "workbench",
}
"""folder of tests -> the package that it mirrors"""
NOTHING_TO_TEST = {
    "foundation/arrays.py": "names of types, which mypy alone reads",
    "foreship/frames/kinds.py": "the same",
}
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


def without_tests(tests: Path, package: Path) -> list[str]:
    """Return the modules of a package that have no test file at the same place in `tests`."""
    return [
        str(module.relative_to(package))
        for module in sorted(package.rglob("*.py"))
        if module.name != "__init__.py"
        and not (tests / module.relative_to(package).with_name(f"test_{module.name}")).exists()
    ]


def test_a_module_without_its_test_file_is_found(tmp_path: Path) -> None:
    """One with its file, one whose file stands in another folder, and an `__init__`."""
    for name in ("room/__init__.py", "room/wall.py", "room/roof/tile.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    for name in ("tests/test_wall.py", "tests/test_tile.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert without_tests(tmp_path / "tests", tmp_path / "room") == ["roof/tile.py"]


@pytest.mark.parametrize("folder", ROOMS)
def test_every_module_of_a_room_has_a_test_file_of_its_own(folder: str) -> None:
    """tests/<room>/<package>/test_<module>.py, so that a reader knows where to look."""
    missing = {f"{folder}/{name}" for name in without_tests(TESTS / folder, ROOMS[folder])}
    assert missing == {name for name in NOTHING_TO_TEST if name.startswith(f"{folder}/")}

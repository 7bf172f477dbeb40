"""Faults that are planted: where they may stand, how they are drawn, and that tests find them."""

from __future__ import annotations

import subprocess
import sys
from itertools import chain
from types import ModuleType

import pytest

from benchmarks.mutation.modules import MODULES, REPOSITORY

SOURCE = '''"""A module - of 2 lines."""

__all__ = ["f" + "g"]


@frozen(strict=True)
def f(a: int | None, *, b: float = 1.5) -> int | float:
    """Return a - b."""
    a -= 1
    if a < 0:
        raise ValueError(f"{a - 1} is not 0")
    for one, two in zip(a, b, strict=True):
        g(one & two)
    return np.maximum(a, -b)
'''


@pytest.fixture
def planting() -> ModuleType:
    """Return what plants faults; its requirements are in benchmarks/mutation."""
    pytest.importorskip("cosmic_ray", reason="faults are planted with Cosmic Ray's operators")
    from benchmarks.mutation import mutants

    return mutants


def planted(planting: ModuleType) -> dict[tuple[str, int], str]:
    """Return the first changed line of every mutant, by operator and line."""
    found = {}
    for each in chain(*planting.mutants(SOURCE)):
        code = each.code(SOURCE).splitlines()
        changed = [new for old, new in zip(SOURCE.splitlines(), code, strict=False) if old != new]
        found[each.operator, each.line] = changed[0].strip()
    return found


def test_faults_stand_where_something_is_computed(planting: ModuleType) -> None:
    """None in names, docstrings, annotations, decorators, wording and guards against bugs."""
    found = planted(planting)
    assert {line for _, line in found} == {7, 9, 10, 11, 12, 13, 14}
    assert found["NumberReplacer", 7].endswith("b: float = 0.5) -> int | float:")
    assert found["DropStatement", 9] == found["DropStatement", 11] == "pass"
    assert found["DropStatement", 13] == "pass"
    assert found["ReplaceComparisonOperator_Lt_LtE", 10] == "if a <= 0:"
    assert found["ZeroIterationForLoop", 12] == "for one, two in []:"
    assert found["ReplaceBinaryOperator_BitAnd_BitOr", 13] == "g(one | two)"
    assert found["FirstArgument", 14] == "return (a)"
    assert found["ReplaceUnaryOperator_Delete_USub", 14] == "return np.maximum(a, b)"
    assert not any(name.startswith("Replace") for name, line in found if line in (3, 6, 7, 11, 12))


def test_a_sample_is_drawn_by_its_seed(planting: ModuleType) -> None:
    """The same seed draws the same places, one variant of each; a small module has all of them."""
    source = MODULES[0].path.read_text()
    places, sample = planting.mutants(source), planting.sample
    assert sample(places, 40, "1") == sample(places, 40, "1") != sample(places, 40, "2")
    assert len({(each.line, each.column) for each in sample(places, 40, "1")}) > 30
    assert len(sample(planting.mutants(SOURCE), 99, "1")) == len(planting.mutants(SOURCE))


def test_every_module_and_its_tests_are_there() -> None:
    """No module is mutated under an old name, and none against tests that do not exist."""
    for module in MODULES:
        assert module.path.is_file(), module.name
        for path in module.tests:
            text = (REPOSITORY / "tests" / path).read_text()
            assert all(f"def {name}" in text for name in module.slow), module.name


@pytest.mark.nightly
@pytest.mark.usefixtures("planting")
def test_the_tests_bite() -> None:
    """Of a small sample of every module's mutants its own tests find at least 85 % in all.

    In a process of its own: children are forked from one that has not imported what they mutate.
    """
    code = (
        "from benchmarks.mutation.modules import MODULES\n"
        "from benchmarks.mutation.score import measure, prepare\n"
        "prepare()\n"
        "for module in MODULES:\n"
        "    score = measure(module, 8, 1)\n"
        "    print(module.name, score.killed, score.planted)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert [name for name, *_ in rows] == [module.name for module in MODULES]
    killed, planted = (sum(int(row[place]) for row in rows) for place in (1, 2))
    assert killed >= 0.85 * planted, done.stdout

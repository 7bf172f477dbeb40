"""The room's door: names load when used, and importing it costs nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

import optimize


def test_every_public_name_is_there_and_no_module_hides_it():
    """Each name of `__all__` resolves, again after everything was imported."""
    for _ in range(2):
        found = {name: getattr(optimize, name) for name in optimize.__all__}
        assert all(callable(each) for each in found.values())
    assert set(optimize.__all__) <= set(dir(optimize))


def test_an_unknown_name_says_which_there_are():
    """A misspelt name is answered with the names that exist."""
    with pytest.raises(AttributeError, match="make_plan"):
        _ = optimize.make_plans


def test_importing_the_room_loads_no_solver():
    """`import optimize` brings neither pulp nor highspy nor pandas; `solve` brings the solver."""
    script = (
        "import sys, optimize;"
        "early = {'pulp', 'highspy', 'pandas', 'numpy'} & set(sys.modules);"
        "optimize.solve;"
        "print(sorted(early), 'highspy' in sys.modules, 'lightgbm' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[] True False"

"""The room's door: names load when used, and importing it costs nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

import foreship_optimize


def test_every_public_name_is_there_and_no_module_hides_it():
    """Each name of `__all__` resolves, again after everything was imported."""
    for _ in range(2):
        found = {name: getattr(foreship_optimize, name) for name in foreship_optimize.__all__}
        assert all(callable(each) for each in found.values())
    assert set(foreship_optimize.__all__) <= set(dir(foreship_optimize))


def test_an_unknown_name_is_refused_by_name():
    """A misspelt name is an AttributeError that repeats it."""
    with pytest.raises(AttributeError, match="make_plans"):
        _ = foreship_optimize.make_plans


def test_importing_the_room_loads_no_solver():
    """Importing the room brings neither pulp nor highspy nor pandas; `solve` brings the solver."""
    script = (
        "import sys, foreship_optimize;"
        "early = {'pulp', 'highspy', 'pandas', 'numpy'} & set(sys.modules);"
        "foreship_optimize.solve;"
        "print(sorted(early), 'highspy' in sys.modules, 'lightgbm' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[] True False"

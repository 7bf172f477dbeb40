"""Compiled loops as plain Python over arrays that refuse an index below 0 or past the end.

Compiled code reads and writes there without a word. Run by hand and nightly, as it is slow:
`python -m pytest -p tests.checked_arrays tests/optimize`.
"""

from __future__ import annotations

import os
from typing import Any

os.environ["NUMBA_DISABLE_JIT"] = "1"  # read when numba is loaded

import numpy as np
import pytest

MAKERS = ("zeros", "empty", "full", "ones", "arange", "argsort", "sort", "zeros_like", "empty_like")
"""functions of numpy with which loops make arrays of their own"""


class CheckedArray(np.ndarray):
    """An array in which -1 is no place."""

    def __getitem__(self, place: Any) -> Any:
        """Read a place that there is."""
        _refuse_negative(place)
        return super().__getitem__(place)

    def __setitem__(self, place: Any, value: Any) -> None:
        """Write to a place that there is."""
        _refuse_negative(place)
        super().__setitem__(place, value)

    def __repr__(self) -> str:
        """Print it as numpy does, which counts from the end."""
        return repr(np.asarray(self))


def _refuse_negative(place: Any) -> None:
    """Raise IndexError for a whole number below 0; numpy itself refuses those past the end."""
    for each in place if isinstance(place, tuple) else (place,):
        if isinstance(each, int | np.integer) and each < 0:
            raise IndexError(f"a compiled loop would read or write at {place}")


def checked(value: Any) -> Any:
    """Return arrays, and named tuples of arrays, as checked ones over the same memory."""
    if type(value) is np.ndarray:
        return value.view(CheckedArray)
    value = getattr(value, "table", value)
    return type(value)(*map(checked, value)) if hasattr(value, "_fields") else value


class CheckedNumpy:
    """numpy, whose new arrays are checked."""

    def __getattr__(self, name: str) -> Any:
        """Look a function of numpy up."""
        found = getattr(np, name)
        return (lambda *sizes, **how: checked(found(*sizes, **how))) if name in MAKERS else found


def pytest_configure(config: pytest.Config) -> None:
    """Hand checked arrays to every loop, and to all that it calls."""
    from foreship_optimize import compiled, structs

    def called(loop: compiled.Loop, *arguments: Any) -> Any:
        _make_in_checked_arrays(loop.py_func)
        with np.errstate(over="ignore", invalid="ignore"):  # as compiled code does: ids wrap round
            return loop.py_func(*map(checked, arguments))

    laid_out = structs.Struct.__init__

    def laid_out_and_kept(struct: structs.Struct, table: Any) -> None:
        laid_out(struct, table)
        struct.table = table  # type: ignore[attr-defined]

    structs.Struct.__init__ = laid_out_and_kept  # type: ignore[assignment,method-assign]
    compiled.Loop.__call__ = called  # type: ignore[assignment,method-assign]


def _make_in_checked_arrays(function: Any) -> None:
    """Let a function, and the compiled ones it names, make their arrays as checked ones."""
    names = function.__globals__
    if isinstance(names.get("np"), CheckedNumpy):
        return
    names["np"] = CheckedNumpy()
    for each in list(names.values()):
        if hasattr(each, "py_func"):
            _make_in_checked_arrays(each.py_func)

"""Compiled loops as the plain Python that they are, so that a small test compiles nothing."""

from __future__ import annotations

import types


def plain(module: types.ModuleType) -> types.SimpleNamespace:
    """Return a module's functions uncompiled, all the way down."""
    names = {name: getattr(each, "py_func", each) for name, each in vars(module).items()}
    for name, function in names.items():
        if isinstance(function, types.FunctionType) and function.__module__ == module.__name__:
            names[name] = types.FunctionType(
                function.__code__, names, name, function.__defaults__, function.__closure__
            )
    return types.SimpleNamespace(**names)

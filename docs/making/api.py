"""A page for each package with every public name of it, from `dir` of it and the docstrings."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

__all__ = ["PACKAGES", "api_page", "source_folders"]

ALONE = "Usable alone, frames in and frames out. All settings: [Settings](../settings.md)."

PACKAGES = {
    "foreship": "the whole way, from a workspace to a plan, its replay and its reasons.",
    "foreship_forecast": f"what each region will buy. {ALONE}",
    "foreship_optimize": f"what to ship. {ALONE}",
}
"""every package with public names, and what it is for"""


def api_page(package: str) -> str:
    """Return the page of a package: functions, then classes and errors, then what is returned."""
    room = import_module(package)
    public = {name: getattr(room, name) for name in dir(room)}
    functions = {name: each for name, each in public.items() if inspect.isfunction(each)}
    errors = {name: each for name, each in public.items() if _is_error(each)}
    classes = {n: each for n, each in public.items() if n not in functions and n not in errors}
    known = {path for each in PACKAGES for path in _public_paths(each)}
    returned = {
        path.rpartition(".")[2]: path
        for each in functions.values()
        for path in _returned(each)
        if path not in known
    }
    parts = [f"# {package}\n\n`import {package}`: {PACKAGES[package]}\n"]
    parts += _section("Functions", package, {n: _path(e) for n, e in functions.items()})
    parts += _section("Classes", package, {n: _path(e) for n, e in classes.items()})
    parts += _section("What the functions return", None, returned)
    parts += _section("Errors", package, {n: _path(e) for n, e in errors.items()})
    return "\n".join(parts)


def _public_paths(package: str) -> Iterator[str]:
    room = import_module(package)
    return (_path(getattr(room, name)) for name in dir(room))


def source_folders() -> list[str]:
    """Return the folders the packages lie in, for mkdocstrings to read the sources from."""
    found = []
    for package in PACKAGES:
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            sys.exit(f"{package} is not installed: pip install -e '.[docs]'")
        found.append(str(Path(spec.origin).parents[1]))
    return list(dict.fromkeys(found))


def _is_error(each: object) -> bool:
    return inspect.isclass(each) and issubclass(each, BaseException)


def _path(each: object) -> str:
    """Return where a class or function is written."""
    return f"{each.__module__}.{each.__qualname__}"  # type: ignore[attr-defined]


def _section(title: str, package: str | None, names: dict[str, str]) -> Iterator[str]:
    """Yield a heading and a mkdocstrings block a name, anchored by its public name."""
    if not names:
        return
    yield f"## {title}\n"
    for name, path in sorted(names.items()):
        public = f"{package}.{name}" if package else name
        if package:
            yield f'<span id="{public}"></span>\n'
        yield f"::: {path}\n    options:\n      heading: {public}\n      toc_label: {name}\n"


def _returned(function: object) -> Iterator[str]:
    """Yield the paths of our own classes that a function says it returns."""
    module = sys.modules[function.__module__]
    homes = _imported_for_types(module)
    said = str(inspect.signature(function).return_annotation)  # type: ignore[arg-type]
    for word in said.replace("|", " ").split():
        if word in homes and homes[word].partition(".")[0] in PACKAGES:
            yield homes[word]
        elif inspect.isclass(getattr(module, word, None)):
            yield _path(getattr(module, word))


def _imported_for_types(module: ModuleType) -> dict[str, str]:
    """Return where each `from x import y` of a module, type-checking ones too, leads."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }

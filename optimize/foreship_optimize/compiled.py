"""The one way in which loops are compiled, and where compiled code is kept.

`loop` is called from Python, `helper` by other compiled code alone. Compiled code is kept beside
the source, or in the user's cache folder, as numba does it; where nothing can be written it is
compiled anew in every process. A kept loop is used while its own source and that of all it calls
are the same, whatever files they stand in. numba is imported where a loop is defined.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

__all__ = ["FEW_CELLS", "helper", "kept_in", "loop", "seconds_compiling"]

FEW_CELLS: Final = 2_000
"""cells up to which work is done on arrays, so that nothing is compiled for them"""

_spent = [0.0]


def seconds_compiling() -> float:
    """Wall time that this process has spent compiling, or loading what was compiled [s]."""
    return _spent[0]


def helper(function: Callable[..., Any] | None = None, *, any_order: bool = False) -> Any:
    """Compile a function that only compiled code calls: without what calls from Python need.

    Parameters
    ----------
    any_order
        Sums may be taken in any order, so that they vectorise.
    """
    if function is None:
        return functools.partial(helper, any_order=any_order)
    return Helper(function, any_order=any_order)


def loop(function: Callable[..., Any]) -> Loop:
    """Compile a function that Python calls, for the kinds of arguments it is called with."""
    return Loop(function)


class Helper:
    """A function for compiled code; called from Python, it is the plain Python that it was."""

    def __init__(self, function: Callable[..., Any], *, any_order: bool) -> None:
        from numba import njit

        functools.update_wrapper(self, function)
        self.py_func = function
        fastmath = {"reassoc"} if any_order else False
        self._compiled = njit(
            function, no_cpython_wrapper=True, no_cfunc_wrapper=True, fastmath=fastmath
        )

    def __call__(self, *arguments: Any) -> Any:
        """Run it uncompiled: what is compiled has no way in from Python, and would crash."""
        return self.py_func(*arguments)

    @property
    def _numba_type_(self) -> Any:
        """What compiled code sees of it."""
        return self._compiled._numba_type_


class Loop:
    """A compiled function; named tuples are handed to it as structs. `py_func` is plain Python."""

    def __init__(self, function: Callable[..., Any]) -> None:
        functools.update_wrapper(self, function)
        self.py_func = function
        self._compiled: dict[tuple[Any, ...], Callable[..., Any]] = {}
        """by what tells arguments apart: numba looks that up anew at every call, which takes longer
        than many a loop"""

    def __call__(self, *arguments: Any) -> Any:
        """Call it; the first call with arguments of some kinds compiles it for these."""
        from numba.core import config

        from foreship_optimize.structs import Struct, told_apart

        if config.DISABLE_JIT:
            return self.py_func(*arguments)
        handed = [Struct(each) if hasattr(each, "_fields") else each for each in arguments]
        key = tuple(map(told_apart, handed))
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = self._compiled[key] = self._compiled_for(handed)
        return compiled(*handed)

    def _compiled_for(self, handed: list[Any]) -> Callable[..., Any]:
        """Return what is compiled for arguments of these kinds."""
        from foreship_optimize.structs import kind_of

        kinds = tuple(kind_of(each) for each in handed)
        if kinds not in self.dispatcher.overloads:
            start = time.monotonic()
            self.dispatcher.compile(kinds)
            _spent[0] += time.monotonic() - start
        entry: Callable[..., Any] = self.dispatcher.overloads[kinds].entry_point
        return entry

    @functools.cached_property
    def dispatcher(self) -> Any:
        """What numba compiles, with its place in the cache if there is one."""
        from numba import njit

        made = njit(self.py_func)
        cache = _cache_of(self.py_func)
        if cache is not None:
            made._cache = cache  # noqa: SLF001 as numba's own `enable_caching` does
        return made


def kept_in() -> Path | None:
    """Folder where compiled code is kept; None where nothing can be written."""
    cache = _cache_of(kept_in)
    return None if cache is None else Path(cache.cache_path)


def _cache_of(function: Callable[..., Any]) -> Any:
    """Return numba's cache for a function, with stamps of our own; None without a place for it."""
    from numba.core.caching import CompileResultCacheImpl, FunctionCache

    def stamp(_locator: Any) -> str:
        return _stamp(function)

    ways = [
        type(way.__name__, (way,), {"get_source_stamp": stamp, "get_disambiguator": _by_name})
        for way in CompileResultCacheImpl._locator_classes  # noqa: SLF001
    ]
    keep = type("_Keep", (CompileResultCacheImpl,), {"_locator_classes": ways})
    try:
        return type("_Cache", (_Forgiving, FunctionCache), {"_impl_class": keep})(function)
    except RuntimeError:  # no locator available
        return None


def _by_name(_locator: Any) -> str:
    """Tell functions of a file apart by name alone: a line more above is no new function."""
    return "foreship"


class _Forgiving:
    """A cache that may fail to read or write: then code is compiled, and not kept."""

    def load_overload(self, kinds: Any, context: Any) -> Any:
        """Load, or return None."""
        try:
            found = super().load_overload(kinds, context)  # type: ignore[misc]
            # processes that keep code at once may give one file to code for two kinds of arguments
            return found if found is None or found.signature.args == tuple(kinds) else None
        except Exception:  # a damaged file may raise anything
            return None

    def save_overload(self, *arguments: Any) -> None:
        """Save where it can be done."""
        try:
            super().save_overload(*arguments)  # type: ignore[misc]
        except Exception:  # nothing is lost but time
            return


def _stamp(function: Callable[..., Any]) -> str:
    """Hash the source of a function and of all compiled code it calls, and the constants read."""
    parts = {"layout": _layout()}
    waiting = [function]
    while waiting:
        each = waiting.pop()
        name = f"{each.__module__}.{each.__qualname__}"
        if name in parts:
            continue
        parts[name] = inspect.getsource(each)
        for used in each.__code__.co_names:
            value = each.__globals__.get(used)
            plain = getattr(value, "py_func", None)
            if inspect.isfunction(plain):
                waiting.append(plain)
            elif isinstance(value, int | float | str):
                parts[f"{name}:{used}"] = repr(value)
    return hashlib.sha256(repr(sorted(parts.items())).encode()).hexdigest()


@functools.cache
def _layout() -> str:
    """Source of this file and of `structs`: how compiled code reads what it is handed."""
    home = Path(__file__)
    return home.read_text() + home.with_name("structs.py").read_text()

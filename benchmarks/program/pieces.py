"""Pieces of the solving half that can be done without, and how each is taken out for a while.

A piece is taken out by putting something that does nothing in its place, here and not by a setting
of the product. What is looked up at compile time by numba is compiled anew without it.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

import foreship_optimize
from foreship_optimize import planning
from foreship_optimize.decomposition import column_generation, price_search
from foreship_optimize.program import presolve
from foreship_optimize.program.unit_groups import units_by_day
from foreship_optimize.valuation import block_worth, late_units
from foreship_optimize.whole_units import (
    carried_rounding,
    incumbent,
    item_plans,
    local_search_loops,
    rounding,
)

__all__ = ["PIECES", "Piece", "without"]

Swap = tuple[Any, str, Any]
"""module or class, name, what stands there instead"""


@dataclass(frozen=True)
class Piece:
    """Something that the program can be solved without."""

    name: str
    code: tuple[str, ...]
    """functions, classes and whole modules that would go with it, as `module` or `module:name`"""
    swaps: Callable[[], list[Swap]]
    ways: tuple[str, ...] = ("prices", "program")
    kinds: tuple[str, ...] = ("plain", "families", "late")
    whole_only: bool = True
    """it has a part in whole units only: the continuous answer is the same without it"""
    least: int = 0
    """items from which on it has a part"""
    most: int = 10**9
    """items beyond which it is not taken out: it takes too long"""

    def is_in(self, kind: str, way: str, items: int) -> bool:
        """Whether networks of a kind and size, solved so, are solved with it."""
        fits = kind in self.kinds and way in self.ways
        return fits and self.least <= items <= self.most

    @property
    def lines(self) -> int:
        """Lines of code that would go."""
        return sum(map(_lines, self.code))


@contextmanager
def without(piece: Piece) -> Iterator[None]:
    """Take a piece out."""
    with ExitStack() as stack:
        for owner, name, instead in piece.swaps():
            stack.enter_context(mock.patch.object(owner, name, instead))
        yield


def _lines(name: str) -> int:
    module, _, inside = name.partition(":")
    found = _module(module)
    if not inside:
        return len(Path(inspect.getsourcefile(found) or "").read_text().splitlines())
    for part in inside.split("."):
        found = getattr(found, part)
    return len(inspect.getsource(getattr(found, "py_func", found)).splitlines())


def _module(name: str) -> Any:
    """Find the module of the room with that last name."""
    walked = pkgutil.walk_packages(foreship_optimize.__path__, "foreship_optimize.")
    (full,) = [each.name for each in walked if each.name.endswith(f".{name}")]
    return importlib.import_module(full)


def _same(owner: Any, name: str, value: Any) -> Callable[[], list[Swap]]:
    return lambda: [(owner, name, value)]


def _said(owner: Any, name: str, value: Any) -> Callable[[], list[Swap]]:
    """Let a function return a value, whatever it is asked."""
    return _same(owner, name, lambda *words, **more: value)


def _everywhere(plain: Any, instead: Any) -> list[Swap]:
    """Put a function in another's place in every module that has imported it by name."""
    modules = [each for name, each in sys.modules.items() if name.startswith("foreship_optimize.")]
    return [(each, plain.__name__, instead) for each in modules
            if vars(each).get(plain.__name__) is plain]  # fmt: skip


_variants: dict[str, Any] = {}


def _exchange(piece: str, instead: str) -> list[Swap]:
    """Compile `local_search_loops` with the body of one of its functions replaced."""
    if piece not in _variants:
        plain = inspect.getsource(getattr(local_search_loops, piece).py_func)
        head = plain[: plain.index('"""')]
        source = inspect.getsource(local_search_loops).replace(plain, f"{head}    {instead}\n\n")
        module = types.ModuleType("local_search_loops_without")
        exec(source, vars(module))
        _variants[piece] = module
    return [(local_search_loops, "exchange", _variants[piece].exchange)]


def _unsearched(*words: Any, **more: Any) -> Any:
    found = _searched(*words, **more)
    return replace(found, exact=np.zeros(len(found.items), dtype=bool))


_searched = carried_rounding.item_minima


def _all_of_it(problem: Any, params: Any) -> presolve.Reduced:
    every = np.arange(len(problem.moves.action))
    return presolve.Reduced(problem, every, {"moves_presolved": 0, "units_presolved": 0})


def _no_layers(problem: Any) -> units_by_day.CellDays:
    none = np.zeros(0, dtype=np.int64)
    inside = np.zeros(len(problem.cell_item), dtype=bool)
    of_move = np.full(len(problem.moves.action), -1, dtype=np.int64)
    return units_by_day.CellDays(none, of_move, np.zeros(1, dtype=np.int64), np.zeros(0), inside)


def _names(module: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{module}:{name}" for name in names)


EXCHANGES = (
    *_names("local_search", "exchange_pass", "_neighbourhood", "_by_row", "_by_stock"),
    *_names("local_search_loops", "_priced_gain", "_priced_loss", "_apply_but_outcomes", "_blocking_row", "_ways_to_drop", "_evaluate_exchange", "_best_exchange",
            "_drop_second", "_apply_exchange", "exchange"),
)  # fmt: skip

PIECES = (
    # whole units after a decomposition
    Piece("exchanges", EXCHANGES, _same(item_plans, "PASSES", 0), ("prices",)),
    Piece("exchanges: a second step dropped", _names("local_search_loops", "_drop_second"),
          partial(_exchange, "_drop_second", "return best"), ("prices",)),
    Piece("best plans of items that are not whole", ("carried_rounding:CarriedRounding.solved",
          *_names("carried_rounding", "CarriedRounding._item_optima", "CarriedRounding._with_optima_that_fit", "CarriedRounding._fits",
                  "CarriedRounding._fractional_items", "CarriedRounding._solved", "CarriedRounding._assigned_in_part_packs", "_ItemOptima",
                  "_at_shared_prices")),
          _same(carried_rounding.CarriedRounding, "solved", lambda self, plan, clock: plan),
          ("prices",), ("families", "late")),
    Piece("best plans: searched, else by the integer program",
          _names("carried_rounding", "CarriedRounding._item_optima", "CarriedRounding._with_optima_that_fit", "CarriedRounding._fits",
                 "_ItemOptima"),
          _same(carried_rounding, "item_minima", _unsearched), ("prices",), ("families", "late")),
    Piece("best plans: the integer program of some items",
          _names("carried_rounding", "CarriedRounding._solved", "_at_shared_prices"),
          _same(carried_rounding.CarriedRounding, "_solved", lambda self, plan, mine, clock: plan),
          ("prices",), ("families", "late")),
    # rounding step by step
    Piece("tidy", _names("rounding", "tidy"), _said(rounding, "tidy", False)),
    Piece("reshuffle", (*_names("rounding", "reshuffle", "_filled"), "working_plan:WorkingPlan.ways_by_day"),
          _said(rounding, "reshuffle", False), kinds=("late",)),
    Piece("meet minimums", _names("rounding", "meet_minimums", "_may_force"),
          _said(rounding, "meet_minimums", None), kinds=("late",)),
    Piece("search for a missed minimum", _names("incumbent", "_repaired_minimums"),
          _said(incumbent, "_repaired_minimums", None), kinds=("late",)),
    # the whole of it
    Piece("integer program", ("integer_program:solve_integer_program", "integer_program:fixed_steps", "bound:closeness"),
          _said(incumbent, "_needs_integer_program", False), ("program",)),
    Piece("both ways", (*_names("planning", "_better_by_prices"), "incumbent:rounding_falls_short"),
          _said(planning, "rounding_falls_short", False), ("program",), ("families", "late")),
    Piece("bound in packs and lines", ("pack_bound", "pack_bound_loops", "incumbent:_with_pack_bound"),
          _same(incumbent, "_with_pack_bound", lambda instance, continuous, clock: continuous),
          kinds=("families", "late")),
    # several days
    Piece("layers", ("units_by_day",), lambda: _everywhere(units_by_day.cell_days_of, _no_layers),
          kinds=("late",), whole_only=False),
    Piece("few items with several days carried", _names("column_generation", "_carried_by_day"),
          _same(column_generation, "BY_DAY_CARRIED", 0), ("prices",), ("late",), whole_only=False),
    Piece("many items with several days priced",
          ("pricing_loops:_price_by_day", "pricing_loops:_best_by_day", "pricing_loops:_worth_by_day",
           "pricing_loops:_cost_by_day", "pricing_loops:_add_up_by_day", "price_search:_stalled"),
          _same(column_generation, "BY_DAY_CARRIED", 10**9), ("prices",), ("late",), whole_only=False),
    Piece("late units left out", _names("presolve", "_late_that_may_pay", "_rise"),
          _same(presolve, "_late_that_may_pay", lambda problem, params: problem.late),
          kinds=("late",), whole_only=False),
    Piece("late ships left out before they are valued", _names("late_units", "may_pay"),
          _same(block_worth, "may_pay", lambda case, moves, *rest: np.ones(len(moves), dtype=bool)),
          kinds=("late",), whole_only=False),
    # the search for prices
    Piece("presolve", ("presolve",), _same(planning, "reduce", _all_of_it), whole_only=False,
          most=300),
    Piece("prices of samples first", _names("column_generation", "_start_prices"),
          _same(column_generation, "SAMPLES", ()), ("prices",), ("plain",), whole_only=False, least=3000),
    Piece("a quarter of the groups in turn", _names("price_search", "_lacks_columns", "_price_part"),
          _said(price_search, "_lacks_columns", False), ("prices",), ("plain",), whole_only=False,
          least=40_000),
)  # fmt: skip
"""in the order of the table"""

assert late_units.may_pay is block_worth.may_pay

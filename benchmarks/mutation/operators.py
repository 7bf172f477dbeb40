"""The faults that are planted: Cosmic Ray's, without those that any test finds, and two more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import parso
from cosmic_ray.operators.operator import Operator
from cosmic_ray.operators.provider import OperatorProvider
from parso.python.tree import Keyword

__all__ = ["FAMILIES", "operators"]

PLAUSIBLE = {
    "Add": ("Sub",), "Sub": ("Add",), "Mul": ("Div",), "Div": ("Mul",), "FloorDiv": ("Mul",),
    "Mod": ("FloorDiv",), "Pow": ("Mul",), "BitAnd": ("BitOr",), "BitOr": ("BitAnd",),
    "BitXor": ("BitOr",), "LShift": ("RShift",), "RShift": ("LShift",),
}  # fmt: skip
"""slips of the pen; a shift of floats, say, stops the first test and would only flatter"""
FAMILIES = (
    "ReplaceBinaryOperator", "ReplaceComparisonOperator", "ReplaceUnaryOperator", "Replace",
    "AddNot", "NumberReplacer", "ExceptionReplacer", "ZeroIterationForLoop", "FirstArgument",
    "DropStatement",
)  # fmt: skip
"""faults of one family at one place are variants of each other: one of them is planted"""
LEFT_OUT = ("RemoveDecorator", "VariableReplacer", "VariableInserter")

Position = tuple[tuple[int, int], tuple[int, int]]


class FirstArgument(Operator):
    """A floor, a ceiling or a choice forgotten: `np.maximum(a, b)` becomes `a`."""

    CHOICES = frozenset({"max", "min", "maximum", "minimum", "clip", "fmin", "fmax"})

    def mutation_positions(self, node: Any) -> Iterator[Position]:
        """Yield the calls of two plain arguments or more."""
        if node.type == "atom_expr" and self._arguments(node) is not None:
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Put the first argument where the call stood."""
        first = self._arguments(node).children[0].get_code().strip()
        found = parso.parse(f"({first})").children[0]
        found.get_first_leaf().prefix = node.get_first_leaf().prefix
        return found

    def _arguments(self, node: Any) -> Any:
        call, name = node.children[-1], node.children[-2]
        if call.type != "trailer" or call.children[0].value != "(" or len(call.children) < 3:
            return None
        if len(node.children) > 2 and node.children[0].get_code().strip() != "np":
            return None
        named = name.children[-1] if name.type == "trailer" else name
        found = call.children[1]
        plain = found.type == "arglist" and found.children[0].type != "argument"
        if getattr(named, "value", None) not in self.CHOICES or not plain:
            return None
        second = found.children[2]
        # `initial=0`, `default=0` answer for empty input; that is no choice between two
        return None if second.type == "argument" else found

    @classmethod
    def examples(cls) -> tuple[()]:
        """Return none: they stand in the tests."""
        return ()


class DropStatement(Operator):
    """A step forgotten: an update in place, a call for its effect or a fault not told."""

    def mutation_positions(self, node: Any) -> Iterator[Position]:
        """Yield the statements that the next ones can do without."""
        if node.type == "simple_stmt" and self._is_step(node.children[0]):
            yield node.children[0].start_pos, node.children[0].end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Write `pass` for the statement."""
        first = node.children[0].get_first_leaf()
        node.children[0] = Keyword("pass", first.start_pos, first.prefix)
        return node

    def _is_step(self, step: Any) -> bool:
        if step.type == "expr_stmt":
            word = str(step.children[1].get_code()).strip()
            updates = word.endswith("=") and word != "="
            target = step.children[0]
            into = target.type == "atom_expr" and target.children[-1].children[0].value == "["
            return updates or into
        if step.type == "atom_expr":
            return bool(step.children[-1].type == "trailer")
        return bool(step.type in ("yield_expr", "raise_stmt", "continue_stmt"))

    @classmethod
    def examples(cls) -> tuple[()]:
        """Return none: they stand in the tests."""
        return ()


def operators() -> dict[str, Operator]:
    """Return all operators by name."""
    provider = OperatorProvider()
    found = {name: provider[name]() for name in provider if _is_used(name)}
    return found | {"FirstArgument": FirstArgument(), "DropStatement": DropStatement()}


def _is_used(name: str) -> bool:
    if name in LEFT_OUT:
        return False
    if name.startswith("ReplaceBinaryOperator_"):
        _, before, after = name.split("_")
        return after in PLAUSIBLE.get(before, ())
    # `==` and `is` differ by luck only; a sign before a truth value is no slip
    return not ("_Is" in name and "Eq" in name) and not name.startswith("ReplaceUnaryOperator_Not")

"""The mutants of a module: every place where one fits, a seeded sample, and their source."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

from benchmarks.mutation.exclusions import reason_of_line, reason_of_place
from benchmarks.mutation.operators import FAMILIES, operators

__all__ = ["Mutant", "mutants", "sample"]


@dataclass(frozen=True, order=True)
class Mutant:
    """One fault at one place of a module's source."""

    line: int
    column: int
    operator: str
    occurrence: int
    """how many places of this operator stand before it"""
    source: str
    """the line as it is written"""

    def code(self, source: str) -> str | None:
        """Return the module's source with the fault in it; None where it does not parse."""
        found = mutate_code(source, operators()[self.operator], self.occurrence)
        if found is None:
            raise LookupError(f"no place {self.occurrence} of {self.operator}")
        try:
            ast.parse(str(found))
        except SyntaxError:
            return None
        return str(found)


def mutants(source: str) -> list[list[Mutant]]:
    """Return the mutants by place and family, places left out that say or check no result.

    Returns
    -------
    A list of variants for each place, in the order of the source.
    """
    lines = source.splitlines()
    nodes = list(ast_nodes(get_ast(source)))
    groups: dict[tuple[int, int, str], list[Mutant]] = defaultdict(list)
    for name, operator in operators().items():
        for occurrence, (node, (line, column)) in enumerate(_places(operator, nodes)):
            if reason_of_place(node, operator) is not None:
                continue
            mutant = Mutant(line, column, name, occurrence, lines[line - 1].strip())
            groups[line, column, _family(name)].append(mutant)
    return [sorted(groups[key]) for key in sorted(groups)]


def _places(operator: Any, nodes: list[Any]) -> Iterator[tuple[Any, tuple[int, int]]]:
    for node in nodes:
        for start, _ in operator.mutation_positions(node):
            yield node, start


def _family(name: str) -> str:
    return next(family for family in FAMILIES if name.startswith(family))


def sample(found: list[list[Mutant]], most: int, seed: str) -> list[Mutant]:
    """Draw at most so many places without replacement, and one variant of each.

    Those that compute the same are left out after the draw: naming one draws no other.
    """
    draw = Random(seed)
    chosen = found if len(found) <= most else draw.sample(found, most)
    drawn = sorted(draw.choice(variants) for variants in chosen)
    return [each for each in drawn if reason_of_line(each.source, each.operator) is None]

"""The continuous program in true money, with names that a person can read, to be written to a file.

The same rows as those that are solved (docs/program.md), but for the scale of money and the names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import pandas as pd
import pulp

from foreship_foundation.actions import ACTIONS
from foreship_foundation.telling.words import plural
from foreship_optimize.errors import OptimizeError
from foreship_optimize.limits import packs_of
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.formulation import Model, build
from foreship_optimize.program.instance import Instance, worth_on_hand
from foreship_optimize.program.unit_groups.tiers import (
    Tiers,
    lots_of,
    tiers_by_day_of,
    tiers_of,
)
from foreship_optimize.program.unit_groups.units_by_day import cell_days_of

__all__ = ["Program", "named_program"]

LONGEST: Final = 90
"""characters of a name: PuLP writes none beyond 100"""
WORDS = re.compile("[^A-Za-z0-9]+")
CONSTANT = "worth_of_units_on_hand"


@dataclass(frozen=True)
class Program:
    """The continuous program of a plan: minimise money, before whole units."""

    problem: pulp.LpProblem
    """its optimum is the plan's continuous objective [money]; moves count packs"""
    names: pd.DataFrame
    """a row a name: `name, kind` (variable or row)`, meaning`"""

    def to_file(self, path: str | Path) -> Path:
        """Write the program as `.lp` or (free) `.mps`, and return the path.

        Raises
        ------
        OptimizeError
            If the name ends in neither, or nothing can be written there.
        """
        given: Any = path
        if not isinstance(given, (str, PathLike)):
            raise OptimizeError(f"{type(given).__name__} is no path; give it as text or as a Path")
        path = Path(given)
        writers = {".lp": self.problem.writeLP, ".mps": self.problem.writeMPS}
        if path.suffix.lower() not in writers:
            raise OptimizeError(f"{path.name}: a program is written to a file .lp or .mps")
        try:
            writers[path.suffix.lower()](str(path))
        except (OSError, pulp.PulpError) as error:  # PuLP 4 has an error of its own for it
            said = getattr(error, "strerror", None) or error
            raise OptimizeError(f"cannot write {path}: {said}") from error
        return path

    def __repr__(self) -> str:
        rows = int((self.names["kind"] == "row").sum())
        return (
            f"Program with {plural(len(self.names) - rows, 'variable')} and {plural(rows, 'row')}"
        )


def named_program(instance: Instance) -> Program:
    """Write down the continuous program of an instance under names for people.

    Parameters
    ----------
    instance
        After presolve.
    """
    problem, plan = instance.problem, instance.params.plan
    risky = instance.risk.budget is not None
    tiers = tiers_of(problem, plan.maximum_blocks, plan.minimum_line_quantity, risky=risky)
    renaming = _Renaming(_variables(problem, tiers), worth_on_hand(problem))
    model = _NamedModel(cast(pulp.LpProblem, renaming), 1.0, packs_of(problem))
    build(problem, instance.limits, tiers, plan, risk=instance.risk, model=model)
    names = pd.DataFrame(renaming.told, columns=["name", "kind", "meaning"])
    return Program(renaming.problem, names)


class _Renaming:
    """A PuLP problem of which variables and rows get their names for people as they come."""

    def __init__(self, variables: dict[str, tuple[str, str]], constant: float) -> None:
        self.problem = pulp.LpProblem("plan", pulp.LpMinimize)
        self.told: list[tuple[str, str, str]] = []
        self.row_words = ""
        self._variables = {**variables, CONSTANT: (CONSTANT, "1: what is there in any plan")}
        self._constant = constant
        self._taken: dict[str, int] = {}

    def add_variable(self, name: str, *bounds: Any) -> Any:
        """Add the variable that `build` knows by a number, under its words."""
        words, meaning = self._variables[name]
        return self.problem.add_variable(self._named(words, "variable", meaning), *bounds)

    def addConstraint(self, row: Any, name: str) -> None:  # noqa: N802 - PuLP's name
        """Add a row under the words told before."""
        self.problem.addConstraint(row, self._named(self.row_words, "row", self.row_words))

    def setObjective(self, terms: Any) -> None:  # noqa: N802 - PuLP's name
        """Set the objective, with the worth of what is there in any plan."""
        one = self.add_variable(CONSTANT, 1, 1)
        self.problem.setObjective(terms + self._constant * one)

    def _named(self, words: str, kind: str, meaning: str) -> str:
        """Return a name of letters, digits and _ that no other has, and keep what it means."""
        name = base = WORDS.sub("_", words).strip("_")[:LONGEST]
        while name in self._taken:
            self._taken[base] += 1
            name = f"{base}_{self._taken[base]}"
        self._taken[name] = 1
        self.told.append((name, kind, meaning))
        return name


@dataclass
class _NamedModel(Model):
    """A model that tells what each row is before it adds it."""

    def add(self, row: Any, terms: int, kind: str, index: int, words: str) -> None:
        """Add a row under its words."""
        cast(_Renaming, self.program).row_words = f"{kind}: {words}"
        super().add(row, terms, kind, index, words)


def _variables(problem: ShippingProblem, tiers: Tiers) -> dict[str, tuple[str, str]]:
    """Return the words and the meaning of each variable that `build` may ask for."""
    cells = _cells(problem)
    named = {f"a{at:08d}": each for at, each in enumerate(_moves(problem, cells))}
    ranks = [
        str(rank) if width == 1 else f"{rank} to {rank + width - 1}"
        for rank, width in zip(
            problem.units.rank[tiers.first].tolist(), tiers.width.tolist(), strict=True
        )
    ]
    there = [
        f"{cells[cell]} unit {rank}" for cell, rank in zip(tiers.cell.tolist(), ranks, strict=True)
    ]
    for at, each in enumerate(there):
        named[f"b{at:08d}"] = (f"there {each}", f"units there in the end: {each}")
    for at, (tier, day) in enumerate(_early(problem, tiers)):
        words = f"there {there[tier]} by arrival {day}"
        named[f"bb{at:08d}"] = (words, f"{words} of the cell")
    lots = lots_of(problem, tiers)
    staged = np.flatnonzero(lots.tier < 0).tolist()
    for at, lot in enumerate(staged):
        words = f"arrived {cells[int(lots.cell[lot])]} after {int(lots.ahead[lot])}"
        named[f"c{at:08d}"] = (words, f"units that {words}")
    named["d00000000"] = ("loss threshold", "loss that the worst outcomes begin at [money]")
    for outcome in range(problem.need.shape[1]):
        words = f"loss beyond in outcome {outcome}"
        named[f"e{outcome:08d}"] = (words, "loss beyond the threshold [money]")
    return named


def _early(problem: ShippingProblem, tiers: Tiers) -> list[tuple[int, int]]:
    """Tier, and which of its cell's days of arrival, of each variable of units by day."""
    days = cell_days_of(problem)
    rows = tiers_by_day_of(problem, days, tiers)
    new = np.diff(days.cell, prepend=-1) != 0
    first = np.flatnonzero(new)[np.cumsum(new) - 1] if len(new) else days.cell
    before = np.flatnonzero(~rows.last)
    count = rows.cell_day[before] - first[rows.cell_day[before]] + 1
    return list(zip(rows.tier[before].tolist(), count.tolist(), strict=True))


def _cells(problem: ShippingProblem) -> list[str]:
    return [
        f"{problem.regions[region]} {problem.items[item]}"
        for region, item in zip(
            problem.cell_region.tolist(), problem.cell_item.tolist(), strict=True
        )
    ]


def _moves(problem: ShippingProblem, cells: list[str]) -> list[tuple[str, str]]:
    """Return `ship Lyon A12 from North d2` and what it means, for each move."""
    moves, found = problem.moves, []
    region = [str(problem.regions[each]) for each in problem.cell_region.tolist()]
    columns = (
        moves.action, moves.item, moves.origin_hub, moves.origin_cell, moves.destination_hub,
        moves.destination_cell, moves.lead_days, packs_of(problem),
    )  # fmt: skip
    for action, item, hub, cell, to_hub, to_cell, days, pack in zip(
        *(each.tolist() for each in columns), strict=True
    ):
        name, origin = ACTIONS[action].name, problem.hubs[hub] if hub >= 0 else region[cell]
        to = region[to_cell] if to_cell >= 0 else problem.hubs[to_hub] if to_hub >= 0 else ""
        words = f"{name} {to} {problem.items[item]} from {origin} d{days}"
        unit = "units" if pack == 1 else f"packs of {pack}"
        where = f"{origin} to {to}, there after {plural(days, 'day')}" if to else origin
        found.append((words, f"{unit} of {problem.items[item]}, {name}, {where}"))
    return found

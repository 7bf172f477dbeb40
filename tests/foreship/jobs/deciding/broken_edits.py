"""Fifty edits of a wide shop's plan, five of them broken, each in another way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from tests.foreship.jobs.deciding.wide_shop import LEAST, PACK, RETURNED

__all__ = ["BREAKS", "Edits", "drawn_edits"]

LINE, WORD, UNITS = "line", "decision", "new quantity"
Cells = dict[str, Any]


class Break(NamedTuple):
    """One way in which an edit is wrong."""

    lines: Callable[[Mapping[str, Any]], bool]
    """which lines of the plan it may befall"""
    cells: Callable[[int], Cells]
    """heading -> what is written there, from the units that the plan says"""
    named: str
    """heading of the cell that is to be named"""


def _any(_: Mapping[str, Any]) -> bool:
    return True


def _of(**where: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda line: all(line[name] == value for name, value in where.items())


def _ship(line: Mapping[str, Any]) -> bool:
    return bool(line["action"] == "ship")


def _written(value: Any) -> Callable[[int], Cells]:
    return lambda _: {WORD: "change", UNITS: value}


def _instead(**cells: Any) -> Callable[[int], Cells]:
    return lambda _: cells


BREAKS: Mapping[str, Break] = {
    "half a unit": Break(_any, _written(2.5), UNITS),
    "words": Break(_any, _written("many"), UNITS),
    "below nothing": Break(_any, _written(-3), UNITS),
    "a thousand or one": Break(_any, _written("1.000"), UNITS),
    "more than can be": Break(_any, _written(1e15), UNITS),
    "a day": Break(_any, _written(pd.Timestamp("2026-05-01")), UNITS),
    "true": Break(_any, _written(True), UNITS),
    "an error": Break(_any, _written("#N/A"), UNITS),
    "no decision": Break(_any, _instead(decision="delete"), WORD),
    "a change to nothing": Break(_any, _instead(decision="change"), UNITS),
    "dropped with units": Break(_any, _instead(decision="drop", **{UNITS: 3}), UNITS),
    "frozen elsewhere": Break(_any, lambda n: {WORD: "freeze", UNITS: n + 1}, UNITS),
    "kept elsewhere": Break(_any, lambda n: {WORD: "keep", UNITS: n + 1}, UNITS),
    "another item": Break(_any, _instead(item="other"), "item"),
    "another place": Break(_any, _instead(origin="elsewhere"), "origin"),
    "the plan's own units": Break(_any, lambda n: {"quantity": n + 1}, "quantity"),
    "another day": Break(_any, _instead(ship_date="2026-12-24"), "ship_date"),
    "no line": Break(_any, _instead(line=10_000), LINE),
    "a blank line": Break(_any, _instead(line=""), LINE),
    "more than lies there": Break(_of(item="I00"), _written(900), UNITS),
    "more than is stored": Break(_of(destination="R1", item="I01"), _written(400), UNITS),
    "more than the lane takes": Break(_of(destination="R2", item="I01"), _written(400), UNITS),
    "more than is received": Break(_of(destination="R4", item="I01"), _written(4000), UNITS),
    "more than is picked": Break(_of(destination="R5", item="I01"), _written(7500), UNITS),
    "no whole cases": Break(_of(item="I02"), _written(PACK + 1), UNITS),
    "hardly a line": Break(_of(item="I03"), _written(LEAST - 1), UNITS),
    "above an override": Break(_of(destination="R3", item="I04"), _written(40), UNITS),
    "below an override": Break(_of(destination="R3", item="I05"), _written(4), UNITS),
    "below one for any hub": Break(_of(destination="R4", item="I06"), _written(4), UNITS),
    "dropped against one": Break(
        _of(destination="R4", item="I06"), _instead(decision="drop"), WORD
    ),
    "more than goes back": Break(_of(item=RETURNED), _written(150), UNITS),
}
"""Name -> how an edit is broken"""


class Edits(NamedTuple):
    """What a planner wrote, and where it is wrong."""

    cells: Mapping[tuple[int, str], Any]
    """(line, heading) -> what is written there"""
    broken: Mapping[tuple[int, str], str]
    """(line, heading) of each cell to be named -> why"""


def drawn_edits(lines: pd.DataFrame, seed: int, count: int = 50, broken: int = 5) -> Edits:
    """Draw edits of as many lines, some of them broken, no way twice."""
    draw = np.random.default_rng([seed, 2026])
    rows = lines.to_dict("records")
    mine: dict[int, Cells] = {}
    wrong: dict[tuple[int, str], str] = {}
    for name in draw.permutation(list(BREAKS)):
        each = BREAKS[name]
        may = [at for at, row in enumerate(rows) if at not in mine and each.lines(row)]
        if may and len(wrong) < broken:
            line = int(draw.choice(may))
            mine[line] = each.cells(int(rows[line]["quantity"]))
            wrong[line, each.named] = str(name)
    rest = draw.permutation([at for at in range(len(rows)) if at not in mine])
    for line in rest[: count - broken].tolist():
        mine[line] = _right(rows[line], draw)
    cells = {(line, head): value for line, some in mine.items() for head, value in some.items()}
    return Edits(cells, wrong)


def _right(line: Mapping[str, Any], draw: np.random.Generator) -> Cells:
    """Draw an edit that breaks nothing, whatever the others are."""
    planned = int(line["quantity"])
    step = PACK if line["item"] == "I02" else 1
    changed = {WORD: "change", UNITS: planned - step if draw.random() < 0.5 else planned + step}
    if line["item"] == RETURNED:
        changed[UNITS] = planned - 1
    bound_from_below = (line["destination"], line["item"]) in (("R3", "I05"), ("R4", "I06"))
    others = [{WORD: "freeze"}] if bound_from_below else [{WORD: "freeze"}, {WORD: "drop"}]
    return changed if draw.random() < 0.7 else others[int(draw.integers(len(others)))]

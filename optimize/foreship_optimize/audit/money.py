"""Whether the money is true: costs from tables, gains from the ledger, objective from both."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from foreship_foundation.actions import ACTIONS, action_names
from foreship_foundation.telling.words import listed, number, plural
from foreship_optimize.audit.books import (
    INTO_REGION,
    OUT_OF_REGION,
    Books,
    Line,
    arrivals_of,
    close,
)

__all__ = ["certificate_holds", "costs_true", "ledger_holds", "lines_match_ledger", "totals_true"]

IDENTITY = 1e-9
"""relative, for identities of the ledger"""
REDIRECTS = action_names(origin="region", destination="region")
TERM_OF = {each.name: each.term for each in ACTIONS}
DEPARTURE_TERMS = ("vehicles", "lines")
VALUE_TERMS = ("hub_rent", "lateness", "value_given_up", "value_of_arrivals")


def costs_true(books: Books, lines: list[Line]) -> Iterable[str]:
    """Check that every line costs what its lane and its exit cost."""
    for line in lines:
        lanes = books.lanes_of(line) if line.destination else [None]
        costs = sorted({books.cost_of(line, lane) for lane in lanes})
        if costs and not any(close(line.cost, cost) for cost in costs):  # else told by the limits
            words = listed(map(number, costs), last="or")
            yield f"{line}: costs {number(line.cost)}, is {words}"


def totals_true(
    lines: list[Line], summary: Mapping[str, Any], *, vehicles: float = 0.0, handling: float = 0.0
) -> Iterable[str]:
    """Check that the objective's terms are sums over the lines, and the objective their sum.

    Parameters
    ----------
    lines
        At the cost of their units alone.
    vehicles, handling
        What departures and item lines cost [money]; their terms may be left out where that is 0.
    """
    totals = summary["totals"]
    objective = float(summary["objective"])
    size = max([1.0, *(abs(float(value)) for value in totals.values())])
    unknown = sorted(set(totals) - {*DEPARTURE_TERMS} ^ {*TERM_OF.values(), *VALUE_TERMS})
    if unknown:
        yield f"totals: terms {unknown} are missing or unknown"
        return
    for action, term in TERM_OF.items():
        cost = math.fsum(line.cost for line in lines if line.action == action)
        if not close(cost, totals[term]):
            yield f"totals: {term} is {number(totals[term])}, lines cost {number(cost)}"
    for term, money in zip(DEPARTURE_TERMS, (vehicles, handling), strict=True):
        if not close(money, float(totals.get(term, 0.0))):
            yield (
                f"totals: {term} is {number(totals.get(term, 0.0))}, departures cost "
                f"{number(money)}"
            )
    if not close(objective, math.fsum(totals.values()), size):
        yield f"objective {number(objective)} is not the sum of its terms"
    gain = math.fsum(line.expected_gain for line in lines)
    if not close(-objective, gain, size):
        yield f"objective {number(objective)}, but the lines gain {number(gain)}"
    counted = sum(line.quantity for line in lines)
    counts = summary["counts"]
    if counts["units"] != counted or counts["lines"] != len(lines):
        yield f"counts: {plural(counts['lines'], 'line')}, {plural(counts['units'], 'unit')}"


def certificate_holds(summary: Mapping[str, Any]) -> Iterable[str]:
    """Check that the bound is below the objective, and the gap as the contract defines it."""
    objective, bound = float(summary["objective"]), float(summary["bound"])
    if not (math.isfinite(objective) and math.isfinite(bound)):
        yield f"objective {objective} or bound {bound} is not finite"
        return
    if bound > objective + 1e-6 * max(1.0, abs(objective)):
        yield f"bound {number(bound)} lies above the objective {number(objective)}"
    gap = (objective - bound) / max(1.0, abs(bound))
    if abs(float(summary["gap"]) - gap) > IDENTITY * max(1.0, abs(gap)):
        yield f"gap {number(summary['gap'])} is not {number(gap)}"
    if (summary["status"] == "relaxed") != bool(summary["relaxed"]) and summary["status"] != "hold":
        yield f"status {summary['status']}, but {plural(len(summary['relaxed']), 'limit')} gave way"


def ledger_holds(books: Books, lines: list[Line], units: pd.DataFrame) -> Iterable[str]:
    """Check that units count 1, 2, 3 .. in a cell, chances lie in [0, 1], and money adds up.

    Chances fall with rank among the units on hand, among those that take the rank of one that
    leaves, whose chance is its own, and among the others of one day of arrival.
    """
    p, gain, loss, worth = (
        units[name].to_numpy(dtype=float) for name in ("p", "gain", "loss", "expected_gain")
    )
    rank = units["unit"].to_numpy()
    first, same = _cells(units)
    if (rank[first] != 1).any() or (np.diff(rank)[same] != 1).any():
        yield "units: ranks of a cell do not count 1, 2, 3"
    if not np.isin(units["planned"].to_numpy(), (0, 1)).all():
        yield "units: planned is neither 0 nor 1"
    if ((p < 0) | (p > 1)).any():
        yield "units: a probability lies outside [0, 1]"
    rises = np.diff(p) > IDENTITY
    day = _days_of_arrival(books, lines, units)
    if (rises & same & (day[1:] == day[:-1])).any():
        yield "units: a probability rises with rank"
    sums = p * gain - (1.0 - p) * loss
    size = np.maximum(1.0, np.maximum(np.abs(gain), np.abs(loss)))
    wrong = int((np.abs(sums - worth) > IDENTITY * size).sum())
    if wrong:
        yield f"units: expected_gain is not p gain - (1 - p) loss in {plural(wrong, 'row')}"


def _days_of_arrival(books: Books, lines: list[Line], units: pd.DataFrame) -> np.ndarray:
    """Day of each row's arrival; negative where its chance follows from no day.

    That is a unit on hand, one that takes the rank of a unit on hand, and the next one.
    """
    leads = arrivals_of(books, lines)
    lies = units["binding"].isin(["on hand", "moved away"]).to_numpy()
    cells = list(zip(units["region"], units["item"], strict=True))
    ranks = units["unit"].tolist()
    days = [leads.get(cell, {}).get(rank, -2) for cell, rank in zip(cells, ranks, strict=True)]
    taken = [rank <= books.on_hand.get(cell, 0) for cell, rank in zip(cells, ranks, strict=True)]
    return np.where(lies, -1, np.where(taken, -3, np.array(days, dtype=np.int64)))


def _cells(units: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Rows that start a cell, and whether each row's next one is of the same cell."""
    region, item = units["region"].to_numpy(dtype=object), units["item"].to_numpy(dtype=object)
    same = (region[1:] == region[:-1]) & (item[1:] == item[:-1])
    same = np.asarray(same, dtype=bool)
    first = np.concatenate([[True], ~same]) if len(region) else np.zeros(0, dtype=bool)
    return first, same


def lines_match_ledger(books: Books, lines: list[Line], units: pd.DataFrame) -> Iterable[str]:
    """Check that every unit sent is a planned unit, and earns in the ledger what its line says."""
    sent, gain = _sums(lines, INTO_REGION, into=True)
    gone, lost = _sums(lines, OUT_OF_REGION, into=False)
    worth = _by_cell(units)
    for cell in sorted(sent.keys() | {key for key, book in worth.items() if book.planned}):
        book = worth.get(cell, _Cell())
        if book.planned != sent.get(cell, 0):
            yield f"units: {book.planned} planned in {cell}, {sent.get(cell, 0)} are sent"
        elif cell not in gone and not close(book.gain, gain.get(cell, 0.0)):
            yield f"units in {cell} gain {number(book.gain)}, their lines {number(gain[cell])}"
    for cell, units_gone in sorted(gone.items()):
        book = worth.get(cell, _Cell())
        if cell not in sent and book.moved != units_gone:
            yield f"units: {book.moved} moved away in {cell}, lines move {units_gone}"
        elif cell not in sent and cell in lost and not close(-book.given_up, lost[cell]):
            yield (
                f"units moved from {cell} are worth {number(book.given_up)}, not "
                f"{number(-lost[cell])}"
            )
    for cell, lies in sorted(books.on_hand.items()):
        if cell in worth and worth[cell].rows < lies:
            yield (
                f"units: {plural(worth[cell].rows, 'row')} of {cell}, {plural(lies, 'unit')} lie "
                "there"
            )


class _Cell:
    """What the ledger says about one cell."""

    __slots__ = ("gain", "given_up", "moved", "planned", "rows")

    def __init__(self) -> None:
        self.rows = self.planned = self.moved = 0
        self.gain = self.given_up = 0.0


def _by_cell(units: pd.DataFrame) -> dict[tuple[str, str], _Cell]:
    """Add the ledger up by cell."""
    cells: dict[tuple[str, str], _Cell] = defaultdict(_Cell)
    columns = (units[name].tolist() for name in ("region", "item", "planned", "expected_gain",
                                                 "binding"))  # fmt: skip
    for region, item, planned, worth, binding in zip(*columns, strict=True):
        book = cells[region, item]
        book.rows += 1
        if planned:
            book.planned += 1
            book.gain += worth
        elif binding == "moved away":
            book.moved += 1
            book.given_up += worth
    return cells


def _sums(
    lines: list[Line], actions: tuple[str, ...], *, into: bool
) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], float]]:
    """Units and gains by cell; a unit given up has its gain only where it leaves the network.

    A redirect's gain stands in its destination's ledger, so cells that redirect have no sum here.
    """
    units: dict[tuple[str, str], int] = defaultdict(int)
    gain: dict[tuple[str, str], float] = defaultdict(float)
    redirecting = {(line.origin, line.item) for line in lines if line.action in REDIRECTS}
    for line in lines:
        if line.action in actions:
            cell = (line.destination if into else line.origin, line.item)
            units[cell] += line.quantity
            if into:
                gain[cell] += line.expected_gain
            elif cell not in redirecting:
                gain[cell] += line.expected_gain + line.cost
    return units, gain

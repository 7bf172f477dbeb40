"""Value the units of every cell for the other days on which lanes bring them.

Ships come on the cell's earliest day or later, redirects before it too; on one day a lane may be as
punctual as another or not. What the program is told of it is one number a lane (equation 17 of
docs/value.md); the rows themselves are for the ledger and the bound.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.network.moves import MoveRows
from foreship_optimize.problem import LateUnits, Units
from foreship_optimize.valuation.inputs import Inputs, Reach
from foreship_optimize.valuation.thresholds import Thresholds
from foreship_optimize.valuation.unit_worth.ranking import reconciled
from foreship_optimize.valuation.unit_worth.unit_values import UnitValues

__all__ = ["LateUnitValues", "as_late_units", "lateness_of", "may_pay", "value_late_arrivals"]


@dataclass(frozen=True)
class LateUnitValues:
    """Units valued for one other law of arrival, before any hold-back."""

    law: int
    """number of the law"""
    day: int
    """its mean day"""
    place: Ints
    """position of each unit among the arrivals on the earliest day"""
    worth: UnitValues
    lost: Floats
    """worth lost against the cell's day [money]; below 0 where the other day gains"""

    def rows(self, index: Bools) -> LateUnitValues:
        """Return some of the units."""
        return replace(
            self, place=self.place[index], worth=self.worth.rows(index), lost=self.lost[index]
        )


def may_pay(
    inputs: Inputs, moves: MoveRows, arrivals: UnitValues, reach: Reach, thresholds: Thresholds
) -> Bools:
    """Mark the moves that a best plan could use, judged before late units are valued.

    A ship later than its cell's earliest never pays where it costs no less than any unit that it
    brings can be worth (equation 17a). The cheapest way into a cell stays, for dearer freight is
    counted from it, and so does every way into a cell that a lock or a redirect may ask for.
    """
    target = np.maximum(moves.destination_cell, 0)
    keep = np.ones(len(moves), dtype=bool)
    law, drawn = inputs.laws.of_moves(moves.lane), np.append(inputs.laws.drawn, False)
    late = moves.from_hub & _by_other_law(moves, law, reach)
    if len(reach.law):
        late &= ~drawn[law] & ~drawn[reach.law[target]]
    late &= (moves.cost > reach.cost[target]) & (thresholds.sources[target] == 0)
    late &= ~reach.asked[target] & (reach.fewest[target] == 0)
    first, chance = arrivals.unit == 1, np.zeros(len(inputs.cells))
    chance[arrivals.cell[first]] = arrivals.probability[first]
    for day in np.unique(moves.lead_days[late]).tolist():
        mine = np.flatnonzero(late & (moves.lead_days == day))
        rows, of_row = np.unique(moves.destination_cell[mine], return_inverse=True)
        most = inputs.valuer.most_on_later_day(rows, day, chance[rows])
        most = most + thresholds.credit.of(rows, np.ones_like(rows))
        keep[mine] = moves.cost[mine] < most[of_row]
    return keep


def value_late_arrivals(
    inputs: Inputs,
    moves: MoveRows,
    arrivals: UnitValues,
    reach: Reach,
    thresholds: Thresholds,
    told: Bools,
    known: dict[int, tuple[Ints, UnitValues]],
) -> tuple[list[LateUnitValues], Ints]:
    """Value candidate arrivals by every other law that a move of `told` arrives by.

    Parameters
    ----------
    known
        By law: how many units of each cell were valued, and these; what is valued now is added.

    Returns
    -------
    The candidates' values, one entry a law, and how many units of each cell may pay on any of those
    days, (C,): where that is more than there are candidates, these do not suffice.
    """
    count = np.bincount(arrivals.cell, minlength=len(inputs.cells))
    of_move = inputs.laws.of_moves(moves.lane)
    late = _by_other_law(moves, of_move, reach) & told
    found, enough = [], np.zeros(len(inputs.cells), dtype=np.int64)
    for law in np.unique(of_move[late]).tolist():
        mine = np.flatnonzero(late & (of_move == law))
        rows = np.unique(moves.destination_cell[mine])
        rows = rows[count[rows] > 0]
        if len(rows):
            worth = _valued_by(inputs, rows, law, count, known)
            enough = np.maximum(enough, thresholds.of(moves, mine).last_that_may_pay(worth))
            worth = worth.rows(worth.unit <= count[worth.cell])
            place = np.searchsorted(arrivals.cell, worth.cell) + worth.unit - 1
            lost, day = arrivals.value[place] - worth.value, int(inputs.laws.mean_day[law])
            found.append(LateUnitValues(law, day, place, worth, lost))
    return found, enough


def _valued_by(
    inputs: Inputs, rows: Ints, law: int, count: Ints, known: dict[int, tuple[Ints, UnitValues]]
) -> UnitValues:
    """Value the candidates of some cells by a law, but those known for as many units."""
    before, worth = known.get(law, (0 * count, UnitValues.joined([])))
    new = rows[before[rows] != count[rows]]
    kept = np.isin(worth.cell, np.setdiff1d(rows, new))
    found = inputs.arrivals(new, law, count[new])
    worth = UnitValues.joined([worth.rows(kept), found])
    valued = np.zeros_like(count)
    valued[rows] = count[rows]
    known[law] = valued, worth
    return worth


def _by_other_law(moves: MoveRows, law: Ints, reach: Reach) -> Bools:
    """Mark the moves that arrive by another law than their cell's units are valued for, (M,)."""
    arrives = moves.destination_cell >= 0
    if not len(reach.law):
        return arrives
    return np.asarray(arrives & (law != reach.law[moves.destination_cell]))


def lateness_of(
    moves: MoveRows,
    law: Ints,
    arrivals: UnitValues,
    hold: Floats,
    reach: Reach,
    late: list[LateUnitValues],
) -> Floats:
    """Equation 17: most that a unit worth shipping loses by each move's law, (M,) [money].

    Below 0 where every such unit gains by it. `law` is that of each move.
    """
    paying = arrivals.value - hold > reach.cost[arrivals.cell]
    last = np.zeros(len(reach.day), dtype=np.int64)
    np.maximum.at(last, arrivals.cell[paying], arrivals.unit[paying])
    last = np.maximum(last, np.minimum(reach.forced, 1))
    lateness = np.zeros(len(moves))
    for each in late:
        lost = np.full(len(reach.day), -np.inf)
        mine = each.worth.unit <= last[each.worth.cell]
        np.maximum.at(lost, each.worth.cell[mine], each.lost[mine])
        by_law = np.flatnonzero(_by_other_law(moves, law, reach) & (law == each.law))
        charge = lost[moves.destination_cell[by_law]]
        lateness[by_law] = np.where(np.isfinite(charge), charge, 0.0)
    return lateness


def as_late_units(
    late: list[LateUnitValues],
    arrivals: UnitValues,
    hold: Floats,
    units: Units,
    held: Floats,
    reach: Reach,
) -> LateUnits:
    """Match the late rows with the ranked units of the problem.

    Each keeps the distance to its unit's value on the earliest day, so that ordering the ranks
    moves both alike. A day on which a cell is reached by several laws has no rows: its moves are
    charged their lateness.

    Parameters
    ----------
    units
        The ranked units; their arrivals lie in the order of `arrivals`.
    held
        h w of each cell, holding of a unit unsold through its window [money].
    reach
        Day and law that each cell's units are ranked for.
    """
    late = _one_law_a_day(late, reach)
    if not late:
        return LateUnits.none()
    place = np.concatenate([each.place for each in late])
    day = np.concatenate([np.full(len(each.place), each.day, dtype=np.int64) for each in late])
    lost = np.concatenate([each.lost for each in late])
    chance, benefit, unsold = (
        np.concatenate([getattr(each.worth, name) for each in late])
        for name in ("probability", "benefit", "unsold")
    )
    unit = np.flatnonzero(~units.on_hand)[place]
    value = units.value[unit] - lost
    benefit, unsold = reconciled(
        value, chance, benefit, unsold, hold[place], held[arrivals.cell[place]]
    )
    order = np.lexsort((day, unit))
    return LateUnits(
        unit=unit[order],
        day=day[order],
        value=value[order],
        probability=chance[order],
        benefit=benefit[order],
        unsold_worth=unsold[order],
    )


def _one_law_a_day(late: list[LateUnitValues], reach: Reach) -> list[LateUnitValues]:
    """Keep the units of each cell on those of its days on which one law alone brings them."""
    if len({each.day for each in late}) == len(late) and not any(
        (reach.day[each.worth.cell] == each.day).any() for each in late
    ):
        return late
    laws = np.zeros((len(reach.day), 1 + max(each.day for each in late)), dtype=np.int64)
    known = np.flatnonzero(reach.day < laws.shape[1])
    laws[known, reach.day[known]] = 1
    for each in late:
        laws[np.unique(each.worth.cell), each.day] += 1
    alone = [each.rows(laws[each.worth.cell, each.day] == 1) for each in late]
    return [each for each in alone if len(each.place)]

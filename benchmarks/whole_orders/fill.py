"""How many orders are whole where units lie, by the order and by the unit at the same freight.

`python -m benchmarks.whole_orders.fill [--workspace DIR] [--mondays 2017-07-03 ..] [--weeks 4]`
plans each Monday by the order, then by the unit with the freight of that plan as its budget. Each
of the weeks after begins with the units that the plan sends; orders come by day, region and id, and
one whose units are all there takes them. What lay there before counts for neither.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from benchmarks.results import append, today, versions
from benchmarks.whole_orders.mondays import Known, known_on, name_of, opened, options_of

__all__ = ["Fill", "fill_of", "fills"]

RESULTS = Path(__file__).parent / "results_fill.csv"
MONDAYS = ("2017-07-03", "2017-08-28", "2017-10-30")
Cell = tuple[str, str]


class Fill(NamedTuple):
    """What a plan's units made of the orders that came."""

    units: int
    freight: float
    """of the plan [money]"""
    orders_whole: float
    """share of all orders, [0, 1]"""
    units_there: float
    """share of all units that found one, each order asking alone, [0, 1]"""


def main() -> None:
    """Print and keep both shares of every Monday."""
    parser = options_of(__doc__)
    parser.add_argument("--mondays", nargs="+", default=MONDAYS, help="weeks after must be known")
    parser.add_argument("--weeks", type=int, default=4)
    options = parser.parse_args()
    with opened(options) as workspace:
        for each in options.mondays:
            started = time.process_time()
            found = fills(known_on(workspace, pd.Timestamp(each)), options.weeks)
            spent = round(time.process_time() - started, 1)
            facts = {"date": today(), "workspace": name_of(options), "monday": each}
            facts |= {"weeks": options.weeks, "cpu_seconds": spent}
            rows = [{**facts, "plan": name, **fill._asdict()} for name, fill in found.items()]
            append(RESULTS, [{**row, **versions()} for row in rows])
            more = 100 * (found["order"].orders_whole - found["unit"].orders_whole)
            print(f"{each}: {more:+.2f} points of whole orders")
            for name, fill in found.items():
                print(
                    f"  by the {name:5} {fill.units:7,} units, freight {fill.freight:10,.0f}, "
                    f"{fill.orders_whole:.2%} of orders whole, {fill.units_there:.2%} of units"
                )


def fills(known: Known, weeks: int) -> dict[str, Fill]:
    """Return what both plans make of the orders of so many weeks."""
    plan = known.plan()
    freight = float(plan.lines.loc[plan.lines["action"] == "ship", "cost"].sum())
    orders = known.workspace.tables["orders"]
    days = (orders["date"] - known.as_of).dt.days
    coming = orders[(days >= 0) & (days < 7 * weeks)].assign(week=days // 7)
    plans = {"order": plan, "unit": known.plan(by_unit=True, freight=freight)}
    return {name: fill_of(each.lines, coming) for name, each in plans.items()}


def fill_of(lines: pd.DataFrame, coming: pd.DataFrame) -> Fill:
    """Serve the orders of each week from the units that a plan sends.

    Parameters
    ----------
    lines
        `Plan.lines`.
    coming
        `date, region, item, quantity, order_id, week`.
    """
    ships = lines[lines["action"] == "ship"]
    sent = ships.groupby(["destination", "item"])["quantity"].sum().to_dict()
    orders = whole = units = there = 0
    for _, week in coming.groupby("week", sort=True):
        left: dict[Cell, int] = dict(sent)
        for wanted in _orders(week):
            found = {cell: min(left.get(cell, 0), n) for cell, n in wanted.items()}
            orders, units = orders + 1, units + sum(wanted.values())
            there += sum(found.values())
            if found == wanted:
                whole += 1
                for cell, n in wanted.items():
                    left[cell] -= n
    freight, count = float(ships["cost"].sum()), int(ships["quantity"].sum())
    return Fill(count, freight, whole / max(orders, 1), there / max(units, 1))


def _orders(lines: pd.DataFrame) -> list[Mapping[Cell, int]]:
    """Units by cell of each order, by day, region and id; a line without an id is an order."""
    lines = lines.reset_index(drop=True)
    blank = lines["order_id"].fillna("") == ""
    own = lines["order_id"].where(~blank, "line " + lines.index.astype(str))
    by_order = lines.assign(order_id=own).groupby(["date", "region", "order_id"], sort=True)
    return [each.groupby(["region", "item"])["quantity"].sum().to_dict() for _, each in by_order]


if __name__ == "__main__":
    main()

"""A finished plan open to tampering, and every kind of falsehood with the words it is named by."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from foreship_optimize.audit.auditor import audit
from foreship_optimize.params import OptimizeParams
from tests.optimize.table_builder import MONDAY, draw_tables, frame, plan_of


@dataclass
class Case:
    """A finished plan with everything the audit reads, open to tampering."""

    tables: dict[str, pd.DataFrame]
    demand: Any
    lines: pd.DataFrame
    units: pd.DataFrame
    summary: dict[str, Any]
    params: OptimizeParams

    def judge(self) -> None:
        """Let the audit speak."""
        audit(self.tables, self.demand, MONDAY, self.lines, self.units, self.summary, self.params)


def planned(seed: int) -> Case:
    """Plan a random set of tables; `make_plan` has audited it once already."""
    tables, demand, params = draw_tables(seed)
    plan = copy.deepcopy(plan_of(seed))
    return Case(tables, demand, plan.lines, plan.units, plan.summary, params)


def line_of(case: Case, action: str = "ship") -> int:
    """Row of the first line of an action."""
    return int(np.flatnonzero((case.lines["action"] == action).to_numpy())[0])


def set_line(case: Case, column: str, change: Callable[[Any], Any], action: str = "ship") -> None:
    """Change one value of one line."""
    row = line_of(case, action)
    case.lines.loc[row, column] = change(case.lines.loc[row, column])


def set_unit(case: Case, column: str, change: Callable[[Any], Any]) -> None:
    """Change one value of the first planned unit."""
    row = int(np.flatnonzero(case.units["planned"].to_numpy() == 1)[0])
    case.units.loc[row, column] = change(case.units.loc[row, column])


def as_floats(case: Case) -> None:
    case.lines["quantity"] = case.lines["quantity"] + 1e-7


def drop_a_line(case: Case) -> None:
    case.lines = case.lines.drop(index=line_of(case)).reset_index(drop=True)


def drop_a_first_unit(case: Case) -> None:
    row = int(np.flatnonzero(case.units["unit"].to_numpy() == 2)[0]) - 1
    case.units = case.units.drop(index=row).reset_index(drop=True)


def double_a_line(case: Case) -> None:
    case.lines = pd.concat([case.lines, case.lines.iloc[[line_of(case)]]], ignore_index=True)


def swap_origins(case: Case) -> None:
    ships = np.flatnonzero((case.lines["action"] == "ship").to_numpy())
    hubs = case.lines.loc[ships, "origin"].tolist()
    case.lines.loc[ships, "origin"] = hubs[::-1]


def empty_the_hubs(case: Case) -> None:
    stock = case.tables["stock"]
    stock.loc[stock["location"].str.startswith("H"), "quantity"] = 0


def empty_the_regions(case: Case) -> None:
    stock = case.tables["stock"]
    stock.loc[stock["location"].str.startswith("R"), "quantity"] = 0


def shrink(table: str, column: str, value: float = 0.01) -> Callable[[Case], None]:
    def change(case: Case) -> None:
        case.tables[table][column] = value

    return change


def close_lanes(case: Case) -> None:
    case.tables["lanes"]["to"] = pd.Timestamp("2020-01-06")


def windows_around_the_arrivals(case: Case) -> None:
    """Close every cell on the days on which units arrive: windows before and long after them."""
    ships = case.lines[case.lines["destination"].str.startswith("R")]
    cells = ships[["destination", "item"]].drop_duplicates().itertuples(index=False)
    later = MONDAY + pd.Timedelta(days=300)
    case.tables["assortment"] = frame(
        "assortment",
        [
            (region, item, first, last)
            for region, item in cells
            for first, last in ((pd.NaT, MONDAY), (later, pd.NaT))
        ],
    )


def narrow_assortment(case: Case) -> None:
    case.tables["assortment"] = frame("assortment", [("R0", "I0", pd.NaT, pd.NaT)])


def forbid_all(case: Case) -> None:
    rows = [("forbid", 0.0, "fair", "Anna", pd.NaT, "", "", "")]
    case.tables["overrides"] = frame("overrides", rows)


def ask_for_much(case: Case) -> None:
    rows = [("at_least", 500.0, "fair", "Anna", pd.NaT, "", "", "")]
    case.tables["overrides"] = frame("overrides", rows)


def no_redirects(case: Case) -> None:
    rows = [("markdown", "", "", 0.0, 0.0, np.inf, 0.0)]
    case.tables["exits"] = frame("exits", rows)


def small_budget(case: Case) -> None:
    risk = replace(case.params.risk, budget=case.summary["cvar"] / 2)
    case.params = replace(case.params, risk=risk)


def small_budgets(case: Case) -> None:
    plan = replace(case.params.plan, freight_budget=0.01, stock_value_budget=0.02)
    case.params = replace(case.params, plan=plan)


def long_lines(case: Case) -> None:
    plan = replace(case.params.plan, minimum_line_quantity=50)
    case.params = replace(case.params, plan=plan)


def packs_of_seven(case: Case) -> None:
    case.tables["items"]["pack_size"] = 7


def tell(**values: Any) -> Callable[[Case], None]:
    def change(case: Case) -> None:
        case.summary.update(values)

    return change


def tell_total(case: Case) -> None:
    case.summary["totals"] = {**case.summary["totals"], "freight": 0.0}


def boast_bound(case: Case) -> None:
    case.summary["bound"] = case.summary["objective"] + 1.0


def shift_everything(case: Case) -> None:
    """Tell a consistent lie: gains, objective and terms are all a hundred better."""
    row = line_of(case)
    case.lines.loc[row, "expected_gain"] += 100.0
    totals = dict(case.summary["totals"])
    totals["value_of_arrivals"] -= 100.0
    case.summary["totals"] = totals
    case.summary["objective"] -= 100.0
    case.summary["bound"] = case.summary["objective"]
    case.summary["gap"] = 0.0


def lift_chance(case: Case) -> None:
    """Let a planned unit claim to be sure, its own sums still right."""
    row = int(np.flatnonzero(case.units["planned"].to_numpy() == 1)[0])
    case.units.loc[row, ["p", "gain"]] = [1.0, case.units.loc[row, "expected_gain"]]


LIES: dict[str, tuple[Callable[[Case], None], str]] = {
    "a unit more": (lambda c: set_line(c, "quantity", lambda q: q + 1), "planned in"),
    "a thousand units more": (lambda c: set_line(c, "quantity", lambda q: q + 1000), "sends"),
    "a negative quantity": (lambda c: set_line(c, "quantity", lambda q: -q), "fewer than one"),
    "nothing shipped in a line": (lambda c: set_line(c, "quantity", lambda q: 0), "fewer than one"),
    "fractions of units": (as_floats, "not in whole numbers"),
    "a line dropped": (drop_a_line, "are sent"),
    "a line doubled": (double_a_line, "there twice"),
    "origins swapped": (swap_origins, ""),
    "a missing value": (lambda c: set_line(c, "cost", lambda x: np.nan), "missing"),
    "an infinite cost": (lambda c: set_line(c, "cost", lambda x: np.inf), "not finite"),
    "a cost of nothing": (lambda c: set_line(c, "cost", lambda x: 0.0), "costs 0"),
    "a cost a cent off": (lambda c: set_line(c, "cost", lambda x: x + 0.01), "costs"),
    "an unknown item": (lambda c: set_line(c, "item", lambda x: "??"), "unknown item"),
    "an unknown hub": (lambda c: set_line(c, "origin", lambda x: "??"), "unknown origin"),
    "an unknown region": (lambda c: set_line(c, "destination", lambda x: "??"), "unknown dest"),
    "an unknown action": (lambda c: set_line(c, "action", lambda x: "teleport"), "unknown actions"),
    "another week": (
        lambda c: set_line(c, "ship_date", lambda x: x + pd.Timedelta(days=7)), "leaves on",
    ),
    "an early arrival": (
        lambda c: set_line(c, "arrival_date", lambda x: x - pd.Timedelta(days=1)), "arrives on",
    ),
    "a gain too high": (lambda c: set_line(c, "expected_gain", lambda x: x + 1), "gain"),
    "a consistent lie": (shift_everything, "gain"),
    "a wrong exit": (lambda c: set_line(c, "exit", lambda x: "donate", "redirect"), "exit"),
    "columns in another order": (
        lambda c: setattr(c, "lines", c.lines[c.lines.columns[::-1]]), "columns",
    ),
    "hubs are empty": (empty_the_hubs, "holds 0"),
    "regions are empty": (empty_the_regions, "holds 0"),
    "no room": (shrink("regions", "capacity"), "storage of"),
    "narrow lanes": (shrink("lanes", "capacity"), "lane "),
    "lanes are closed": (close_lanes, "no open lane"),
    "dearer lanes": (shrink("lanes", "cost_per_unit", 99.0), "costs"),
    "slower lanes": (shrink("lanes", "lead_time_days", 3), "arrives on"),
    "outside the assortment": (narrow_assortment, "not in the assortment"),
    "between two windows": (windows_around_the_arrivals, "outside the days of the assortment"),
    "everything forbidden": (forbid_all, "lock forbid"),
    "a lock not met": (ask_for_much, "lock at_least 500"),
    "an exit that does not exist": (no_redirects, "does not exist here"),
    "packs broken": (packs_of_seven, "multiple of its pack"),
    "lines too short": (long_lines, "below the minimum line"),
    "the budget broken": (small_budget, "risk budget"),
    "freight beyond its budget": (small_budgets, "freight budget"),
    "stock value beyond its budget": (small_budgets, "stock value budget"),
    "a false cvar": (tell(cvar=0.0), "cvar"),
    "a false objective": (tell(objective=-1e6), "objective"),
    "a false bound": (boast_bound, "lies above"),
    "a false gap": (tell(gap=0.5), "gap"),
    "figures by order by the unit": (tell(orders={}), "not by order"),
    "an objective that is no number": (tell(objective=float("nan")), "not finite"),
    "false totals": (tell_total, "totals: freight"),
    "a status that hides what gave way": (tell(relaxed=[], status="relaxed"), "status"),
    "a false count": (
        lambda c: c.summary.update(counts={**c.summary["counts"], "units": 1}), "counts",
    ),
    "a probability above one": (lambda c: set_unit(c, "p", lambda p: 1.2), "outside [0, 1]"),
    "a gain that does not add up": (lambda c: set_unit(c, "gain", lambda x: x + 1), "not p gain"),
    "a chance the paths do not give": (lift_chance, "the paths say"),
    "a planned unit forgotten": (lambda c: set_unit(c, "planned", lambda x: 0), "planned in"),
    "a unit there twice": (
        lambda c: setattr(c, "units", pd.concat([c.units, c.units.iloc[[0]]])), "there twice",
    ),
    "a unit missing": (
        drop_a_first_unit, "ranks of a cell",
    ),
}  # fmt: skip

"""The audit of a finished plan: everything recomputed from the input tables.

Nothing of the program is used here, only its errors and what is declared of actions, exits and
columns; the plan is read as plain rows. Units are counted in exact integers, money and volume in
float64 with `math.fsum`. The three parts are `audit_limits` (may it be shipped), `audit_money` (is
the money true) and `audit_risk` (what may be lost); each check returns sentences, and all of them
are raised at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from foreship_foundation.actions import action_names
from foreship_foundation.orders.tariffs import further_unit_costs_another
from foreship_foundation.tables.output_files import NUMBER, PLAN, UNITS
from foreship_optimize.audit.asked import policies_kept
from foreship_optimize.audit.asked_lines import changes_told, lines_earn
from foreship_optimize.audit.books import Books, Line, read_books, read_lines
from foreship_optimize.audit.departures import Departed, departed, freight_within_budget
from foreship_optimize.audit.limits import LIMIT_CHECKS
from foreship_optimize.audit.money import (
    certificate_holds,
    costs_true,
    ledger_holds,
    lines_match_ledger,
    totals_true,
)
from foreship_optimize.audit.orders import orders_true
from foreship_optimize.audit.risk import chances_match_demand, worst_outcomes_match
from foreship_optimize.errors import AuditFailed

__all__ = ["audit"]

WHOLE, NUMBERS = ("units", "flag"), ("money", "number")
"""kinds of columns in whole numbers, and in finite ones"""


def audit(  # noqa: PLR0913 everything a plan was made from
    tables: Mapping[str, pd.DataFrame],
    demand: Any,
    as_of: pd.Timestamp,
    lines: pd.DataFrame,
    units: pd.DataFrame,
    summary: Mapping[str, Any],
    params: Any,
    *,
    orders: pd.DataFrame | None = None,
    wanted: Any = None,
    obsolescence: float = 0.0,
) -> None:
    """Recompute a plan from the input tables and refuse it if anything differs.

    Parameters
    ----------
    tables
        The typed input tables, as handed to the planner.
    demand
        Scenarios with arrays `region`, `item` (C,), `weeks` (H,) and `units` (C, H, S): of what
        regions may serve.
    orders
        The past orders, for the figures by order; without them these are not looked at, unless by
        the tariffs there can be none.
    wanted
        Scenarios of all demand, where that is more than `demand`.
    obsolescence
        Chance a year that a cell closes without notice, where the settings do not state it.
    lines, units, summary
        The plan, its unit ledger and its summary, in the contract's shapes. Limits that
        `summary["relaxed"]` names may be missed, by no more than it says.
    params
        Settings with the groups `economics`, `exits`, `risk` and `plan`; only read.

    Raises
    ------
    AuditFailed
        Listing every violation found.
    """
    violations = shape_faults(lines, units)
    if not violations:
        books = read_books(tables, demand, as_of, params, summary)
        moved = read_lines(lines)
        bare = departed(books, moved)
        violations = _all_faults(books, moved, bare, demand, units, summary)
        all_of_it = demand if wanted is None else wanted
        if not _names_unknown(violations):
            violations += policies_kept(books, tables, all_of_it, moved, summary)
            violations += lines_earn(books, moved, bare, all_of_it, tables, summary)
            violations += changes_told(books, moved, tables.get("recent"), summary)
        looked_at = orders is not None or not further_unit_costs_another(tables)
        if looked_at and not _names_unknown(violations):
            known = tables if orders is None else {**tables, "orders": orders}
            violations += orders_true(books, known, all_of_it, moved, summary, obsolescence)
    if violations:
        raise AuditFailed(violations)


def _all_faults(
    books: Books,
    moved: list[Line],
    all_of_it: Departed,
    demand: Any,
    units: pd.DataFrame,
    summary: Mapping[str, Any],
) -> list[str]:
    """Run every check; money is checked only if every line names things that exist."""
    bare = all_of_it.lines
    found = [fault for check in LIMIT_CHECKS for fault in check(books, bare)]
    if not _names_unknown(found):
        found += freight_within_budget(books, all_of_it)
        found += costs_true(books, bare)
        found += totals_true(
            bare, summary, vehicles=all_of_it.vehicles, handling=all_of_it.handling
        )
        found += worst_outcomes_match(books, bare, demand, summary)
    found += certificate_holds(summary)
    found += ledger_holds(books, moved, units)
    found += lines_match_ledger(books, moved, units)
    found += chances_match_demand(books, moved, demand, units)
    return found


def _names_unknown(faults: list[str]) -> bool:
    """Whether some line names what does not exist: its money cannot be told then."""
    return any(fault.startswith("unknown") for fault in faults)


def shape_faults(lines: pd.DataFrame, units: pd.DataFrame) -> list[str]:
    """Check columns, types and missing values of both tables, and duplicate rows of the ledger."""
    found = []
    for name, frame, told in (("plan", lines, PLAN), ("units", units, UNITS)):
        if [each for each in frame.columns if each != NUMBER] != list(told.names):
            found.append(f"{name}: columns are {list(frame.columns)}, not {list(told.names)}")
    if found:
        return found
    unknown = sorted(set(lines["action"]) - set(action_names()))
    found += [f"plan: unknown actions {unknown}"] if unknown else []
    for name, frame, told in (("plan", lines, PLAN), ("units", units, UNITS)):
        whole = [each.name for each in told.columns if each.kind in WHOLE]
        numbers = [each.name for each in told.columns if each.kind in NUMBERS]
        found += _number_faults(name, frame, whole, numbers)
    if units.duplicated(["region", "item", "unit"]).any():
        found.append("units: a unit is there twice")
    return found


def _number_faults(
    name: str, frame: pd.DataFrame, whole: list[str], numbers: list[str]
) -> list[str]:
    """Check that nothing is missing, counts are whole numbers and money is finite."""
    found = [f"{name}: values are missing"] if frame.isna().to_numpy().any() else []
    found += [
        f"{name}: {column} is not in whole numbers"
        for column in whole
        if not np.issubdtype(np.asarray(frame[column]).dtype, np.integer)
    ]
    if not np.isfinite(frame[numbers].to_numpy(dtype=float)).all():
        found.append(f"{name}: a number is not finite")
    return found

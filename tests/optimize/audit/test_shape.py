"""The audit's first look at a plan's tables, and how its checks are put together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_foundation.tables.output_files import UNITS
from foreship_optimize.audit import auditor
from foreship_optimize.errors import AuditFailed
from tests.optimize.audit_books import MONDAY, PARAMS, Demand, line
from tests.optimize.table_builder import COLUMNS, frame


def lines() -> pd.DataFrame:
    """Return two lines of a plan."""
    both = [line("ship", "H1", "R1", "A", 2), line("redirect", "R1", "R2", "A", 1)]
    return pd.DataFrame([vars(each) for each in both])


def units() -> pd.DataFrame:
    """Return two units of a ledger."""
    rows = [
        ("R1", "A", 1, 1, 0.5, 1.0, 1.0, 0.0, "", ""),
        ("R1", "A", 2, 0, 0.4, 1.0, 1.0, -0.2, "", ""),
    ]
    return pd.DataFrame(rows, columns=list(UNITS.names))


def test_tables_in_the_contracts_shape_pass():
    """Columns, kinds and keys as they should be."""
    assert auditor.shape_faults(lines(), units()) == []


def test_other_columns_are_told_and_nothing_else_is_looked_at():
    """In either table: one missing, or in another order."""
    bad_lines, bad_units = lines().drop(columns="exit"), units()[list(UNITS.names)[::-1]]
    bad_lines["quantity"] = 0.5
    found = auditor.shape_faults(bad_lines, bad_units)
    assert [each.partition(":")[0] for each in found] == ["plan", "units"]
    assert all("columns are" in each for each in found)


@pytest.mark.parametrize(
    ("table", "column", "value", "words"),
    [
        ("plan", "action", "teleport", "plan: unknown actions ['teleport']"),
        ("plan", "quantity", 1.5, "plan: quantity is not in whole numbers"),
        ("plan", "exit", None, "plan: values are missing"),
        ("plan", "cost", np.inf, "plan: a number is not finite"),
        ("plan", "break_even", -np.inf, "plan: a number is not finite"),
        ("units", "unit", 1.5, "units: unit is not in whole numbers"),
        ("units", "planned", 0.5, "units: planned is not in whole numbers"),
        ("units", "binding", None, "units: values are missing"),
        ("units", "loss", np.inf, "units: a number is not finite"),
    ],
)
def test_one_thing_wrong_is_one_sentence(table: str, column: str, value, words: str):
    """Each fault is told alone, by table and column."""
    tables = {"plan": lines(), "units": units()}
    tables[table][column] = tables[table][column].astype(object if value is None else type(value))
    tables[table].loc[0, column] = value
    assert auditor.shape_faults(tables["plan"], tables["units"]) == [words]


def test_doubles_are_told():
    """The same rank of a cell."""
    again = pd.concat([units(), units().iloc[[1]].assign(p=0.3)], ignore_index=True)
    assert auditor.shape_faults(lines(), again) == ["units: a unit is there twice"]


def judged(summary: dict, **tables) -> list[str]:
    """What the audit says of an empty plan of one cell, or of what replaces a part of it."""
    everything = {name: frame(name) for name in COLUMNS}
    everything["items"] = frame("items", [("I", 20.0, 10.0, 1.0, 1.0, "", 1, 0.1, 0.0, pd.NaT)])
    everything["hubs"] = frame("hubs", [("H", np.nan, np.nan)])
    way = (1.0, 0, 0.0, np.inf, 5.0, np.nan, pd.NaT, pd.NaT)
    everything["lanes"] = frame("lanes", [("H", "R", *way)])
    everything["stock"] = frame("stock", [("H", "I", 5)])
    everything["regions"] = frame("regions", [("R", np.inf, 2.0, "", np.nan, np.nan)])
    plan, ledger = tables.get("plan", lines().iloc[:0]), tables.get("units", units().iloc[:0])
    demand = Demand({("R", "I"): [[1, 2]] * 4})
    try:
        auditor.audit(everything, demand, MONDAY, plan, ledger, summary, PARAMS)
    except AuditFailed as found:
        return list(found.violations)
    return []


def empty_summary(**changes) -> dict:
    """Return the summary of a plan that moves nothing."""
    terms = ("freight", "redirects", "returns", "markdowns", "give_aways", "hub_rent", "lateness",
             "value_given_up", "value_of_arrivals")  # fmt: skip
    about = {"totals": dict.fromkeys(terms, 0.0), "objective": 0.0, "bound": 0.0, "gap": 0.0,
             "counts": {"units": 0, "lines": 0}, "status": "ship", "relaxed": [],
             "cvar": 0.0}  # fmt: skip
    return about | changes


def test_an_empty_plan_passes_and_every_part_of_the_audit_can_refuse_it():
    """Totals, risk, certificate and ledger are all looked at, and all is told at once."""
    assert judged(empty_summary()) == []
    wrong = empty_summary(gap=0.5, cvar=3.0, counts={"units": 1, "lines": 0})
    assert [each.split()[0] for each in judged(wrong)] == ["counts:", "cvar", "gap"]


def test_money_is_not_looked_at_where_a_line_names_what_does_not_exist():
    """The unknown item is told; its cost cannot be."""
    one = pd.DataFrame([vars(line("ship", "H1", "R", "??", 1, cost=7.0))])
    found = judged(empty_summary(cvar=3.0), plan=one)
    assert any(each.startswith("unknown item") for each in found)
    assert not any("costs" in each or each.startswith(("cvar", "counts")) for each in found)


def test_faults_of_the_shape_are_told_alone():
    """What has no shape is not judged further."""
    fault = judged(empty_summary(gap=9.0), units=units().drop(columns="p"))
    assert len(fault) == 1 and fault[0].startswith("units: columns are")


def test_the_ledger_is_held_against_lines_and_paths():
    """A planned unit that no line sends, at a chance that its own sums deny."""
    told = units().assign(region="R", item="I")
    told.loc[0, "gain"] = 2.0
    found = judged(empty_summary(), units=told)
    assert any("not p gain" in each for each in found)
    assert any("1 planned in ('R', 'I'), 0 are sent" in each for each in found)


def test_a_chance_that_the_paths_deny_is_found():
    """One unit at once: every path wants one, .9 is said."""
    one = pd.DataFrame([vars(line("ship", "H", "R", "I", 1, cost=1.0, arrival_date=MONDAY))])
    told = units().iloc[:1].assign(region="R", item="I", p=0.9, expected_gain=0.8)
    found = judged(empty_summary(), plan=one, units=told)
    assert "units: unit 1 of ('R', 'I') has p 0.9, the paths say 1" in found

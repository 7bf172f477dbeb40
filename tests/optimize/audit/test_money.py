"""Is the money true: every check passes a true sum and names one that is a little off."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from foreship_optimize.audit.money import (
    _days_of_arrival,
    certificate_holds,
    costs_true,
    ledger_holds,
    lines_match_ledger,
    totals_true,
)
from tests.optimize.audit_books import (
    EVERY,
    MARKDOWN,
    MONDAY,
    REDIRECT,
    SHIP,
    books,
    line,
)


def test_what_lines_cost_on_paper():
    """2 x 1.50; .75 + .25; .50 + .50; .3 x 20; 10 less a tenth."""
    assert [each.cost for each in EVERY] == pytest.approx([3.0, 1.0, 1.0, 6.0, 9.0])
    assert list(costs_true(books(), EVERY)) == []


@pytest.mark.parametrize("true", EVERY, ids=lambda each: each.action)
def test_a_cost_that_is_off_is_named(true):
    """A hundredth too high or too low; a lane that does not exist is told elsewhere."""
    for error in (0.01, -0.01):
        (fault,) = costs_true(books(), [replace(true, cost=true.cost + error), SHIP])
        assert fault.endswith(f"is {true.cost:.6g}")
    if true.destination:
        assert list(costs_true(books(lanes={}), [replace(true, cost=9.0)])) == []


def test_lines_without_a_lane_do_not_hide_the_next_ones():
    """After a line that is told elsewhere the others are still looked at."""
    nowhere = replace(SHIP, origin="H2", destination="R2")
    assert len(list(costs_true(books(), [nowhere, replace(SHIP, cost=0.0)]))) == 1


def summary(**changes) -> dict:
    """Return the summary of `EVERY` with gains of 9 for the ship and 3 for the redirect.

    freight 3, redirects 1, returns 1, markdowns 6, give_aways 9, lateness 2, value given up 5,
    value of arrivals -39: the objective is -12.
    """
    totals = {"freight": 3.0, "redirects": 1.0, "returns": 1.0, "markdowns": 6.0,
              "give_aways": 9.0, "hub_rent": 0.0, "lateness": 2.0, "value_given_up": 5.0,
              "value_of_arrivals": -39.0}  # fmt: skip
    about = {"totals": totals, "objective": -12.0, "bound": -12.5, "gap": 0.04,
             "counts": {"units": 6, "lines": 5}, "status": "ship", "relaxed": []}  # fmt: skip
    return about | changes


GAINS = [replace(SHIP, expected_gain=9.0), replace(REDIRECT, expected_gain=3.0), *EVERY[2:]]


def test_terms_are_the_sums_of_the_lines():
    """Every term of an action is what its lines cost, in all."""
    assert list(totals_true(GAINS, summary())) == []
    for term in ("freight", "redirects", "returns", "markdowns", "give_aways"):
        totals = summary()["totals"]
        totals[term] += 0.01
        totals["lateness"] -= 0.01
        (fault,) = totals_true(GAINS, summary(totals=totals))
        assert fault.startswith(f"totals: {term} is")


def test_the_objective_is_the_sum_of_its_terms_and_what_lines_gain():
    """Terms off by .01 add up to another objective; gains off by .01 are another plan's."""
    totals = summary()["totals"] | {"lateness": 2.01}
    assert list(totals_true(GAINS, summary(totals=totals))) == [
        "objective -12 is not the sum of its terms"
    ]
    more = [replace(GAINS[0], expected_gain=9.01), *GAINS[1:]]
    assert list(totals_true(more, summary())) == ["objective -12, but the lines gain 12.01"]


def test_sums_may_be_off_by_a_millionth_of_the_largest_term():
    """Large terms that cancel leave noise in their sum: 3e-5 beside 39 passes, 5e-5 does not."""
    for error, faults in ((3e-5, 0), (5e-5, 1)):
        totals = summary()["totals"] | {"lateness": 2.0 + error}
        assert len(list(totals_true(GAINS, summary(totals=totals)))) == faults
    small = dict.fromkeys(summary()["totals"], 0.0)
    nothing = summary(totals=small, objective=0.0, counts={"units": 0, "lines": 0})
    assert list(totals_true([], nothing)) == []
    assert len(list(totals_true([], nothing | {"objective": 2e-6}))) == 2


def test_terms_must_be_those_of_the_contract():
    """A term too many or too few is named, and nothing is added up."""
    totals = summary()["totals"]
    more = totals | {"gifts": 0.0}
    assert list(totals_true(GAINS, summary(totals=more))) == [
        "totals: terms ['gifts'] are missing or unknown"
    ]
    del totals["lateness"]
    assert list(totals_true(GAINS, summary(totals=totals))) == [
        "totals: terms ['lateness'] are missing or unknown"
    ]


@pytest.mark.parametrize("counts", [{"units": 5, "lines": 5}, {"units": 6, "lines": 4}])
def test_counts_are_those_of_the_lines(counts):
    """Units and lines are counted, each."""
    (fault,) = totals_true(GAINS, summary(counts=counts))
    assert fault == f"counts: {counts['lines']} lines, {counts['units']} units"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"objective": float("nan")}, "is not finite"),
        ({"bound": float("-inf")}, "is not finite"),
        ({"bound": -11.9, "gap": -0.1 / 11.9}, "lies above"),
        ({"bound": -12 + 1e-5, "gap": -1e-5 / (12 - 1e-5)}, None),  # noise of a millionth of 12
        ({"bound": -12 + 2e-5, "gap": -2e-5 / (12 - 2e-5)}, "lies above"),
        ({"objective": 0.0, "bound": 2e-6, "gap": -2e-6}, "lies above"),
        ({"objective": 0.25, "bound": -0.25, "gap": 0.5}, None),  # small bounds count as one
        ({"gap": 0.04 + 1e-8}, "is not 0.04"),
        ({"objective": 50.0, "bound": 2.0, "gap": 24.0 + 2e-8}, None),
        ({"objective": 50.0, "bound": 2.0, "gap": 24.0 + 3e-8}, "gap"),
        ({"status": "relaxed"}, "status relaxed, but 0"),
        ({"relaxed": [{}]}, "status ship, but 1"),
        ({"status": "relaxed", "relaxed": [{}]}, None),
        ({"status": "hold", "relaxed": [{}]}, None),
        ({"status": "hold"}, None),
    ],
)
def test_the_certificate_holds(changes, words):
    """Bound below objective, gap = (objective - bound) / max(1, |bound|), status as it came."""
    found = list(certificate_holds(summary(**changes)))
    assert len(found) == (words is not None)
    assert words is None or words in found[0]


COLUMNS = ["region", "item", "unit", "planned", "p", "gain", "loss", "expected_gain", "exit",
           "binding"]  # fmt: skip


def unit(region: str, item: str, rank: int, planned: int, p: float, binding: str = "") -> tuple:
    """Return a row of the ledger that gains 10 or loses 2."""
    return (region, item, rank, planned, p, 10.0, 2.0, p * 10.0 - (1 - p) * 2.0, "", binding)


def ledger(*rows: tuple) -> pd.DataFrame:
    """Return the units of a plan."""
    return pd.DataFrame(list(rows), columns=COLUMNS)


KEPT, AWAY = "on hand", "moved away"
TRUE = ledger(
    unit("R1", "A", 1, 0, 0.9, KEPT),
    unit("R1", "A", 2, 0, 0.8, KEPT),
    unit("R1", "A", 3, 1, 0.7),
    unit("R1", "A", 4, 1, 0.6),
    unit("R1", "A", 5, 0, 0.5, "not worth it"),
    unit("R2", "B", 1, 1, 0.9),
)
SENT = [
    replace(SHIP, expected_gain=6.4 + 5.2),
    line("ship", "H1", "R2", "B", 1, expected_gain=8.8),
]


def faults(units: pd.DataFrame, lines: list = SENT) -> list[str]:
    """What the ledger's own checks say."""
    return list(ledger_holds(books(), lines, units))


def changed(row: int, **values) -> pd.DataFrame:
    """Return the true ledger with some values of a row replaced."""
    table = TRUE.copy()
    for name, value in values.items():
        table.loc[row, name] = value
    return table


def test_a_true_ledger_passes():
    """Ranks count on, chances fall, money adds up; an empty ledger is one too."""
    assert faults(TRUE) == []
    assert faults(ledger(), []) == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((0, {"unit": 2}), "do not count 1, 2, 3"),
        ((3, {"unit": 5}), "do not count 1, 2, 3"),
        ((5, {"unit": 2}), "do not count 1, 2, 3"),
        ((2, {"planned": 2}), "neither 0 nor 1"),
        ((5, {"p": 1.5, "expected_gain": 16.0}), "outside [0, 1]"),
        ((5, {"p": -0.5, "expected_gain": -8.0}), "outside [0, 1]"),
        ((3, {"p": 0.75, "expected_gain": 7.0}), "rises with rank"),
        ((1, {"p": 0.95, "expected_gain": 9.4}), "rises with rank"),
        ((4, {"gain": 10.1}), "in 1 row"),
        ((4, {"loss": 2.1}), "in 1 row"),
        ((4, {"expected_gain": 4.1}), "in 1 row"),
        ((4, {"expected_gain": 4.0 + 2e-8}), "in 1 row"),
    ],
)
def test_a_false_ledger_is_named(values, words: str):
    """One value off, one sentence."""
    row, change = values
    (fault,) = faults(changed(row, **change))
    assert words in fault


def test_the_edges_of_a_true_ledger():
    """Chances of nought and one, equal neighbours, and noise of a billionth of gain or loss."""
    assert faults(changed(5, p=1.0, expected_gain=10.0)) == []
    assert faults(changed(5, p=0.0, expected_gain=-2.0)) == []
    assert faults(changed(3, p=0.7, expected_gain=6.4)) == []
    assert faults(changed(4, expected_gain=4.0 + 9e-9)) == []
    assert faults(changed(4, gain=-10.0, loss=-14.0, expected_gain=2.0 + 1.3e-8)) == []
    assert faults(changed(4, gain=0.0, loss=0.0, expected_gain=9e-10)) == []
    assert len(faults(changed(4, gain=0.0, loss=0.0, expected_gain=2e-9))) == 1


def test_chances_fall_only_among_arrivals_of_one_day():
    """H2's unit comes a day before those of H1: what follows it may have a better chance.

    The unit behind all arrivals follows none of them, and the next cell starts anew.
    """
    lines = [replace(SHIP, quantity=1), line("ship", "H2", "R1", "A", 1)]
    assert faults(changed(3, p=0.75, expected_gain=7.0), lines) == []
    assert faults(changed(4, p=0.65, expected_gain=5.8)) == []
    assert faults(changed(2, p=0.85, expected_gain=8.2)) == []


def test_days_of_units_that_follow_no_arrival():
    """On hand -1, behind the arrivals -2, in the rank of a unit that leaves -3, else days."""
    assert _days_of_arrival(books(), SENT, TRUE).tolist() == [-1, -1, 2, 2, -2, 3]
    lines = [*SENT, REDIRECT]
    moved = changed(1, planned=1, binding="")
    assert _days_of_arrival(books(), lines, moved).tolist() == [-1, -3, 2, -2, -2, 3]
    assert _days_of_arrival(books(), SENT, changed(4, binding=AWAY))[4] == -1


def mismatches(lines: list, units: pd.DataFrame, **changes) -> list[str]:
    """What lines and ledger say differently."""
    return list(lines_match_ledger(books(**changes), lines, units))


def test_every_unit_sent_is_planned_and_earns_what_its_line_says():
    """Two of A at 6.40 and 5.20 in R1, one of B at 8.80 in R2."""
    assert mismatches(SENT, TRUE) == []
    cell = "('R1', 'A')"
    more = [replace(SENT[0], quantity=3), SENT[1]]
    assert mismatches(more, TRUE) == [f"units: 2 planned in {cell}, 3 are sent"]
    assert mismatches(SENT[1:], TRUE) == [f"units: 2 planned in {cell}, 0 are sent"]
    assert mismatches(SENT, TRUE.iloc[:5]) == ["units: 0 planned in ('R2', 'B'), 1 are sent"]
    off = [replace(SENT[0], expected_gain=11.7), SENT[1]]
    assert mismatches(off, TRUE) == [f"units in {cell} gain 11.6, their lines 11.7"]


def test_what_leaves_is_given_up_at_its_worth():
    """R1's second unit, worth 7.60, is marked down for 6.00: the line loses 13.60 in all.

    Its gain and its cost together are what was given up.
    """
    units = ledger(unit("R1", "A", 1, 0, 0.9, KEPT), unit("R1", "A", 2, 0, 0.8, AWAY))
    true = replace(MARKDOWN, expected_gain=-7.6 - 6.0)
    assert mismatches([true], units) == []
    cell = "('R1', 'A')"
    assert mismatches([replace(true, expected_gain=-13.5)], units) == [
        f"units moved from {cell} are worth 7.6, not 7.5"
    ]
    two = replace(true, quantity=2)
    assert mismatches([two], units) == [f"units: 1 moved away in {cell}, lines move 2"]
    assert mismatches([two], ledger()) == [f"units: 0 moved away in {cell}, lines move 2"]


def test_a_cell_that_redirects_has_no_sum_of_its_own():
    """The gain of a redirect stands where it goes: in R1 only the units are counted.

    With a markdown beside it what the two gave up cannot be told apart.
    """
    units = ledger(
        unit("R1", "A", 1, 0, 0.9, AWAY),
        unit("R1", "A", 2, 0, 0.8, AWAY),
        unit("R2", "A", 1, 1, 0.9),
    )
    lines = [replace(REDIRECT, expected_gain=8.8), MARKDOWN]
    assert mismatches(lines, units) == []
    wrong = [replace(REDIRECT, expected_gain=8.9), MARKDOWN]
    assert mismatches(wrong, units) == ["units in ('R2', 'A') gain 8.8, their lines 8.9"]
    assert mismatches(lines[:1], units) == ["units: 2 moved away in ('R1', 'A'), lines move 1"]


def test_a_cell_that_gives_and_takes_is_counted_by_what_it_takes():
    """Its gains mix with what it gives up; only the planned units must be those sent."""
    lines = [replace(SENT[0], expected_gain=99.0), SENT[1], REDIRECT]
    units = pd.concat([TRUE, ledger(unit("R2", "A", 1, 1, 0.5))], ignore_index=True)
    at = replace(REDIRECT, expected_gain=4.0)
    assert mismatches([*lines[:2], at], units) == []


def test_every_unit_on_hand_has_its_row():
    """A ledger of one row for a cell where two lie is short; a cell without rows is not asked."""
    short = ledger(unit("R1", "A", 1, 0, 0.9, KEPT))
    assert mismatches([], short) == ["units: 1 row of ('R1', 'A'), 2 units lie there"]
    assert mismatches([], TRUE.iloc[:2]) == []
    assert mismatches([], ledger()) == []


def test_the_plan_is_of_this_monday():
    """The books' helper and this file mean the same day."""
    assert SHIP.ship_date == MONDAY == books().as_of

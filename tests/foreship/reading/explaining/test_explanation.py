"""Why a cell gets its quantity: the ledger's identity in words."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship.errors import UsageError
from foreship.reading.explaining.explanation import explain
from foreship.reading.views import RunView
from foreship_foundation.tables.output_files import PLAN, REASONS, UNITS
from tests.foreship.run_views import AS_OF, make_view


@pytest.fixture(scope="module")
def view() -> RunView:
    """Make a run of 60 items in 12 regions."""
    return make_view()


def ledger(*rows: tuple) -> pd.DataFrame:
    """Units of item A in region R given as (unit, planned, p, gain, loss, binding)."""
    return pd.DataFrame(
        [
            ("R", "A", unit, planned, p, gain, loss, p * gain - (1 - p) * loss, "return", binding)
            for unit, planned, p, gain, loss, binding in rows
        ],
        columns=list(UNITS.names),
    )


def line(quantity: int, cost: float, gain: float) -> dict[str, object]:
    """One shipped line of item A from hub H to region R."""
    values = ("ship", "H", "R", "A", quantity, AS_OF, AS_OF + pd.Timedelta(days=3), cost, gain)
    return dict(zip(PLAN.names, (*values, 0.6, 0.4, "return"), strict=True))


def because(*rows: tuple[str, str]) -> pd.DataFrame:
    """Reasons of the cell given as (about, cause)."""
    return pd.DataFrame([("R", "A", *row) for row in rows], columns=list(REASONS.names))


def cell(units: pd.DataFrame, *lines: dict[str, object], **summary: object) -> RunView:
    """Make a run that is one cell."""
    frame = pd.DataFrame(list(lines), columns=list(PLAN.names))
    return RunView(AS_OF, "run", frame, units, {"status": "ship", **summary})


def test_it_recounts_the_arithmetic_of_every_unit(view: RunView) -> None:
    """For each unit expected = p gain - (1 - p) loss, and it pays just above its break-even."""
    cells = view.units[["region", "item"]].drop_duplicates().iloc[::37]
    for region, item in cells.to_numpy().tolist():
        for unit in explain(view, item, region).units:
            assert unit.expected_gain == pytest.approx(
                unit.p * unit.gain - (1 - unit.p) * unit.loss
            )
            assert unit.break_even == pytest.approx(unit.loss / (unit.gain + unit.loss))
            assert np.sign(unit.expected_gain) == np.sign(unit.p - unit.break_even)


def test_the_quantity_is_the_plans(view: RunView) -> None:
    """What it says is sent equals the lines into the cell and its planned units."""
    for (region, item), quantity in list(view.arrivals().items())[::41]:
        found = explain(view, str(item), str(region))
        assert found.quantity == quantity
        redirected = sum(each["quantity"] for each in found.lines if each["action"] == "redirect")
        if not redirected or each_way(found.lines):
            sent = sum(unit.what == "sent" for unit in found.units)
            assert sent in (quantity, quantity - redirected)


def each_way(lines: tuple[dict[str, object], ...]) -> bool:
    """Whether a cell both gives and gets."""
    return len({str(each["action"]) for each in lines}) > 1


def test_a_unit_that_does_not_pay_says_what_would_change_it() -> None:
    """Break-even .4 from gain 3 and loss 2; at chance .3 it loses .5: chance or cost must move."""
    view = cell(
        ledger((1, 1, 0.6, 3.0, 2.0, ""), (2, 0, 0.3, 3.0, 2.0, "not worth it")),
        line(1, 1.2, 1.0),
    )
    found = explain(view, "A", "R")
    assert found.quantity == 1
    assert "chance of 30.0 %, below its break-even of 40.0 %" in found.why_not_more
    assert "lose 0.50 on average" in found.why_not_more
    assert "chance rises above 40.0 %" in found.would_change[0]
    assert "costs over 0.50 less" in found.would_change[0]
    assert "unit 1, pays down to a chance of 40.0 %" in found.would_change[1]
    assert "up to a lane cost of 2.20 (now 1.20)" in found.would_change[1]


def test_the_stated_changes_flip_the_sign() -> None:
    """At the stated chance, or at the stated saving, the next unit's expectation is zero."""
    p, gain, loss = 0.3, 3.0, 2.0
    view = cell(ledger((1, 0, p, gain, loss, "not worth it")))
    unit = explain(view, "A", "R").units[0]
    assert unit.break_even is not None
    assert unit.break_even * gain - (1 - unit.break_even) * loss == pytest.approx(0.0)
    saved = -unit.expected_gain
    assert p * (gain + saved) - (1 - p) * (loss - saved) == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("binding", "words"),
    [
        ("hub stock", "no hub that could send another one has one left"),
        ("storage of R", "storage of R leaves no room"),
        ("lane H -> R", "lane H -> R leaves no room"),
        ("pack size", "whole packs"),
        ("risk budget", "the risk budget is spent"),
        ("gap of the solver", "less than the gap"),
        ("lock at_most 1 of A to R", "lock at_most 1 of A to R leaves no room"),
        ("no usable lane", "no lane open now"),
        ("stock in other regions", "no region that could send another one has one left"),
        (
            "pack size over storage of R",
            "whole packs, and storage of R leaves no room for one more",
        ),
        ("minimum line quantity", "a line of the minimum quantity does not pay or fit"),
        ("storage of R and also hub stock", "leaves no room for it; also no hub that could send"),
    ],
)
def test_every_limit_is_named(binding: str, words: str) -> None:
    """What stops the next unit is said in a planner's words, with what it would earn."""
    found = explain(cell(ledger((1, 0, 0.8, 3.0, 2.0, binding))), "A", "R")
    assert words in found.why_not_more
    assert "earn 2.00 on average" in found.why_not_more
    assert found.would_change == ()


def test_a_limit_is_named_with_its_worth() -> None:
    """The shadow price of the limit that binds is added, that of others is not."""
    prices = [
        {
            "limit": "storage of R",
            "family": "storage",
            "price": 2.0,
            "unit": "volume",
            "words": "one",
        },
        {
            "limit": "storage of S",
            "family": "storage",
            "price": 9.0,
            "unit": "volume",
            "words": "two",
        },
    ]
    view = cell(ledger((1, 0, 0.8, 3.0, 2.0, "storage of R")), shadow_prices=prices)
    assert explain(view, "A", "R").why_not_more.endswith(" One.")


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("lock at_least 3 of A to R (Anna: fair)", "lock at_least 3 of A to R (Anna: fair) asks"),
        ("pack size", "it comes in a whole pack"),
        ("minimum line quantity", "it makes up the minimum line"),
        ("gap of the solver", "less than the gap"),
    ],
)
def test_a_last_unit_that_does_not_pay_is_told_with_what_holds_it(cause: str, words: str) -> None:
    """A lock or a pack may bring a unit that loses money: the one that did is said, no other."""
    view = cell(ledger((1, 1, 0.1, 3.0, 2.0, "")), line(1, 1.2, -1.5))
    held = explain(replace(view, reasons=because(("sent", cause))), "A", "R").would_change[0]
    assert "does not pay by itself: " in held and words in held
    alone = explain(replace(view, reasons=because()), "A", "R").would_change[0]
    assert "without it the plan would earn no more" in alone


def test_a_unit_that_makes_room_names_the_room() -> None:
    """It leaves at a loss because storage is full: not a lock, a pack or a minimum."""
    units = ledger((1, 0, 0.6, 3.0, 2.0, "moved away"))
    away = {**line(1, 1.0, -0.5), "action": "return", "origin": "R", "destination": "H"}
    view = replace(cell(units, away), reasons=because(("leaves", "storage of R")))
    said = explain(view, "A", "R").would_change[0]
    assert said == "The last unit taken away would earn more where it lies: storage of R needs it."
    assert view.held_by(view.lines.assign(purchase_probability=0.6)) == ["storage of R"]


@pytest.mark.parametrize(
    ("gain", "loss", "words"), [(3.0, -2.0, "pay at any chance"), (-2.0, 3.0, "pay at no chance")]
)
def test_a_break_even_outside_chances_is_no_chance(gain: float, loss: float, words: str) -> None:
    """At -2 the unit always pays, at 3 never: said in words, in text and table."""
    binding = "hub stock" if gain > 0 else "not worth it"
    found = explain(cell(ledger((1, 0, 0.5, gain, loss, binding))), "A", "R")
    assert words in found.why_not_more
    assert ("always" if gain > 0 else "never") in found.text
    assert "-2.0" not in found.text.split("Money a unit")[1]


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("lock forbid of A to R (Anna: stock taking)", "(Anna: stock taking) forbids every way"),
        ("not worth it", "not even the first one could be worth its way there"),
        ("no stock on an open lane", "no stock on an open lane"),
    ],
)
def test_a_cell_without_a_candidate_says_what_stops_it(cause: str, words: str) -> None:
    """With stock there or without: the cause that the plan wrote down, no other."""
    rows = because(("not weighed", cause))
    for units in (ledger(), ledger((1, 0, 0.6, 3.0, 2.0, "on hand"))):
        names = {"items": pd.DataFrame({"item": ["A"]}), "regions": pd.DataFrame({"region": ["R"]})}
        view = replace(cell(units), reasons=rows, tables=names)
        assert words in " ".join(explain(view, "A", "R").why_not_more.split())


def test_ways_that_a_lock_forbids_are_told_beside_what_stops_the_others() -> None:
    """Not worth it from H; what K would cost is not known, because a lock forbids it."""
    view = cell(ledger((1, 0, 0.3, 3.0, 2.0, "not worth it")))
    view = replace(view, reasons=because(("forbidden", "lock forbid of A to R from K")))
    said = explain(view, "A", "R").why_not_more
    assert said.endswith("Ways there that lock forbid of A to R from K forbids were not weighed.")


def test_units_taken_away_are_told_from_those_that_stay() -> None:
    """Of two units on hand, the highest rank leaves."""
    units = ledger((1, 0, 0.6, 3.0, 2.0, "on hand"), (2, 0, 0.1, 3.0, 2.0, "moved away"))
    away = {**line(1, 1.0, 0.5), "action": "return", "origin": "R", "destination": "H"}
    found = explain(cell(units, away), "A", "R")
    assert [each.what for each in found.units] == ["on hand", "leaves"]
    assert found.decision == "Bring 1 unit from R back to H for 1.00."
    assert found.stock.on_hand == 2 and found.stock.leaving == 1
    assert "none is sent" in found.why_not_more


def test_a_unit_that_pays_in_every_case_has_no_break_even() -> None:
    """Where gain + loss is not positive no chance decides."""
    found = explain(cell(ledger((1, 1, 0.5, -1.0, -2.0, "")), line(1, 0.0, 0.5)), "A", "R")
    assert found.units[0].break_even is None
    assert "chance" not in found.would_change[0]


def test_a_cell_that_was_never_weighed_says_so(view: RunView) -> None:
    """A known item and region without a row in the ledger."""
    units = view.units[~((view.units["item"] == "00101") & (view.units["region"] == "Lyon"))]
    found = explain(replace(view, units=units, lines=view.lines.head(0)), "00101", "Lyon")
    assert found.units == ()
    assert "No unit of 00101 was weighed for Lyon" in found.text


def test_unknown_names_are_refused_with_the_nearest(view: RunView) -> None:
    """A slip of the keyboard gets a hint; nothing is guessed."""
    with pytest.raises(UsageError, match="no item `0100`; nearest: 00100"):
        explain(view, "0100", "Lyon")
    with pytest.raises(UsageError, match="no region `lion`; nearest: Lyon"):
        explain(view, "00100", "lion")
    with pytest.raises(UsageError, match="it knows 12 regions"):
        explain(view, "00100", "\u6771\u4eac")


def test_near_names_are_found_fast_among_very_many() -> None:
    """A wrong id among 200,000 costs no pairwise comparison with all of them."""
    names = [f"{n:08d}" for n in range(200_000)]
    tables = {"items": pd.DataFrame({"item": names}), "regions": pd.DataFrame({"region": ["R"]})}
    view = replace(cell(ledger()), tables=tables)
    with pytest.raises(UsageError, match="nearest: 00123456"):
        explain(view, "000123456", "R")


def test_the_text_fits_a_terminal_and_the_dict_is_json(view: RunView) -> None:
    """80 columns; plain values for `--json`."""
    for (region, item), _ in list(view.arrivals().items())[::53]:
        found = explain(view, str(item), str(region))
        assert max(map(len, found.text.splitlines())) <= 80
        again = json.loads(json.dumps(found.to_dict()))
        assert again["quantity"] == found.quantity
        assert len(again["units"]) == len(found.units)


def test_in_a_notebook_ids_are_escaped() -> None:
    """The notebook's form is text, whatever the ids."""
    units = ledger((1, 0, 0.3, 3.0, 2.0, "<b>")).assign(item="<b>")
    assert "<b>" not in explain(cell(units), "<b>", "R")._repr_html_()

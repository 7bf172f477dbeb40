"""Why a line has its quantity: what the ledger and the reasons say, in a sentence."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from foreship.reading.explaining.cell_rows import cell_rows
from foreship.reading.facts.line_reasons import next_units, reason_of, reasons_of_lines
from foreship.reading.views import RunView
from foreship.reading.words.limits import stopped_words
from foreship_foundation.tables.output_files import ALSO, OVER, REASONS
from foreship_optimize.planning import solve
from tests.foreship.run_views import make_view
from tests.optimize.lifted_limits import drawn, objective, without
from tests.optimize.table_builder import MONDAY


def line(action: str = "ship", chance: float = 0.62, even: float = 0.41) -> dict[str, object]:
    """One line of a plan into R."""
    return {
        "action": action,
        "origin": "H",
        "destination": "R",
        "item": "A",
        "purchase_probability": chance,
        "break_even": even,
    }


def following(binding: str, p: float = 0.3, expected: float = -0.5) -> dict[str, object]:
    """The next unit of the cell."""
    return {"binding": binding, "p": p, "expected_gain": expected}


def test_a_unit_that_pays_says_down_to_which_chance() -> None:
    """At a chance of .62 and a break-even of .41 both are told, and what the next one would do."""
    said = reason_of(line(), following("not worth it"), "")
    assert said == (
        "The last unit sells with a chance of 62 % and pays from 41 % on; "
        "one more would sell with 30 % and lose 0.50."
    )


@pytest.mark.parametrize(
    ("binding", "words"),
    [
        ("storage of Lyon", "storage of Lyon leaves no room for it"),
        ("hub stock", "no hub that could send another one has one left"),
        (f"lane H -> R{ALSO}hub stock", "lane H -> R leaves no room for it; also no hub"),
        (f"pack size{OVER}storage of R", "storage of R leaves no room for one more pack"),
    ],
)
def test_it_names_what_stops_the_next_unit(binding: str, words: str) -> None:
    """The limit of the ledger stands in the sentence, never another one."""
    assert words in reason_of(line(), following(binding), "")


def test_a_unit_at_a_loss_says_what_holds_it() -> None:
    """A pack and a lock are named as the cause; the chance is no reason then."""
    said = reason_of(line(chance=0.1), None, f"pack size{ALSO}lock at_least 4 of A to R (Anna)")
    assert said.startswith("The last unit does not pay by itself: it comes in a whole pack; also ")
    assert "lock at_least 4 of A to R (Anna) asks for it" in said


def test_a_break_even_outside_of_chances_is_said_in_words() -> None:
    """Below 0 the unit pays unsold too; above 1 it pays at no chance."""
    assert "pays whether it sells or not" in reason_of(line(even=-0.2), None, "")
    assert "pays at no chance" in reason_of(line(even=1.2), None, "")


def test_what_leaves_says_why_it_does_not_stay() -> None:
    """A unit brought back would have sold with 11 %, and staying pays from 21 % on."""
    said = reason_of(line("return", 0.11, 0.21), None, "")
    assert said == (
        "The last unit would sell here with a chance of 11 %; it pays to keep one from 21 % on."
    )


def test_every_line_of_a_plan_has_its_own_reason() -> None:
    """One sentence a line; the cell's next unit and its cause are those of where it arrives."""
    view = make_view()
    said = reasons_of_lines(view)
    assert len(said) == len(view.lines) and all(each.endswith(".") for each in said)
    ships = view.lines.index[view.lines["action"] == "ship"]
    first = view.lines.loc[ships[0]]
    key = (first["destination"], first["item"])
    assert said[ships[0]] == reason_of(first.to_dict(), next_units(view)[key], "")
    cause = pd.DataFrame([(*key, "sent", "pack size")], columns=list(REASONS.names))
    held = reasons_of_lines(replace(view, reasons=cause))
    changed = [n for n, (old, new) in enumerate(zip(said, held, strict=True)) if old != new]
    into = view.lines["destination"].eq(key[0]) & view.lines["item"].eq(key[1])
    assert changed == view.lines.index[into].tolist()


@pytest.mark.sweep
def test_lifting_what_a_reason_names_lets_the_plan_gain() -> None:
    """On tiny random networks: without the limits in the sentence, and them alone, it earns more.

    What lies in other regions cannot be lifted, nor what is worth nothing.
    """
    lifted = 0
    for seed in range(25):
        problem, params = drawn(seed)
        plan = solve(problem, params, as_of=MONDAY)
        view = RunView(MONDAY, "r", plan.lines, plan.units, plan.summary, reasons=plan.reasons)
        told = [row for region in problem.regions for row in cell_rows(view, region=region)]
        for sentence in dict.fromkeys([*reasons_of_lines(view), *(row.reason for row in told)]):
            named = _limits_in(sentence, plan.units["binding"])
            assert named or "why not one more" not in sentence, sentence
            if not named or any(each.startswith(("stock in other", "no usable")) for each in named):
                continue
            lifted += 1
            better = objective(*without(problem, params, named))
            assert better < plan.summary["objective"] - 1e-9, sentence
    assert lifted > 10


def _limits_in(sentence: str, bindings: pd.Series) -> list[str]:
    """Return the limits of the ledger's causes whose words a sentence holds."""
    for binding in sorted(set(bindings), key=len, reverse=True):
        if binding and f": {stopped_words(binding)}." in sentence:
            return [each.partition(OVER)[0] for each in binding.split(ALSO)]
    return []


def test_a_policy_that_lets_no_more_in_is_why_not_one_more() -> None:
    """No next unit was weighed because of a maximum: that is said, not that none could pay."""
    said = reason_of(line(), None, "", "policy maximum 2 of A in R (Bob)")
    assert said.endswith("; why not one more: policy maximum 2 of A in R (Bob) lets no more in.")

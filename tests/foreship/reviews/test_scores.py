"""What each row that a plan was asked for brought."""

from __future__ import annotations

import pandas as pd
import pytest

from foreship.judge.gain.outcome import come_of
from foreship.reviews.scores import by_reason, scores_of, without_row
from tests.foreship.reviews.reviewed_shop import sent, shop
from tests.foreship.small_world import date

KEYS = ["action", "origin", "destination", "item", "ship_date", "arrival_date"]
LINES = sent(("ship", "H1", "R1", "K", 3, 2), ("ship", "H1", "R2", "L", 1, 3))
BOUGHT = [(4, "R1", "K", 3), (5, "R2", "L", 1)]
ROWS = pd.DataFrame(
    [
        ("policies 1", "policies", "minimum", "3 of K", "fair", "Ada"),
        ("overrides 1", "overrides", "fix", "1 of L", "opening", "Bo"),
        ("overrides 2", "overrides", "fix", "none of L", "opening", "Ada"),
    ],
    columns=["row", "table", "kind", "words", "reason", "author"],
)


def without(name: str, line: int, quantity: int) -> pd.DataFrame:
    return LINES.iloc[[line]][KEYS].assign(row=name, quantity=quantity)


TOLD = pd.concat([without("policies 1", 0, 1), without("overrides 1", 1, 0)], ignore_index=True)


def test_the_plan_without_a_row_is_ours_but_for_what_differs() -> None:
    """A quantity of 0 is a line that is not there; a new one stands there."""
    assert without_row(LINES, TOLD.iloc[:1])["quantity"].tolist() == [1, 1]
    assert without_row(LINES, TOLD.iloc[1:])["item"].tolist() == ["K"]
    new = sent(("ship", "H2", "R2", "K", 2, 2))[KEYS].assign(row="x", quantity=2)
    assert without_row(LINES, new)["quantity"].sum() == 6


def test_a_score_is_the_difference_of_two_gains() -> None:
    """Each row against the judge's own gain of either plan; one without such a plan is counted."""
    past = shop(*BOUGHT, until=date(70))

    def gain(lines):
        return come_of(
            past.network, past.morning, past.buyers, past.refills, lines, past.terms
        ).gain

    found = scores_of(past, LINES, gain(LINES), ROWS, TOLD)
    fewer = LINES.assign(quantity=[1, 1])
    assert found["score"][0] == pytest.approx(gain(LINES) - gain(fewer), abs=1e-9)
    assert found["score"][1] == pytest.approx(gain(LINES) - gain(LINES.iloc[:1]), abs=1e-9)
    assert found["how"].tolist() == ["scored", "scored", "not scored"]
    assert found["score"][0] > 0  # two kettles more were bought there


def test_a_row_without_which_the_plan_is_the_same_scores_nothing() -> None:
    """It was planned without and no line differs: that is 0, not unknown."""
    past = shop(*BOUGHT, until=date(70))
    found = scores_of(past, LINES, 1.0, ROWS, TOLD.iloc[:0], {"policies 1"})
    assert found["score"][0] == 0.0
    assert found["how"].tolist() == ["scored", "not scored", "not scored"]


def test_without_such_plans_nothing_is_scored() -> None:
    """And nothing is ranked."""
    past = shop(*BOUGHT, until=date(70))
    found = scores_of(past, LINES, 1.0, ROWS, None)
    assert found["score"].isna().all()
    assert by_reason(found).empty


def test_rows_are_summed_by_reason_and_never_by_person() -> None:
    """The largest sum first, whichever its sign."""
    scored = ROWS.assign(score=[1.0, -5.0, 2.0], how="scored")
    found = by_reason(scored)
    assert found["score"].tolist() == [-3.0, 1.0]
    assert found["rows"].tolist() == [2, 1]
    assert "author" not in found

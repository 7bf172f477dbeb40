"""What a review found, in sentences."""

from __future__ import annotations

import pandas as pd

from foreship.reviews.findings import findings_of, share_inside, three_findings
from tests.foreship.reviews.hand_made import DUE, forecast, late, review, scores


def test_a_plan_that_kept_its_promise_says_nothing() -> None:
    """Nothing differs: there is nothing to say."""
    assert findings_of(review()) == []


def test_most_money_comes_first() -> None:
    """A lock that cost 9 before a gain that lacks 3; of five things the first three."""
    short = pd.DataFrame(
        {"region": ["R1", "R2"], "category": ["kitchen", ""], "promised": [5.0, 3.0],
         "came": [3.0, 2.0]}
    )  # fmt: skip
    due = pd.DataFrame([("2026-02-16-x", 0, "R1", "K", 1, "markdown", 1.5)], columns=DUE)
    found = findings_of(
        review(came=5.0, money=short, scores=scores(("overrides 1", "fair", -9.0)), due=due,
               forecast=forecast(("item", "K", 2.0, 5)))
    )  # fmt: skip
    assert [each.money for each in found] == [12.0, -9.0, 3.0, 2.0, 1.5]
    assert found[0].words == "Item K sold 5, the forecast was 2."
    assert found[1].words == "1 row of overrides, fix (fair), cost 9.00."
    assert found[3].words == (
        "Region R1 with category kitchen fell short most: 3.00 came of 5.00 promised."
    )
    assert "Ada" not in " ".join(each.words for each in found)
    assert three_findings(review(scores=scores(("overrides 1", "", 2.0)))) == [
        "1 row of overrides, fix, brought 2.00."
    ]


def test_what_did_not_arrive_is_worth_what_it_was_to_earn() -> None:
    """Two units a line of 4 for 8: a unit is 2."""
    missing, behind = findings_of(review(late=late((2, None), (1, 3))))
    assert missing.words == (
        "1 line did not arrive in full: 2 units are missing, which were to earn 4.00."
    )
    assert behind.words == "1 unit came late, by up to 3 days, which was to earn 2.00."


def test_before_it_is_final_a_gain_is_told_so_far() -> None:
    """And what it takes for the rest."""
    (found,) = findings_of(review(came=1.0, settled=False))
    assert found.words.startswith("The plan of 2026-03-02 brought 1.00 so far")


def test_forecast_and_sales_of_the_network_are_one_sentence() -> None:
    """With the share inside the band."""
    said = share_inside(forecast(("network", "", 3.25, 4)))
    assert said.startswith("Forecast 3.2 units, sold 4; 50 % of cells and weeks")

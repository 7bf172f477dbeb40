"""A review as it is printed."""

from __future__ import annotations

import pandas as pd

from foreship.reviews.words import review_text
from tests.foreship.reviews.hand_made import DUE, forecast, late, review, scores


def test_every_part_is_printed_where_it_says_something() -> None:
    """Findings first; what lacks is not headed."""
    bare = review_text(review(findings=("All was well.",)))
    assert bare.splitlines()[2] == "All was well."
    for heading in ("asked for", "did not arrive", "due for"):
        assert heading not in bare
    due = pd.DataFrame([("2026-02-16-x", 0, "R1", "K", 1, "markdown", 1.5)], columns=DUE)
    whole = review_text(
        review(scores=scores(("overrides 1", "fair", -9.0)), late=late((1, None)), due=due,
               forecast=forecast(("network", "", 3.0, 4)), notes=("one more thing",))
    )  # fmt: skip
    for words in ("overrides 1: 4 of K", "-9.00", "not yet", "K in R1", "One more thing."):
        assert words in whole


def test_long_tables_are_cut_and_say_so() -> None:
    """Fifteen rows, then how many more."""
    many = pd.concat([scores((f"overrides {at}", "", 1.0)) for at in range(17)], ignore_index=True)
    assert "and 2 more rows" in review_text(review(scores=many))

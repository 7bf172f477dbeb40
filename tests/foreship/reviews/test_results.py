"""A review as plain values."""

from __future__ import annotations

import json

from tests.foreship.reviews.hand_made import late, review


def test_money_is_in_cents_and_what_is_unknown_is_none() -> None:
    """It is JSON: dates are text, a day that never came is null."""
    found = review(came=1.005, late=late((1, None))).to_dict()
    assert json.loads(json.dumps(found)) == found
    assert found["ledger"] == {"profit": 3.33, "units_ordered": 3}
    assert found["lines"][0]["arrival_date"] == "2026-03-04"
    assert found["late"][0]["came"] is None
    assert found["forecast"] is None


def test_it_prints_its_text() -> None:
    """As Python shows it, and as a notebook does."""
    found = review(text="a < b")
    assert str(found) == "a < b"
    assert found._repr_html_() == "<pre>a &lt; b</pre>"

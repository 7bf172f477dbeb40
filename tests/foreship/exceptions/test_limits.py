"""Dear limits, broken locks and thin lines, counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

from foreship.exceptions.limits import broken_locks, dear_limits, thin_lines
from tests.foreship.exceptions.hand_made import frame, line, seen


def priced(limit: str, price: float, unit: str = "units") -> dict[str, Any]:
    """Return a shadow price of the summary."""
    words = f"one more unit of {limit} is worth {price:.2f}"
    return {"limit": limit, "family": "f", "price": price, "unit": unit, "words": words}


@pytest.mark.parametrize(
    ("limit", "money", "region", "hub"),
    [
        ("storage of R", 2.0 * 5, "R", ""),
        ("hub stock of A at H", 2.0 * 0.5, "", "H"),
        ("lane H -> R (2 days)", 2.0 * 8, "", ""),
        ("freight budget", 2.0 * 30, "", ""),
        ("receiving at R on Monday", 2.0, "R", ""),
    ],
)
def test_a_limit_counts_a_tenth_of_its_size(
    limit: str, money: float, region: str, hub: str
) -> None:
    """Its price times a tenth of what it is, of one unit where its size is not known."""
    lanes = frame("origin destination capacity", ("H", "R", 80.0))
    prices = {"shadow_prices": [priced(limit, 2.0), priced("lock minimum", -1.0)]}
    known = seen(
        tables={"lanes": lanes}, summary=prices, assumptions={"plan": {"freight_budget": 300.0}}
    )
    found = list(dear_limits(known))
    assert [each.money for each in found] == [pytest.approx(money)]
    assert (found[0].region, found[0].hub) == (region, hub)


def test_what_gave_way_is_told_with_what_it_lacks() -> None:
    """Four units at the largest gain, none in the ledger here; a budget counts its own money."""
    relaxed = [
        {"amount": 4.0, "unit": "units", "words": "lock x: 1 of 5 units can be sent"},
        {"amount": 7.5, "unit": "money", "words": "the freight budget of 2.00 cannot hold"},
    ]
    relaxed = [{"limit": "x", **each} for each in relaxed]
    unmet = [{"words": "Minimum 9 of A", "wanted": 9, "reached": 4, "because": "hub stock"}]
    found = list(broken_locks(seen(summary={"relaxed": relaxed, "unmet": unmet})))
    assert [each.money for each in found] == [0.0, 7.5, 0.0]
    assert found[0].words == "Lock x: 1 of 5 units can be sent."
    assert (
        found[2].words == "Minimum 9 of A: 4 of 9 units reached; what stops more there: hub stock."
    )


def test_many_lines_that_hardly_earn_are_one_exception() -> None:
    """Three of six lines earn .03 of 30.03 together; one such line of six is no matter."""
    thin = tuple(line(gain) for gain in (10.0, 10.0, 10.0, 0.01, 0.01, 0.01))
    found = list(thin_lines(seen(lines=thin)))
    assert [each.money for each in found] == [pytest.approx(0.03)]
    assert found[0].words.startswith("3 lines of 6 are together expected to earn 0.03 of 30.03")
    assert not list(thin_lines(seen(lines=(*thin[:3], *thin[:2], thin[3]))))
    assert not list(thin_lines(seen()))


def test_lines_that_were_asked_for_hide_no_thin_ones() -> None:
    """A lock's line that costs 90 counts as a line, and is left out of what lines earn."""
    thin = tuple(line(gain) for gain in (-90.0, 10.0, 10.0, 10.0, 0.01, 0.01, 0.01))
    (found,) = thin_lines(seen(lines=thin))
    assert found.money == pytest.approx(0.03)
    assert found.words.startswith("3 lines of 7 are together expected to earn 0.03 of 30.03")
    assert not list(thin_lines(seen(lines=(line(-1.0), line(-2.0)))))

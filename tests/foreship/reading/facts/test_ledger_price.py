"""The price of other units by the ledger alone."""

from __future__ import annotations

import pandas as pd
import pytest

from foreship.reading.facts.ledger_price import ledger_price

UNITS = pd.DataFrame(
    {
        "unit": [4, 1, 3, 2],
        "planned": [0, 1, 1, 1],
        "expected_gain": [-0.5, 8.0, 1.25, 3.0],
        "binding": ["not worth it", "", "", ""],
    }
)
"""three units that are planned, the next one that is not; in no order"""


def test_fewer_units_lose_what_the_last_ones_were_to_gain() -> None:
    """The last two of three: 1.25 and 3."""
    found = ledger_price(UNITS, "ship", 3, 1)
    assert found is not None and found.price == pytest.approx(4.25)
    assert (found.priced, found.asked) == (2, 2)
    assert "costs 4.25" in found.words and "No limit" in found.words


def test_more_units_are_priced_as_far_as_the_ledger_weighs_them() -> None:
    """It knows one more, which loses 0.50; of the others it says that it does not."""
    found = ledger_price(UNITS, "ship", 3, 5)
    assert found is not None and found.price == pytest.approx(0.5)
    assert (found.priced, found.asked) == (1, 2)
    assert "1 unit of 2; the others are not in the ledger" in found.words


def test_the_same_units_cost_nothing() -> None:
    """As a freeze does."""
    found = ledger_price(UNITS, "ship", 3, 3)
    assert found is not None and (found.price, found.asked) == (0.0, 0)


def test_lines_whose_units_the_ledger_does_not_weigh_have_no_price() -> None:
    """What leaves a region is not in it."""
    assert ledger_price(UNITS, "markdown", 3, 1) is None


@pytest.mark.parametrize("there", ["on hand", "moved away"])
def test_units_that_lie_there_are_none_that_could_be_sent(there: str) -> None:
    """One more than planned gains what the next unit does, not what one on hand does."""
    lies = UNITS.assign(unit=UNITS["unit"] + 1)
    lies.loc[len(lies)] = [1, 0, 20.0, there]
    found = ledger_price(lies, "ship", 3, 4)
    assert found is not None and found.price == pytest.approx(0.5)
    assert ledger_price(lies, "ship", 3, 2) == ledger_price(UNITS, "ship", 3, 2)

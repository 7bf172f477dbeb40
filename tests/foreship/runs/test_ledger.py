"""The ledger of one cell, each unit with its reason; who asks for another is told the nearest."""

from __future__ import annotations

import pandas as pd
import pytest

from foreship.errors import UsageError
from foreship.runs.ledger import ledger_of
from foreship_foundation.tables.output_files import NOT_WORTH_IT
from tests.grammar import faults_of_sentence

UNITS = pd.DataFrame(
    [
        ("N", "a", 1, 0, 0.9, 2.0, "on hand"),
        ("N", "a", 2, 1, 0.8, 1.5, ""),
        ("N", "a", 3, 0, 0.2, -0.7, NOT_WORTH_IT),
        ("S", "b", 1, 0, 0.7, 3.0, "storage of S"),
    ],
    columns=["region", "item", "unit", "planned", "p", "expected_gain", "binding"],
)


def test_every_unit_has_its_reason() -> None:
    """What lies there, what is sent, what does not pay, and what a limit stops."""
    rows = ledger_of(UNITS, "a", "N")
    assert rows["unit"].to_list() == [1, 2, 3]
    assert rows["reason"].to_list() == [
        "it lies there; sells with 90 %",
        "sent: sells with 80 % and gains 1.50",
        "not sent: sells with 20 % and would lose 0.70",
    ]
    (limited,) = ledger_of(UNITS, "b", "S")["reason"]
    assert limited == "not sent: storage of S leaves no room for it"
    assert faults_of_sentence(f"{limited[0].upper()}{limited[1:]}.") == []


@pytest.mark.parametrize(
    ("item", "region", "words"),
    [
        ("A1", "N", "no item 'A1'"),
        ("a", "n", "no region 'n'; did you mean 'N'"),
        ("a", "S", "did not weigh item 'a' in region 'S'; foreship.explain says why"),
    ],
)
def test_what_the_plan_did_not_weigh_is_said(item: str, region: str, words: str) -> None:
    """By its id, with the nearest."""
    with pytest.raises(UsageError, match=words):
        ledger_of(UNITS, item, region)

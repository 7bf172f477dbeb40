"""Values as they are written."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from foreship.workbench.grid.columns import COLUMNS
from foreship.workbench.grid.figures import shown_value


@pytest.mark.parametrize(
    ("key", "value", "action", "words"),
    [
        ("quantity", 1234, "ship", "1,234"),
        ("cost", -2.5, "ship", "\u22122.50"),
        ("margin", -0.0301, "ship", "\u22123.0 %"),
        ("weeks_of_cover", 1.26, "ship", "1.3"),
        ("arrival_date", pd.Timestamp("2026-11-16"), "ship", "2026-11-16"),
        ("exit", "give_away", "ship", "give away"),
        ("item", "a_b", "ship", "a_b"),
        ("break_even", 0.25, "ship", "25.0 %"),
        ("break_even", -0.25, "ship", "always"),
        ("break_even", -0.25, "return", "never"),
        ("sold_4_weeks", None, "ship", "\u2013"),
        ("destination", "", "markdown", "\u2013"),
    ],
)
def test_each_form_is_written_its_own_way(key: str, value: Any, action: str, words: str) -> None:
    """As in the page and the workbook; a dash for what is not known."""
    assert shown_value(COLUMNS[key], value, action) == words

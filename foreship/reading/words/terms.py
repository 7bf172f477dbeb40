"""The money of a plan in words: terms of its objective, and the figures beside them.

Page, workbook and comparison read them here.
"""

from __future__ import annotations

from typing import Final

from foreship.reading.views import COUNTED_ONCE
from foreship_foundation.actions import ACTIONS

__all__ = ["FIGURES", "TERMS", "term_words"]

TERMS: Final = {
    "value_of_arrivals": "worth of units where they arrive",
    "value_given_up": "worth given up where units lay",
    **{each.term: each.chapter_words[0].lower() + each.chapter_words[1:] for each in ACTIONS},
    "vehicles": "whole vehicles of the departures",
    "lines": "handling of item lines",
    "lateness": "arriving on another day than the fastest lane",
    COUNTED_ONCE: "whole orders counted once, not by line",
    "hub_rent": "worth to others of units that leave a scarce hub",
    "unexplained": "not explained by the terms",
}
"""in the order in which they are told"""
FIGURES: Final = {
    "objective": "expected cost (below 0: a gain)",
    "bound": "no plan costs less than",
    "cvar": "mean loss of the worst outcomes",
    "cvar_out_of_sample": "the same on fresh paths",
    "risk_budget": "most that it may be (risk budget)",
    "gap": "gap to the best plan at most",
}


def term_words(term: str) -> str:
    """Return a term of the objective in words, small within a sentence."""
    return TERMS.get(term, term.replace("_", " "))

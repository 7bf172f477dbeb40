"""Every term and figure of a plan has words, and these hold no name of the contract."""

from __future__ import annotations

from foreship.reading.words.terms import FIGURES, TERMS, term_words
from foreship_foundation.tables.output_files import SUMMARY
from foreship_optimize.plan import TERMS as TERMS_OF_PLANS


def test_every_term_of_a_plan_has_words() -> None:
    """Those of the objective, small, and without an underscore; an unknown one is made readable."""
    assert set(TERMS_OF_PLANS) <= set(TERMS)
    assert not any("_" in words or words[0].isupper() for words in TERMS.values())
    assert term_words("hub_rent") == "worth to others of units that leave a scarce hub"
    assert term_words("of_tomorrow") == "of tomorrow"


def test_figures_are_those_of_the_summary() -> None:
    """Each is declared there, and no two are called the same."""
    assert set(FIGURES) <= set(SUMMARY.names)
    assert len(set(FIGURES.values())) == len(FIGURES)

"""Our marks are those of the browser itself, language by language."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from foreship.workbench.web.languages import LANGUAGES
from foreship_foundation.telling.marks import spoken_in
from foreship_foundation.telling.words import fixed

ASKED = """tags => tags.map(tag => {
  const count = new Intl.NumberFormat(tag, {numberingSystem: "latn", minimumFractionDigits: 1});
  const day = new Intl.DateTimeFormat(tag, {
    year: "numeric", month: "2-digit", day: "2-digit",
    numberingSystem: "latn", calendar: "gregory"});
  return [...[1234.5, 12345.5, 12345678.5].map(each => count.format(each)),
    day.format(new Date(2026, 10, 6))];
})"""


def test_every_language_is_written_as_the_browser_writes_it(page: Any) -> None:
    """Groups from how many digits on, decimals, days; plain English has the days of our files."""
    tags = sorted(set(LANGUAGES) - {"en"})
    for tag, told in zip(tags, page.evaluate(ASKED, tags), strict=True):
        with spoken_in(replace(LANGUAGES[tag])):
            ours = [fixed(each, 1) for each in (1234.5, 12345.5, 12345678.5)]
        assert [tag, *ours, LANGUAGES[tag].day(date(2026, 11, 6))] == [tag, *told]

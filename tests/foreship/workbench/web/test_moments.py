"""Days that stand as text, in the marks of the browser's language."""

from __future__ import annotations

from foreship.workbench.web.languages import marks_of
from foreship.workbench.web.moments import day_of, moment
from foreship_foundation.telling.marks import spoken_in


def test_days_and_moments_are_written_in_the_marks_of_the_language() -> None:
    """The minute in universal time, as it was kept."""
    with spoken_in(marks_of("de")):
        assert day_of("2026-11-16") == "16.11.2026"
        assert moment("2026-11-16T08:05:59Z") == "16.11.2026 08:05"
    assert moment("2026-11-16 08:05:59") == "2026-11-16 08:05"


def test_what_is_no_day_stays_as_it_is() -> None:
    """Nothing that somebody wrote is lost."""
    for each in ("", "soon", "2026-13-01", "2026-11-16x"):
        assert day_of(each) == each

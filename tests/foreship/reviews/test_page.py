"""A review as a page: everything in it is shown, nothing is loaded, nothing runs."""

from __future__ import annotations

import pandas as pd
import pytest

from foreship.reviews.page import SHOWN, render
from tests.foreship.page_reader import HOSTILE, Page, assert_closed
from tests.foreship.reviews.hand_made import DUE, late, review, scores


def test_every_part_of_a_review_stands_in_its_page() -> None:
    """Findings, money by place, scores, late lines, exits due, lines, account and notes."""
    due = pd.DataFrame([("2026-02-16-x", 0, "R1", "K", 1, "markdown", 1.5)], columns=DUE)
    page = render(
        review(scores=scores(("overrides 1", "a <fair>", -9.0)), late=late((1, None), (2, 3)),
               due=due, findings=("Trucks cost most.",), notes=("one more thing",))
    )  # fmt: skip
    for words in (
        "What became of the plan of Monday 2 March 2026", "Known up to 2026-03-08", "8.00",
        "Trucks cost most.", "overrides 1", "a &lt;fair&gt;", "\u22129.00", "not yet", "2026-03-07",
        "markdown", "kitchen", "3.33", "One more thing.", "2 sold", "1 missing", "1 still lying",
    ):  # fmt: skip
        assert words in page, words
    assert_closed(page)


def test_what_lacks_has_no_chapter_and_what_is_cut_is_said() -> None:
    """Without scores and late lines no heading; of many scores the first ones."""
    bare = render(review())
    for heading in ("What was asked", "did not arrive", "Due for", "Notes"):
        assert heading not in bare
    rows = [(f"overrides {at}", "", 1.0) for at in range(SHOWN + 2)]
    assert f"{SHOWN} of {SHOWN + 2} rows shown" in render(review(scores=scores(*rows)))


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_shown_as_text(name: str) -> None:
    """An item, a region and a reason may hold any signs."""
    plain = review()
    page = render(
        review(lines=plain.lines.assign(item=name), money=plain.money.assign(region=name),
               scores=scores(("overrides 1", name, 1.0)))
    )  # fmt: skip
    assert_closed(page.replace(name, "") if "//" in name else page)
    if "\x00" not in name:
        assert name in "".join(Page(page).text)

"""Two tabs of one person on the same lines."""

from __future__ import annotations

from typing import Any

from tests.browser.deciding import decide, opened
from tests.browser.serving import Served


def test_a_tab_that_is_behind_does_not_write_over_the_other(
    own_bench: Served, page_of: Any
) -> None:
    """On the same line both decisions are shown; on another line nothing clashes."""
    first = page_of(own_bench)
    second = first.context.new_page()
    opened(first, own_bench.base, 0)
    opened(second, own_bench.base, 0)
    decide(first, 0, "drop", "first")
    first.wait_for_selector("#edit-0 >> text=first")
    decide(second, 0, "keep", "second")
    second.wait_for_selector("#edit-0.clash")
    second.click("text=Keep theirs")
    second.wait_for_selector("#edit-0:not(.clash) >> text=first")
    second.click("#edit-1 a")
    decide(second, 1, "drop", "another line")
    second.wait_for_selector("#edit-1 >> text=another line")
    first.goto(f"{own_bench.base}/run/latest/edits")
    assert "2 decisions" in first.inner_text("main caption")

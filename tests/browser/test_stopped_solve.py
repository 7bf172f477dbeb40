"""A solve that is stopped leaves everything as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.browser.deciding import SLOW, decide, opened
from tests.browser.serving import Served


def test_a_stopped_trial_leaves_runs_lock_and_draft_as_they_were(
    own_bench: Served, page_of: Any
) -> None:
    """And the same trial made once more comes to its end."""
    page = page_of(own_bench)
    opened(page, own_bench.base, 0)
    decide(page, 0, "drop", "stays")
    page.wait_for_selector("#edit-0 >> text=stays")
    before = _files(own_bench.folder)
    _try(page, own_bench.base)
    page.wait_for_selector(".job progress", timeout=SLOW)
    page.click(".job button:has-text('Stop')")
    page.wait_for_selector(".job[data-state=stopped]", timeout=SLOW)
    assert "earlier runs are as they were" in page.inner_text(".job")
    assert _files(own_bench.folder) == before

    _try(page, own_bench.base)
    page.wait_for_selector(".job[data-state=done]", timeout=SLOW)
    page.click("text=All that was tried, side by side")
    assert "payback_weeks=6" in page.inner_text("main table")
    page.goto(f"{own_bench.base}/run/latest/edits")
    assert "stays" in page.inner_text("main table")


def _try(page: Any, base: str) -> None:
    page.goto(f"{base}/run/latest/try")
    page.click("summary:text-is('plan')")
    page.fill("[name='set-plan.payback_weeks']", "6")
    page.click("button:has-text('Plan with it'):visible")


def _files(folder: Path) -> dict[str, int]:
    """Return every file of runs, trials and drafts with its size."""
    kept = [folder / "runs", folder / "whatif", folder / ".foreship" / "drafts"]
    found = (each for place in kept for each in place.rglob("*") if each.is_file())
    return {str(each): each.stat().st_size for each in found}

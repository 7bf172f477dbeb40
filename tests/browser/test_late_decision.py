"""Who decides while an approval is at work is told that it does not have it; nothing is lost."""

from __future__ import annotations

from typing import Any

from foreship.runs import workspace_lock
from tests.browser.deciding import SLOW, call_oneself, decide, opened
from tests.browser.serving import Served


def test_a_decision_during_an_approval_is_told_and_withdrawn(
    own_bench: Served, page_of: Any
) -> None:
    """The approval waits for another program that holds the workspace, as a run at a terminal."""
    ada, ben = page_of(own_bench), page_of(own_bench)
    for page, name in ((ada, "Ada"), (ben, "Ben")):
        call_oneself(page, own_bench.base, name)
    opened(ada, own_bench.base, 0)
    decide(ada, 0, "freeze", "promised")
    ada.wait_for_selector("#edit-0 >> text=promised")
    ada.goto(f"{own_bench.base}/run/latest/edits")
    with workspace_lock(own_bench.folder):
        ada.dblclick("button:has-text('Approve the plan with 1 decision')")
        ada.wait_for_selector(".job >> text=this job waits up to 600 s for it", timeout=SLOW)
        opened(ben, own_bench.base, 1)
        decide(ben, 1, "freeze", "too")
        ben.wait_for_selector("#edit-1 .unsigned >> text=1 decision already: on line 1.")

    ada.wait_for_selector(".job[data-state=done]", timeout=SLOW)
    assert "1 decision is not in what was approved: on line 1." in ada.inner_text(".job")
    ada.click(".job >> text=Release it")
    ada.wait_for_selector("text=of which this one was made")
    assert ada.locator("button:has-text('Release the plan')").count() == 0
    approved = ada.url
    ada.click("text=Approve again, or withdraw them")
    ada.click("button:has-text('Withdraw them')")
    ada.wait_for_selector("main table")
    assert ada.locator(".unsigned").count() == 0
    ada.go_back()
    ada.goto(approved)
    ada.click("button:has-text('Release the plan')")
    ada.wait_for_selector("text=For the warehouse", timeout=SLOW)
    assert len(list((own_bench.folder / "approvals").glob("*/approval.json"))) == 1

"""What a planner's hand does with decisions, for several tests."""

from __future__ import annotations

from typing import Any

__all__ = ["SLOW", "call_oneself", "decide", "opened"]

SLOW = 240_000.0
"""milliseconds that a command is waited for on a busy machine; nothing passes or fails by less"""


def opened(page: Any, base: str, line: int) -> None:
    """Open the form of a line in the lines of the plan."""
    page.goto(f"{base}/run/latest/lines")
    page.click(f"#edit-{line} a")
    page.wait_for_selector(f"#quantity-{line}")


def decide(page: Any, line: int, decision: str, comment: str, quantity: int | None = None) -> None:
    """Fill the open form of a line, and keep what it says."""
    page.select_option(f"#decision-{line}", decision)
    if quantity is not None:
        page.fill(f"#quantity-{line}", str(quantity))
    page.fill(f"#comment-{line}", comment)
    page.click(f"#edit-{line} button:has-text('Keep this')")


def call_oneself(page: Any, base: str, name: str) -> None:
    """Say who one is."""
    page.goto(f"{base}/run/latest/edits")
    page.click("details.who summary")
    page.fill("#field-name", name)
    page.click("details.who button")
    page.wait_for_load_state()

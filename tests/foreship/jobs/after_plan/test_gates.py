"""The step that holds a plan: what its gates are told, and that a what-if is never held."""

from __future__ import annotations

import dataclasses
from typing import Any

from foreship.jobs.after_plan.gates import gates
from foreship.jobs.after_plan.made import Made
from foreship.jobs.identity import silent


def test_a_what_if_is_not_asked() -> None:
    """Nobody ships it: nothing of it is looked at."""
    empty: Any = None
    made = Made(empty, {}, empty, None, lambda: None, empty, "abc", ("first",), {}, what_if=True)
    assert gates(made, silent) is made
    assert dataclasses.replace(made, notes=()).notes == ()

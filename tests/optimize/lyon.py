"""Forty units that a planner asks for in Lyon, and whatever stands against them."""

from __future__ import annotations

from tests.optimize.program_builder import Draft


def lyon(stock: int = 50, at_least: float = 40, **limits) -> Draft:
    """Forty units of A1 asked for in Lyon, each gaining 1."""
    draft = Draft()
    draft.stock = {("H1", "A1"): stock}
    draft.cell("Lyon", "A1", [3.0] * 45, need=[0, 50], loss=1.0)
    draft.ship("H1", "Lyon", "A1", 2.0)
    draft.storage = limits.get("storage", {})
    draft.lanes = limits.get("lanes", {})
    draft.lock(f"at_least {at_least:g} of A1 to Lyon", lambda a, o, d, i: True, at_least=at_least)
    return draft

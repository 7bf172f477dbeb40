"""What a limit does to a unit, in a planner's words: the same on the page and in an explanation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foreship_foundation.tables.output_files import ALSO, NOT_WORTH_IT, OVER
from foreship_foundation.telling.words import plural, sentence, units

__all__ = ["held_words", "not_weighed_words", "stopped_words", "unmet_words"]

STOPPED = {
    "no usable lane": "no lane open now can bring another one there",
    "hub stock": "no hub that could send another one has one left",
    "stock in other regions": "no region that could send another one has one left",
    "pack size": "it moves in whole packs, and one more pack does not pay or fit",
    "minimum line quantity": "a line of the minimum quantity does not pay or fit",
    "gap of the solver": "it would pay, but by less than the gap at which the solver may stop",
    "risk budget": "the risk budget is spent",
    "freight budget": "the freight budget is spent",
    "stock value budget": "the stock value budget is spent",
}
BEYOND = {
    "pack size": "it moves in whole packs, and {limits} leaves no room for one more pack",
    "minimum line quantity": "{limits} leaves no room for a line of the minimum quantity",
}
"""what a size breaks that a single unit would keep"""
HELD = {
    "pack size": "it comes in a whole pack",
    "minimum line quantity": "it makes up the minimum line",
    "gap of the solver": "it loses less than the gap at which the solver may stop",
}
ASKING = ("lock ", "policy")
"""how causes begin that a planner has asked for"""


def stopped_words(binding: str) -> str:
    """Say what stops a unit: every limit that `binding` joins."""
    return "; also ".join(_stopped(each) for each in binding.split(ALSO))


def held_words(cause: str) -> str:
    """Say what holds a unit that does not pay by itself."""
    said = []
    for limit in cause.split(ALSO):
        verb = "asks for it" if limit.startswith(ASKING) else "needs it"
        said.append(HELD.get(limit, f"{limit} {verb}"))
    return "; also ".join(said)


def not_weighed_words(cause: str) -> str:
    """Say why no unit, or no further one, was weighed: `cause` of `reasons`."""
    if cause == NOT_WORTH_IT:
        return "not even the first one could be worth its way there"
    if cause.startswith("lock "):
        return f"{cause} forbids every way there"
    return f"{cause} lets no more in" if cause.startswith("policy ") else cause


def unmet_words(unmet: Mapping[str, Any]) -> str:
    """Say how far the plan comes up to a policy, and what stops more: a row of `summary.unmet`."""
    reached, wanted = units(unmet["reached"]), plural(unmet["wanted"], "unit")
    return sentence(
        f"{unmet['words']}: {reached} of {wanted} reached; what stops more there: "
        f"{unmet['because']}"
    )


def _stopped(limit: str) -> str:
    """Say that a limit stops a unit, or the size in which it would have to come."""
    size, _, limits = limit.partition(OVER)
    if limits and size in BEYOND:
        return BEYOND[size].format(limits=limits)
    return STOPPED.get(limit, f"{limit} leaves no room for it")

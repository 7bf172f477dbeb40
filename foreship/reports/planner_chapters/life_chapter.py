"""What held a plan when it was made."""

from __future__ import annotations

from foreship.own_files import MANIFEST
from foreship.reading.views import RunView
from foreship.reports.leads import sourced, sources
from foreship.reports.markup import Content, chapter, element
from foreship_foundation.tables.output_files import SUMMARY

__all__ = ["held"]


def held(view: RunView) -> Content:
    """Show every gate that holds the plan, in its words; nothing where none does."""
    gates = view.summary.get("held_by") or ()
    if not gates:
        return ""
    rows = [
        element("li", element("b", str(each["gate"])), ": ", str(each["words"])) for each in gates
    ]
    about = (
        "It is released only after an approval: `foreship approve` with the name of whoever takes "
        "it on. The thresholds are settings of [gates], the list is plan.hold."
    )
    return chapter(
        "What holds this plan",
        element("ul", *rows, class_="notes"),
        element("p", about, class_="soft"),
        sources(
            sourced("the gates that hold it", SUMMARY.name, "held_by"),
            sourced("the settings of the run", MANIFEST, "config"),
        ),
    )

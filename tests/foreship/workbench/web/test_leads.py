"""Chapters of a report lead to the pages of one run."""

from __future__ import annotations

from foreship.workbench.web.leads import RunLeads


def test_ids_travel_behind_the_question_mark() -> None:
    """Whatever letters they have."""
    leads = RunLeads("latest")
    assert leads.cell("a&b", "x/../y") == "/run/latest/cell?region=a%26b&item=x%2F..%2Fy"
    assert leads.lines(hub="A") == "/run/latest/lines?hub=A" and leads.lines().endswith("/lines")
    assert leads.source("summary.json", "cvar") == "/run/latest/from?file=summary.json&column=cvar"

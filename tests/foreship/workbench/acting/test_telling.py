"""A job as a page shows it."""

from __future__ import annotations

from typing import Any

import pytest

from foreship.workbench.acting.commands import Kind
from foreship.workbench.acting.telling import job_told
from foreship.workbench.work.jobs import Job, State

RUN = "2026-11-16-0123456789"
NEW = "2026-11-16-ffffffffff"
ENDS: dict[str, tuple[dict[str, Any], str]] = {
    Kind.price: ({"edits": [{"price": 1.5}]}, ">1.50</a>"),
    Kind.price_all: ({"edits": [], "price_of_all": 2.5}, ">2.50</a>"),
    Kind.approve: ({"run": f"/shop/runs/{NEW}"}, f'href="/run/{NEW}/edits"'),
    Kind.release: ({"run": RUN, "files": {"picking.csv": "x"}}, f"/released/{RUN}/picking.csv"),
    Kind.plan: ({"run": f"/shop/runs/{NEW}"}, f'href="/run/{NEW}"'),
    Kind.trial: ({"causes": ["less <b>risk</b>"]}, "less &lt;b&gt;risk&lt;/b&gt;"),
}


def job(kind: str = Kind.plan, **fields: Any) -> Job:
    """Return a job of the run."""
    return Job("7", kind, "plan this week", ("run",), "Ada", {"run": RUN}, **fields)


@pytest.mark.parametrize("kind", sorted(ENDS))
def test_the_end_of_each_kind_says_what_came_and_where_to_go_on(kind: str) -> None:
    """And asks for itself no more."""
    answer, words = ENDS[kind]
    told = str(job_told(job(kind, state=State.done, answer=answer)))
    assert words in told and "hx-trigger" not in told and "It is done." in told


def test_at_work_it_says_how_far_it_is_and_can_be_stopped() -> None:
    """And asks for itself again."""
    running = job(state=State.running)
    running.said.hear('{"event": "progress", "stage": "solve", "done": 1, "of": 4}')
    running.said.hear("a note <i>")
    told = str(job_told(running))
    assert 'value="0.25"' in told and "Solve." in told and "a note &lt;i&gt;" in told
    assert "/job/7/stop" in told and 'hx-trigger="every 1s"' in told
    assert "said to be Ada" in told
    running.is_to_stop = True
    assert "It is being stopped." in str(job_told(running))


def test_a_failure_shows_each_fault_and_what_to_do() -> None:
    """As the command said it."""
    fault = {"table": "items", "column": "price", "rows": [2], "values": ["-1"],
             "problem": "is negative", "remedy": "write 0 or more", "text": ".."}  # fmt: skip
    error = {"message": "one fault:\nitems ..", "faults": [fault], "remedy": "mend the tables"}
    told = str(job_told(job(state=State.failed, answer={"error": error})))
    for words in ("One fault:", "is negative", "write 0 or more", "Mend the tables."):
        assert words in told


def test_a_command_that_died_without_a_word_shows_its_last_one() -> None:
    """A crash has no answer."""
    failed = job(state=State.failed)
    failed.said.hear("killed")
    assert "Killed." in str(job_told(failed))


def test_what_was_stopped_left_nothing() -> None:
    """And says so."""
    assert "earlier runs are as they were" in str(job_told(job(state=State.stopped)))


def test_the_price_of_all_is_none_of_one_edit() -> None:
    """Where one of two has a price of its own, what both cost is still what was asked."""
    answer = {"edits": [{"price": 1.5}, {"price": None}], "price_of_all": 4.0}
    told = str(job_told(job(Kind.price_all, state=State.done, answer=answer)))
    assert ">4.00</a>" in told and "1.50" not in told


def test_an_approval_in_the_place_of_another_run_says_so() -> None:
    """And leads to that one; the first of a Monday says nothing."""
    answer = {"run": "runs/2026-11-16-b", "instead_of": "2026-11-16-a"}
    told = str(job_told(job(Kind.approve, state=State.done, answer=answer)))
    assert 'href="/run/2026-11-16-a"' in told and "takes the place of" in told
    answer["instead_of"] = None
    assert "the place of" not in str(job_told(job(Kind.approve, state=State.done, answer=answer)))


def test_the_price_of_one_edit_leads_to_the_objective_it_is_counted_from() -> None:
    """A price is what the objective of the plan loses by the edit."""
    answer = {"edits": [{"price": 1.5}], "price_of_all": 1.5}
    told = str(job_told(job(Kind.price, state=State.done, answer=answer)))
    assert "objective" in told and ">1.50</a>" in told

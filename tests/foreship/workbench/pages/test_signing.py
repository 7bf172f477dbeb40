"""Approvals and releases: signed is what was seen, and nothing that came in late is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("starlette.testclient")

from foreship.approval.papers import RELEASED
from tests.foreship.workbench.drafted import action
from tests.foreship.workbench.hands import Hand, approved
from tests.foreship.workbench.stand_ins import own_bench, waiting
from tests.foreship.written_runs import sign


@pytest.fixture
def hand(tmp_path: Path) -> Iterator[Hand]:
    """Return somebody at a bench whose commands do nothing."""
    with own_bench(tmp_path) as bench:
        yield Hand(bench)


def test_nothing_is_signed_that_came_in_unseen(hand: Hand) -> None:
    """Neither an approval nor a release."""
    hand.post("edits", line=70, decision="drop", base=0)
    for deed in ("approve", "release"):
        found = hand.post(deed, version=0)
        assert found.status_code == 409 and "1 decision by" in found.text
    lost = hand.post("release", version=1)
    assert lost.status_code == 409 and "would be lost" in lost.text
    assert hand.bench.jobs.all() == []


def test_nothing_is_signed_or_decided_from_a_page_of_a_draft_that_is_gone(hand: Hand) -> None:
    """`foreship clean` took it away; a new one has begun, and counts from 0 again."""
    form = {"line": 70, "decision": "freeze", "base": 5}
    deeds = [("approve", {"version": 5}), ("release", {"version": 5}), ("withdraw", {"version": 5}),
             ("edits", form), ("edits/70/take-back", {"base": 5})]  # fmt: skip
    hand.post("edits", line=70, decision="drop", base=0)
    assert [hand.post(deed, **sent).status_code for deed, sent in deeds] == [409] * 5
    assert hand.bench.draft("latest").version == 1 and hand.bench.jobs.all() == []


def test_an_approval_is_the_command_with_the_decisions(hand: Hand) -> None:
    """Signed by whoever is said to ask."""
    hand.post("edits", line=70, decision="drop", base=0)
    found = hand.post("approve", in_place=False, version=1)
    job = hand.bench.jobs.all()[0]
    assert found.headers["location"] == f"/job/{job.id}"
    assert job.command[0] == "approve" and job.command[3].startswith("--edits=")
    assert job.command[2] == f"--by={job.who}"
    hand.post("edits/70/take-back", base=1)
    hand.post("release", version=2)
    assert hand.bench.jobs.all()[0].command[0] == "release"


def test_a_decision_while_an_approval_is_at_work_is_kept_and_told_at_once(hand: Hand) -> None:
    """To who makes it, on the page of decisions, and beside the approval; not before one begins."""
    waiting(hand.bench)
    assert "approval" not in hand.post("edits", line=70, decision="drop", base=0).text
    hand.post("approve", version=1)
    assert "What is decided now is not in it." in hand.get("edits").text
    cell = hand.post("edits", line=71, decision="drop", base=1).text
    assert "1 decision already: on line 71." in cell and "approve again or withdraw" in cell
    assert "on line 71" in hand.get("edits/since?version=2").text
    assert "on line 71" in hand.client.get("/job/1").text
    assert "on lines 70 and 71" in hand.post("edits/70/take-back", base=2).text
    hand.bench.jobs.stop("1")
    assert "is at work" not in hand.get("edits").text


def test_decisions_that_an_approval_does_not_have_are_approved_again_or_withdrawn(
    hand: Hand,
) -> None:
    """The plan that it made is not released past them."""
    hand.post("edits", line=70, decision="drop", base=0)
    hand.post("edits", line=71, decision="drop", base=1)
    base, new = hand.run, f"/run/{approved(hand.bench, [(70, 'drop', 0)])}"
    told = hand.get("edits").text
    assert "1 decision is not in what was approved: on line 71." in told
    assert "Approve again, with them" in told and "Withdraw them" in told
    hand.run = new
    assert "of which this one was made" in (there := hand.get("edits").text)
    assert "Release the plan" not in there
    lost = hand.post("release", version=0)
    assert lost.status_code == 409 and "would be lost" in lost.text
    hand.run = base
    assert hand.post("approve", version=1).status_code == 409
    assert hand.post("approve", version=2).status_code == 200
    edits = Path(hand.bench.jobs.all()[0].command[3].removeprefix("--edits="))
    assert hand.bench.jobs.all()[0].about["version"] == "2" and edits.parent == hand.bench.scratch
    assert hand.post("withdraw", version=2, in_place=False).status_code == 303
    assert "not in what was approved" not in hand.get("edits").text
    assert [each.line for each in hand.bench.draft(base[5:]).decided] == [70]
    assert hand.post("approve", version=3).status_code == 409
    hand.run = new
    assert "Release the plan" in hand.get("edits").text
    assert hand.post("release", version=0).status_code == 200


def test_a_plan_that_was_approved_as_it_is_may_be_approved_again_with_what_came_late(
    hand: Hand,
) -> None:
    """It is its own draft that says more."""
    approved(hand.bench, [])
    assert hand.post("edits", line=70, decision="drop", base=0).status_code == 409
    assert hand.post("approve", version=0).status_code == 409
    hand.bench.draft("latest").append(action(70, "drop", 0))
    assert "not in what was approved: on line 70." in hand.get("edits").text
    assert hand.post("release", version=1).status_code == 409
    assert hand.post("approve", version=1).status_code == 200


def test_many_late_decisions_are_counted(hand: Hand) -> None:
    """Ten are told one by one."""
    hand.bench.draft("latest").append_all([action(line, "drop", 0) for line in range(60, 73)])
    approved(hand.bench, [(90, "drop", 0)])
    told = hand.get("edits").text
    assert "13 decisions are not in what was approved: on lines 60, " in told
    assert "69 and 3 others." in told


def test_a_plan_in_whose_place_another_was_approved_is_approved_after_all(hand: Hand) -> None:
    """As it is, without what is decided on it; after a release nobody is offered that."""
    hand.post("edits", line=70, decision="drop", base=0)
    new = approved(hand.bench, [(70, "drop", 0)])
    offered = f"Approve this plan as it is, in the place of run {new}"
    assert offered in hand.get("edits").text
    assert hand.post("approve", version=1, as_it_is="yes").status_code == 200
    command = hand.bench.jobs.all()[0].command
    assert command[0] == "approve" and not any(each.startswith("--edits") for each in command)
    hand.bench.jobs.stop("1")
    sign(hand.bench.place(new), RELEASED)
    assert offered not in hand.get("edits").text
    assert hand.post("approve", version=1, as_it_is="yes").status_code == 400

"""Pages that decide: nothing is lost, mixed or signed unseen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette.testclient")

from tests.foreship.workbench.hands import IN_PLACE, Hand
from tests.foreship.workbench.served import SENT_BY_US, bench_of
from tests.foreship.workbench.stand_ins import answering, over, own_bench


@pytest.fixture
def hand(tmp_path: Path) -> Iterator[Hand]:
    """Return somebody at a bench whose commands do nothing."""
    with own_bench(tmp_path) as bench:
        yield Hand(bench)


def test_a_line_is_decided_on_in_place_and_taken_back(hand: Hand) -> None:
    """Both are entries of the draft; the file that an approval would read follows."""
    assert "What it costs" in hand.get("edits/70").text
    kept = hand.post("edits", line=70, decision="drop", comment="no", base=0)
    assert kept.status_code == 200 and "drop" in kept.text and "<html" not in kept.text
    assert hand.get("edits/plan.csv").text.splitlines()[1] == "70,drop,0,no"
    back = hand.post("edits/70/take-back", in_place=False, base=1)
    assert back.status_code == 303 and back.headers["location"] == f"{hand.run}/edits"
    assert hand.bench.draft("latest").version == 2 and not hand.bench.draft("latest").decided
    assert ">Decide</a>" in hand.get("edits/70/cell").text


def test_a_decision_on_an_older_version_is_a_clash_with_both(hand: Hand) -> None:
    """Nothing of it is kept until it is said again on the version that stands."""
    hand.post("edits", line=70, decision="drop", base=0)
    clash = hand.post("edits", line=70, decision="freeze", base=0)
    assert clash.status_code == 409 and "drop" in clash.text and "freeze" in clash.text
    assert hand.bench.draft("latest").version == 1
    assert hand.post("edits", line=71, decision="drop", base=0).status_code == 200
    again = hand.post("edits", line=70, decision="freeze", base=2)
    assert again.status_code == 200 and hand.bench.draft("latest").version == 3


def test_two_servers_share_the_drafts_of_a_workspace(hand: Hand, tmp_path: Path) -> None:
    """What came in at one is seen at the other, and clashes there."""
    other = Hand(bench_of(hand.bench.folder, tmp_path / "other"))
    hand.post("edits", line=70, decision="drop", base=0)
    assert "1 decision by" in other.get("edits/since?version=0").text
    assert other.post("edits", line=70, decision="freeze", base=0).status_code == 409
    assert other.post("edits", line=71, decision="drop", base=0).status_code == 200
    assert hand.bench.draft("latest").version == 2
    other.bench.close()


def test_faults_are_told_as_an_approval_tells_them(hand: Hand) -> None:
    """And nothing is kept."""
    found = hand.post("edits", line=70, decision="change", quantity="1.5", base=0)
    assert found.status_code == 400 and "not a quantity" in found.text
    assert hand.bench.draft("latest").version == 0


def test_a_deed_names_its_run(hand: Hand) -> None:
    """What is the newest run when a page is shown may not be it any more when it is sent."""
    form = {"line": 70, "decision": "drop", "base": 0}
    found = hand.client.post("/run/latest/edits", data=form, headers=IN_PLACE)
    assert found.status_code == 400 and "Say which run is meant" in found.text


def test_a_price_is_told_at_once_and_solved_for_behind(hand: Hand) -> None:
    """To keep a line costs nothing and asks nobody."""
    told = hand.post("price", line=70, decision="drop", base=0).text
    assert "By the ledger it costs" in told and 'id="job-1"' in told
    assert "costs nothing" in hand.post("price", line=70, decision="keep", base=0).text
    assert len(hand.bench.jobs.all()) == 1
    assert hand.bench.draft("latest").version == 0
    assert hand.post("price-all").status_code == 400


def test_a_file_is_taken_over_whole_or_not_at_all(hand: Hand) -> None:
    """Its faults are told by row, its clashes by line."""

    def send(text: str, base: int = 0, name: str = "plan.csv") -> Any:
        files = {"file": (name, text.encode())}
        return hand.client.post(
            f"{hand.run}/upload", data={"base": base}, files=files, headers=SENT_BY_US
        )

    head = "line,decision,new_quantity,comment\n"
    assert send(f"{head}70,burn,,\n71,drop,,\n").status_code == 400
    assert hand.bench.draft("latest").version == 0
    assert "2 decisions of plan.csv" in send(f"{head}70,drop,,\n71,drop,,\n").text
    clash = send(f"{head}70,freeze,,\n72,drop,,\n")
    assert clash.status_code == 409 and hand.bench.draft("latest").version == 2
    assert "neither" in send(head, name="plan.pdf").text


def test_others_are_told_of_what_came_in(hand: Hand) -> None:
    """By an address that a page asks again and again."""
    assert "since." not in hand.get("edits/since?version=0").text
    hand.post("edits", line=70, decision="drop", base=0)
    assert "1 decision by" in hand.get("edits/since?version=0").text


def test_a_solved_price_stands_beside_its_decision(hand: Hand) -> None:
    """Once its command has ended."""
    row = {"line": 70, "decision": "drop", "new": 0, "price": 123.5}
    answering(hand.bench, {"edits": [row], "price_of_all": 123.5})
    hand.post("edits", line=70, decision="drop", base=0)
    hand.post("price-all")
    over(hand.bench.jobs.all()[0])
    assert hand.get("edits").text.count("123.50") == 2

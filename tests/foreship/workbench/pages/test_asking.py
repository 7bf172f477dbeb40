"""Pages on which planners ask: written once, signed, and only over what was shown."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("starlette.testclient")

from foreship.jobs.deciding.asked_files import asked_file
from foreship.workbench.bench import Bench
from tests.foreship.good_workspace import good_frames, write_workspace
from tests.foreship.workbench.served import SENT_BY_US, bench_of, client_of
from tests.foreship.workbench.stand_ins import answering

ROW = {"table": "policies", "kind": "minimum", "value": "2", "region": "R1", "item": "A-1",
       "reason": "a fair", "expires": "2027-01-31", "sha": ""}  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Bench:
    """Return a bench of a workspace without policies, whose commands do nothing."""
    frames = {name: each for name, each in good_frames().items() if name != "policies"}
    write_workspace(tmp_path / "shop", frames)
    bench = bench_of(tmp_path / "shop", tmp_path / "scratch")
    answering(bench, {})
    return bench


def test_a_row_is_written_by_whoever_is_said_to_ask_and_taken_back(shop: Bench) -> None:
    """Over what was shown; what has changed meanwhile is not written over."""
    client = client_of(shop)
    made = client.post("/asked", data=ROW, headers=SENT_BY_US)
    assert made.status_code == 303 and made.headers["location"] == "/asked?table=policies"
    there = asked_file(shop.folder, "policies")
    assert there.rows[0]["reason"] == "a fair" and there.rows[0]["author"]
    assert "a fair" in client.get("/asked?table=policies").text
    late = client.post("/asked", data=ROW, headers=SENT_BY_US)
    assert late.status_code == 409 and "has changed since it was shown" in late.text
    back = {"table": "policies", "row": "0", "sha": there.sha256}
    assert client.post("/asked/take-back", data=back, headers=SENT_BY_US).status_code == 303
    assert asked_file(shop.folder, "policies").rows == ()


def test_a_row_with_faults_is_shown_again(shop: Bench) -> None:
    """And nothing is written."""
    client = client_of(shop)
    found = client.post("/asked", data={**ROW, "item": "none", "reason": ""}, headers=SENT_BY_US)
    assert found.status_code == 400 and 'value="none"' in found.text and "<table" in found.text
    assert asked_file(shop.folder, "policies").rows == ()


def test_no_other_table_is_written_to(shop: Bench) -> None:
    """Only those in which planners ask."""
    client = client_of(shop)
    found = client.post("/asked", data={**ROW, "table": "orders"}, headers=SENT_BY_US)
    assert found.status_code == 404
    assert client.get("/asked?table=orders").status_code == 400
    nothing = client.post("/asked/try", data={"table": "policies"}, headers=SENT_BY_US)
    assert nothing.status_code == 400 and shop.jobs.all() == []

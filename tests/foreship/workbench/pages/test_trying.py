"""What if: a trial is a command beside the plan."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("starlette.testclient")

from tests.foreship.workbench.served import SENT_BY_US, client_of
from tests.foreship.workbench.stand_ins import own_bench


def test_a_setting_and_a_number_are_tried_beside_the_plan(tmp_path: Path) -> None:
    """By `plan --set --table --against`, as one would type it."""
    with own_bench(tmp_path) as bench:
        client, name = client_of(bench), bench.place("latest").name
        assert "Nothing was tried" in client.get("/run/latest/try").text
        form = {"set-plan.payback_weeks": "4", "table": "regions", "ids": "Lyon",
                "column": "capacity", "value": "9"}  # fmt: skip
        found = client.post(f"/run/{name}/try", data=form, headers=SENT_BY_US)
        assert found.headers["location"] == "/job/1"
        words = bench.jobs.get("1").command
        assert words[0] == "plan" and "--set=plan.payback_weeks=4" in words
        assert any(each.startswith("--table=regions=") for each in words)
        assert f"--as-of={name[:10]}" in words and words[-2].endswith(name)


def test_nothing_filled_in_is_no_trial(tmp_path: Path) -> None:
    """The plan would only be made once more."""
    with own_bench(tmp_path) as bench:
        client = client_of(bench)
        form = {"set-plan.payback_weeks": " ", "table": ""}
        found = client.post("/run/latest/try", data=form, headers=SENT_BY_US)
        assert found.status_code == 400 and "Nothing is filled in" in found.text
        assert bench.jobs.all() == []

"""What if: a trial is a command beside the plan, and its lines are set against it."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("starlette.testclient")

from tests.foreship.workbench.served import SENT_BY_US, client_of
from tests.foreship.workbench.stand_ins import own_bench
from tests.foreship.workbench.trials.apart_runs import three_plans

NUMBER = {"what-1": "regions.capacity", "how-1": "*", "amount-1": "0.5", "where-1": "region=Lyon"}


def test_settings_and_several_changes_are_tried_beside_the_plan(tmp_path: Path) -> None:
    """By `plan --set --change --against`, as one would type it."""
    with own_bench(tmp_path) as bench:
        client, name = client_of(bench), bench.place("latest").name
        assert "Nothing was tried" in client.get("/run/latest/try").text
        form = {**NUMBER, "set-plan.payback_weeks": "4", "demand-value": "1.3"}
        found = client.post(f"/run/{name}/try", data=form, headers=SENT_BY_US)
        assert found.headers["location"] == "/job/1"
        words = bench.jobs.get("1").command
        assert words[0] == "plan" and "--set=plan.payback_weeks=4" in words
        assert "--change=regions.capacity*0.5 where region=Lyon" in words
        assert "--change=demand*1.3" in words
        assert f"--as-of={name[:10]}" in words and words[-2].endswith(name)


def test_nothing_filled_in_is_no_trial(tmp_path: Path) -> None:
    """The plan would only be made once more."""
    with own_bench(tmp_path) as bench:
        client = client_of(bench)
        form = {"set-plan.payback_weeks": " ", "what-1": "", "how-1": "*"}
        found = client.post("/run/latest/try", data=form, headers=SENT_BY_US)
        assert found.status_code == 400 and "Nothing is filled in" in found.text
        assert bench.jobs.all() == []


def test_faults_are_named_before_any_work_and_what_was_filled_in_stays(tmp_path: Path) -> None:
    """All at once, in the form; further rows are no trial either."""
    with own_bench(tmp_path) as bench:
        client = client_of(bench)
        form = {**NUMBER, "where-1": "region=<i>", "set-risk.level": "7"}
        found = client.post("/run/latest/try", data=form, headers=SENT_BY_US)
        assert found.status_code == 400 and "has 2 faults" in found.text
        assert "&lt;i&gt;" in found.text and "<i>" not in found.text
        more = client.post("/run/latest/try", data={**NUMBER, "more": "1"}, headers=SENT_BY_US)
        assert more.status_code == 200 and 'name="amount-4"' in more.text
        assert 'value="0.5"' in more.text and bench.jobs.all() == []


def test_an_event_that_never_was_is_planned_once_that_was_read(tmp_path: Path) -> None:
    """Before that nothing is begun."""
    with own_bench(tmp_path) as bench:
        client = client_of(bench)
        form = {"event-value": "fair", "event-date": "2026-11-17"}
        found = client.post("/run/latest/try", data=form, headers=SENT_BY_US)
        assert "no such event was before" in found.text and bench.jobs.all() == []
        sure = {**form, "confirmed": "1"}
        found = client.post("/run/latest/try", data=sure, headers=SENT_BY_US)
        assert found.headers["location"] == "/job/1"


@pytest.mark.sweep
def test_the_lines_that_differ_are_shown_for_one_plan_and_for_several(tmp_path: Path) -> None:
    """Against the plan they are asked of; what is no plan of this Monday is refused."""
    with own_bench(tmp_path) as bench:
        client, (base, less, other) = client_of(bench), three_plans(bench.folder)
        bench.run(less).wait()
        one = client.get(f"/run/{base}/try/lines?with={less}")
        assert "2 lines differ" in one.text and ">why<" in one.text
        both = client.get(f"/run/{base}/try/lines?with={less}&with={other}&all=1&sort=item")
        assert "3 lines differ" in both.text and "gain of B" in both.text
        assert "Show only other units" in both.text
        turned = client.get(f"/run/{base}/try/lines?with={less}&with={other}&all=1&sort=gain_1")
        assert 'aria-sort="ascending"' in turned.text and "3 lines differ" in turned.text
        assert client.get(f"/run/{base}/try/lines").status_code == 400
        assert client.get(f"/run/{base}/try/lines?with=nothing").status_code == 404

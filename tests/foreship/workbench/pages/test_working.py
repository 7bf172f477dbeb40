"""Work behind the pages."""

from __future__ import annotations

import sys
import time

import pytest

pytest.importorskip("starlette.testclient")

from foreship.workbench.bench import Bench
from foreship.workbench.work.jobs import Jobs
from tests.foreship.workbench.served import SENT_BY_US, client_of

WAITS = "import sys; sys.stdin.close(); import threading; threading.Event().wait()"
"""a command that never ends by itself"""


def test_a_plan_is_asked_for_watched_and_stopped(bench: Bench) -> None:
    """Its page says how it stands at each of these."""
    bench.jobs = Jobs(bench.folder, bench.scratch, 50, (sys.executable, "-c", WAITS))
    client = client_of(bench)
    asked = client.post("/plan", data={"as_of": "2026-11-16"}, headers=SENT_BY_US)
    assert asked.status_code == 303 and asked.headers["location"] == "/job/1"
    assert "--as-of=2026-11-16" in bench.jobs.get("1").command
    shown = client.get("/job/1").text
    assert "<h1>Plan the week of 2026-11-16</h1>" in shown and "Stop" in shown
    part = client.get("/job/1", headers={"HX-Request": "true"}).text
    assert "<h1>" not in part and 'id="job-1"' in part
    assert client.post("/job/1/stop", data={}, headers=SENT_BY_US).status_code == 303
    job = bench.jobs.get("1")
    while not job.is_over:  # the stop waits for the process
        time.sleep(0.01)
    assert "It was stopped" in client.get("/job/1").text
    bench.close()


def test_no_day_is_refused_and_no_job_found(bench: Bench) -> None:
    """Before anything is started."""
    client = client_of(bench)
    assert client.post("/plan", data={"as_of": "--out=x"}, headers=SENT_BY_US).status_code == 400
    assert client.get("/job/9").status_code == 404
    assert bench.jobs.all() == []

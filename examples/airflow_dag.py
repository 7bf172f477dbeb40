"""A plan every Monday at 03:00. Airflow has an environment of its own; foreship's is called.

A second attempt returns the run that stands, so a retry never makes a second plan.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import datetime, timedelta

try:
    from airflow.sdk import dag, task
    from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
except ImportError:  # Airflow 2
    from airflow.decorators import dag, task
    from airflow.exceptions import AirflowFailException, AirflowSkipException

FORESHIP = "/opt/foreship/bin/foreship"
SHOP, OUT = "/srv/shop", "/var/lib/foreship/shop"
HAND_OVER = "/srv/warehouse/in"
AGAIN = {5, 7, 8, 130, 143}
"""worth another attempt: time or memory, another run, storage, interrupted, stopped"""
WAITS = 6
"""the plan is made and waits for a person: nothing is handed over, nothing failed"""


@dag(
    schedule="0 3 * * 1",
    start_date=datetime(2026, 1, 5),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=10)},
)
def anticipatory_shipping() -> None:
    """Plan, then hand over."""

    @task
    def plan(data_interval_end: datetime | None = None) -> str:
        """Return the folder of the run."""
        monday = data_interval_end or datetime.now()
        day = (monday - timedelta(days=monday.weekday())).date().isoformat()
        command = [FORESHIP, "run", SHOP, "--as-of", day, "--out", OUT, "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        print(done.stderr)
        answer = json.loads(done.stdout)
        if done.returncode == WAITS:
            raise AirflowSkipException(f"{answer['run']} waits for approval")
        if done.returncode == 0:
            return str(answer["run"])
        words = f"exit {done.returncode}: {answer['error']['message']}"
        if done.returncode in AGAIN:
            raise RuntimeError(words)
        raise AirflowFailException(f"{words} ({answer['error']['remedy']})")

    @task
    def hand_over(run: str) -> None:
        """Copy the plan to where the warehouse takes it."""
        shutil.copy(f"{run}/plan.csv", HAND_OVER)

    hand_over(plan())


anticipatory_shipping()

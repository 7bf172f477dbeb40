"""Commands that say at once what a test wants them to have said."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from foreship.workbench.bench import Bench
from foreship.workbench.work.jobs import Job, Jobs
from tests.foreship.workbench.made_runs import told_view, write_view
from tests.foreship.workbench.served import bench_of

__all__ = ["answering", "over", "own_bench", "waiting"]


@contextmanager
def own_bench(place: Path) -> Iterator[Bench]:
    """Lend a bench on a made-up run that a test may decide on; its commands do nothing."""
    folder = place / "shop"
    folder.mkdir()
    (folder / "foreship.toml").write_text("")
    write_view(told_view(), folder)
    bench = bench_of(folder, place / "scratch")
    answering(bench, {})
    yield bench
    bench.close()


def answering(bench: Bench, answer: Mapping[str, Any], code: int = 0) -> None:
    """Let every command of a bench say one object and end with a code."""
    script = f"import sys; sys.stdout.write({json.dumps(answer)!r}); sys.exit({code})"
    bench.jobs = Jobs(bench.folder, bench.scratch, 50, (sys.executable, "-c", script))


def waiting(bench: Bench) -> None:
    """Let no command of a bench come to an end by itself."""
    script = "import time; time.sleep(600)"
    bench.jobs = Jobs(bench.folder, bench.scratch, 50, (sys.executable, "-c", script))


def over(job: Job) -> Job:
    """Wait for the end of a job."""
    while not job.is_over:
        time.sleep(0.01)
    return job

"""Pages in a browser, timed from the click to the frame that shows the answer."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

__all__ = ["STEPS", "Bench", "Step", "Timed", "come_in", "cpu_ms", "memory_mb", "served", "timed"]

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE: Final = 120_000.0
"""milliseconds after which a page is taken not to come"""
SCHEDULED: Final = 2
"""with the complement of a process's number, Linux' name of the clock of its processor's time"""
AFTER_PAINT: Final = """
new Promise(done => requestAnimationFrame(() => requestAnimationFrame(
  () => done(performance.now()))))
"""
"""milliseconds since the page was asked for, once the next frame is painted"""
CLICKED: Final = """
([selector, changed]) => new Promise((done, failed) => {
  const begun = performance.now(), link = document.querySelector(selector);
  if (!link) { failed(new Error(`nothing is ${selector}`)); return; }
  const seen = new MutationObserver(() => {
    if (link.isConnected && changed === "replaced") return;
    seen.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)));
  });
  seen.observe(document.body, {childList: true, subtree: true});
  link.click();
})
"""


@dataclass(frozen=True)
class Step:
    """One thing that a planner does, and how long it may take."""

    name: str
    address: str
    """of the page, behind `/run/latest`"""
    click: str = ""
    """what is clicked on it, '' where the page itself is timed"""
    most_ms: float = 300.0
    """what is aimed at"""


START: Final = Step("first view, from the start link on", "", most_ms=2_000.0)
STEPS: Final = (
    Step("week", "", most_ms=2_000.0),
    Step("lines", "/lines", most_ms=2_000.0),
    Step("sort lines by gain", "/lines", '[data-key="head-expected_gain"]'),
    Step("sort lines by item", "/lines", '[data-key="head-item"]'),
    Step("next page of lines", "/lines", '[data-key="page-Next page"]'),
    Step("search", "/lines?q=K0001+R003", '[data-key="head-cost"]'),
    Step("filter by region", "/lines?region=R003", '[data-key="head-cost"]'),
    Step("group by region", "/lines?group=region", '[data-key="head-cost"]'),
    Step("group by item", "/lines?group=item", '[data-key="head-cost"]'),
    Step("item", "/item?item=K00017"),
    Step("cell", "/cell?region=R003&item=K00017"),
    Step("region", "/region?region=R003"),
    Step("limits", "/limits"),
)


@dataclass(frozen=True)
class Timed:
    """What a step took [ms], in each repetition; empty where there is no such page.

    Beside what a browser waited for it stands the processor's time of the server: on a machine that
    others use the two lie far apart.
    """

    step: Step
    milliseconds: Sequence[float]
    server_cpu: Sequence[float]

    def row(self) -> dict[str, Any]:
        """Return its figures for the table."""
        there = len(self.milliseconds) > 0
        return {
            "step": self.step.name,
            "repeats": len(self.milliseconds),
            "median_ms": round(statistics.median(self.milliseconds), 1) if there else "",
            "worst_ms": round(max(self.milliseconds), 1) if there else "",
            "server_cpu_ms": round(statistics.median(self.server_cpu), 1) if there else "",
            "aim_ms": self.step.most_ms,
        }


@dataclass(frozen=True)
class Bench:
    """A workbench that is up."""

    link: str
    base: str
    pid: int


@contextlib.contextmanager
def served(workspace: Path) -> Iterator[Bench]:
    """Serve a workspace until the end of the block."""
    words = [sys.executable, "-m", "foreship", "serve", str(workspace), "--no-open", "--json"]
    run = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        assert run.stdout is not None
        link = str(json.loads(run.stdout.readline())["url"])
        yield Bench(link, link.split("/start", maxsplit=1)[0], run.pid)
    finally:
        run.terminate()
        run.communicate()


@contextlib.contextmanager
def come_in(bench: Bench) -> Iterator[tuple[Any, Timed]]:
    """Open a page of Chromium by the start link; tell what it took until the week was shown."""
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, NAMES)), None)
    words = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=found, args=words)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(PATIENCE)
        begun, spent = time.monotonic(), cpu_ms(bench.pid)
        page.goto(bench.link)
        page.wait_for_url("**/run/**")
        page.evaluate(AFTER_PAINT)
        took = 1000.0 * (time.monotonic() - begun)
        yield page, Timed(START, [took], [cpu_ms(bench.pid) - spent])
        browser.close()


def timed(page: Any, bench: Bench, step: Step, repeats: int) -> Timed:
    """Take a step several times; a page that is not there takes none."""
    found, spent = [], []
    for _ in range(repeats):
        begun = cpu_ms(bench.pid)
        answer = page.goto(f"{bench.base}/run/latest{step.address}")
        if answer.status != 200:
            return Timed(step, (), ())
        took = page.evaluate(AFTER_PAINT)
        if step.click:
            begun = cpu_ms(bench.pid)
            took = page.evaluate(CLICKED, [step.click, "replaced"])
        found.append(float(took))
        spent.append(cpu_ms(bench.pid) - begun)
    return Timed(step, found, spent)


def cpu_ms(pid: int) -> float:
    """Return the processor's time that a process has had so far [ms], of ended threads too."""
    clock = (~pid << 3) | SCHEDULED
    return 1000.0 * time.clock_gettime(clock)


def memory_mb(pid: int) -> dict[str, int]:
    """Return what a process holds [MB]: all that is resident, and what no file stands behind."""
    found = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, _, rest = line.partition(":")
        if name in ("Rss", "Anonymous"):
            found[name] = round(int(rest.split()[0]) / 1024)
    return {"resident_mb": found["Rss"], "anonymous_mb": found["Anonymous"]}

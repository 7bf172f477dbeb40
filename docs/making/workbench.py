"""Take the pictures of `docs/how-to/workbench.md`: every page, on a run of the tiny sample.

    pip install 'foreship[browser]'
    python docs/making/workbench.py [PAGE ..]

Each goes to `docs/assets/workbench/`: `PAGE.png` on a desk in light colours, of some also
`PAGE-phone.png` on a phone in the dark. Two lines are decided on and a minimum is asked for first.
Look at the pictures before they are kept.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["main"]

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "data" / "tiny"
PICTURES = ROOT / "docs" / "assets" / "workbench"
LARGEST = 200_000
"""bytes of a picture that a page of the documentation shows"""
CELL = "region=R001&item=00005"
PAGES = {
    "week": "/run/latest",
    "lines": "/run/latest/lines",
    "cell": f"/run/latest/cell?{CELL}",
    "item": "/run/latest/item?item=00005",
    "region": "/run/latest/region?region=R001",
    "limits": "/run/latest/limits",
    "try": "/run/latest/try",
    "differs": "/run/latest/try/lines?{tried}",
    "edits": "/run/latest/edits",
    "asked": "/asked",
    "review": "/review",
    "runs": "/runs",
}
"""name of a picture -> the page"""
ON_A_PHONE = ("lines", "cell")
TRIALS = (
    ("lanes.cost_per_unit*1.2 where origin=HUB-A", "lanes.capacity*0.8 where origin=HUB-A"),
    ("promotion price*0.75 where week=2026-11-23 and item=00005,00006",),
)
"""what is tried before pictures are taken"""
SHAPES = {
    "": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "-phone": {"viewport": {"width": 360, "height": 700}, "color_scheme": "dark"},
}
DECISIONS = ((0, "change", "2", "shop closes on Saturday"), (3, "freeze", "", "promised"))
"""line, decision, quantity and comment"""
WISH = {
    "value": "2", "region": "R001", "item": "00004", "reason": "a fair", "expires": "2027-01-31",
}  # fmt: skip
"""column -> what is asked for"""
PATIENCE = 240_000.0
"""milliseconds"""


def main(names: list[str]) -> None:
    """Take the pictures of the pages named, or of all."""
    PICTURES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as place,
        _served(folder := Path(place) / "shop") as link,
        _browser() as browser,
    ):
        base = link.split("/start")[0]
        tried = "&".join(f"with={each.name}" for each in sorted((folder / "whatif").iterdir()))
        for ending, shape in SHAPES.items():
            page = browser.new_context(locale="en-GB", **shape).new_page()
            page.set_default_timeout(PATIENCE)
            page.goto(link)
            page.wait_for_url(lambda url: "/start" not in url)
            if not ending:
                _decide(page, base)
            _name(page, base)
            for name in names or PAGES:
                if not ending or name in ON_A_PHONE:
                    address = base + PAGES[name].format(tried=tried)
                    _take(page, address, PICTURES / f"{name}{ending}.png")


def _name(page: Any, base: str) -> None:
    """Say who is at work."""
    page.goto(f"{base}/runs")
    page.click("details.who summary")
    page.fill("#field-name", "Ada")
    page.click("details.who button")
    page.wait_for_load_state()


def _decide(page: Any, base: str) -> None:
    """Decide on some lines, and ask for a minimum."""
    _name(page, base)
    for line, decision, quantity, comment in DECISIONS:
        page.goto(f"{base}/run/latest/lines")
        page.click(f"#edit-{line} a")
        page.select_option(f"#decision-{line}", decision)
        if quantity:
            page.fill(f"#quantity-{line}", quantity)
        page.fill(f"#comment-{line}", comment)
        page.click(f"#edit-{line} button:has-text('Keep this')")
        page.wait_for_selector(f"#edit-{line} >> text={comment}")
    page.goto(f"{base}/asked")
    for name, value in WISH.items():
        page.fill(f"#field-{name}", value)
    page.click("button:has-text('Ask for it')")
    page.wait_for_selector("main table")


def _take(page: Any, address: str, picture: Path) -> None:
    """Take one picture, once what the page fetches is there."""
    answer = page.goto(address, wait_until="networkidle")
    if answer.status != 200:
        sys.exit(f"{address} answers {answer.status}")
    page.screenshot(path=picture)
    size = picture.stat().st_size
    sys.stderr.write(f"{picture.name}: {size:,} bytes\n")
    if size > LARGEST:
        sys.exit(f"{picture} is larger than {LARGEST:,} bytes")


@contextlib.contextmanager
def _served(folder: Path) -> Iterator[str]:
    """Plan the tiny sample in a folder, try something and serve it; lend the start link."""
    shutil.copytree(TINY, folder)
    command = [sys.executable, "-m", "foreship"]
    subprocess.run([*command, "run", folder, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    for changes in TRIALS:
        asked = [f"--change={each}" for each in changes]
        words = [*command, "plan", folder, *asked, "--against=latest", "--quiet"]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    words = [*command, "serve", folder, "--no-open", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as run:
        try:
            yield json.loads(run.stdout.readline())["url"]  # type: ignore[union-attr]
        finally:
            run.terminate()


@contextlib.contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])

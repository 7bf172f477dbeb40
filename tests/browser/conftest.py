"""Fixtures of the tests in a browser: a shop with a plan, a workbench on it, watched pages."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chromium import browsing
from tests.browser.serving import AT_WORK, Served, served
from tests.browser.watching import Watch

HERE = Path(__file__).parent
TINY = HERE.parents[1] / "data" / "tiny"
WIDE = {"width": 1280, "height": 800}
PATIENCE = 120_000.0
"""milliseconds that a page is waited for on a busy machine; nothing passes or fails by less"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder: without a browser none of them is run."""
    for each in items:
        if HERE in each.path.parents:
            each.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Lend one browser to all tests."""
    with browsing() as found:
        yield found


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the tiny workspace with one plan, made once; to be read only."""
    folder = tmp_path_factory.mktemp("browser") / "tiny"
    shutil.copytree(TINY, folder)
    words = [sys.executable, "-m", "foreship", "run", str(folder), "--quiet"]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture(scope="session")
def bench(planned: Path, browser: Any) -> Iterator[Served]:
    """Serve the plan that is only read; without a browser, which comes first, nothing is run."""
    with served(planned) as found:
        yield found


@pytest.fixture
def own_bench(planned: Path, browser: Any, tmp_path: Path) -> Iterator[Served]:
    """Serve a copy of the plan, for a test that decides on it; prices may be at work at its end."""
    folder = Path(shutil.copytree(planned, tmp_path / "tiny"))
    with served(folder, ends=(0, AT_WORK)) as found:
        yield found


PageMaker = Callable[..., Any]


@pytest.fixture
def page_of(browser: Any) -> Iterator[PageMaker]:
    """Return a function that opens a bench in a browser of its own, as another person would.

    It takes what Playwright's `new_context` takes; the page has come by the start link, and carries
    its `watch`. After the test no page may have failed, or asked for anything beyond this machine.
    """
    opened: list[tuple[Any, Watch]] = []

    def make(bench: Served, *, comes_in: bool = True, **settings: Any) -> Any:
        context = browser.new_context(**{"viewport": WIDE, "locale": "en-US", **settings})
        context.set_default_timeout(PATIENCE)
        watch = Watch(bench.base)
        context.on("page", watch.over)
        opened.append((context, watch))
        page = context.new_page()
        page.watch = watch
        if comes_in:
            page.goto(bench.link)
            page.wait_for_url(lambda url: "/start" not in url)
        return page

    yield make
    for context, _ in opened:
        context.close()
    assert [fault for _, watch in opened for fault in watch.faults] == []


@pytest.fixture
def page(page_of: PageMaker, bench: Served) -> Any:
    """Return a page on the bench that is only read."""
    return page_of(bench)

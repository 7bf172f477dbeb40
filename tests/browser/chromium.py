"""The browser of this machine, driven without a window."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from typing import Any

from tests.servers.needed import missing

__all__ = ["browsing"]

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@contextlib.contextmanager
def browsing() -> Iterator[Any]:
    """Lend a browser of Playwright; skip, or fail where all servers must be, without one."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("Playwright")
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        missing("Chromium")
    words = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=found, args=words)
        try:
            yield browser
        finally:
            browser.close()

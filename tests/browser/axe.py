"""What axe finds on a page that keeps somebody from using it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["serious"]

GRAVE = ("serious", "critical")


def serious(page: Any) -> list[str]:
    """Return what axe calls serious or critical, a line each with its first place."""
    page.evaluate(_source())  # by the tools of the browser, which our policy does not bind
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']} ({each['impact']}): {each['nodes'][0]['html'][:200]}"
        for each in found["violations"]
        if each["impact"] in GRAVE
    ]


@cache
def _source() -> str:
    found = [each for each in files("axe_playwright_python").iterdir() if each.name.endswith(".js")]
    return found[0].read_text("utf-8")

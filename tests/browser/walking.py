"""One page of each kind that can be reached by links from the first one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

__all__ = ["kinds_of_pages"]

NO_PAGE = ("/assets/", "/file/", ".csv", ".xlsx", "/released/")
"""parts of addresses that lead to files"""
LINKS = "() => [...document.querySelectorAll('a[href]')].map(each => each.getAttribute('href'))"


def kinds_of_pages(page: Any, base: str, most: int = 30) -> tuple[dict[str, str], list[str]]:
    """Return kind of page -> an address of it, in the order found, and links that lead nowhere."""
    found: dict[str, str] = {}
    dead: list[str] = []
    waiting, seen = [f"{base}/"], set[str]()
    while waiting and len(found) < most:
        address = waiting.pop(0)
        if _kind(address) in found or address in seen:
            continue
        seen.add(address)
        answer = page.goto(address)
        if answer.status != 200:
            dead.append(f"{address} answers {answer.status}")
            continue
        found[_kind(address)] = address
        for each in page.evaluate(LINKS):
            link = urldefrag(urljoin(page.url, each)).url
            is_page = not any(part in urlsplit(link).path for part in NO_PAGE)
            if link.startswith(f"{base}/") and is_page and _kind(link) not in found:
                waiting.append(link)
    return found, dead


def _kind(address: str) -> str:
    """Return the route of an address: of a run whichever, of a number whichever."""
    parts = urlsplit(address).path.strip("/").split("/")
    if parts[0] in ("run", "job") and len(parts) > 1:
        parts[1] = "*"
    return "/".join("*" if each.isdecimal() else each for each in parts)

"""The path below which a proxy shows the workbench, where it has no name of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable

from foreship.errors import UsageError

__all__ = ["checked_prefix", "cookie_of", "refuse_page", "without_prefix"]

FORM = re.compile(r"(/[A-Za-z0-9._~-]+)+")
STEPS = re.compile(r"/\.{1,2}(/|$)")
"""parts of a path that browsers take for a step, and leave out"""


def checked_prefix(text: str) -> str:
    """Return the prefix as `[serve]` states it, `/plans`; blank: the addresses begin at `/`.

    Raises
    ------
    UsageError
        If it is no plain path.
    """
    if text and (not FORM.fullmatch(text) or STEPS.search(text)):
        raise UsageError(
            f"[serve] prefix {text!r} is no path of letters, digits and - . _ ~; write it as /plans"
        )
    return text


def refuse_page(prefix: str, patterns: Iterable[str]) -> None:
    """Refuse a prefix that begins as a page of ours does: whose it is could not be told then.

    Raises
    ------
    UsageError
    """
    taken = {each.split("/")[1] for each in patterns} - {""}
    if prefix and prefix.split("/")[1] in taken:
        raise UsageError(f"[serve] prefix {prefix!r} begins as a page of ours does; write another")


def without_prefix(path: str, prefix: str) -> str:
    """Return the path of a request as pages know it, be the prefix cut by a proxy or not."""
    if prefix and (path == prefix or path.startswith(f"{prefix}/")):
        return path[len(prefix) :] or "/"
    return path


def cookie_of(name: str, value: str, prefix: str) -> str:
    """Return the `Set-Cookie` header of a cookie of ours, which no other path is sent."""
    return f"{name}={value}; HttpOnly; SameSite=Strict; Path={prefix or '/'}"

r"""Equations of the pages as MathML, which browsers draw without script, font or network.

`$$ .. \tag{17} $$` becomes a numbered block with the anchor `#equation-17`, and so do indented
lines that end in such a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any

from latex2mathml.converter import convert

__all__ = ["on_page_markdown", "with_mathematics"]

FENCE = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)
EQUATION = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
TAG = re.compile(r"\\tag\{(\w+)\}")
INDENTED = re.compile(r"(?<=\n\n)(?: {4}.*\n)+")
NUMBER = re.compile(r" {2,}\((\d+[a-z]?)\)$")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Convert the equations of a page, as MkDocs asks."""
    return with_mathematics(markdown)


def with_mathematics(markdown: str) -> str:
    """Return the page with each equation outside of code blocks as an HTML block."""
    parts = FENCE.split(markdown)
    return "".join(part if part.startswith("```") else _drawn(part) for part in parts)


def _drawn(text: str) -> str:
    return INDENTED.sub(_typed, EQUATION.sub(_formula, text))


def _formula(found: re.Match[str]) -> str:
    tag = TAG.search(found[1])
    formula = convert(" ".join(TAG.sub("", found[1]).split()), display="block")
    return _block(f'<div class="formula">{formula}</div>', tag[1] if tag else None)


def _typed(found: re.Match[str]) -> str:
    """Set apart the lines up to each number; leave a block without numbers as it is."""
    lines = found[0].splitlines()
    if not any(NUMBER.search(line) for line in lines):
        return found[0]
    return "".join(
        _block(f'<pre class="formula">{escape(text)}</pre>', number)
        for text, number in _numbered(lines)
    )


def _numbered(lines: list[str]) -> Iterator[tuple[str, str | None]]:
    """Yield the lines up to each number with it, then those behind the last one."""
    waiting: list[str] = []
    for line in lines:
        waiting.append(NUMBER.sub("", line[4:]))
        if number := NUMBER.search(line):
            yield "\n".join(waiting), number[1]
            waiting = []
    if waiting:
        yield "\n".join(waiting), None


def _block(formula: str, number: str | None) -> str:
    if number is None:
        return f'\n\n<div class="equation">{formula}</div>\n\n'
    link = f'<a href="#equation-{number}">({number})</a>'
    return f'\n\n<div class="equation" id="equation-{number}">{formula}{link}</div>\n\n'

"""A page read as a browser reads it, and what must not be on it."""

from __future__ import annotations

import html.parser
import re

HOSTILE = [
    "<script>alert(1)</script>",
    '"onmouseover="alert(1)',
    "'><img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "</title></style><svg onload=alert(1)>",
    "javascript:alert(1)",
    "&lt;script&gt;",
    "\u202egnp.exe\x00\x1b[31m",
]


class Page(html.parser.HTMLParser):
    """The parsed page: tags, attributes, text and the cells of its tables."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self.rows: list[list[str]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an opening tag."""
        self.tags.append((tag, {key: value or "" for key, value in attrs}))
        self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a tag that closes itself."""
        self.tags.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Take a closing tag."""
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Take a piece of text."""
        self.text.append(data)
        if self.rows and self.rows[-1] and ("td" in self._open or "th" in self._open):
            self.rows[-1][-1] += data

    def units_drawn(self, tag: str) -> float:
        """Sum the units that elements of one kind say they stand for."""
        return sum(
            float(at["data-units"]) for each, at in self.tags if each == tag and "data-units" in at
        )

    def row(self, title: str) -> list[str]:
        """Return the first row that begins with a title."""
        return next(row for row in self.rows if row and row[0] == title)


def assert_closed(text: str) -> None:
    """Nothing on the page runs, loads or leads away."""
    page = Page(text)
    assert "script" not in {tag for tag, _ in page.tags}
    active = {
        "img",
        "iframe",
        "object",
        "embed",
        "link",
        "form",
        "base",
        "a",
        "input",
        "foreignobject",
    }
    assert not active & {tag for tag, _ in page.tags}
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "href")]
        assert "style" not in attributes
    assert not re.search(r"(https?:)?//[a-z]", text.replace("<!DOCTYPE", ""))
    assert text.count("<style>") == text.count("</style>") == 1
    policy = [at["content"] for tag, at in page.tags if at.get("http-equiv")]
    assert policy and policy[0].startswith("default-src 'none'")

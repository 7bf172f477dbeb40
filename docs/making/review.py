"""Cut the picture of the tutorial's review, `docs/assets/review.svg`, out of its page.

    python docs/making/review.py review.html

The page is what `foreship review shop --html review.html` wrote in the planner's week.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

__all__ = ["draw", "main"]

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "assets" / "review.svg"
WIDE, HIGH = 1180, 760
"""of the page, and how much of it is seen [px]"""


def main(page: str) -> None:
    """Write the picture."""
    PICTURE.write_text(draw(Path(page).read_text("utf-8")), "utf-8")


def draw(page: str) -> str:
    """Return the top of a page as SVG, with the page's own style: header and first chapter."""
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    top = re.search(r"<header>.*?</header><section>.*?</section>", page, re.DOTALL)
    if style is None or top is None:
        raise ValueError("the page has no header and chapter")
    shown = top[0].replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ')
    rules = re.sub(r"@media.*?\}\s*\}", "", style[1], flags=re.DOTALL).replace("body {", ".page {")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img">'
        f"<style>{rules}</style>"
        f'<foreignObject width="{WIDE}" height="{HIGH}">'
        f'<div xmlns="http://www.w3.org/1999/xhtml" class="page">{shown}</div>'
        "</foreignObject></svg>\n"
    )


if __name__ == "__main__":
    main(sys.argv[1])

"""Fail unless the built site documents every public name, draws every equation, loads nothing.

python .ci/site.py site
"""

import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "docs" / "making"))

from api import PACKAGES  # noqa: E402 - what the site is made with lies there

LOADED = re.compile(r"<(?:script|img|iframe)\b[^>]*\bsrc=\"?(?:https?:)?//|@import|url\(https?:")
STYLE = re.compile(r"<link\b[^>]*\brel=\"?(?:stylesheet|preload|preconnect)[^>]*//[^>]*>")


def main() -> None:
    """Print what is missing; exit 1 if anything is."""
    site = Path(sys.argv[1])
    faults = [*names_missing(site), *equations_missing(site), *loaded_from_elsewhere(site)]
    if faults:
        sys.exit("\n".join(faults))
    sys.stdout.write("every public name and equation is on the site; it loads nothing\n")


def names_missing(site: Path) -> Iterator[str]:
    """Yield each public name that its package's page has no anchor and no heading for."""
    for package in PACKAGES:
        page = (site / "api" / package / "index.html").read_text("utf-8")
        for name in dir(import_module(package)):
            heading = re.search(rf'id="{package}\.{name}".*?<h3[^>]*>(.*?)</h3>', page, re.DOTALL)
            if heading is None or f"{package}.{name}" not in heading[1]:
                yield f"{package}.{name} is not on the site"


def equations_missing(site: Path) -> Iterator[str]:
    """Yield each numbered equation of a page that is not drawn, or left as it is typed."""
    for source in sorted((ROOT / "docs").glob("*.md")):
        text = source.read_text("utf-8")
        numbers = re.findall(r"\\tag\{(\w+)\}|^ {4}.* {2,}\((\d+[a-z]?)\)$", text, re.MULTILINE)
        if not numbers:
            continue
        page = (site / source.stem / "index.html").read_text("utf-8")
        for number in (formula or typed for formula, typed in numbers):
            if not re.search(rf'id="equation-{number}"><(div|pre) class="formula">', page):
                yield f"equation {number} of {source.name} is not on the site"
        if "$$" in page:
            yield f"an equation of {source.name} is not drawn"


def loaded_from_elsewhere(site: Path) -> Iterator[str]:
    """Yield each page or style sheet that fetches a script, font, picture or style."""
    for path in sorted([*site.rglob("*.html"), *site.rglob("*.css")]):
        for found in re.finditer(LOADED.pattern + "|" + STYLE.pattern, path.read_text("utf-8")):
            yield f"{path.relative_to(site)} loads from elsewhere: {found[0][:120]}"


if __name__ == "__main__":
    main()

"""The site's pages that do not lie in `docs/`, and links that hold on GitHub and here alike.

MkDocs calls `on_config`, `on_files` and `on_page_markdown`. Pages keep the relative links that
lead somewhere in the repository, and name pages made here by their address on the published site;
both are turned into links inside the site.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from api import PACKAGES, api_page, source_folders
from commands import commands_page
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from notebooks import notebook_page

__all__ = ["on_config", "on_files", "on_page_markdown"]

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"(?<=\]\()(?!\w+:|#)([^)#\s]+)")

NAMED = re.compile(r"(?<!\[)`docs/([\w/-]+\.md)`(?!\])")
"""a page named as code names it"""

ELSEWHERE = {
    "ARCHITECTURE.md": "architecture.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "data/README.md": "data.md",
    "benchmarks/README.md": "benchmarks/README.md",
    "benchmarks/forecast/README.md": "benchmarks/forecast.md",
    "benchmarks/forecast/other_sets.md": "benchmarks/other-sets.md",
    "benchmarks/money/README.md": "benchmarks/money.md",
    "benchmarks/program/README.md": "benchmarks/program.md",
    "benchmarks/value/README.md": "benchmarks/value.md",
}
"""pages that stand beside what they are about, and where they are on the site"""

NOTEBOOKS = {
    "notebooks/from_orders_to_plan.ipynb": "tutorials/notebook.md",
    "notebooks/an_analysts_day.ipynb": "tutorials/an-analysts-day.md",
}
"""notebooks, and where they are on the site"""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Tell mkdocstrings where the packages lie."""
    handlers = config.plugins["mkdocstrings"].config.handlers
    handlers["python"]["paths"] = source_folders()
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages from elsewhere, the commands, the packages and the notebooks."""
    for source, page in ELSEWHERE.items():
        files.append(File.generated(config, page, content=(ROOT / source).read_text("utf-8")))
    files.append(File.generated(config, "commands.md", content=commands_page()))
    for package in PACKAGES:
        files.append(File.generated(config, f"api/{package}.md", content=api_page(package)))
    for source, page in NOTEBOOKS.items():
        files.append(File.generated(config, page, content=notebook_page(ROOT / source)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: Any) -> str:
    """Turn links between `docs/` and the rest of the repository."""
    uri = page.file.src_uri
    source = {page: path for path, page in ELSEWHERE.items()}.get(uri, f"docs/{uri}")

    def inside(found: re.Match[str]) -> str:
        return _relative(f"{found[1].strip('/') or 'index'}.md", uri)

    def turned(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), found[1]))
        return _destination(target, uri, str(config.repo_url)) or found[1]

    site = re.compile(rf"(?<=\]\(){re.escape(str(config.site_url).rstrip('/'))}([^)#\s]*)")
    linked = site.sub(inside, LINK.sub(turned, markdown))
    return NAMED.sub(lambda found: f"[{found[0]}]({_relative(found[1], uri)})", linked)


def _relative(page: str, uri: str) -> str:
    """Return the way from one page of the site to another."""
    return posixpath.relpath(page, posixpath.dirname(uri) or ".")


def _destination(target: str, uri: str, home: str) -> str | None:
    """Return a link to a file of the repository from a page; None if it is none."""
    pages = {**ELSEWHERE, **NOTEBOOKS}
    if target in pages:
        return _relative(pages[target], uri)
    if target.startswith("docs/"):
        return _relative(target.removeprefix("docs/"), uri)
    if (ROOT / target).is_dir():
        return f"{home}/tree/main/{target}"
    return f"{home}/blob/main/{target}" if (ROOT / target).exists() else None

"""Behind a proxy that shows the workbench below a path, a planner decides as without one."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn")

from tests.browser.deciding import decide, opened
from tests.browser.serving import AT_WORK, served
from tests.foreship.workbench.serving.running import proxied

BELOW = "/plans"


def test_lines_are_found_and_decided_on_below_a_path(
    planned: Path, page_of: Any, tmp_path: Path
) -> None:
    """Styles, scripts, parts of pages, forms and cookies all come through the proxy."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        at = free.getsockname()[1]
    folder = Path(shutil.copytree(planned, tmp_path / "tiny"))
    front = f"http://127.0.0.1:{at}{BELOW}"
    with (folder / "foreship.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[serve]\nnames = ["127.0.0.1:{at}"]\nprefix = "{BELOW}"\n')
    with served(folder, ends=(0, AT_WORK)) as own:
        port = int(own.base.rsplit(":", 1)[1].split("/")[0])
        shown = own._replace(link=own.link.replace(own.base, front), base=front)
        assert own.base.endswith(BELOW)
        with proxied(port, {}, cuts=BELOW, at=at):
            page = page_of(shown)
            assert page.url.startswith(f"{front}/")
            opened(page, front, 0)
            decide(page, 0, "freeze", "promised")
            page.wait_for_selector("#edit-0 >> text=promised")
            page.fill("#search", "00001")
            page.wait_for_selector("#found a")
            assert page.get_attribute("#found a", "href").startswith(f"{BELOW}/run/")
            page.click("nav >> text=Decisions")
            page.wait_for_selector("text=1 decision")
            names = {each["path"] for each in page.context.cookies()}
            assert names == {BELOW}
            page.context.close()

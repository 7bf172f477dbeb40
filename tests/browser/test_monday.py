"""The planner's Monday: from the plan to the warehouse, and the same done by commands."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from tests.browser.deciding import SLOW, call_oneself, decide, opened
from tests.browser.serving import Served

SAME = ("plan.parquet", "units.parquet", "plan.csv")
"""files of the edited run that say what the plan is"""


def test_a_line_is_changed_priced_approved_and_released(
    own_bench: Served, page_of: Any, planned: Path, tmp_path: Path
) -> None:
    """What comes of it is byte for byte what the commands make of the same decisions."""
    by_hand = Path(shutil.copytree(planned, tmp_path / "by-hand" / "tiny"))
    run = next((own_bench.folder / "runs").iterdir())
    lines = pd.read_parquet(run / "plan.parquet")
    changed, locked = (int(each) for each in lines.index[lines["action"] == "ship"][:2])
    fewer = int(lines["quantity"][changed]) - 1
    page = page_of(own_bench)
    call_oneself(page, own_bench.base, "Ada")

    opened(page, own_bench.base, changed)
    page.select_option(f"#decision-{changed}", "change")
    page.fill(f"#quantity-{changed}", str(fewer))
    page.click(f"#edit-{changed} button:has-text('What it costs')")
    page.wait_for_selector(f"#price-{changed} >> text=By the ledger it costs")
    page.wait_for_selector(f"#price-{changed} .price", timeout=SLOW)
    assert "Solved for, it costs" in page.inner_text(f"#price-{changed} .price")
    decide(page, changed, "change", "shop closes", fewer)
    page.wait_for_selector(f"#edit-{changed} >> text=shop closes")
    opened(page, own_bench.base, locked)
    decide(page, locked, "freeze", "")
    page.wait_for_selector(f"#edit-{locked} >> text=freeze")

    page.goto(f"{own_bench.base}/run/{run.name}/edits")
    assert "2 decisions" in page.inner_text("main caption")
    _kept(page, "The decisions as the approval reads them", tmp_path / "edits.csv")
    page.click("button:has-text('Approve the plan with 2 decisions')")
    page.click("text=Release it", timeout=SLOW)
    page.click("button:has-text('Release the plan')")
    page.wait_for_selector("text=For the warehouse", timeout=SLOW)
    _kept(page, "text=picking.csv", tmp_path / "picking.csv")
    page.click("text=Back to the plan")
    _kept(page, "text=The workbook of the plan", tmp_path / "plan.xlsx")
    assert "Released by Ada" in page.inner_text("main")

    made = own_bench.folder / "runs" / page.url.split("/")[-2]
    same = by_hand / "runs" / made.name
    _foreship("approve", by_hand / "runs" / run.name, "--by=Ada", f"--edits={tmp_path}/edits.csv")
    _foreship("release", same, "--by=Ada")
    for name in SAME:
        assert (made / name).read_bytes() == (same / name).read_bytes(), name
    released = by_hand / "released" / made.name / "picking.csv"
    assert (tmp_path / "picking.csv").read_bytes() == released.read_bytes()
    assert (tmp_path / "plan.xlsx").read_bytes() == (made / "plan.xlsx").read_bytes()


def _kept(page: Any, link: str, path: Path) -> None:
    """Click what leads to a download, and keep it."""
    with page.expect_download() as found:
        page.click(link if "=" in link else f"text={link}")
    found.value.save_as(path)


def _foreship(*words: object) -> None:
    subprocess.run(
        [sys.executable, "-m", "foreship", *map(str, words), "--quiet"],
        check=True,
        stdout=subprocess.DEVNULL,
    )

"""Whether a promotion would be the first is told from the workspace's own prices."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from foreship.config import load_config
from foreship.workbench.bench import Bench
from foreship.workbench.trials.asked import asked_of, judged
from foreship.workbench.trials.past_promotions import past_promotions

MONDAY = pd.Timestamp("2026-11-16")
NAMED = '[tables]\nprices = "prices.csv"\n'


def shop(folder: Path, rows: str) -> Path:
    """Write a workspace with prices alone."""
    (folder / "foreship.toml").write_text(NAMED)
    (folder / "prices.csv").write_text(f"week,region,item,price,promotion\n{rows}")
    return folder


@pytest.mark.parametrize(("rows", "count"), [
    ("2026-11-09,Lyon,1,2.0,1\n2026-11-02,Lyon,1,2.0,1\n", 1),
    ("2026-11-09,Lyon,1,2.0,0\n2026-11-16,Lyon,1,2.0,1\n", 0),
])  # fmt: skip
def test_only_a_promotion_before_the_plan_is_an_earlier_one(
    tmp_path: Path, rows: str, count: int
) -> None:
    """A price without one is none, and what is planned has taught nothing yet."""
    folder = shop(tmp_path, rows)
    found = past_promotions(folder, load_config(folder / "foreship.toml"), MONDAY)
    assert found is not None and len(found) == count


def test_without_prices_any_promotion_is_the_first_and_at_fault_nothing_is_told(
    tmp_path: Path,
) -> None:
    """The command says what is wrong with a table."""
    folder = shop(tmp_path, "no week,Lyon,1,2.0,1\n")
    config = load_config(folder / "foreship.toml")
    assert past_promotions(folder, config, MONDAY) is None
    (folder / "prices.csv").unlink()
    assert past_promotions(folder, config, MONDAY) is None
    (folder / "foreship.toml").write_text("")
    found = past_promotions(folder, load_config(folder / "foreship.toml"), MONDAY)
    assert found is not None and found.empty


def test_the_page_warns_of_a_first_promotion(told_bench: Bench) -> None:
    """As of an event that never was; not where it is said what it does."""
    held = told_bench.run("latest")
    week = (held.view.as_of + pd.Timedelta(weeks=1)).date().isoformat()
    form = {"promotion-week": week, "promotion-value": "0.8", "promotion-how": "*"}
    for more, count in (({}, 1), ({"demand-value": "1.2"}, 0)):
        found = judged(asked_of(form | more), told_bench.config, told_bench.folder, held)
        assert found[0] == [] and len(found[1]) == count, found

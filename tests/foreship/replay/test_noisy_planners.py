"""Planners who edit at random lose what a review says they lose."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest

from foreship.judge.gain.outcome import come_of
from foreship.pipeline import stages
from foreship.pipeline.known import Known
from foreship.replay.backtest import backtest
from foreship.replay.noisy_planners import NoisyPlanner
from foreship.replay.policies import foreship_mean
from foreship.reviews.played import Past
from foreship.reviews.scores import scores_of
from tests.foreship.replay.random_shops import law_of, random_shop, two_hub_shop

KEYS = ["action", "origin", "destination", "item", "ship_date", "arrival_date"]
WEEKS = 6
SEEDS = range(1, 6)
SHOPS = {
    "two hubs": two_hub_shop,
    "drawn 1": partial(random_shop, 1, weeks=8),
    "drawn 2": partial(random_shop, 2, weeks=8),
    "drawn 3": partial(random_shop, 3, weeks=8),
}


@dataclass
class Watched:
    """A noisy planner, with what it knew, planned before its edits and planned with them."""

    noisy: NoisyPlanner
    weeks: list[tuple[Known, pd.DataFrame, pd.DataFrame]] = field(default_factory=list)

    def __call__(self, known: Known) -> Any:
        """Plan, and remember."""
        plan = self.noisy(known)
        self.weeks.append((known, self.noisy.policy(known).lines, plan.lines))
        return plan


def differing(edited: pd.DataFrame, plain: pd.DataFrame) -> pd.DataFrame:
    """Return `without.parquet` of a row whose plan without it is the plain one."""
    ours, theirs = (each.groupby(KEYS)["quantity"].sum() for each in (edited, plain))
    both = theirs.reindex(ours.index.union(theirs.index), fill_value=0)
    changed = both[both != ours.reindex(both.index, fill_value=0)]
    return changed.reset_index().assign(row="edits 0")


EDITED = pd.DataFrame(
    [("edits 0", "edits", "edit", "line 0", "", "")],
    columns=["row", "table", "kind", "words", "reason", "author"],
)


def scores_of_weeks(shop: Any, watched: Watched) -> list[float]:
    """Return the score of each week's edits; it is the difference of the two plans' gains."""
    end = shop.tables["orders"]["date"].max() + pd.Timedelta(days=1)
    scores = []
    for known, before, after in watched.weeks:
        tables = {**known.tables, "orders": shop.tables["orders"]}
        past = Past.of(tables, shop.config, known.as_of, end)
        gain = past.came(past.sent(after)).gain
        other = differing(after, before)
        score = scores_of(past, after, gain, EDITED, other)["score"][0] if len(other) else 0.0
        scores.append(score)
        if past.came(past.sent(after)).settled and past.came(past.sent(before)).settled:
            gains = [
                come_of(past.network, past.morning, past.buyers, past.refills, each, past.terms)
                for each in (after, before)
            ]
            assert score == pytest.approx(gains[0].gain - gains[1].gain, abs=1e-9)
    return scores


@pytest.mark.nightly
@pytest.mark.parametrize("name", SHOPS)
def test_random_edits_lose_what_a_review_says(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In each week a score is the difference of two gains; over the weeks they tell what was lost.

    Every planner loses, and by the scores too. Of all planners of a shop together the sum of scores
    and the difference of the profits, left-over stock counted, are within half of each other: later
    weeks start from other stock, which no score sees.
    """
    shop = SHOPS[name]()
    monkeypatch.setattr(stages, "forecast_stage", law_of(shop))
    noisy = {
        f"noisy {seed}": Watched(NoisyPlanner(foreship_mean, share=0.7, spread=0.9, seed=seed))
        for seed in SEEDS
    }
    found = backtest(shop, weeks=WEEKS, policies={"plain": foreship_mean, **noisy})
    money = found.money.set_index("policy")
    earned = money["profit"] + money["left_over_value"]
    lost = {each: float(earned[each] - earned["plain"]) for each in noisy}
    scores = {each: scores_of_weeks(shop, watched) for each, watched in noisy.items()}
    told = {each: sum(weeks) for each, weeks in scores.items()}
    assert all(np.count_nonzero(weeks) >= 2 for weeks in scores.values())
    assert all(lost[each] < 0 and told[each] < 0 for each in noisy)
    assert 0.5 < sum(told.values()) / sum(lost.values()) < 2.0


def test_edits_are_whole_packs_of_what_stands_there() -> None:
    """The same seed edits the same; nothing is asked for that the hub does not hold."""
    tables = {
        "items": pd.DataFrame({"item": ["K"], "pack_size": [6]}),
        "stock": pd.DataFrame({"location": ["H"], "item": ["K"], "quantity": [40]}),
    }
    lines = pd.DataFrame(
        [("ship", "H", "R1", "K", 12), ("ship", "H", "R2", "K", 18), ("return", "R1", "H", "K", 2)],
        columns=["action", "origin", "destination", "item", "quantity"],
    )
    asked = 0
    for seed in range(30):
        known = Known(pd.Timestamp("2026-03-02"), tables, None, None)  # type: ignore[arg-type]
        planner = NoisyPlanner(lambda _: lines, share=0.8, spread=1.5, seed=seed)
        edits = planner.edits(known, lines)
        pd.testing.assert_frame_equal(edits, planner.edits(known, lines))
        assert (edits["value"] % 6 == 0).all()
        whole = {"R1": 12, "R2": 18} | dict(zip(edits["region"], edits["value"], strict=True))
        assert sum(whole.values()) <= 40
        asked += len(edits)
    assert asked > 30

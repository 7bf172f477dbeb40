"""A planner who edits at random: what such edits cost is what a review must say of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from foreship.pipeline.known import Known, Policy, lines_of
from foreship_foundation.tables.input_tables import INPUTS

if TYPE_CHECKING:
    from foreship.frames.kinds import IntoFrame
    from foreship_optimize.plan import Plan

__all__ = ["NoisyPlanner"]

KEYS = ["origin", "destination", "item"]


@dataclass(frozen=True)
class NoisyPlanner:
    """A policy whose plan is edited at random and made again with the edits as locks."""

    policy: Policy
    """what makes the plan, before the edits and with them"""
    share: float = 0.1
    """chance that what goes from one place to another of an item is edited, 0..1"""
    spread: float = 0.5
    """standard deviation of the new quantity, as a share of the old one"""
    seed: int = 0

    def __call__(self, known: Known) -> IntoFrame | Plan:
        """Return the plan with the edits; without any the policy's own."""
        plan = self.policy(known)
        edits = self.edits(known, lines_of("of a noisy planner", plan))
        if edits.empty:
            return plan
        return self.policy(replace(known, tables={**known.tables, "overrides": edits}))

    def edits(self, known: Known, lines: pd.DataFrame) -> pd.DataFrame:
        """Return rows of `overrides`: whole packs, no more than stands at the hub."""
        draw = np.random.default_rng([self.seed, known.as_of.toordinal()])
        ships = lines[lines["action"] == "ship"].groupby(KEYS, sort=True)["quantity"].sum()
        packs = known.tables["items"].set_index("item")["pack_size"]
        stock = known.tables["stock"].groupby(["location", "item"])["quantity"].sum()
        leaves = ships.groupby(["origin", "item"]).sum().rename_axis(["location", "item"])
        spare = stock.sub(leaves, fill_value=0).clip(lower=0).astype("int64").to_dict()
        rows = []
        for origin, region, item, units in ships.reset_index().itertuples(index=False, name=None):
            edited, shift = draw.random() < self.share, draw.normal() * self.spread
            if not edited:
                continue
            pack, left = int(packs[item]), spare[origin, item]
            asked = max(round(units * (1.0 + shift) / pack), 0) * pack
            new = min(asked, units + left // pack * pack)
            if new != units:
                spare[origin, item] = left - max(new - units, 0)
                rows.append((region, item, origin, new))
        table = pd.DataFrame(rows, columns=["region", "item", "origin", "value"])
        table = table.assign(
            kind="fix",
            reason="edited at random",
            author="at random",
            action="",
            expires=known.as_of,
        )
        return table[list(INPUTS["overrides"].names)]

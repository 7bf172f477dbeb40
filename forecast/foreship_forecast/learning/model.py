"""The purchase model: a head with its calibration, and how it is saved and loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from foreship_forecast.counts.calibration import Calibration
from foreship_forecast.counts.dependence import Dependence
from foreship_forecast.counts.distribution import DemandDistribution
from foreship_forecast.counts.sample_paths import PathDraws, SamplePaths
from foreship_forecast.errors import BeyondAsOf, ModelRefused
from foreship_forecast.features.adjustments import adjusted_distribution
from foreship_forecast.features.matrix import Features
from foreship_forecast.features.prepared import prepared
from foreship_forecast.features.unused_plans import unused_plans
from foreship_forecast.heads.boosters import LIGHTGBM, Boosters
from foreship_forecast.heads.forest import FORESTS, sound_forest
from foreship_forecast.heads.partial_pooling import PooledLevels, floor_notes, pooled_levels
from foreship_forecast.heads.pool import Pool
from foreship_forecast.heads.pooled_head import PooledHead
from foreship_forecast.history.cells import places
from foreship_forecast.history.order_sizes import usual_order_sizes
from foreship_forecast.history.panel import WEEK
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.learning.scoring import Scoring, joined_law, law_of_block
from foreship_forecast.model_files import read_bundle, typed, write_bundle
from foreship_forecast.params import ForecastParams, PrivacyParams
from foreship_foundation.arrays import Ids, Ints
from foreship_foundation.blocks import Across, in_turn, rows_of_block, stretches
from foreship_foundation.telling.progress import pieces
from foreship_foundation.telling.words import percent, plural

__all__ = ["HeldOut", "PurchaseModel"]

FACTS = {
    "pool",
    "calibration",
    "categories",
    "dependence",
    "params",
    "privacy",
    "as_of",
    "notes",
    "lightgbm",
}
"""what every bundle says"""
LEARNED = {"names", "usual"}
"""what one with boosters says beside it: the columns that they read, and how far to trust them"""


@dataclass(frozen=True)
class HeldOut:
    """Mean log-loss of p_1 on weeks that the first fit never saw; they set the heads' weights."""

    weeks: int
    """number of weeks, at least 1"""
    forecast: float
    """of what all heads say together, before it is calibrated [nats]"""
    climatology: float
    """of the rate of the year alone [nats]"""

    @property
    def skill(self) -> float:
        """Share of the loss of climatology that the forecast saves; below 0 it adds to it."""
        return 1.0 - self.forecast / self.climatology if self.climatology > 0 else 0.0


@dataclass(frozen=True)
class PurchaseModel:
    """A fitted model, which predicts from any later snapshot.

    **Invariants:** the same snapshot gives the same distribution, whatever the order of rows and
    the number of threads.
    """

    head: PooledHead
    calibration: Calibration
    categories: tuple[str, ...]
    """categories of the calibration's factors"""
    dependence: Dependence
    params: ForecastParams
    privacy: PrivacyParams
    as_of: str
    notes: tuple[str, ...]
    """what was left out, borrowed or not trusted, one sentence each"""
    held_out: HeldOut | None = field(default=None, compare=False)
    """what the fit scored; None where no week could be held out, and for a model that was loaded:
    it says nothing of the weeks since"""

    def predict(
        self,
        snapshot: Snapshot,
        cells: tuple[Ids, Ids] | None = None,
        across: Across = in_turn,
    ) -> DemandDistribution:
        """Return the demand distribution of every cell that may be stocked, from `as_of` on.

        Parameters
        ----------
        snapshot
            What is known; may be later than the one the model was fitted on.
        cells
            Regions and items of further cells to predict, shape (N,) each.
        across
            Who scores the blocks of cells; it changes none of them.

        Raises
        ------
        BeyondAsOf
            If the model was learned later than the snapshot: it knows what came after it.
        """
        if snapshot.as_of < pd.Timestamp(self.as_of):
            raise BeyondAsOf(
                f"the model of {self.as_of} knows orders of {snapshot.as_of.date()} and later;"
                " predict from its own Monday on, or fit a model on this snapshot"
            )
        features = prepared(snapshot, self.params, self.privacy.min_customers, cells)
        said = self._predict(features, snapshot, across)
        return adjusted_distribution(said, snapshot.adjustments, snapshot.items)

    def _predict(
        self, features: Features, snapshot: Snapshot, across: Across
    ) -> DemandDistribution:
        panel, weeks = features.panel, self.params.horizon_weeks
        cells = np.flatnonzero(panel.offered)
        borrowed = pooled_levels(features, snapshot.buyers, self.privacy.min_customers)
        scoring = self.scoring(features, borrowed)
        # cells of an item are scored together: little of others is sent with them
        order = np.argsort(panel.codes.item[cells], kind="stable")
        rows = rows_of_block(across, self.params.block_rows)
        blocks = [np.sort(order[each]) for each in stretches(len(cells), max(rows // weeks, 1))]
        parts = [partial(scoring.part, cells[block]) for block in blocks]
        scored = pieces(across(law_of_block, parts), "Scoring cells", len(parts))
        law = joined_law(scored, np.concatenate(blocks))
        law, groups = borrowed.small.shared(panel, cells, law)
        region, item = panel.codes.names()
        ahead = panel.as_of + WEEK * np.arange(weeks)
        notes = (
            *unused_plans(snapshot, panel, features.outlook),
            *floor_notes(snapshot.buyers, self.privacy.min_customers),
        )
        monday = snapshot.as_of.to_datetime64()
        where, what = borrowed.names(panel.codes)
        sizes = usual_order_sizes(snapshot.orders, where[cells], what[cells], monday)
        return DemandDistribution(region[cells], item[cells], ahead, law, notes, groups.mean(sizes))

    def scoring(self, features: Features, borrowed: PooledLevels) -> Scoring:
        """Return what the law of all cells of a panel is worked out from, block by block."""
        codes = features.panel.codes
        category = _places(self.categories, codes.categories)[codes.category]
        # what borrows takes no factor of sizes, since that corrects what the head says, not what
        # pools sell; and no width of its own past, which few buyers made
        category = np.where(borrowed.any, len(self.categories), category)
        return Scoring(
            self.head,
            self.calibration,
            self.params.horizon_weeks,
            features,
            category,
            borrowed.any,
            borrowed.chance,
            borrowed.extra,
        )

    def draws(
        self,
        distribution: DemandDistribution,
        scenarios: int | None = None,
        seed: int | None = None,
    ) -> PathDraws:
        """Return joint sample paths to be drawn block by block, of `block_rows` cells x weeks.

        Scenarios and seed are the settings' unless given.
        """
        return PathDraws(
            distribution,
            self.dependence,
            self.params.scenarios if scenarios is None else scenarios,
            self.params.seed if seed is None else seed,
            self.params.block_rows,
        )

    def sample(
        self,
        distribution: DemandDistribution,
        scenarios: int | None = None,
        seed: int | None = None,
    ) -> SamplePaths:
        """Draw joint sample paths of all cells at once; parameters as in `draws`."""
        return self.draws(distribution, scenarios, seed).whole()

    def save(self, folder: str | Path) -> None:
        """Write the model into a folder: LightGBM texts and one JSON with their hashes."""
        texts = {}
        facts: dict[str, Any] = {
            "pool": self.head.pool.to_json(),
            "calibration": self.calibration.to_json(),
            "categories": list(self.categories),
            "dependence": self.dependence.to_json(),
            "params": asdict(self.params),
            "privacy": asdict(self.privacy),
            "as_of": self.as_of,
            "notes": list(self.notes),
            "lightgbm": LIGHTGBM,
        }
        if (boosters := self.head.boosters) is not None:
            facts["names"], facts["usual"] = list(boosters.names), list(boosters.usual)
            texts = {f"{name}.txt": getattr(boosters, name) for name in FORESTS}
        write_bundle(Path(folder), facts, texts)

    @classmethod
    def load(cls, folder: str | Path) -> PurchaseModel:
        """Read a model back.

        Raises
        ------
        ModelRefused
            If a byte differs from what was written, or what was written is no model: nothing
            that could lead LightGBM astray reaches it, whoever computed the hash.
        """
        facts, texts = read_bundle(Path(folder))
        try:
            if set(facts) - FACTS not in (set(), LEARNED) or not set(facts) >= FACTS:
                raise ValueError(f"it should say {', '.join(sorted(FACTS))}")
            categories = _words(facts["categories"])
            params = typed(ForecastParams, facts["params"])
            model = cls(
                head=_head(facts, texts, params.threads),
                calibration=Calibration.from_json(facts["calibration"]),
                categories=categories,
                dependence=Dependence.from_json(facts["dependence"]),
                params=params,
                privacy=typed(PrivacyParams, facts["privacy"]),
                as_of=date.fromisoformat(facts["as_of"]).isoformat(),
                notes=_words(facts["notes"]),
            )
            # cells of a category that the fit did not know take the last place
            if len(model.calibration.factor) != len(set(categories)) + 1:
                raise ValueError("its calibration needs a factor for each category, and one more")
        except (KeyError, TypeError, ValueError) as error:
            raise ModelRefused(f"{folder} is not a model of this version: {error}") from error
        return model

    def __str__(self) -> str:
        head = f"boosters believed {percent(self.head.pool.learned())}, plain rates the rest"
        kept = ", ".join(self.calibration.kept) or "none"
        return "\n".join(
            [
                f"PurchaseModel fitted as of {self.as_of}: {head}",
                f"  calibrated on {plural(self.calibration.rows, 'row')},"
                f" {self.calibration.first_week} to {self.calibration.last_week}; kept: {kept}",
                f"  dependence: {self.dependence}",
                *(f"  {note}" for note in self.notes),
            ]
        )


def _places(fitted: tuple[str, ...], names: Ids) -> Ints:
    """Return each name's place among the fitted ones, the one behind them where it is new."""
    found = places(np.array(fitted, dtype=object), names)
    return np.where(found < 0, len(fitted), found)


def _head(facts: Mapping[str, Any], texts: Mapping[str, str], threads: int) -> PooledHead:
    """Return the head that a saved model describes, its forests checked first."""
    pool = Pool.from_json(facts["pool"])
    wanted = {f"{name}.txt" for name in FORESTS} if "names" in facts else set()
    if set(texts) != wanted:
        raise ValueError(f"its head has other files than {sorted(texts)}")
    if not wanted:
        if pool.learned() > 0:
            raise ValueError("its pool weighs boosters that are not there")
        return PooledHead(None, pool)
    names, usual = _words(facts["names"]), _usual(facts["usual"])
    if not texts["chance.txt"] or bool(texts["units.txt"]) != bool(texts["scale.txt"]):
        raise ValueError("boosters of the next week or of one kind of size are missing")
    sound = {
        name: texts[f"{name}.txt"] and sound_forest(texts[f"{name}.txt"], name, len(names))
        for name in FORESTS
    }
    return PooledHead(Boosters(**sound, names=names, usual=usual, threads=threads), pool)


def _usual(found: object) -> tuple[float, float, float]:
    if not isinstance(found, list) or [type(each) for each in found] != [float] * 3:
        raise ValueError("usual should be three numbers")
    if not all(0 < each < np.inf for each in found):
        raise ValueError("usual should be three finite numbers above 0")
    return found[0], found[1], found[2]


def _words(found: object) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ValueError(f"a list of words was expected, not {str(found)[:40]!r}")
    return tuple(found)

"""What a plan may lose on paths that it was not chosen on, where these can be drawn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from foreship.config import Config
from foreship.pipeline.fresh_paths import FRESH, judged_out_of_sample
from foreship.pipeline.handoff import drawn_demand
from foreship.pipeline.stages import plan_stage
from foreship_foundation.blocks import Across
from foreship_foundation.paths.path_units import HeldUnits
from foreship_optimize.params import EconomicsParams, ExitParams, RiskParams
from foreship_optimize.risk import mean_of_worst
from tests.optimize.small_network import lane, tables_of
from tests.optimize.table_builder import MONDAY

WEEKS = MONDAY.to_datetime64().astype("datetime64[D]") + 7 * np.arange(4)
REGIONS = tuple(f"R{number}" for number in range(12))
MEAN = 0.7
"""units a week of each cell, Poisson"""


@dataclass(frozen=True)
class Law:
    """Cells that all sell alike."""

    region: np.ndarray
    item: np.ndarray
    weeks: np.ndarray = field(default_factory=lambda: WEEKS)
    order_sizes: None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Cells and weeks."""
        return len(self.region), len(WEEKS)

    def part(self, cells: np.ndarray) -> Law:
        """Return some of the cells."""
        return Law(self.region[cells], self.item[cells])


@dataclass(frozen=True)
class Drawn:
    """Paths of that law, with what `PathDraws` says of itself."""

    distribution: Law
    scenarios: int
    seed: int = 1

    def packed(self, across: Across) -> HeldUnits:
        """Draw them."""
        law = self.distribution
        units = np.random.default_rng(self.seed).poisson(MEAN, (*law.shape, self.scenarios))
        return HeldUnits(units.astype(np.uint16))


CELLS = Law(np.array(REGIONS, dtype=object), np.array(["I"] * len(REGIONS), dtype=object))
TABLES = tables_of(
    regions=[(region, np.inf, 2.0, "", np.nan, np.nan) for region in REGIONS],
    lanes=[each for region in REGIONS for each in (lane("H", region), lane(region, "H"))],
    stock=[("H", "I", 400)],
)
CONFIG = Config(
    economics=EconomicsParams(obsolescence_per_year=0.0, lost_sale_share=0.0),
    exits=ExitParams(allowed=("return",), return_handling=0.5),
)


def judged(scenarios: int, budget: float | None = None, *, known: bool = True, tables=TABLES):
    """Return a plan on so many paths, looked at once more."""
    config = replace(CONFIG, risk=RiskParams(budget=budget))
    draws = Drawn(CELLS, scenarios)
    demand = drawn_demand(draws)
    plan = plan_stage(tables, demand, MONDAY, config)
    law = (lambda _: draws) if known else None
    return plan, judged_out_of_sample(plan, tables, demand, law, MONDAY, config)


def true_cvar(plan) -> float:
    """Return the CVaR of a plan on 40,000 paths, by hand."""
    into = plan.lines[plan.lines["destination"].isin(REGIONS)]
    need = np.random.default_rng(9).poisson(4 * MEAN, (len(into), 40_000))
    # a unit not needed has cost 1 on its way, .10 a week, and goes back for 1.50
    unneeded = np.maximum(into["quantity"].to_numpy()[:, None] - need, 0)
    return mean_of_worst((1.0 + 4 * 0.1 + 1.5) * unneeded.sum(axis=0), 0.95)


def test_fresh_paths_show_what_the_plan_will_lose() -> None:
    """Chosen on 40 paths within a budget the plan will lose more; fresh paths say how much."""
    plan, looked = judged(40, budget=15.0)
    truth = true_cvar(plan)
    assert plan.summary["cvar"] <= 15.0 < 0.8 * truth
    assert looked.summary["cvar"] == plan.summary["cvar"]
    assert looked.summary["out_of_sample_paths"] == FRESH
    assert looked.summary["cvar_out_of_sample"] == pytest.approx(truth, rel=0.06)
    (said,) = [note for note in looked.notes if note not in plan.notes]
    assert said.startswith("risk.budget 15.00 is kept on the paths that the plan was chosen on")
    assert f"lose {looked.summary['cvar_out_of_sample']:,.2f} on average" in said


def test_without_a_budget_the_figure_alone_is_told() -> None:
    """No note: nothing that was asked for is broken."""
    plan, looked = judged(40)
    assert looked.summary["cvar_out_of_sample"] == pytest.approx(true_cvar(plan), rel=0.06)
    assert looked.notes == plan.notes


@pytest.mark.parametrize(("scenarios", "few"), [(40, True), (200, True), (400, False)])
def test_where_no_law_is_known_few_scenarios_are_said(scenarios: int, few: bool) -> None:
    """Ten outcomes or fewer in the worst share: the CVaR is of the plan's own choosing."""
    plan, looked = judged(scenarios, known=False)
    assert looked.summary["cvar_out_of_sample"] is None
    assert looked.summary["out_of_sample_paths"] == 0
    said = looked.notes[len(plan.notes) :]
    assert len(said) == few
    if few:
        assert f"the worst {0.05 * scenarios:g} of the {scenarios} scenarios" in said[0]


def test_a_plan_that_sends_nothing_loses_nothing() -> None:
    """Nor does it on other paths, and no note warns of it."""
    empty = TABLES | {"stock": TABLES["stock"].assign(quantity=0)}
    for known in (True, False):
        plan, looked = judged(20, known=known, tables=empty)
        assert not len(plan.lines)
        assert looked.summary["cvar_out_of_sample"] == (0.0 if known else None)
        assert looked.notes == plan.notes

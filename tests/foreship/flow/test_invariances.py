"""A plan on one's own demand does not hang on what does not matter, and moves as it must.

Forty networks: `pytest -m nightly tests/foreship/flow/test_invariances.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest

import foreship
from tests.foreship.flow.changed_networks import (
    LARGER_GAIN,
    SAME_GAIN,
    SMALLER_GAIN,
    hundredfold_money,
    simple,
    with_tables,
)
from tests.foreship.good_workspace import write_workspace
from tests.optimize.independent.market import Settings
from tests.optimize.independent.networks import AS_OF, Network, random_network

CHANGES = {**SAME_GAIN, **LARGER_GAIN, **SMALLER_GAIN}
SAMPLE = 3
SECTIONS = {
    "economics": ("holding_rate_per_year", "lost_sale_share", "obsolescence_per_year"),
    "exits": (
        "allowed",
        "markdown_share",
        "return_handling",
        "redirect_handling",
        "recovery_share",
    ),
    "risk": ("risk_level", "risk_budget", "risk_horizon_weeks"),
    "plan": (
        "review_weeks",
        "hub_refill_weeks",
        "minimum_line_quantity",
        "freight_budget",
        "stock_value_budget",
        "gap",
        "integer_program_units",
    ),
}
"""section of `foreship.toml` -> the settings of a network that stand there"""


@dataclass(frozen=True)
class Planned:
    """What is certain of the best plan: it costs `objective` at most and `bound` at least."""

    objective: float
    bound: float
    relaxed: bool
    lines: pd.DataFrame

    def may_cost_no_more_than(self, other: Planned, times: float = 1.0) -> bool:
        """Whether the best plan can be as cheap as the other one's best, so many times over."""
        noise = 1e-6 * max(1.0, abs(times * other.objective))
        return self.bound <= times * other.objective + noise


def planned(network: Network, folder: Path) -> Planned:
    """Write a workspace, open it and plan on its demand."""
    known = {name: table for name, table in network.tables.items() if len(table)}
    known["items"] = known["items"].drop(columns="customer_return_share")
    write_workspace(folder, known, settings=_toml(network.settings))
    network.demand.to_parquet(folder / "own.parquet", index=False)
    workspace = foreship.open(folder, AS_OF, history=False)
    run = foreship.plan(workspace, demand=folder / "own.parquet")
    summary = run.summary
    return Planned(
        summary["objective"], summary["bound"], bool(summary["relaxed"]), pd.DataFrame(run.plan)
    )


def _toml(settings: Settings) -> str:
    """Write the settings of a network as those of a workspace."""
    rows = []
    for section, names in SECTIONS.items():
        rows.append(f"[{section}]")
        for name in names:
            value = getattr(settings, name)
            if value is not None:
                words = str(list(value)) if isinstance(value, tuple) else repr(value)
                rows.append(f"{name.removeprefix('risk_')} = {words}")
    return "\n".join(rows) + "\n"


def fit_for(name: str, network: Network) -> Network:
    """Leave out what a change of this name would touch besides."""
    if name == "hub split in two":
        return simple(network)  # halves of packs, of lines and of lanes are other limits
    if name == "lane dearer today":
        # the dearest way in is what an unneeded unit loses
        return replace(network, settings=replace(network.settings, risk_budget=None))
    if name == "dominated lane added":
        # a slower lane may be the only one in time for an item that is not on offer yet
        on_offer = network.tables["assortment"].assign(**{"from": pd.NaT})
        return with_tables(network, assortment=on_offer)
    return network


FITTED = ("hub split in two", "lane dearer today", "dominated lane added")
"""changes that a network is made fit for"""


@pytest.fixture(scope="module")
def plan_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, str], Planned]:
    """Plan a random network as it is fit for a change, once for all changes it is fit for."""
    found: dict[tuple[int, str], Planned] = {}

    def plan(seed: int, name: str) -> Planned:
        key = seed, name if name in FITTED else ""
        if key not in found:
            network = fit_for(name, random_network(seed))
            found[key] = planned(network, tmp_path_factory.mktemp("before"))
        return found[key]

    return plan


def moves_as_it_must(name: str, seed: int, before: Planned, folder: Path) -> bool:
    """Plan after a change, and compare what is certain of both plans."""
    after = planned(CHANGES[name](fit_for(name, random_network(seed))), folder)
    no_worse, no_better = after.may_cost_no_more_than(before), before.may_cost_no_more_than(after)
    if name in SAME_GAIN:
        return no_worse and no_better and before.relaxed == after.relaxed
    if before.relaxed or after.relaxed:
        return True  # limits that gave way differ: nothing is certain
    return no_worse if name in LARGER_GAIN else no_better


@pytest.mark.sweep
@pytest.mark.parametrize("name", CHANGES)
def test_a_plan_moves_as_it_must(
    name: str, plan_once: Callable[[int, str], Planned], tmp_path: Path
) -> None:
    """Names, order and units change nothing; room never costs; limits and freight never earn."""
    before = plan_once(SAMPLE, name)
    assert not before.relaxed
    assert moves_as_it_must(name, SAMPLE, before, tmp_path)


@pytest.mark.nightly
@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("seed", range(40))
def test_plans_of_many_networks_move_as_they_must(
    seed: int, name: str, plan_once: Callable[[int, str], Planned], tmp_path: Path
) -> None:
    """The same of forty networks."""
    assert moves_as_it_must(name, seed, plan_once(seed, name), tmp_path)


def test_money_in_cents_gives_a_hundred_times_the_gain(
    plan_once: Callable[[int, str], Planned], tmp_path: Path
) -> None:
    """And the same plan within the stated gap."""
    before = plan_once(SAMPLE, "")
    after = planned(hundredfold_money(random_network(SAMPLE)), tmp_path)
    assert after.may_cost_no_more_than(before, 100.0)
    assert before.may_cost_no_more_than(after, 0.01)


def test_a_change_that_matters_is_seen(
    plan_once: Callable[[int, str], Planned], tmp_path: Path
) -> None:
    """Where nobody orders anything, the gain is not the same."""
    network = random_network(SAMPLE)
    after = planned(replace(network, demand=network.demand.assign(units=0)), tmp_path)
    assert not after.may_cost_no_more_than(plan_once(SAMPLE, ""))

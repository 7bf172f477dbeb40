"""Settings of the optimise room: frozen, range-checked, with their units and meaning.

Each field carries its unit, meaning and source in its metadata, so that
`foreship schema` and the docs print the settings from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from foreship_foundation.actions import exit_named, exit_names
from foreship_foundation.bounds import (
    LARGEST_SEED,
    MOST_MONEY,
    MOST_THREADS,
    MOST_TOTAL_MONEY,
    MOST_UNITS,
)
from foreship_foundation.settings import refuse_out_of_range, setting
from foreship_foundation.telling.words import listed

__all__ = ["EconomicsParams", "ExitParams", "OptimizeParams", "PlanParams", "RiskParams"]

EXITS = exit_names()
RECOVERING = tuple(name for name in EXITS if exit_named(name).gives_up == "unit cost")
HOLD_REASONS = (
    "always", "relaxed", "empty", "notes", "gap", "stale",
    "money", "units", "lines", "forecast", "inputs", "promise",
)  # fmt: skip
"""what this room sees of a plan, and gates of the weekly job, which sees more than one"""


@dataclass(frozen=True)
class EconomicsParams:
    """What holding, losing and closing cost where the tables do not say."""

    holding_rate_per_year: float = setting(
        0.25,
        "share of unit_cost a year",
        "holding cost",
        low=0.0,
        high=5.0,
        source="25 % rule; published 20-40 % a year",
    )
    lost_sale_share: float = setting(
        0.04,
        "share",
        "orders lost when the item is not in the region",
        low=0.0,
        high=1.0,
        source="revenue +4 % after a nearer depot opened (Fisher, Gallino, Xu)",
    )
    lost_sale_share_per_day: float | None = setting(
        None,
        "share a day",
        "orders lost a day that a parcel takes, in the place of `lost_sale_share` where "
        "`direct_days` is known; absent: that constant",
        low=0.0,
        high=1.0,
        source="published: about 1.5 % of online sales a business day (Fisher, Gallino, Xu)",
    )
    customer_return_handling: float = setting(
        0.0,
        "money a unit",
        "handling of a sold unit that its customer sends back",
        low=0.0,
        high=MOST_MONEY,
    )
    customer_return_resold_share: float = setting(
        0.0,
        "share",
        "units sent back by customers that go to hub stock again; the rest is written off",
        low=0.0,
        high=1.0,
    )
    obsolescence_per_year: float | None = setting(
        None,
        "share a year",
        "chance that a cell stops selling without notice; absent: measured from history",
        low=0.0,
        high=0.999,
        source="measured from the orders",
    )

    def __post_init__(self) -> None:
        refuse_out_of_range(self)


@dataclass(frozen=True)
class ExitParams:
    """Exits of a unit no longer wanted where it lies, where there is no `exits` table."""

    allowed: tuple[str, ...] = setting(
        tuple(name for name in EXITS if exit_named(name).usual),
        "names",
        f"exits in use, of {EXITS}",
    )
    markdown_share: float = setting(
        0.30,
        "share of price",
        "price cut that sells a unit locally",
        low=0.0,
        high=1.0,
        source="restocked goods sell about 30 % off",
    )
    return_handling: float = setting(
        0.50,
        "money a unit",
        "handling of a unit brought back to a hub, beside its lane",
        low=0.0,
        high=MOST_MONEY,
    )
    redirect_handling: float = setting(
        0.0,
        "money a unit",
        "handling of a unit moved to another region, beside its lane",
        low=0.0,
        high=MOST_MONEY,
    )
    recovery_share: float = setting(
        0.0,
        "share of unit_cost",
        f"recovered by {', '.join(RECOVERING[:-1])} or {RECOVERING[-1]}",
        low=0.0,
        high=1.0,
    )

    def __post_init__(self) -> None:
        refuse_out_of_range(self)
        unknown = [name for name in self.allowed if name not in EXITS]
        if unknown:
            known = f"known: {listed(EXITS)}"
            raise ValueError(f"allowed names unknown exits: {listed(unknown)}; {known}")


@dataclass(frozen=True)
class RiskParams:
    """How much may be lost in the worst outcomes (CVaR)."""

    level: float = setting(
        0.95, "share", "CVaR looks at the worst 1 - level of outcomes", low=0.0, high=0.999
    )
    budget: float | None = setting(
        None,
        "money",
        "most the mean of those outcomes may lose; absent: no limit",
        low=0.0,
        high=MOST_TOTAL_MONEY,
    )
    horizon_weeks: int = setting(
        4, "weeks", "a unit not needed by then counts as lost", low=1, high=52
    )

    def __post_init__(self) -> None:
        refuse_out_of_range(self)


@dataclass(frozen=True)
class PlanParams:
    """How the program is set up and solved."""

    review_weeks: int = setting(1, "weeks", "from one plan to the next", low=1, high=12)
    hub_refill_weeks: int = setting(
        1, "weeks", "until hubs are refilled, where `inbound` does not say", low=1, high=52
    )
    weeks_ahead: int | None = setting(
        None,
        "weeks",
        "after this one in which scarce lanes and docks are priced; absent: all that the demand "
        "covers; 0: none",
        low=0,
        high=52,
    )
    order_weeks: int = setting(
        26,
        "weeks",
        "past orders that show what is bought together, where money is by the order",
        low=1,
        high=520,
    )
    order_half_life_weeks: float = setting(
        13.0, "weeks", "after which a past order counts half", low=0.1, high=1e6
    )
    order_prior_units: float = setting(
        10.0,
        "units",
        "how much the mean of an item, and of all, counts in a cell's share of whole orders",
        low=0.0,
        high=1e6,
    )
    payback_weeks: float = setting(
        6.0,
        "weeks",
        "in which a unit sent ahead has to bring in what it cost, at the rate of the coming weeks, "
        "where money is by the order",
        low=1.0,
        high=1e6,
        source="docs/value.md, section 9: chosen on six weeks of complete-journey",
    )
    minimum_line_quantity: int = setting(
        1, "units", "fewest units on a shipped line", low=1, high=100_000
    )
    minimum_line_gain: float = setting(
        0.0,
        "money a line",
        "what a shipped line must be expected to earn; asked, not spent",
        low=0.0,
        high=MOST_MONEY,
    )
    line_handling_cost: float = setting(
        0.0,
        "money a line",
        "handling of a shipped or redirected line (an item on a departure), beside the `line_cost` "
        "of its lane",
        low=0.0,
        high=MOST_MONEY,
    )
    change_cost: float = setting(
        0.0,
        "money a unit",
        "what a unit must save to leave a region into which plans of the last `calm_weeks` sent "
        "its item, or to be sent where they took it away; asked, not spent",
        low=0.0,
        high=MOST_MONEY,
    )
    calm_weeks: int = setting(4, "weeks", "how far `change_cost` looks back", low=1, high=52)
    freight_budget: float | None = setting(
        None,
        "money",
        "most that ships and redirects of a plan may cost; absent: no limit",
        low=0.0,
        high=MOST_TOTAL_MONEY,
    )
    stock_value_budget: float | None = setting(
        None,
        "money",
        "most unit cost that ships and redirects of a plan may move; absent: no limit",
        low=0.0,
        high=MOST_TOTAL_MONEY,
    )
    maximum_blocks: int = setting(
        128, "count", "tiers of units a cell in the program", low=1, high=10_000
    )
    time_limit_seconds: float = setting(
        300.0, "seconds", "for the solver, all in", low=0.001, high=1e9
    )
    gap: float = setting(
        1e-4, "share", "relative gap at which the solver may stop", low=0.0, high=0.5
    )
    largest_gap: float = setting(
        0.05,
        "share",
        "gap of the finished plan beyond which it is held; where `hold` does not name `gap`, there "
        "is no plan (exit code 5)",
        low=0.0,
        high=MOST_MONEY,
        source="finished plans of benchmarks/program leave .0035 or less",
    )
    integer_program_units: int = setting(
        2000,
        "variables",
        "up to this many whole-unit variables the program is solved in whole units exactly; "
        "beyond, the continuous program is rounded",
        low=0,
        high=1_000_000,
    )
    decomposition_items: int = setting(
        2000,
        "items",
        "from so many items on that prices can part, the continuous program is solved item by item",
        low=0,
        high=MOST_UNITS,
        source="measured: benchmarks/program",
    )
    threads: int = setting(
        1, "count", "solver threads, at most the processors there are", low=1, high=MOST_THREADS
    )
    seed: int = setting(1, "1", "solver seed and tie order", low=0, high=LARGEST_SEED)
    hold: tuple[str, ...] = setting(
        ("gap", "stale"),
        "names",
        f"hold the plan for approval (exit code 6) when, of {listed(HOLD_REASONS)}",
    )

    def __post_init__(self) -> None:
        refuse_out_of_range(self)
        unknown = [name for name in self.hold if name not in HOLD_REASONS]
        if unknown:
            known = f"known: {listed(HOLD_REASONS)}"
            raise ValueError(f"hold names unknown reasons: {listed(unknown)}; {known}")


@dataclass(frozen=True)
class OptimizeParams:
    """All settings of the room, one group a section of `foreship.toml`."""

    economics: EconomicsParams = field(default_factory=EconomicsParams)
    exits: ExitParams = field(default_factory=ExitParams)
    risk: RiskParams = field(default_factory=RiskParams)
    plan: PlanParams = field(default_factory=PlanParams)

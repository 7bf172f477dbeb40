"""The step that adds what policies, adjustments and locks cost: `asked.parquet`, `without.parquet`.

The cost of a row is the difference of two plans (docs/program.md, section 16): this one, and the
one made on the same terms without the row. An adjustment has two, since demand differs too: both
plans valued on demand without it, and both on demand with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from foreship.errors import ForeshipError
from foreship.jobs.after_plan.asked_rows import NAN, AskedRow, asked_rows
from foreship.jobs.after_plan.made import Made
from foreship.jobs.identity import Tell
from foreship_foundation.tables.output_files import ASKED, WITHOUT
from foreship_foundation.telling.words import money, plural

if TYPE_CHECKING:
    import pandas as pd

    from foreship_optimize.demand import DemandScenarios
    from foreship_optimize.plan import Plan

__all__ = ["asked_costs"]

SOLVED, TOGETHER, NOT_PRICED = "solved", "together", "not priced"
LINE: Final = ["action", "origin", "destination", "item", "ship_date", "arrival_date"]
NAMED = 3
"""rows that notes name, the dearest first"""
LEAST = 0.005
"""money that is told with two decimals at all"""


@dataclass(frozen=True, eq=False)
class Price:
    """What some rows cost, and the plan without them."""

    how: str
    units: float = NAN
    cost: float = NAN
    cost_if_right: float = NAN
    without: pd.DataFrame | None = None
    """lines of that plan, where they differ from this one"""


@dataclass
class _Pricing:
    """Prices found so far, and why others were not."""

    made: Made
    prices: dict[str, Price] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def find(self, rows: Sequence[AskedRow], how: str) -> None:
        """Price rows of one kind of table by one further plan without all of them."""
        from foreship_optimize.errors import OptimizeError

        priced = _without_adjustments if rows[0].table == "adjustments" else _without_rows
        try:
            price = priced(self.made, rows, how)
        except (ForeshipError, OptimizeError) as error:
            self.failed.append(str(error))
            price = Price(NOT_PRICED)
        self.prices.update(dict.fromkeys((each.name for each in rows), price))


def asked_costs(made: Made, tell: Tell) -> Made:
    """Return the plan with what is asked of it and what that costs; as it is where nothing is."""
    rows = asked_rows(made)
    if not rows:
        return made
    found = _priced(made, rows, tell)
    made = made.adding("asked.parquet", _asked_frame(rows, found.prices))
    lines = _without_frame(rows, found.prices)
    if len(lines):
        made = made.adding("without.parquet", lines)
    return made.noting(*_dearest(rows, found.prices), *_not_priced(rows, found))


def _priced(made: Made, rows: Sequence[AskedRow], tell: Tell) -> _Pricing:
    """Price rows of most units each by a plan of its own, the rest of a kind together."""
    settings, found = made.workspace.config.asked, _Pricing(made)
    if len(made.demand.item) > settings.most_cells:
        words = f"the plan has {plural(len(made.demand.item), 'cell')}"
        found.failed.append(f"{words} (asked.most_cells = {settings.most_cells:,})")
        found.prices.update({each.name: Price(NOT_PRICED) for each in rows})
        return found
    # further plans together are no larger than the largest plan that has any
    most = min(settings.priced_rows, settings.most_cells // max(len(made.demand.item), 1))
    order = sorted(rows, key=lambda each: -each.touched)
    for count, row in enumerate(order[:most], 1):
        tell(f"price what is asked, {count} of {min(len(order), most)}")
        found.find([row], SOLVED)
    rest = order[most:]
    for adjusts in (False, True):
        some = [each for each in rest if (each.table == "adjustments") == adjusts]
        if some:
            tell(f"price {plural(len(some), 'further row')} together")
            found.find(some, TOGETHER)
    return found


def _without_rows(made: Made, rows: Sequence[AskedRow], how: str) -> Price:
    """Price policies and locks: cost with them less cost without them, in true money."""
    other = made.solve(tables=_tables_without(made, rows))
    cost = _objective(made.plan) - _objective(other)
    return Price(how, _units(made.plan) - _units(other), cost, without=_differing(made.plan, other))


def _without_adjustments(made: Made, rows: Sequence[AskedRow], how: str) -> Price:
    """Price adjustments on demand without them, and on demand with them.

    Raises
    ------
    ForeshipError
        If the law of demand is not known, so that nobody knows demand without them.
    """
    if made.readjusted is None:
        raise ForeshipError("the model that demand was forecast by is not at hand")
    rest = _tables_without(made, rows)["adjustments"]
    demand = made.readjusted(rest)
    other = made.solve(demand=demand)
    wrong = _valued(made, made.plan, other, demand) - _objective(other)
    right = _objective(made.plan) - _valued(made, other, made.plan, made.demand)
    units = _units(made.plan) - _units(other)
    return Price(how, units, wrong, right, _differing(made.plan, other))


def _valued(made: Made, plan: Plan, beside: Plan, demand: DemandScenarios) -> float:
    """Return what the lines of a plan cost on the demand and at the prices of another."""
    from foreship.pipeline.stages import measured_obsolescence, optimize_params
    from foreship_optimize.out_of_sample import value_out_of_sample

    as_of, config = made.workspace.as_of, made.workspace.config
    closing = made.obsolescence
    if closing is None:
        closing = measured_obsolescence(made.tables, as_of, config)
    return value_out_of_sample(
        made.tables,
        demand,
        as_of,
        optimize_params(config),
        plan.lines,
        obsolescence=closing,
        order_credits=beside.order_credits,
        ahead=beside.ahead,
    ).objective


def _tables_without(made: Made, rows: Sequence[AskedRow]) -> dict[str, pd.DataFrame]:
    """Return the tables of the plan without some rows."""
    tables = dict(made.tables)
    for name in {each.table for each in rows}:
        frame = tables[name]
        gone = frame.index[[each.place for each in rows if each.table == name]]
        tables[name] = frame.drop(index=gone).reset_index(drop=True)
    return tables


def _objective(plan: Plan) -> float:
    return float(plan.summary["objective"])


def _units(plan: Plan) -> float:
    return float(plan.lines["quantity"].sum())


def _differing(plan: Plan, other: Plan) -> pd.DataFrame:
    """Return lines of another plan where they differ from this one, 0 units: not there."""
    import pandas as pd

    both = pd.concat(
        {
            name: each.lines.groupby(LINE, sort=True)["quantity"].sum()
            for name, each in (("this", plan), ("quantity", other))
        },
        axis=1,
    ).fillna(0)
    found = both[both["this"] != both["quantity"]]["quantity"].astype("int64")
    return found.reset_index().sort_values(LINE, ignore_index=True)


def _asked_frame(rows: Sequence[AskedRow], prices: Mapping[str, Price]) -> pd.DataFrame:
    """Return `asked.parquet` of the contract."""
    import pandas as pd

    told = [
        (
            each.name,
            each.table,
            each.kind,
            each.words,
            each.wanted,
            each.reached,
            prices[each.name].units,
            prices[each.name].cost,
            prices[each.name].cost_if_right,
            prices[each.name].how,
        )
        for each in rows
    ]
    return pd.DataFrame(told, columns=list(ASKED.names))


def _without_frame(rows: Sequence[AskedRow], prices: Mapping[str, Price]) -> pd.DataFrame:
    """Return `without.parquet` of the contract, of rows with a plan of their own."""
    import pandas as pd

    parts = [
        price.without.assign(row=each.name)
        for each in rows
        if (price := prices[each.name]).how == SOLVED and price.without is not None
    ]
    parts = [each for each in parts if len(each)]
    if not parts:
        return pd.DataFrame(columns=list(WITHOUT.names))
    return pd.concat(parts, ignore_index=True)[list(WITHOUT.names)]


def _dearest(rows: Sequence[AskedRow], prices: Mapping[str, Price]) -> Iterator[str]:
    """Name the rows that cost most, and what those cost that were priced together."""
    alone = [each for each in rows if prices[each.name].how == SOLVED]
    dear = [each for each in alone if prices[each.name].cost >= LEAST]
    for each in sorted(dear, key=lambda row: -prices[row.name].cost)[:NAMED]:
        price = prices[each.name]
        words = f"{each.words} costs {money(price.cost)} of expected gain"
        if each.table == "adjustments":
            words += f" if it is wrong and {_brings(-price.cost_if_right)} if it is right"
        yield f"{words} ({each.name})"
    joint: dict[Price, int] = {}
    for each in rows:
        if prices[each.name].how == TOGETHER:
            joint[prices[each.name]] = joint.get(prices[each.name], 0) + 1
    for price, count in joint.items():
        said = plural(count, "further row that is", "further rows that are")
        yield f"{said} asked for {_costs(price.cost)} together (asked.priced_rows)"


def _brings(gain: float) -> str:
    return f"brings {money(gain)}" if gain >= 0 else f"costs {money(-gain)}"


def _costs(cost: float) -> str:
    return f"cost {money(cost)}" if cost >= 0 else f"bring {money(-cost)}"


def _not_priced(rows: Sequence[AskedRow], found: _Pricing) -> Iterator[str]:
    """Say how many rows have no price, and the first reason why."""
    count = sum(found.prices[each.name].how == NOT_PRICED for each in rows)
    if count:
        said = plural(count, "row that is", "rows that are")
        verb = "has" if count == 1 else "have"
        yield f"{said} asked for {verb} no price: {found.failed[0]}"

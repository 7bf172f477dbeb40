"""The efficient frontier of expected gain and CVaR: what safety costs, plan by plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from foreship.jobs.before_plan.demand_source import forecast_or_new
from foreship.jobs.before_plan.lateness import plan_tables
from foreship.jobs.judging.value_of_information import (
    ValueOfInformation,
    measure_value_of_information,
)
from foreship.pipeline.stages import optimize_params
from foreship_foundation.telling.words import percent

if TYPE_CHECKING:
    import pandas as pd

    from foreship.reports.pictures.charts import Picture
    from foreship.runs import Run
    from foreship.workspace.opening import Workspace
    from foreship_optimize.plan import Plan

__all__ = ["Frontier", "frontier"]

WIDE, HIGH = 58, 10
"""letters of the picture"""
SHARES = (1.0, 0.9, 0.75, 0.5, 0.25, 0.1, 0.0)


@dataclass(frozen=True)
class Frontier:
    """Efficient plans, from no limit on risk down to no risk at all.

    Attributes
    ----------
    points
        A row a plan: `risk_budget`, `cvar`, `expected_gain`, `price_of_safety` (gain given up
        against the plan without a budget), `units`, `lines`, `status`; all money in the
        workspace's currency.
    level
        CVaR looks at the worst `1 - level` share of outcomes.
    information
        What planning on paths is worth, and what knowing the path would be.
    forecast
        Name of the forecast run that all of it is planned on, or "made now".
    notes
        What must be known of that forecast, one sentence each.
    """

    points: pd.DataFrame
    level: float
    information: ValueOfInformation
    forecast: str = ""
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the points as plain values."""
        points = self.points.to_dict("records")
        known = self.information.to_dict()
        return {
            "forecast": self.forecast,
            "level": self.level,
            "points": points,
            "knowledge": known,
            "notes": list(self.notes),
        }

    def chart(self) -> Picture:
        """Draw expected gain over CVaR."""
        from foreship.reports.pictures.charts import draw_frontier

        return draw_frontier(self.points)

    def __str__(self) -> str:
        shown = self.points.drop(columns="status").to_string(
            index=False, float_format=lambda number: f"{number:,.2f}"
        )
        worst = percent(1 - self.level)
        return "\n\n".join(
            [
                f"expected gain against the mean loss of the worst {worst} of outcomes\n{shown}",
                _drawn(self.points),
                str(self.information),
            ]
        )

    def _repr_html_(self) -> str:
        table = self.points.to_html(index=False, float_format="{:,.2f}".format)
        return f"<div>{table}<p>{self.information}</p></div>"


def frontier(
    workspace: Workspace,
    *,
    forecast: Run | None = None,
    shares: tuple[float, ...] = SHARES,
    tell: Callable[[str], None] = lambda _: None,
) -> Frontier:
    """Solve the program for budgets that are shares of the unlimited plan's CVaR.

    Parameters
    ----------
    workspace
        An open workspace.
    forecast
        The forecast run to plan on; absent: the newest one made from the same tables and settings,
        or one is made.
    shares
        Budgets as shares of the unlimited plan's CVaR, in [0, 1].
    """
    import pandas as pd

    import foreship_optimize
    from foreship_optimize.ahead.pricing import price_ahead
    from foreship_optimize.valuation.order_weighing import weigh_orders

    source = forecast_or_new(workspace, forecast, tell)
    demand, obsolescence = source.demand(), source.obsolescence or 0.0
    params = optimize_params(workspace.config)
    tables, _, said = plan_tables(workspace)
    weighed = weigh_orders(
        tables, demand, workspace.as_of, params, obsolescence, tables.get("orders")
    )
    told = None if weighed is None else weighed.credits
    later = price_ahead(
        tables, demand if told is None else told.effective(demand), workspace.as_of, params,
        obsolescence, by_order=told is not None,
    )  # fmt: skip
    ahead = None if later is None else later.prices
    problem = foreship_optimize.assemble(
        tables, demand, workspace.as_of, params,
        obsolescence=obsolescence, order_credits=told, ahead=ahead,
    )  # fmt: skip
    rows: list[dict[str, Any]] = []

    def plan_within(budget: float | None) -> Plan:
        tell(f"plan with {'no risk budget' if budget is None else f'budget {budget:,.2f}'}")
        limited = replace(params, risk=replace(params.risk, budget=budget))
        found: Plan = foreship_optimize.solve(problem, limited, as_of=workspace.as_of)
        plan = found.unless_interrupted()
        rows.append(_point(budget, plan.summary))
        return plan

    unlimited = plan_within(None)
    for share in shares:
        plan_within(share * float(unlimited.summary["cvar"]))
    best = rows[0]["expected_gain"]
    points = pd.DataFrame(rows)
    points.insert(3, "price_of_safety", best - points["expected_gain"])
    information = measure_value_of_information(
        replace(unlimited, ahead=ahead), tables, demand, workspace.as_of, params,
        obsolescence=obsolescence, tell=tell,
    )  # fmt: skip
    which = source.identity["forecast"]
    return Frontier(points, params.risk.level, information, which, (*source.notes, *said))


def _drawn(points: pd.DataFrame) -> str:
    """Draw the points as text, CVaR to the right, expected gain upwards, 72 letters wide."""
    across, up = (points[name].to_numpy(dtype=float) for name in ("cvar", "expected_gain"))
    rows = [[" "] * WIDE for _ in range(HIGH)]
    for column, row in zip(_place(across, WIDE), _place(up, HIGH), strict=True):
        rows[HIGH - 1 - row][column] = "*"
    labels = [f"{up.max():>12,.0f}", *[" " * 12] * (HIGH - 2), f"{up.min():>12,.0f}"]
    body = [f"{label} |{''.join(row).rstrip()}" for label, row in zip(labels, rows, strict=True)]
    ends = f"{across.min():,.0f}".ljust(WIDE - 12) + f"{across.max():>12,.0f}"
    return "\n".join(["expected gain", *body, " " * 13 + "+" + "-" * WIDE, f"  CVaR:       {ends}"])


def _place(values: Any, cells: int) -> list[int]:
    """Map values evenly onto that many cells, the smallest first."""
    low, high = float(values.min()), float(values.max())
    if not high > low:
        return [0] * len(values)
    return [round((each - low) / (high - low) * (cells - 1)) for each in values.tolist()]


def _point(budget: float | None, summary: dict[str, Any]) -> dict[str, Any]:
    return {
        "risk_budget": float("nan") if budget is None else budget,
        "cvar": summary["cvar"],
        "expected_gain": -summary["objective"],
        "units": summary["counts"]["units"],
        "lines": summary["counts"]["lines"],
        "status": summary["status"],
    }

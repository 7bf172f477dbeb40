"""Profit against CVaR: what safety costs, plan by plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from foreship.customer_returns import with_return_shares
from foreship.jobs import known_demand
from foreship.pipeline import optimize_params

if TYPE_CHECKING:
    import pandas as pd

    from foreship.workspace import Workspace

__all__ = ["Frontier", "frontier"]

SHARES = (1.0, 0.9, 0.75, 0.5, 0.25, 0.1, 0.0)


@dataclass(frozen=True)
class Frontier:
    """The efficient plans from no limit on risk to none taken.

    Attributes
    ----------
    points
        A row a plan: `risk_budget`, `cvar`, `expected_gain`, `price_of_safety` (gain given up
        against the plan without a budget), `units`, `lines`, `status`; all money in the
        workspace's currency.
    level
        CVaR looks at the worst `1 - level` share of outcomes.
    """

    points: pd.DataFrame
    level: float

    def to_dict(self) -> dict[str, Any]:
        """Return the points as plain values."""
        return {"level": self.level, "points": self.points.to_dict("records")}

    def __str__(self) -> str:
        shown = self.points.drop(columns="status").to_string(
            index=False, float_format=lambda number: f"{number:,.2f}"
        )
        worst = f"{1 - self.level:.0%}"
        return f"expected gain against the mean loss of the worst {worst} of outcomes\n{shown}"

    def _repr_html_(self) -> str:
        return self.points.to_html(index=False, float_format="{:,.2f}".format)


def frontier(
    workspace: Workspace,
    *,
    shares: tuple[float, ...] = SHARES,
    tell: Callable[[str], None] = lambda _: None,
) -> Frontier:
    """Solve the program for budgets that are shares of the unlimited plan's CVaR.

    Parameters
    ----------
    workspace
        An open workspace; its newest forecast is used, or one is made.
    shares
        Budgets as shares of the unlimited plan's CVaR, in [0, 1].
    """
    import pandas as pd

    import optimize

    demand, obsolescence = known_demand(workspace, tell)
    params = optimize_params(workspace.config)
    problem = optimize.assemble(
        with_return_shares(workspace.tables, workspace.as_of),
        demand,
        workspace.as_of,
        params,
        obsolescence=obsolescence,
    )
    rows: list[dict[str, Any]] = []
    unlimited: float | None = None
    for share in (None, *shares):
        budget = None if share is None or unlimited is None else share * unlimited
        tell(f"plan with {'no risk budget' if budget is None else f'budget {budget:,.2f}'}")
        limited = replace(params, risk=replace(params.risk, budget=budget))
        summary = optimize.solve(problem, limited, as_of=workspace.as_of).summary
        unlimited = float(summary["cvar"]) if unlimited is None else unlimited
        rows.append(_point(budget, summary))
    best = rows[0]["expected_gain"]
    points = pd.DataFrame(rows)
    points.insert(3, "price_of_safety", best - points["expected_gain"])
    return Frontier(points, params.risk.level)


def _point(budget: float | None, summary: dict[str, Any]) -> dict[str, Any]:
    return {
        "risk_budget": float("nan") if budget is None else budget,
        "cvar": summary["cvar"],
        "expected_gain": -summary["objective"],
        "units": summary["counts"]["units"],
        "lines": summary["counts"]["lines"],
        "status": summary["status"],
    }

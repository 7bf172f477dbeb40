"""What was known on past Mondays of a workspace, for plans made by the order and by the unit."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

import foreship
from foreship.errors import UsageError
from foreship.pipeline.handoff import drawn_demand
from foreship.pipeline.stages import forecast_stage, plan_stage
from foreship.replay.known_then import tables_known_on
from foreship.workspace.opening import Workspace
from foreship_foundation.orders.tariffs import by_order
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.plan import Plan

__all__ = ["Known", "known_on", "name_of", "opened", "options_of", "without_ids"]


def options_of(about: str | None) -> argparse.ArgumentParser:
    """Return a parser that knows which workspace is meant."""
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--workspace", type=Path, help="absent: the complete-journey sample")
    return parser


def name_of(options: argparse.Namespace) -> str:
    """Return what rows of results call the workspace."""
    return "complete-journey" if options.workspace is None else str(options.workspace.name)


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[Workspace]:
    """Open the workspace that is meant; the sample is made in a temporary folder.

    Raises
    ------
    UsageError
        Where its money is by the unit: there is nothing to compare.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.workspace or Path(scratch) / "workspace"
        if options.workspace is None:
            foreship.sample(folder, source="complete-journey")
        workspace = foreship.open(folder)
        if not by_order(workspace.tables):
            raise UsageError(f"{folder}: money is by the unit, no order has a tariff of its own")
        yield workspace


@dataclass(frozen=True)
class Known:
    """The tables and the forecast of one Monday."""

    workspace: Workspace
    as_of: pd.Timestamp
    tables: Mapping[str, pd.DataFrame]
    demand: DemandScenarios
    obsolescence: float

    def plan(self, *, by_unit: bool = False, freight: float | None = None) -> Plan:
        """Plan on the same forecast by the order, or by the unit, within a budget of freight."""
        config = self.workspace.config
        if freight is not None:
            config = replace(config, plan=replace(config.plan, freight_budget=freight))
        tables = without_ids(self.tables) if by_unit else self.tables
        return plan_stage(tables, self.demand, self.as_of, config, obsolescence=self.obsolescence)


def known_on(workspace: Workspace, as_of: pd.Timestamp) -> Known:
    """Cut the tables at a Monday, `stock` and `inbound` as they stand, and fit its forecast."""
    tables = tables_known_on(workspace.tables, as_of.to_numpy())
    made = forecast_stage(tables, as_of, workspace.config)
    return Known(workspace, as_of, tables, drawn_demand(made.paths), made.obsolescence)


def without_ids(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables without ids of orders: money is by the unit then."""
    return {**tables, "orders": tables["orders"].drop(columns="order_id", errors="ignore")}

"""A retailer for whom time passes: what truly happens between two Mondays, and its own ledger.

It asks for nothing but commands, and keeps its books with the judge alone; of the review it knows
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from typer.testing import CliRunner

from foreship.cli.commands import app
from foreship.config import Config
from foreship.judge.buyers import Buyers
from foreship.judge.carried_out.departures import read_plan
from foreship.judge.carried_out.state import State, opening_state
from foreship.judge.network.network import Network
from foreship.judge.simulate import Morning, Refills, carry_out, retained_on
from tests.foreship.good_workspace import write_workspace
from tests.foreship.spoken_objects import object_of

WEEK = pd.Timedelta(weeks=1)
FAR = np.timedelta64(36525, "D")
Tables = dict[str, pd.DataFrame]


@dataclass
class Retailer:
    """A workspace that lives: what lies where, what is told of it, and what will be bought."""

    folder: Path
    settings: str
    config: Config
    monday: pd.Timestamp
    tables: Callable[[], Mapping[str, pd.DataFrame]]
    """the workspace's tables as they are typed today"""
    frames: Tables
    """the same as they are written"""
    future: pd.DataFrame
    """orders to come"""
    state: State | None = None
    ledgers: list[dict[str, Any]] = field(default_factory=list)
    """what each week truly came to"""
    trucks: list[tuple[str, pd.DataFrame, pd.DataFrame]] = field(default_factory=list)
    """of each week: run, lines released, and `line, units, day` of what came and what never did"""

    def write(self) -> None:
        """Write the tables as they are told today."""
        write_workspace(self.folder, self.frames, "parquet", self.settings)

    def ask(self, *words: object) -> dict[str, Any]:
        """Call a command with `--json`; return what it answers."""
        result = CliRunner().invoke(app, [*map(str, words), "--json"])
        assert result.exit_code in (0, 6), result.output
        return object_of(result.stdout)

    def live(self, lines: pd.DataFrame, run: str, late: int = -1, short: int = -1) -> None:
        """Let the week happen: lines leave, one comes two days late, one a unit short; buyers buy.

        Parameters
        ----------
        lines
            What was released, as its file says.
        run
            Its run, which receipts name.
        late, short
            Lines, -1 for none.
        """
        start = np.datetime64(self.monday.date(), "D")
        end = self.monday + WEEK
        bought = self.future[self.future["date"].between(self.monday, end, inclusive="left")]
        self.frames["orders"] = pd.concat([self.frames["orders"], bought], ignore_index=True)
        self.write()
        network, buyers, state = self._world(start)
        retained = retained_on(network, buyers, self._refills(network, state), start)
        morning = Morning(start, state, 0, retained)
        read = read_plan(network, lines, start)
        line, units, day = np.arange(len(lines)), read.quantity.copy(), read.told.copy()
        if late >= 0:
            day[late] += np.timedelta64(2, "D")
        if short >= 0:
            line, units = np.append(line, short), np.append(units, 1)
            day = np.append(day, start + FAR)
            units[short] -= 1
        came = {name: array[line] for name, array in vars(read).items()}
        leaving = replace(read, **came | {"quantity": units, "arrival": day})
        state, ledger, _ = carry_out(network, morning, buyers, leaving)
        self.ledgers.append(ledger.to_dict())
        truck = pd.DataFrame({"line": line, "units": units, "day": day})
        self.trucks.append((run, lines, truck))
        self._count(network, state, end)
        self.monday = end
        self.write()

    def _world(self, start: np.datetime64) -> tuple[Network, Buyers, State]:
        tables, settings = self.tables(), self.config.backtest
        network = Network.from_tables(
            tables, self.config.exits, self.config.economics, self.config.plan.review_weeks,
            settings.seed,
        )  # fmt: skip
        state = opening_state(network, tables) if self.state is None else self.state
        lands = np.where(state.coming_told >= start, state.coming_told, state.coming_on)
        state = replace(state, coming_on=lands).land(start)
        return network, Buyers.from_orders(tables["orders"], network, start, settings.seed), state

    def _refills(self, network: Network, state: State) -> Refills:
        settings = self.config.backtest
        return Refills.like_stock(
            network, state, settings.hub_cover_weeks, settings.hub_trailing_weeks
        )

    def _count(self, network: Network, state: State, end: pd.Timestamp) -> None:
        """Count stock on the next Monday, hubs filled up; note what came and what is coming."""
        state = state.land(np.datetime64(end.date(), "D"))
        here = state.coming_on < np.datetime64(end.date(), "D") + FAR // 2
        parts = ("coming_to", "coming_item", "coming_units", "coming_on", "coming_told")
        state = replace(state, **{name: getattr(state, name)[here] for name in parts})
        on_hand = state.on_hand.copy()
        hubs = on_hand[len(network.regions) :]
        hubs[:] = np.maximum(hubs, 40)
        self.state = replace(state, on_hand=on_hand)
        told = self.state.to_tables(network)
        self.frames["stock"] = told["stock"].assign(date=end)
        self.frames["inbound"] = told["inbound"]
        receipts = pd.concat([self._landed(end, *each) for each in self.trucks], ignore_index=True)
        self.frames["receipts"] = pd.concat([self.frames["receipts"], receipts], ignore_index=True)

    def _landed(
        self, end: pd.Timestamp, run: str, lines: pd.DataFrame, truck: pd.DataFrame
    ) -> pd.DataFrame:
        """Return receipts of what a run's trucks brought in the week before a Monday."""
        rows = truck.join(lines[["destination", "item"]], on="line")
        rows = rows.astype({"day": "datetime64[ns]"})
        rows = rows[
            (rows["destination"] != "") & rows["day"].between(self.monday, end, inclusive="left")
        ]
        rows = rows.rename(columns={"day": "date", "destination": "location", "units": "quantity"})
        return rows[["date", "location", "item", "quantity"]].assign(run=run)


def whole_cents(ledger: Mapping[str, Any]) -> dict[str, Any]:
    """Return a ledger with money in cents, and what is not known as None."""
    return {
        name: None if isinstance(value, float) and np.isnan(value)
        else round(float(value), 2) if isinstance(value, float) else value
        for name, value in ledger.items()
    }  # fmt: skip

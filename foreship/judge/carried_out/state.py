"""The state of a replay: where every unit is, in stock or under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship.judge.carried_out.departures import NOWHERE, Departures, PlanRefused
from foreship.judge.carried_out.landings import still_to_come
from foreship.judge.columns import positions
from foreship.judge.network.network import Network
from foreship_foundation.arrays import Bools, Ints
from foreship_foundation.telling.words import plural

__all__ = ["Landed", "State", "opening_state"]


@dataclass(frozen=True)
class Landed:
    """Lots that have landed, shape (L,) each."""

    to: Ints
    item: Ints
    units: Ints
    on: npt.NDArray[np.datetime64]
    told: npt.NDArray[np.datetime64]

    @classmethod
    def nothing(cls) -> Landed:
        """Return no lots."""
        numbers, days = np.zeros(0, dtype=np.int64), np.zeros(0, dtype="datetime64[D]")
        return cls(numbers, numbers, numbers, days, days)

    def with_lots(self, state: State, due: Bools) -> Landed:
        """Return them with some of those that were under way."""
        return Landed(
            np.concatenate([self.to, state.coming_to[due]]),
            np.concatenate([self.item, state.coming_item[due]]),
            np.concatenate([self.units, state.coming_units[due]]),
            np.concatenate([self.on, state.coming_on[due]]),
            np.concatenate([self.told, state.coming_told[due]]),
        )

    def table(self, network: Network) -> pd.DataFrame:
        """Return the derived table `lateness`: what was told and what came, a row a lot."""
        rows = pd.DataFrame(
            {
                "location": network.locations.to_numpy()[self.to],
                "item": network.items.to_numpy()[self.item],
                "promised": self.told.astype("datetime64[ns]"),
                "came": self.on.astype("datetime64[ns]"),
                "quantity": self.units,
            }
        )
        total = _one_row_a_lot(rows)
        return total.assign(received=total["quantity"])


@dataclass(frozen=True)
class State:
    """All units of a network at one moment of a replay.

    **Invariants:** no quantity is negative; nothing under way has landed before.
    """

    on_hand: Ints
    """units, shape (locations, items): regions first, then hubs"""
    coming_to: Ints
    """location of each lot under way, shape (P,)"""
    coming_item: Ints
    coming_units: Ints
    coming_on: npt.NDArray[np.datetime64]
    """day each lot lands; nobody knows it before"""
    coming_told: npt.NDArray[np.datetime64]
    """day each lot should land"""
    landed: Landed | None = None
    """what has landed since the replay began; None where every lot lands on its day"""

    @property
    def units(self) -> int:
        """All units, on hand and under way."""
        return int(self.on_hand.sum() + self.coming_units.sum())

    def land(self, day: np.datetime64) -> State:
        """Return the state after everything due by `day` has arrived."""
        due = self.coming_on <= day
        if not due.any():
            return self
        on_hand = self.on_hand.copy()
        np.add.at(on_hand, (self.coming_to[due], self.coming_item[due]), self.coming_units[due])
        return State(
            on_hand,
            self.coming_to[~due],
            self.coming_item[~due],
            self.coming_units[~due],
            self.coming_on[~due],
            self.coming_told[~due],
            self.landed and self.landed.with_lots(self, due),
        )

    def depart(self, network: Network, leaving: Departures) -> State:
        """Return the state after a plan's units have left; PlanRefused where they are not there."""
        on_hand = self.on_hand.copy()
        np.subtract.at(on_hand, (leaving.origin, leaving.item), leaving.quantity)
        short = [
            f"{network.locations[place]} has {self.on_hand[place, item]} of "
            f"{network.items[item]}, the plan moves {self.on_hand[place, item] - after}"
            for place, item in np.argwhere(on_hand < 0)
            for after in (on_hand[place, item],)
        ]
        if short:
            raise PlanRefused(short)
        moves = leaving.destination != NOWHERE
        return State(
            on_hand,
            np.concatenate([self.coming_to, leaving.destination[moves]]),
            np.concatenate([self.coming_item, leaving.item[moves]]),
            np.concatenate([self.coming_units, leaving.quantity[moves]]),
            np.concatenate([self.coming_on, leaving.arrival[moves]]),
            np.concatenate([self.coming_told, leaving.told[moves]]),
            self.landed,
        )

    def volume(self, network: Network) -> npt.NDArray[np.float64]:
        """Return the volume that lies in or comes to each region, shape (regions,)."""
        regions = len(network.regions)
        lying = self.on_hand[:regions] @ network.volume
        to_region = self.coming_to < regions
        coming = self.coming_units[to_region] * network.volume[self.coming_item[to_region]]
        return np.asarray(lying + np.bincount(self.coming_to[to_region], coming, regions))

    def in_regions(self, network: Network) -> Ints:
        """Return the units that lie in or come to each region, shape (regions, items)."""
        regions = len(network.regions)
        total = self.on_hand[:regions].copy()
        to_region = self.coming_to < regions
        np.add.at(
            total,
            (self.coming_to[to_region], self.coming_item[to_region]),
            self.coming_units[to_region],
        )
        return total

    def to_tables(
        self, network: Network, monday: np.datetime64 | None = None
    ) -> dict[str, pd.DataFrame]:
        """Return the contract's tables `stock` and `inbound`, as a plan may see them.

        A lot under way has the day on which it should land, also when that is past. Where lots may
        land on another, `lateness` has those that have landed before `monday`.
        """
        places, items = network.locations.to_numpy(), network.items.to_numpy()
        where, what = np.nonzero(self.on_hand)
        stock = pd.DataFrame(
            {
                "location": places[where],
                "item": items[what],
                "quantity": self.on_hand[where, what],
            }
        )
        inbound = pd.DataFrame(
            {
                "location": places[self.coming_to],
                "item": items[self.coming_item],
                "quantity": self.coming_units,
                "arrival_date": self.coming_told.astype("datetime64[ns]"),
            }
        )
        tables = {"stock": _one_row_a_lot(stock), "inbound": _one_row_a_lot(inbound)}
        if self.landed is None:
            return tables
        came = self.landed.table(network)
        return tables | {"lateness": came if monday is None else came[came["came"] < monday]}


def opening_state(
    network: Network, tables: Mapping[str, pd.DataFrame], monday: np.datetime64 | None = None
) -> State:
    """Return the state before the first replayed Monday, from `stock` and `inbound`.

    Where lanes are sometimes late, so is what is under way: it has not come before `monday`.
    """
    stock, inbound = tables["stock"], _one_row_a_lot(tables["inbound"])
    on_hand = np.zeros((len(network.locations), len(network.items)), dtype=np.int64)
    np.add.at(on_hand, _places(network, stock, "stock"), stock["quantity"].to_numpy(dtype=np.int64))
    place, item = _places(network, inbound, "inbound")
    told = pd.to_datetime(inbound["arrival_date"]).to_numpy().astype("datetime64[D]")
    return State(
        on_hand,
        place,
        item,
        inbound["quantity"].to_numpy(dtype=np.int64),
        still_to_come(network, place, item, told, monday),
        told,
        Landed.nothing() if (network.lanes.sd_days > 0).any() else None,
    )


def _one_row_a_lot(rows: pd.DataFrame) -> pd.DataFrame:
    """Add up lots of the same place, item and day, sorted by them."""
    keys = [name for name in rows.columns if name != "quantity"]
    total = rows.groupby(keys, sort=True)["quantity"].sum().reset_index()
    return total[list(rows.columns)]


def _places(network: Network, rows: pd.DataFrame, table: str) -> tuple[Ints, Ints]:
    """Return location and item of each row; ValueError where one is unknown."""
    place = positions(rows["location"], network.locations)
    item = positions(rows["item"], network.items)
    unknown = rows[(place < 0) | (item < 0)]
    if len(unknown):
        raise ValueError(
            f"{table}: {plural(len(unknown), 'row names', 'rows name')} unknown places or items, "
            "the first "
            f"{unknown['location'].iloc[0]!r}, {unknown['item'].iloc[0]!r}"
        )
    return place, item

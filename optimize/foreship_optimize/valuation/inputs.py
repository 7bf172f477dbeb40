"""What the valuation starts from: tables as arrays, possible moves, and the ways into each cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_foundation.bounds import MOST_UNITS
from foreship_foundation.tables.declaration import NEVER
from foreship_optimize.demand import WEEK_DAYS, DemandScenarios
from foreship_optimize.network.cells import Cells, align_demand, choose_cells
from foreship_optimize.network.economics import Economics, landed_by, price_cells
from foreship_optimize.network.exits import ExitBook, read_exits
from foreship_optimize.network.locks import Override, forced_units, override_locks, read_overrides
from foreship_optimize.network.moves import (
    MoveRows,
    join_moves,
    local_moves,
    redirects,
    returns,
    ships,
)
from foreship_optimize.network.policies import PolicyLevels, policy_levels
from foreship_optimize.network.transport.lane_laws import LaneLaws, laws_of_lanes
from foreship_optimize.network.transport.next_plans import AheadPrices
from foreship_optimize.network.transport.places_and_lanes import Network, read_network
from foreship_optimize.orders.order_credits import OrderCredits
from foreship_optimize.orders.reading import retained_worth
from foreship_optimize.params import OptimizeParams
from foreship_optimize.tables import Tables, complete
from foreship_optimize.valuation.hub_rundown.parcels import (
    as_hubs_run_down,
    refill_days,
    scarce_items,
)
from foreship_optimize.valuation.unit_worth.believed import Believed
from foreship_optimize.valuation.unit_worth.drawn_days import over_days
from foreship_optimize.valuation.unit_worth.unit_values import UnitValuer, UnitValues

__all__ = [
    "Ground",
    "Inputs",
    "Reach",
    "possible_moves",
    "reach_of",
    "read_ground",
    "read_inputs",
    "read_plain_inputs",
    "unlocked_moves",
]


@dataclass(frozen=True)
class Inputs:
    """Everything read from tables, demand and settings, before any unit is valued."""

    network: Network
    cells: Cells
    demand: DemandScenarios
    """what regions may serve: all of it, or the orders that are served whole there"""
    servable: DemandScenarios
    """what some plan may let regions serve: all of it, or the orders worth serving there"""
    wanted: DemandScenarios
    """all demand; what regions do not serve goes to hubs"""
    exits: ExitBook
    economics: Economics
    overrides: list[Override]
    params: OptimizeParams
    redirect_cost: Floats
    """cheapest redirect into each cell; inf without one"""
    laws: LaneLaws
    """on which days units arrive over each lane"""
    notes: list[str]
    policies: PolicyLevels | None = None
    """what policies ask of each cell; None where none holds"""
    recent: pd.DataFrame = field(default_factory=pd.DataFrame)
    """what plans of the last weeks sent into cells and took out of them"""
    believed: Believed | None = None
    """how far the worth of units is believed where money is by the order"""
    scarce: Bools = field(default_factory=lambda: np.empty(0, dtype=bool))
    """items of which a hub may well run dry before it is refilled, (I,)"""
    length: int = 0
    """cells x paths x units that may leave hubs, over all scarce items: how long hold-back walks"""

    def of_cells(self, rows: Ints) -> Inputs:
        """Return what the units of some cells, ascending, are valued from: nothing of any other."""
        served = self.demand.block(rows)
        servable, wanted = (
            served if each is self.demand else each.block(rows)
            for each in (self.servable, self.wanted)
        )
        return replace(
            self,
            cells=self.cells.block(rows),
            demand=served,
            servable=servable,
            wanted=wanted,
            economics=self.economics.rows(rows),
            redirect_cost=self.redirect_cost[rows],
            notes=[],
            policies=None if self.policies is None else self.policies.rows(rows),
            recent=pd.DataFrame(),
            believed=None if self.believed is None else self.believed.rows(rows),
        )

    def reached_on(self, day: Ints) -> Inputs:
        """Return the same inputs with the day on which units can first reach each cell."""
        return replace(self, economics=replace(self.economics, arrival_day=day))

    def arrivals(
        self,
        rows: Ints,
        law: int,
        units: Ints,
        cost: Floats | None = None,
        step: Ints | None = None,
    ) -> UnitValues:
        """Value the units that come by a law, none above what a next plan's costs that is there.

        Parameters
        ----------
        law
            Its number in `laws`.
        rows, units, cost, step
            As `UnitValuer.arrivals` takes them.
        """
        place = np.zeros(len(self.cells), dtype=np.int64)
        place[rows] = np.arange(len(rows))

        def on_day(some: Ints, fewest: Ints, day: int) -> UnitValues:
            worth = self.valuer.arrivals(
                some,
                day,
                fewest,
                None if cost is None else cost[place[some]],
                None if step is None else step[place[some]],
            )
            return worth.at_most(self.landed_by(worth.cell, day))

        held = self.economics.holding * self.params.plan.review_weeks
        worth = over_days(on_day, rows, units, self.laws.law(law), held)
        return worth if self.believed is None else self.believed.of(worth)

    def landed_by(self, cell: Ints, day: int) -> Floats:
        """Cheapest unit of a next plan that is there by `day`, for each of some cells [money].

        inf where none is: no unit that arrives then is worth more.
        """
        if day < self.economics.next_plans.every:
            return np.full(len(cell), np.inf)
        rows, of_cell = np.unique(cell, return_inverse=True)
        return landed_by(self.cells, self.network, self.economics, rows, day)[of_cell]

    @property
    def valuer(self) -> UnitValuer:
        """The valuer of units of these cells."""
        return self._valuer_of(self.demand)

    @property
    def keeper(self) -> UnitValuer:
        """The valuer of units on hand, which may stay until their orders are whole again.

        Which orders a region serves changes from plan to plan, which are worth serving does not
        (section 9 of docs/value.md).
        """
        return self._valuer_of(self.servable)

    def _valuer_of(self, demand: DemandScenarios) -> UnitValuer:
        weeks = self.params.plan.review_weeks
        return UnitValuer(demand, self.cells, self.economics, weeks)


@dataclass(frozen=True)
class Reach:
    """How units may reach each cell, one value a cell."""

    day: Ints
    """day of arrival that its units are valued for; NEVER where nothing can arrive"""
    cost: Floats
    """cheapest way in; inf without one"""
    step: Ints
    """units that travel together"""
    pack: Ints
    """units of a pack of its item"""
    most: Ints
    """units of its item that could be sent, in whole steps"""
    forced: Ints
    """units a planner's lock may force into it"""
    asked: Bools
    """True where a planner's lock asks for units"""
    fewest: Ints
    """units to value in any case: what is forced, and what another day or a refill may want"""
    law: Ints
    """number of the law by which units arrive then: of the cheapest way; -1 where nothing can"""
    cap: Ints
    """last unit that is a candidate, in whole steps; one step beyond it may be valued"""

    def rows(self, index: Ints) -> Reach:
        """Return the same of some of the cells."""
        return Reach(*(getattr(self, each.name)[index] for each in fields(self)))

    def asking(self, fewest: Ints) -> Reach:
        """Return the same with at least so many units to value, (C,)."""
        return replace(self, fewest=np.maximum(self.fewest, fewest))

    def up_to_floors(self, levels: PolicyLevels) -> Reach:
        """Return the same with the units that floors want, as far as ceilings let them."""
        wanted = np.minimum(levels.wanted, self._room(levels))
        wanted = np.clip(wanted, 0, np.maximum(self.most - self.step, 0))
        forced = np.maximum(self.forced, wanted)
        return replace(self, forced=forced, fewest=np.maximum(self.fewest, forced))

    def below_ceilings(self, levels: PolicyLevels, locked: Ints) -> Reach:
        """Return the same with no unit beyond a ceiling but what locks ask for, in whole packs."""
        whole = -(-np.maximum(locked, self.step) // self.pack) * self.pack
        room = np.maximum(self._room(levels), np.where(locked > 0, whole, 0))
        most = np.minimum(self.most, room + self.step)
        return replace(self, most=most, cap=np.minimum(self.cap, room))

    def _room(self, levels: PolicyLevels) -> Ints:
        """Units that may come into each cell in whole packs."""
        return np.where(levels.ceiling_row >= 0, levels.room // self.pack * self.pack, MOST_UNITS)

    def at_most(self, units: Ints) -> Reach:
        """Return the same with no more units than that for each cell, but what locks ask for.

        Where a lock does not say of which cell it wants them, of each as many as there are.
        """
        whole, forced = (-(-each // self.step) * self.step for each in (units, self.forced))
        anywhere = self.asked & (self.forced == 0)
        cap = np.where(anywhere, self.most, np.maximum(whole, forced))
        most = np.minimum(self.most, cap + self.step)
        return replace(self, most=most, cap=np.minimum(most, cap))


@dataclass(frozen=True)
class Ground:
    """Tables as arrays, before any cell is priced."""

    tables: Tables
    network: Network
    cells: Cells
    wanted: DemandScenarios
    exits: ExitBook
    params: OptimizeParams
    obsolescence: float
    """yearly chance that a cell closes without notice"""
    notes: list[str]

    def economics(self, cells: Cells | None = None, ahead: AheadPrices | None = None) -> Economics:
        """Price every cell as if hubs never ran down; `cells` may know what their orders pay."""
        return price_cells(
            self.cells if cells is None else cells,
            self.network,
            self.exits,
            self.params,
            self.obsolescence,
            self.wanted.horizon_days,
            ahead,
        )


def read_ground(
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios,
    as_of: pd.Timestamp,
    params: OptimizeParams,
    obsolescence: float,
) -> Ground:
    """Read tables into arrays."""
    filled = complete(tables, params.economics, as_of)
    handled = filled.with_line_handling(params.plan.line_handling_cost)
    network = read_network(handled, as_of, params.plan.review_weeks)
    cells, notes = choose_cells(filled, demand, network, as_of)
    wanted, more = align_demand(demand, cells, network, as_of)
    exits = read_exits(filled["exits"], network, params.exits)
    stated = params.economics.obsolescence_per_year
    yearly = obsolescence if stated is None else stated
    told = [*network.notes, *notes, *more]
    return Ground(filled, network, cells, wanted, exits, params, yearly, told)


def read_inputs(
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios,
    as_of: pd.Timestamp,
    params: OptimizeParams,
    obsolescence: float,
    order_credits: OrderCredits | None = None,
    ahead: AheadPrices | None = None,
) -> Inputs:
    """Read tables into arrays, and work out the money of every cell.

    Parameters
    ----------
    order_credits
        What past orders say of units in each cell, where money is by the order.
    ahead
        What later plans pay for scarce room.
    """
    ground = read_ground(tables, demand, as_of, params, obsolescence)
    network, cells = ground.network, ground.cells
    served = servable = ground.wanted
    if order_credits is not None:
        served, _ = align_demand(order_credits.effective(demand), cells, network, as_of)
        servable, _ = align_demand(order_credits.servable(demand), cells, network, as_of)
        places = network.regions[cells.region], network.items[cells.item]
        cells = replace(cells, further=order_credits.further_of(*places))
    plain, refill = ground.economics(cells), params.plan.hub_refill_weeks
    priced = plain if ahead is None else ground.economics(cells, ahead)
    days = refill_days(network, refill, ground.wanted.horizon_days)
    scarce = scarce_items(ground.wanted, cells, network, days)
    economics = as_hubs_run_down(priced, served, ground.wanted, cells, network, days, scarce)
    if order_credits is not None:
        economics = _credited(economics, plain, network, cells, order_credits)
    overrides, expired = read_overrides(ground.tables["overrides"], network, as_of)
    return Inputs(
        network,
        cells,
        served,
        servable,
        ground.wanted,
        ground.exits,
        economics,
        overrides,
        params,
        redirect_cost=_redirect_cost(cells, network, ground.exits, served, params),
        laws=laws_of_lanes(network.lanes),
        notes=[*ground.notes, *expired],
        policies=policy_levels(
            ground.tables["policies"],
            ground.tables["items"].set_index("item")["category"],
            network,
            cells,
            ground.wanted,
            plain.arrival_day,
            as_of,
            params.plan.review_weeks,
        ),
        recent=ground.tables["recent"],
        scarce=scarce,
        length=_length_of_walks(cells, network, scarce, served.scenarios),
    )


def _length_of_walks(cells: Cells, network: Network, scarce: Bools, paths: int) -> int:
    """Cells x paths x units that may leave hubs, over all scarce items."""
    count = np.bincount(cells.item, minlength=len(scarce))
    return int((count * paths * network.hub_stock.sum(axis=1))[scarce].sum())


def _credited(
    economics: Economics,
    plain: Economics,
    network: Network,
    cells: Cells,
    order_credits: OrderCredits,
) -> Economics:
    """Let a sale earn what orders credit it with, and what they cost more as hubs run down."""
    net = order_credits.net_of(network.regions[cells.region], network.items[cells.item])
    as_hubs_empty = economics.benefit - plain.benefit
    benefit = retained_worth(plain, len(cells)) + net + as_hubs_empty
    return replace(economics, benefit=np.asarray(benefit))


def _redirect_cost(
    cells: Cells, network: Network, exits: ExitBook, demand: DemandScenarios, params: OptimizeParams
) -> Floats:
    """Cheapest redirect into each cell."""
    window = WEEK_DAYS * params.plan.review_weeks
    moves = redirects(cells, network, exits, demand.horizon_days, window)
    cost = np.full(len(cells), np.inf)
    np.minimum.at(cost, moves.destination_cell, moves.cost)
    return cost


def possible_moves(inputs: Inputs) -> MoveRows:
    """List every move that lanes, assortment, exits and overrides allow."""
    moves = unlocked_moves(inputs)
    return moves.rows(override_locks(inputs.overrides, moves, inputs.cells, inputs.network)[1])


def unlocked_moves(inputs: Inputs) -> MoveRows:
    """List every move that lanes, assortment and exits allow, forbidden ones too."""
    horizon = inputs.demand.horizon_days
    window = WEEK_DAYS * inputs.params.plan.review_weeks
    cells, network = inputs.cells, inputs.network
    parts = [
        ships(cells, network, horizon, window),
        redirects(cells, network, inputs.exits, horizon, window),
        returns(cells, network, inputs.exits),
        local_moves(cells, inputs.exits),
    ]
    return join_moves(parts)


def reach_of(inputs: Inputs, moves: MoveRows) -> Reach:
    """Find the day and the cost of reaching each cell, and how many units may be asked of it."""
    cells, plan = inputs.cells, inputs.params.plan
    count = len(cells)
    day, cost = np.full(count, NEVER, dtype=np.int64), np.full(count, np.inf)
    for mine in (moves.between_cells, moves.from_hub):
        target = moves.destination_cell[mine]
        here_day, here_cost = np.full(count, NEVER, dtype=np.int64), np.full(count, np.inf)
        np.minimum.at(here_day, target, moves.lead_days[mine])
        np.minimum.at(here_cost, target, moves.cost[mine])
        day = np.where(here_day < NEVER, here_day, day)
        cost = np.where(here_day < NEVER, here_cost, cost)
    law = _law_on(inputs, moves, day)
    forced, asked = forced_units(inputs.overrides, cells)
    supply = inputs.network.hub_stock.sum(axis=1)
    np.add.at(supply, cells.item, cells.on_hand)
    pack = inputs.network.pack_size[cells.item]
    step = np.maximum(pack, plan.minimum_line_quantity)
    most = supply[cells.item] - cells.on_hand
    return Reach(
        day=day,
        cost=cost,
        step=step,
        pack=pack,
        most=most + step,
        cap=most + step,
        forced=np.minimum(forced, most),
        asked=asked,
        fewest=np.minimum(forced, most),
        law=law,
    )


def _law_on(inputs: Inputs, moves: MoveRows, day: Ints) -> Ints:
    """Law of the cheapest way that reaches each cell on its day; of equal ones the first."""
    law, laws = np.full(len(day), -1, dtype=np.int64), inputs.laws.of_moves(moves.lane)
    mine = np.flatnonzero(moves.destination_cell >= 0)
    mine = mine[moves.lead_days[mine] == day[moves.destination_cell[mine]]]
    ranked = mine[np.lexsort((laws[mine], moves.cost[mine], ~moves.from_hub[mine]))]
    law[moves.destination_cell[ranked[::-1]]] = laws[ranked[::-1]]
    return law


def read_plain_inputs(
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios,
    as_of: pd.Timestamp,
    params: OptimizeParams,
) -> Inputs:
    """Read what the loss of a unit that is not needed hangs on.

    That is neither how hubs run down, nor what policies ask for: `read_inputs` without both.
    """
    ground = read_ground(tables, demand, as_of, params, 0.0)
    network, cells, wanted = ground.network, ground.cells, ground.wanted
    return Inputs(
        network,
        cells,
        wanted,
        wanted,
        wanted,
        ground.exits,
        ground.economics(),
        read_overrides(ground.tables["overrides"], network, as_of)[0],
        params,
        redirect_cost=_redirect_cost(cells, network, ground.exits, wanted, params),
        laws=laws_of_lanes(network.lanes),
        notes=ground.notes,
    )

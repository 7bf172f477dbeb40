"""The backtest: past weeks replayed with every policy, in money (docs/replay.md).

    for each Monday: cut the tables at what was known
        for each policy: land, refill -> plan -> a week of true orders -> ledger

Policies meet the same buyers, start from the same stock and are judged by
`foreship.judge.simulate`, which shares no code with what plans. The forecast of a Monday is made
once for all of them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship.errors import UsageError
from foreship.pipeline.known import Policy, tables_before
from foreship.replay.known_then import Forecasts, tables_known_on
from foreship.replay.pieces import REPLAYING, play_apart
from foreship.replay.policies import choose_policies
from foreship.replay.promises import promises_table
from foreship.replay.regret import NEEDED, REGRET_COLUMNS, regret_table
from foreship.replay.standing_words import against_the_best
from foreship.replay.standings import Backtest, in_order, money_table, sensitivity_table
from foreship.replay.track import Track, World
from foreship_foundation.telling.progress import report, unheard
from foreship_foundation.telling.words import plural
from foreship_foundation.trading_weeks import last_regular_day

if TYPE_CHECKING:
    from foreship.config import Config
    from foreship.workspace.opening import Workspace

__all__ = ["Backtest", "backtest", "last_whole_weeks"]

Tables = Mapping[str, pd.DataFrame]

REFERENCES = ("reactive", "oracle")
VARIED = ("reactive", "foreship", "oracle")
USUAL_WEEKS = 8
DAY, WEEK = np.timedelta64(1, "D"), np.timedelta64(7, "D")


def _silent(words: str) -> None:
    """Say nothing."""


def backtest(  # noqa: PLR0913 - each is asked for by name
    workspace: Workspace,
    *,
    weeks: int = 8,
    policies: Iterable[str | Policy] | Mapping[str, Policy] | None = None,
    seed: int | None = None,
    cost_factors: Sequence[float] = (),
    regret: bool = False,
    workers: int = 1,
    how: str | None = None,
    tell: Callable[[str], None] = _silent,
) -> Backtest:
    """Replay the last `weeks` whole weeks of the orders with every policy.

    Parameters
    ----------
    workspace
        An open workspace; its orders are both history and what truly was ordered.
    weeks
        How many weeks to replay, >= 1.
    policies
        Names of `foreship.replay.policies.POLICIES`, or callables of your own
        (`Known` -> plan lines), also in a mapping under the names they shall have; absent: all
        that this workspace can run. `reactive` and `oracle` are replayed in any case, because
        `gap_closed` is measured between them.
    seed
        Of who waits for a parcel; absent: `backtest.seed`.
    cost_factors
        Lane and exit costs are multiplied by each of these for `Backtest.sensitivity`; each but 1
        replays `reactive`, `foreship` and `oracle` again. Absent: no sensitivity.
    regret
        Also split the profit between the oracle without limits and `foreship` into steps; replays
        up to four policies more.
    workers
        Processes to share the work among; the result is the same to the bit. Forecasts of
        different fits are independent, and so are policies; each worker then holds the
        forecasts of a fit. In a script, call it under `if __name__ == "__main__":`.
    how
        `serial`, `processes` or `dask` (`foreship.execute`); absent: processes if there is more
        than one worker.
    tell
        Called with a sentence when a week, or a piece of shared work, begins or is done.

    Raises
    ------
    UsageError
        For an unknown policy, one that no other process can import, a cost factor that is no
        number above 0, or when there are fewer whole weeks of orders than asked for.
    """
    _refuse_odd_factors(cost_factors)
    how = how or ("serial" if workers == 1 else "processes")
    config = workspace.config
    seed = config.backtest.seed if seed is None else seed
    tables = tables_before(workspace.tables, workspace.as_of)
    mondays = last_whole_weeks(tables["orders"], weeks)
    chosen = choose_policies(policies, workspace.path, tables["orders"])
    every = choose_policies(None, workspace.path, tables["orders"])
    asked = (*REFERENCES, *(NEEDED if regret else ()))
    references = {name: each for name, each in every.items() if name in asked}
    tracks = _tracks(references | chosen, tables, config, mondays, seed, cost_factors)
    if regret:
        world = World.unlimited(tables, config, mondays, seed)
        tracks.append(Track("unlimited", every["oracle"], world, world.opening))
    if how == "serial" and workers == 1:
        said = _play(tracks, tables, mondays, config, tell)
    else:
        _refuse_homeless(chosen)
        said = play_apart(tracks, tables, mondays, config, workers, how, tell)
    notes = _notes(tracks, tables, mondays, seed, said)
    return _result(tracks, list(chosen), notes)


def _play(
    tracks: Sequence[Track],
    tables: Tables,
    mondays: npt.NDArray[np.datetime64],
    config: Config,
    tell: Callable[[str], None],
) -> Iterable[str]:
    """Play week by week, holding one forecast at a time; return the forecasts' notes."""
    forecasts = Forecasts(config)
    for number, monday in enumerate(mondays):
        tell(f"replay week {number + 1} of {len(mondays)}, {monday}")
        past = tables_known_on(tables, monday)
        forecast = forecasts.on(monday, past)
        for each, track in enumerate(tracks):
            report(REPLAYING, number * len(tracks) + each, len(mondays) * len(tracks))
            with unheard():
                track.play(past, forecast, monday)
    return forecasts.notes


def _refuse_homeless(chosen: Mapping[str, Policy]) -> None:
    """Refuse a policy that another process could not import."""
    for name, policy in chosen.items():
        while isinstance(policy, partial):
            policy = policy.func  # noqa: PLW2901 - what it wraps must be found
        home = policy if hasattr(policy, "__qualname__") else type(policy)
        module = sys.modules.get(home.__module__)
        if home.__module__ == "__main__" or getattr(module, home.__qualname__, None) is not home:
            raise UsageError(
                f"policy {name} cannot be sent to another process; define it in a module of its "
                "own, or use one worker"
            )


def last_whole_weeks(orders: pd.DataFrame, weeks: int) -> npt.NDArray[np.datetime64]:
    """Return the Mondays of the last `weeks` whole weeks of the orders, shape (weeks,).

    The week of the last order is whole unless it ends before a weekday on which most of the
    eight weeks before it had orders. Orders that stand alone long after all others end no week.

    Raises
    ------
    UsageError
        When the orders do not span that many whole weeks.
    """
    if weeks < 1:
        raise UsageError(f"a replay needs at least 1 week, not {weeks}")
    days = orders["date"].to_numpy().astype("datetime64[D]")
    dates = np.unique(days[days <= last_regular_day(days)])
    if not len(dates):
        raise UsageError("there are no orders to replay")
    monday_of = dates - (dates.astype(np.int64) + 3) % 7 * DAY  # 1970-01-01 was a Thursday
    last = monday_of[-1]
    usual = monday_of >= last - USUAL_WEEKS * WEEK
    later = usual & (monday_of < last) & (dates - monday_of > dates[-1] - last)
    weeks_before = len(np.unique(monday_of[usual])) - 1
    if 2 * len(np.unique(monday_of[later])) > weeks_before:
        last = last - WEEK
    mondays = last - np.arange(weeks - 1, -1, -1) * WEEK
    if mondays[0] < monday_of[0]:
        whole = int((last - monday_of[0]) // WEEK) + 1
        raise UsageError(
            f"{plural(weeks, 'week')} cannot be replayed: the orders span "
            f"{plural(whole, 'whole week')}"
        )
    return np.asarray(mondays)


def _refuse_odd_factors(factors: Sequence[Any]) -> None:
    """Refuse cost factors that are no numbers above 0.

    Raises
    ------
    UsageError
        Naming the first of them.
    """
    for factor in factors:
        if not isinstance(factor, Real) or not 0 < float(factor) < float("inf"):
            raise UsageError(f"cost factor {factor!r}: give numbers above 0, such as 0.5, 1, 2")


def _tracks(
    chosen: Mapping[str, Policy],
    tables: Tables,
    config: Config,
    mondays: npt.NDArray[np.datetime64],
    seed: int,
    cost_factors: Sequence[float],
) -> list[Track]:
    """Return a track for every policy, and one at every other cost factor for the varied ones.

    Without a risk budget `foreship_mean` is `foreship`, and only one of them is played.
    """
    twin = config.risk.budget is None and "foreship" in chosen
    played = {name: each for name, each in chosen.items() if not (twin and name == "foreship_mean")}
    tracks = []
    for factor in sorted({1.0, *cost_factors}, key=lambda factor: (factor != 1.0, factor)):
        world = World.at_costs(factor, tables, config, mondays, seed)
        names = played if factor == 1.0 else [name for name in VARIED if name in played]
        tracks += [Track(name, played[name], world, world.opening) for name in names]
    return tracks


def _result(tracks: Sequence[Track], shown: Sequence[str], notes: Sequence[str]) -> Backtest:
    """Put the weeks of the tracks into tables, in the order the policies were asked for."""
    weekly = pd.DataFrame([row for track in tracks for row in track.weeks])
    no_budget = tracks[0].world.config.risk.budget is None
    ends = {track.name: track.ends() for track in tracks if track.world.cost_factor == 1.0}
    if "foreship" in ends and "foreship_mean" not in ends and no_budget:
        twin = weekly[(weekly["policy"] == "foreship") & (weekly["cost_factor"] == 1.0)]
        weekly = pd.concat([weekly, twin.assign(policy="foreship_mean")], ignore_index=True)
        ends["foreship_mean"] = ends["foreship"]
    at_cost = weekly[weekly["cost_factor"] == 1.0].drop(columns="cost_factor")
    level = tracks[0].world.config.risk.level
    split = "unlimited" in ends
    varied = sensitivity_table(weekly[weekly["policy"].isin(VARIED)])
    money = money_table(at_cost, ends)
    return Backtest(
        money=in_order(money, shown),
        weekly=in_order(at_cost, shown),
        sensitivity=in_order(varied, shown),
        promises=in_order(promises_table(at_cost, level), shown),
        regret=regret_table(at_cost) if split else pd.DataFrame(columns=REGRET_COLUMNS),
        notes=tuple(notes),
        headline=against_the_best(money[money["policy"].isin({*shown, "reactive"})]),
    )


def _notes(
    tracks: Sequence[Track],
    tables: Tables,
    mondays: npt.NDArray[np.datetime64],
    seed: int,
    forecast_notes: Iterable[str],
) -> list[str]:
    """Say what a reader must know about the numbers."""
    world = tracks[0].world
    end = mondays[-1] + 6 * DAY
    later = int((tables["orders"]["date"].to_numpy().astype("datetime64[D]") > end).sum())
    replayed = tables["orders"][tables["orders"]["date"] >= mondays[0]]
    nameless = int((replayed["order_id"] == "").sum()) if world.network.by_order else 0
    said = {
        f"{plural(len(mondays), 'week')} from {mondays[0]} to {end}, seed {seed}; stock and "
        "inbound start as the tables say": True,
        f"{plural(later, 'order line')} after {end} not replayed: their week is not whole": later,
        f"{plural(world.buyers.left_out, 'order line')} of a region or item that no table "
        "knows: not replayed": world.buyers.left_out,
        "money is by order; "
        f"{plural(nameless, 'replayed order line has', 'replayed order lines have')} "
        "no order_id, each is an order of its own": nameless,
        "intervals are 95 % ones over the weeks and allow for neighbouring weeks that are alike; a "
        "single week has none": True,
        "overrides are not replayed: today's locks were not those of the past": len(
            tables["overrides"]
        ),
        "adjustments are not replayed: today's were not those of the past": len(
            tables.get("adjustments", ())
        ),
        "policies are replayed as they stand today": len(tables.get("policies", ())),
        "weeks of missing availability are replayed as they were ordered: buyers whom nothing "
        "was offered are not in the orders": len(tables["availability"]),
        "foreship_mean is foreship: there is no risk budget": world.config.risk.budget is None
        and any(track.name == "foreship" for track in tracks),
        "no lane states direct_days: days saved are unknown": np.isnan(
            world.network.lanes.direct_days
        ).all(),
    }
    notes = [sentence for sentence, holds in said.items() if holds]
    for track in tracks:
        notes += track.notes()
    return [*notes, *forecast_notes]

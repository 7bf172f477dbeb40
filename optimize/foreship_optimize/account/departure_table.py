"""What leaves when: a row a departure that a plan uses, in the contract's columns."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Floats, Ints
from foreship_foundation.tables.output_files import DEPARTURES
from foreship_optimize.network.transport.arrival_law import arrival_span
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.departure_loads import fewest_vehicles, loads_of, vehicles_filled

__all__ = ["departures_of"]

KEY = ["origin", "destination", "ship_date", "arrival_date"]
COUNTS = ("lines", "units", "vehicles")


def departures_of(
    problem: ShippingProblem, quantity: Ints, as_of: pd.Timestamp
) -> pd.DataFrame | None:
    """Write down every departure that carries anything; None where tables state nothing of them.

    Departures between the same places on the same days are one row, whatever tells them apart.

    Parameters
    ----------
    quantity
        Units of each move of a plan, shape (M,).
    """
    departures = problem.departures
    if not len(departures.day):
        return None
    loads = loads_of(problem, quantity)
    used = np.flatnonzero(loads.units > 0)
    lead = np.zeros(len(departures.day), dtype=np.int64)
    travel = problem.moves.lane >= 0
    lead[problem.moves.lane[travel]] = problem.moves.lead_days[travel]
    vehicles = np.where(departures.vehicle_cost > 0, fewest_vehicles(problem, loads), 0)
    held = np.where(vehicles > 0, vehicles, fewest_vehicles(problem, loads))
    sized = np.isfinite(departures.vehicle_volume) | np.isfinite(departures.vehicle_kg)
    fill = vehicles_filled(problem, loads) / np.maximum(held, 1)
    days = {"ship_date": departures.day, "arrival_date": lead}
    days |= _nine_in_ten(departures.day, lead, departures.sd_days, used)
    frame = pd.DataFrame(
        {
            "origin": problem.lane_origin[used].astype(str),
            "destination": problem.lane_destination[used].astype(str),
            **{name: _dates(as_of, day[used]) for name, day in days.items()},
            "lines": loads.lines[used],
            "units": np.rint(loads.units[used]).astype(np.int64),
            "volume": loads.volume[used],
            "kg": loads.kg[used],
            "vehicles": vehicles[used].astype(np.int64),
            "vehicle_fill": np.where(sized, np.minimum(fill, 1.0), np.nan)[used],
            "vehicle_cost": (departures.vehicle_cost * vehicles)[used],
            "line_cost": (departures.line_cost * loads.lines)[used],
        }
    )
    return _one_row_each(frame)


def _nine_in_ten(day: Ints, lead: Ints, sd_days: Floats, used: Ints) -> dict[str, Ints]:
    """First and last day between which arrivals of the departures used fall nine times in ten."""
    span = np.stack([lead, lead])
    for each in used.tolist():
        wait = int(day[each])
        span[:, each] = arrival_span(int(lead[each]) - wait, float(sd_days[each]))
        span[:, each] += wait
    return {"arrival_from": span[0], "arrival_to": span[1]}


def _dates(as_of: pd.Timestamp, days: Ints) -> np.ndarray:
    """Days from the day of the plan as dates."""
    later = as_of + pd.to_timedelta(days, unit="D")
    return np.asarray(later.to_numpy().astype("datetime64[us]"))


def _one_row_each(frame: pd.DataFrame) -> pd.DataFrame:
    """Join departures between the same places on the same days; the fuller one tells the fill."""
    most = dict.fromkeys(("arrival_to", "vehicle_fill"), "max")
    sums = dict.fromkeys((*COUNTS, "volume", "kg", "vehicle_cost", "line_cost"), "sum")
    joined = frame.groupby(KEY, as_index=False, sort=True).agg(
        {"arrival_from": "min", **most, **sums}
    )
    return joined[list(DEPARTURES.names)].astype(dict.fromkeys(COUNTS, np.int64))

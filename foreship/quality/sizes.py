"""Sizes that cost minutes or gigabytes: legal, and worth knowing before the work."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from foreship.errors import Fault
from foreship.quality.evidence import Evidence, warning
from foreship_foundation.telling.words import plural

__all__ = ["sizes_are_affordable"]

MINUTE_OF_DRAWS = 1_500_000_000
"""cells x weeks x scenarios of a minute: one core draws 25 million a second, two bytes each"""
MINUTE_OF_UNITS = 3_000_000
"""units in regions of a minute: one core values 60,000 a second, each a row of the ledger"""
MANY_ROUNDS = 4
"""times the usual number of trees"""


def sizes_are_affordable(seen: Evidence) -> Iterator[Fault]:
    """Sizes and settings that cost minutes on one core, or gigabytes; told as a note."""
    yield from _draws(seen)
    yield from _rounds(seen)
    yield from _units_in_regions(seen)


def _draws(seen: Evidence) -> Iterator[Fault]:
    if seen.lines is None:
        return
    items = np.int64(seen.lines.item.max() + 2)
    cells = len(pd.unique(seen.lines.region * items + seen.lines.item))
    weeks, scenarios = seen.forecast.horizon_weeks, seen.forecast.scenarios
    draws = cells * weeks * scenarios
    if draws >= MINUTE_OF_DRAWS:
        words = (
            f"{plural(cells, 'cell')} x {plural(weeks, 'week')} x "
            f"{plural(scenarios, 'scenario')} are {draws:,} draws: "
            f"over {draws // MINUTE_OF_DRAWS} min of one core and "
            f"{2 * draws / 1e9:.0f} GB"
        )
        yield Fault("foreship.toml", words, "", "forecast.scenarios", severity="note")


def _rounds(seen: Evidence) -> Iterator[Fault]:
    usual, asked = type(seen.forecast)().rounds, seen.forecast.rounds
    if asked >= MANY_ROUNDS * usual:
        words = (
            f"{plural(asked, 'tree')}: learning takes {asked / usual:.0f} times as long as by "
            "default"
        )
        yield Fault("foreship.toml", words, "", "forecast.rounds", severity="note")


def _units_in_regions(seen: Evidence) -> Iterator[Fault]:
    stock, regions = seen.read("stock", "location", "quantity"), seen.read("regions", "region")
    if stock is None or regions is None or not stock.rows:
        return
    staged = stock.rows_named("location", set(regions.names_of("region")))
    units = int(stock.parsed["quantity"].values[staged].sum())
    if units >= MINUTE_OF_UNITS:
        words = (
            f"{plural(units, 'unit')} in regions, each valued: over {units // MINUTE_OF_UNITS} min"
        )
        remedy = "larger units (cases, hundreds) cost less"
        yield warning(stock, "quantity", staged, words, remedy, "note")

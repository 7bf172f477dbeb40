"""A case of a few hubs, regions and items drawn at random, as `assemble` takes it."""

from __future__ import annotations

from dataclasses import replace

from tests.optimize.table_builder import MONDAY, draw_tables


def small_case(seed: int, sizes: tuple[int, int, int] = (2, 2, 1)):
    """Tables, demand, day and settings; small enough to try every plan."""
    tables, demand, params = draw_tables(seed, sizes=sizes)
    tables["overrides"] = tables["overrides"].iloc[:0]
    return tables, demand, MONDAY, replace(params, plan=replace(params.plan, gap=0.0))

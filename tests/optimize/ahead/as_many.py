"""A market with something on its way, and how its few cells are worked on as many are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.ahead import horizon, needs, unpriced
from foreship_optimize.demand import DemandScenarios
from tests.optimize.small_network import day, demand_of, item, lane, tables_of


def as_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, a single cell counts as many."""
    for room in (horizon, unpriced, needs):
        monkeypatch.setattr(room, "FEW_CELLS", 0)


def market() -> tuple[dict[str, pd.DataFrame], DemandScenarios]:
    """Two regions with lanes of other days, two hubs, three items; something is on its way."""
    draw, names = np.random.default_rng(7), ("I", "K", "M")
    tables = tables_of(
        items=[item(name, lost=0.3) for name in names],
        regions=[(each, np.inf, 2.0, "", np.nan, np.nan) for each in ("Q", "R")],
        hubs=[(hub, 0, 0) for hub in ("G", "H")],
        lanes=[lane("G", "Q", 0.5, 3), lane("H", "Q", 0.4, 9), lane("H", "R", 1.0, 2, capacity=5.0),
               lane("Q", "H"), lane("R", "H")],
        stock=[("G", "I", 3), ("H", "I", 90), ("H", "K", 90), ("G", "M", 50), ("Q", "I", 5),
               ("R", "K", 2)],
        inbound=[("Q", "I", 4, day(2)), ("R", "K", 3, day(10)), ("H", "K", 20, day(8))],
    )  # fmt: skip
    paths = {(r, i): draw.poisson(2.5, (6, 150)) for r in ("Q", "R") for i in names}
    return tables, demand_of(paths)

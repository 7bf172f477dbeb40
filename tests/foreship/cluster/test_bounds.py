"""What cannot fit the stated memory is refused before it begins."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from foreship.cluster.bounds import (
    GIB,
    MOST_ROWS,
    block_cells,
    cells_of,
    driver_bytes,
    refuse_too_large,
    worker_bytes,
)
from foreship.config import Config
from foreship.errors import TooLarge
from foreship.params import ClusterParams
from foreship_forecast.params import ForecastParams


def tables(cells: int) -> dict[str, pd.DataFrame]:
    """Return two order lines a cell."""
    item = [f"I{number}" for number in range(cells)] * 2
    return {"orders": pd.DataFrame({"region": "R", "item": item, "quantity": 1})}


def config(block_rows: int = 400_000, scenarios: int = 200, **cluster: float) -> Config:
    """Return settings of memory and of blocks."""
    forecast = ForecastParams(block_rows=block_rows, scenarios=scenarios)
    return Config(forecast=forecast, cluster=ClusterParams(**cluster))


def test_cells_are_those_of_the_assortment_or_else_those_that_sold() -> None:
    """Each once."""
    sold = tables(3)
    assert cells_of(sold) == 3
    assert cells_of({**sold, "assortment": pd.DataFrame({"region": ["R"] * 5})}) == 5


def test_an_unbounded_driver_is_never_refused() -> None:
    """Zero means no bound; without a cluster no worker is asked about."""
    refuse_too_large(tables(3), config(100_000_000, 2000), on_cluster=False)


def test_a_driver_that_is_too_small_is_told_what_would_do() -> None:
    """The message has the size of the job, the memory and the setting; so much is enough."""
    small = tables(100)
    need = driver_bytes(100, 200, ForecastParams().max_rows) / GIB
    refuse_too_large(small, config(driver_memory_gib=need + 0.01), on_cluster=False)
    with pytest.raises(TooLarge, match=r"100 cells and 200 order lines.*driver_memory_gib"):
        refuse_too_large(small, config(driver_memory_gib=need - 0.01), on_cluster=False)


def test_a_worker_that_is_too_small_is_told_what_would_do() -> None:
    """With the rows of a block that the message names, the job begins."""
    many = tables(30_000)
    big = config(10_000_000, 5_000, worker_memory_gib=1.0)
    with pytest.raises(TooLarge, match="worker_memory_gib, which says 1") as refused:
        refuse_too_large(many, big, on_cluster=True)
    found = re.search(r"block_rows to (\d+)", str(refused.value))
    assert found is not None
    refuse_too_large(
        many, config(int(found.group(1)), 5_000, worker_memory_gib=1.0), on_cluster=True
    )


def test_more_of_anything_needs_more() -> None:
    """Cells, lines and rows of the driver; cells, weeks and paths of a worker."""
    driver = driver_bytes(10, 10, 1000)
    assert all(driver_bytes(*more) > driver for more in ((11, 10, 1000), (10, 11, 1000)))
    worker = worker_bytes(10, 8, 200)
    assert all(worker_bytes(*more) > worker for more in ((11, 8, 200), (10, 9, 200), (10, 8, 201)))


def test_a_block_is_no_more_than_all_cells_and_no_less_than_one() -> None:
    """Rows are cells x weeks."""
    assert block_cells(400, 8, 1000) == 50
    assert block_cells(400, 8, 7) == 7
    assert block_cells(3, 8, 1000) == 1


def test_a_block_that_is_sent_is_bounded_whatever_the_settings_ask_for() -> None:
    """Blocks under way lie with the process that leads, several at once."""
    assert block_cells(400_000, 8, 10**6) == MOST_ROWS // 8
    assert block_cells(400, 8, 10**6) == 50

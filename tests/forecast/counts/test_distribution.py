"""The promise of the forecast: shapes, order and columns, on paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import foreship_forecast.counts.distribution as module
from foreship_forecast.counts.distribution import DemandDistribution
from foreship_forecast.counts.law import CountLaw
from foreship_forecast.tables import DISTRIBUTION_COLUMNS

MONDAY = np.datetime64("2026-11-16")


def two_cells_of_three_weeks() -> DemandDistribution:
    """Geometric sizes of mean 1; chances .1 to .6, week by week within a cell."""
    chance = np.arange(1, 7) / 10
    return DemandDistribution(
        region=np.array(["R1", "R2"], dtype=object),
        item=np.array(["A", "B"], dtype=object),
        weeks=MONDAY + 7 * np.arange(3),
        law=CountLaw(chance, np.ones(6), np.ones(6)),
    )


def test_every_answer_has_its_cell_and_week() -> None:
    """Cell 2 of week 1 has a chance of .4, a mean of .8, .2 for two units and a median of 0."""
    found = two_cells_of_three_weeks()
    assert found.shape == (2, 3)
    assert found.purchase_probability().tolist() == [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]
    assert found.mean() == pytest.approx(2 * found.purchase_probability(), abs=1e-6)
    assert found.survival(2)[1, 0] == pytest.approx([0.4, 0.2])
    assert found.survival(2).shape == (2, 3, 2)
    assert found.quantiles((0.5, 0.75)).tolist() == [[[0, 0, 0], [0, 0, 1]], [[0, 0, 1], [1, 1, 2]]]
    assert found.quantiles().shape == (8, 2, 3)


def test_a_part_says_of_its_cells_what_the_whole_says() -> None:
    """The second cell alone, its law and its orders; no cell at all."""
    whole = replace(two_cells_of_three_weeks(), order_sizes=np.array([1.0, 12.0]))
    part = whole.part(np.array([1]))
    assert (part.region.tolist(), part.item.tolist(), part.shape) == (["R2"], ["B"], (1, 3))
    assert part.purchase_probability().tolist() == whole.purchase_probability()[1:].tolist()
    assert part.order_sizes is not None and part.order_sizes.tolist() == [12.0]
    assert whole.part(np.zeros(0, dtype=np.int64)).shape == (0, 3)


def test_the_table_is_that_of_the_contract() -> None:
    """Sorted by region, item and week; its columns say what the arrays say."""
    found = two_cells_of_three_weeks()
    table = found.to_frame()
    assert tuple(table.columns) == DISTRIBUTION_COLUMNS
    assert table["region"].tolist() == ["R1"] * 3 + ["R2"] * 3
    assert table["item"].tolist() == ["A"] * 3 + ["B"] * 3
    weeks = list(pd.date_range("2026-11-16", periods=3, freq="7D"))
    assert table["week"].tolist() == weeks * 2
    assert table["mean"].to_numpy() == pytest.approx(found.mean().ravel())
    assert table["purchase_probability"].tolist() == found.law.chance.tolist()
    assert table["q75"].tolist() == [0, 0, 1, 1, 1, 2]
    assert table["q99"].tolist() == found.quantiles((0.99,)).ravel().tolist()


def test_it_says_how_much_it_expects() -> None:
    """Cells, weeks, the first Monday and all units: 2 x (.1 + .. + .6)."""
    assert str(two_cells_of_three_weeks()) == (
        "DemandDistribution: 2 cells x 3 weeks from 2026-11-16, 4 units expected"
    )


@pytest.mark.parametrize("cells", [1, 2, 3])
def test_pieces_of_the_tables_are_the_whole(monkeypatch: pytest.MonkeyPatch, cells: int) -> None:
    """A cell or all at a time, no cell too: the rows of both files, their ids as categories."""
    monkeypatch.setattr(module, "BLOCK_ROWS", cells)
    whole = two_cells_of_three_weeks()
    for found in (whole, whole.part(np.zeros(0, dtype=np.int64))):
        for parts, told in (
            (list(found.frames()), found.to_frame()),
            (list(found.law_frames()), found.law_frame()),
        ):
            assert len(parts) == max(-(-len(found.region) // cells), 1)
            assert all(str(each["item"].dtype) == "category" for each in parts)
            texts = [each.astype({"region": str, "item": str}) for each in parts]
            joined = pd.concat(texts, ignore_index=True)
            pd.testing.assert_frame_equal(joined, told, check_dtype=len(found.region) > 0)
            assert parts[0].attrs == told.attrs

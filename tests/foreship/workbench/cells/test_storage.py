"""How full a region is, and what more room is worth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foreship.reading.parts import part_of
from foreship.reading.views import RunView
from foreship.workbench.cells.storage import storage
from tests.foreship.order_views import order_view


def roomy(capacity: float) -> RunView:
    """Return the part of Lyon of a run, with so much room there and a price on it."""
    view = order_view()
    regions = view.tables["regions"].assign(capacity=capacity)
    price = {"limit": "storage of Lyon", "family": "storage", "price": 0.75, "unit": "volume",
             "words": "One more is worth 0.75."}  # fmt: skip
    summary = {**view.summary, "shadow_prices": [price]}
    whole = replace(view, summary=summary, tables={**view.tables, "regions": regions})
    return part_of(whole, region="Lyon")


def test_the_room_leads_to_its_table_and_its_price_to_the_limits() -> None:
    """What is taken leads to the region's lines."""
    page = str(storage("latest", roomy(1250.0), "Lyon"))
    source = "file=inputs%2Fregions.parquet&amp;column=capacity&amp;region=Lyon"
    assert f'href="/run/latest/from?{source}">1,250.0</a>' in page
    assert 'href="/run/latest/limits">0.75</a>' in page
    assert "/run/latest/lines?region=Lyon" in page


def test_a_region_without_a_limit_has_no_storage_to_show() -> None:
    """The sentence above says that it is not limited."""
    assert storage("latest", roomy(np.inf), "Lyon") == ""

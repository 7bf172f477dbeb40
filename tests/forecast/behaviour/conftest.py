"""One forecast for all tests of a panel."""

from __future__ import annotations

from functools import cache

import pytest

from tests.forecast.behaviour.small_markets import Judged, figures


@pytest.fixture(scope="package")
def judged() -> Judged:
    """Return `figures`, which forecasts each market once."""
    return cache(figures)

"""The benchmark of hold-back plans with the walk of the product, as it is called today."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.value.hold_back import Money, Paths, planned


def test_a_scarce_hub_keeps_what_a_plentiful_one_sends():
    """Ten regions, each wanting a unit in a tenth of the paths: all want one, none may have it.

    Each path loses an order for a unit that lies idle elsewhere while the hub has one unit; with
    plenty, and where orders earn nothing, each region is sent what pays its lane.
    """
    wanted = np.eye(10, dtype=np.int64)
    paths, money = Paths(wanted, wanted, wanted), Money()
    assert planned(paths, money, 1).sum() == 0
    assert planned(paths, money, 30).tolist() == [1] * 10
    assert planned(paths, replace(money, margin=0.0), 1).sum() == 1

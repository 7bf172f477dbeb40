"""Credits and plan settled on each other: limits, no loss, savings counted once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.orders.branching import feasible
from foreship_optimize.orders.credit import Seen, credited, shrunk
from foreship_optimize.orders.need_law import sampled_law
from foreship_optimize.orders.settling import Settling
from foreship_optimize.orders.stocking import Stocking
from tests.optimize.orders.drawn_baskets import Market, drawn_market
from tests.optimize.orders.regional_market import regional_market


def settling(market: Market, prior: float = 10.0, windows: float = np.inf) -> Settling:
    """What settles on a market whose law of need is that of its own orders."""
    baskets, keeping = market.baskets, market.keeping
    cells = len(keeping.lying)
    units = np.bincount(baskets.cell, baskets.units, cells).astype(float)
    law = Stocking(sampled_law(baskets, cells), keeping, np.full(cells, 0.5), windows)
    count = baskets.weight / baskets.weight.max()
    return Settling(baskets, count, Seen(units, keeping.item, prior), law)


@pytest.mark.parametrize("prior", [0.0, 10.0])
def test_the_plan_keeps_every_limit_and_earns_no_less_than_nothing(prior: float):
    """35 scarce drawn markets, on two of which all settled plans lose: nothing is always a plan."""
    some = 0
    for seed in range(30, 65):
        settled = settling(regional_market(seed, scarce=True), prior)
        sent = settled.plan()
        assert feasible(settled.keeping, sent), seed
        assert settled.money(sent) >= 0.0, seed
        assert (settled.plan() == sent).all()
        some += sent.any()
    assert some > 5


@pytest.mark.parametrize("seed", range(10))
def test_credits_moved_to_short_lines_still_add_up(seed: int):
    """Without a prior, credit x served units is at most the saving of what is served or missed."""
    settled = settling(regional_market(seed), 0.0)
    sent, first = settled.plan(), settled.baskets.first
    share = np.random.default_rng(seed).random(len(settled.baskets.cell)) + 0.1
    moved = settled._moved(share, np.linspace(1.0, 4.0, 4))
    assert np.add.reduceat(moved, first[:-1]) == pytest.approx(np.ones(len(first) - 1))
    credit = settled.credit_of(sent)
    stock = settled.keeping.lying + sent
    found = credited(settled.baskets, settled.count, stock, moved)
    everything = credited(settled.baskets, settled.count, stock)
    told = (credit.net * found.served).sum()
    saving = settled.baskets.saving * settled.count[settled.baskets.period]
    assert told <= saving.sum() + 1e-9
    assert credit.share == pytest.approx(shrunk(everything, settled.seen).share)


def test_what_the_last_unit_lacks_comes_from_a_line_that_can_spare_it():
    """An order of 3.00 for two cells, one dearer by 2: half the saving each does not carry it."""
    keeping = replace(
        drawn_market(0).keeping,
        lying=np.zeros(2, np.int64), idle=np.full(2, 0.1), dearer=np.array([0.0, 2.0]),
        region=np.zeros(2, np.int64), room=np.array([np.inf]), item=np.arange(2),
        supply=np.full(2, 9), volume=np.ones(2),
    )  # fmt: skip
    settled = settling(Market([[(3.0, {0: 1, 1: 1})]], [1.0], keeping), 0.0)
    assert settled.plan().tolist() == [1, 1]
    credit = settled.credit_of(np.array([1, 1]))
    assert credit.net.sum() == pytest.approx(3.0)
    assert (settled.stocking.last_gains(credit, np.array([1, 1])) >= -1e-3).all()
    assert settled.money(np.array([1, 1])) == pytest.approx(1.0)


def test_without_orders_nothing_is_sent_and_nothing_credited():
    """No order in any period."""
    settled = settling(Market([[], []], [0.5, 0.5], drawn_market(0).keeping))
    none = np.zeros(4, np.int64)
    assert settled.plan().tolist() == [0] * 4
    assert (
        settled.credit_of(none).net.tolist() == settled.at_the_margin(none).net.tolist() == [0] * 4
    )

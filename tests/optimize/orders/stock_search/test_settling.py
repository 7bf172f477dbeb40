"""Credits and plan settled on each other: limits, no loss, savings counted once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.orders.certification.branching import feasible
from foreship_optimize.orders.credit import Seen, credited
from foreship_optimize.orders.stock_search.need_law import sampled_law
from foreship_optimize.orders.stock_search.settling import Settling
from foreship_optimize.orders.stock_search.stocking import Stocking
from foreship_optimize.orders.walk import walk
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
def test_credits_told_once_add_up_to_what_is_served(seed: int):
    """Without a prior, credit x served units is the saving of the orders served; shares agree."""
    settled = settling(regional_market(seed), 0.0)
    sent = settled.plan()
    stock = settled.keeping.lying + sent
    once, margin = settled.told_once(sent), settled.at_the_margin(sent)
    units = credited(settled.baskets, settled.count, stock).served
    saving = settled.baskets.saving * settled.count[settled.baskets.period]
    served = walk(settled.baskets, stock).served
    assert (once.net * units).sum() == pytest.approx(saving[served].sum())
    assert once.share.tolist() == margin.share.tolist()


def test_each_line_is_credited_all_at_the_margin_and_its_part_when_told_once():
    """An order of 3.00 for two cells, one dearer by 2: 3.00 each, 1.50 each; it earns 1.00."""
    keeping = replace(
        drawn_market(0).keeping,
        lying=np.zeros(2, np.int64), idle=np.full(2, 0.1), dearer=np.array([0.0, 2.0]),
        region=np.zeros(2, np.int64), room=np.array([np.inf]), item=np.arange(2),
        supply=np.full(2, 9), volume=np.ones(2),
    )  # fmt: skip
    settled = settling(Market([[(3.0, {0: 1, 1: 1})]], [1.0], keeping), 0.0)
    both = np.array([1, 1])
    assert settled.plan().tolist() == [1, 1]
    assert settled.at_the_margin(both).net == pytest.approx([3.0, 3.0])
    assert settled.told_once(both).net == pytest.approx([1.5, 1.5])
    assert settled.money(both) == pytest.approx(1.0)


def test_without_orders_nothing_is_sent_and_nothing_credited():
    """No order in any period."""
    settled = settling(Market([[], []], [0.5, 0.5], drawn_market(0).keeping))
    none = np.zeros(4, np.int64)
    assert settled.plan().tolist() == [0] * 4
    for credit in (settled.told_once(none), settled.at_the_margin(none)):
        assert credit.net.tolist() == credit.share.tolist() == [0] * 4

"""Weeks played by the judge in a small world."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from foreship.judge.buyers import Buyers
from foreship.judge.carried_out.state import opening_state
from foreship.judge.network.network import Network
from foreship.judge.simulate import Refills, monday_morning, play_week
from tests.foreship.small_world import MONDAY

WEEK = np.timedelta64(7, "D")


EXITS = SimpleNamespace(
    allowed=("redirect", "markdown", "return", "give_away"),
    markdown_share=0.3,
    return_handling=0.5,
    redirect_handling=0.2,
    recovery_share=0.25,
)


def replay(tables, plans, *, cover=0.0, trailing=4, seed=1):
    """Play one plan a week; returns ledgers, the last state and the network."""
    network = Network.from_tables(tables, EXITS)
    buyers = Buyers.from_orders(tables["orders"], network, MONDAY, seed)
    state = opening_state(network, tables)
    refills = Refills.like_stock(network, state, cover, trailing)
    ledgers = []
    for week, planned in enumerate(plans):
        morning = monday_morning(network, state, buyers, refills, MONDAY + week * WEEK)
        lines = planned(morning.state) if callable(planned) else planned
        state, ledger, _ = play_week(network, morning, buyers, lines)
        ledgers.append(ledger)
    return ledgers, state, network

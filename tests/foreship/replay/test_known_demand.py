"""Who knows what will be ordered earns at least what shipping nothing ahead earns.

Left-over stock is valued. Fifty random networks: `pytest -m nightly tests/foreship/replay`.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from foreship.pipeline import stages
from foreship.replay.backtest import backtest
from foreship.workspace.opening import open_workspace
from tests.foreship.replay.random_shops import law_of, random_shop, two_hub_shop


def earned(
    shop: SimpleNamespace, weeks: int, policies: list[str], patch: pytest.MonkeyPatch
) -> dict[str, float]:
    """Profit and value of what is left, by policy; the forecast is the true law."""
    patch.setattr(stages, "forecast_stage", law_of(shop))
    money = backtest(shop, weeks=weeks, policies=policies).money.set_index("policy")
    return (money["profit"] + money["left_over_value"]).to_dict()


@pytest.mark.parametrize("seed", [17])
def test_the_oracle_is_not_below_reactive(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two to eight hubs with one to six weeks of stock, and parcels that differ."""
    found = earned(random_shop(seed), 6, ["reactive", "oracle"], monkeypatch)
    assert found["oracle"] >= found["reactive"]


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(50))
def test_the_oracle_is_never_below_reactive(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same of fifty networks."""
    found = earned(random_shop(seed), 6, ["reactive", "oracle"], monkeypatch)
    assert found["oracle"] >= found["reactive"]


@pytest.mark.sweep
def test_a_little_stock_at_a_near_hub_does_not_stop_shipping(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With 4 % of the stock at the near hub most parcels come from the far one.

    Units ahead pay against the far hub's parcel of 9 only; not against the near hub's of 4.
    """
    shop = two_hub_shop()
    found = earned(shop, 8, ["reactive", "base_stock", "foreship_mean"], monkeypatch)
    assert found["base_stock"] > 1.2 * found["reactive"]
    assert found["foreship_mean"] > found["base_stock"]


TINY = Path(__file__).parents[3] / "data" / "tiny"


@pytest.mark.sweep
def test_who_knows_which_orders_come_keeps_every_promise_of_loss(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By order on the tiny sample: each plan loses what it said, five of six orders are whole."""
    made = SimpleNamespace(obsolescence=0.0, notes=(), model=None, paths=None)
    monkeypatch.setattr(stages, "forecast_stage", lambda *_: made)
    result = backtest(open_workspace(TINY), weeks=6, policies=["reactive", "oracle"])
    plans = result.weekly.query("policy == 'oracle' and loss_came == loss_came")
    assert len(plans) == 3
    assert plans["loss_came"].to_numpy() == pytest.approx(plans["cvar_promised"].to_numpy())
    money = result.money.set_index("policy")
    assert money.loc["oracle", "earned"] > 1.2 * money.loc["reactive", "earned"]
    assert money.loc["oracle", "orders_whole_there"] > 0.85 * money.loc["oracle", "orders"]


@pytest.mark.nightly
def test_who_knows_which_orders_come_earns_more_than_a_forecast() -> None:
    """By order on the tiny sample, foreship with its own forecast."""
    result = backtest(open_workspace(TINY), weeks=6, policies=["foreship", "oracle"])
    earned = result.money.set_index("policy")["earned"]
    assert earned["oracle"] >= earned["foreship"]

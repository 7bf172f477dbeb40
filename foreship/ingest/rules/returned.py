"""Orders of a negative quantity as customer returns, where the planner says they are that."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foreship.errors import Fault
from foreship.ingest.findings import Findings
from foreship.ingest.tables import TableRead
from foreship_foundation.tables.input_tables import INPUTS
from foreship_foundation.telling.words import plural

__all__ = ["split_returns"]


def split_returns(orders: TableRead) -> TableRead | None:
    """Move the rows of a negative quantity from the orders to returns; say how many.

    Parameters
    ----------
    orders
        Orders whose quantities were read with either sign; they lose the rows, in place.

    Returns
    -------
    What came back, `None` where the orders could not be read so far.
    """
    due = ("date", "region", "item", "quantity")
    if any(name not in orders.parsed for name in due):
        return None
    quantity = orders.parsed["quantity"].values
    nothing = Findings("orders", orders.table.column("quantity"), orders.numbering)
    zero = (quantity == 0) & ~orders.parsed["quantity"].blank
    nothing.add(zero, "quantity too small", "must be above 0", quantity.__getitem__)
    orders.faults += nothing.faults
    back = quantity < 0
    returns = TableRead(INPUTS["returns"], orders.path, sha256=orders.sha256)
    returns.parsed = {name: orders.parsed[name].taken(back) for name in due}
    positive = replace(returns.parsed["quantity"], values=-returns.parsed["quantity"].values)
    returns.parsed["quantity"] = positive
    returns.rows = int(back.sum())
    returns.numbering = orders.numbering.taken(np.flatnonzero(back), orders.rows)
    orders.keep(~back)
    words = f"{plural(returns.rows, 'row')} of a negative quantity read as returns"
    orders.faults.append(Fault("orders", words, column="quantity", severity="note"))
    return returns

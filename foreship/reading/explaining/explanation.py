"""Why this quantity of an item goes to a region, unit by unit, and what would change it.

Everything is read from the plan's lines and its unit ledger: no model, no solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from html import escape
from typing import Any, TypeGuard

import pandas as pd

from foreship.reading.explaining.known_names import refuse_unknown
from foreship.reading.views import (
    FROM_HUBS,
    CellStock,
    RunView,
    break_even_words,
    called,
    day,
)
from foreship.reading.words.ahead import ahead_words
from foreship.reading.words.departures import departure_words
from foreship.reading.words.facts import fact_words
from foreship.reading.words.limits import held_words, not_weighed_words, stopped_words
from foreship.reading.words.orders import CellOrders, cell_orders, cell_words, further_words
from foreship_foundation.actions import ACTIONS
from foreship_foundation.tables.output_files import ALSO, NOT_WORTH_IT, OVER
from foreship_foundation.telling.words import chance, fitted, money, plural, sentence

__all__ = ["NEXT", "Explanation", "UnitReason", "explain"]

COLUMNS = 80
HERE, LEAVES, SENT, NEXT = "on hand", "leaves", "sent", "not sent"


@dataclass(frozen=True)
class UnitReason:
    """One unit of the cell, as the unit ledger has it.

    **Invariants:** expected_gain = p gain - (1 - p) loss; break_even = loss / (gain + loss), None
    where no chance decides (gain + loss <= 0).
    """

    unit: int
    what: str
    """`on hand`, `leaves`, `sent` or `not sent`"""
    p: float
    gain: float
    loss: float
    expected_gain: float
    break_even: float | None
    exit: str
    binding: str


@dataclass(frozen=True)
class Explanation:
    """The reasons behind one cell of a plan."""

    run_id: str
    as_of: str
    item: str
    region: str
    quantity: int
    """units that this plan sends there"""
    stock: CellStock
    lines: tuple[dict[str, Any], ...]
    """the plan's lines of this cell"""
    units: tuple[UnitReason, ...]
    decision: str
    why_not_more: str
    would_change: tuple[str, ...]
    """what would make it one unit more, or one less"""
    orders: CellOrders | None = None
    """what past orders say of it; None where money is by the unit"""
    about_orders: tuple[str, ...] = ()
    """the same in sentences"""
    about_departures: tuple[str, ...] = ()
    """when its lines leave and arrive, in which vehicles; empty where no lane says more"""
    about_line: tuple[str, ...] = ()
    """sales, forecast, cover and stock by week; empty where the plan has no line there"""
    name: str = ""
    """what the item is called, '' where it has no name"""
    region_name: str = ""
    about_later_weeks: tuple[str, ...] = ()
    """what is scarce later, and what later plans should send; empty where nothing is known"""

    @property
    def text(self) -> str:
        """The explanation in a planner's words, at most 80 columns wide."""
        what, where = called(self.item, self.name), called(self.region, self.region_name)
        head = f"{what} in {where}, plan of {self.as_of} (run {self.run_id})."
        blocks = [_wrap([head, self.decision, _lying(self.stock)])]
        if self.about_line:
            blocks.append(_wrap(self.about_line))
        if self.units:
            blocks.append("\n".join(_table(self.units)))
            blocks.append(
                _wrap(
                    [
                        "Money a unit: expected = chance x gain - (1 - chance) x loss; a unit pays "
                        "while its chance is above break-even = loss / (gain + loss)."
                    ]
                )
            )
        if self.about_orders:
            blocks.append(_wrap(self.about_orders))
        if self.about_departures:
            blocks.append(_wrap(self.about_departures))
        blocks.append(_wrap([self.why_not_more, *self.would_change]))
        if self.about_later_weeks:
            blocks.append(_wrap(self.about_later_weeks))
        return "\n\n".join(blocks).replace("\u2212", "-")

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, the text among them.

        `orders` only where money is by the order, departures and later weeks where they are known.
        """
        plain = {**asdict(self), "text": self.text}
        if self.orders is None:
            del plain["orders"], plain["about_orders"]
        for name in ("about_departures", "about_line", "about_later_weeks"):
            if not plain[name]:
                del plain[name]
        return plain

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.text)}</pre>"


def explain(view: RunView, item: str, region: str) -> Explanation:
    """Say why the plan sends this quantity of `item` to `region`.

    Raises
    ------
    UsageError
        If the run knows no such item or region; names the nearest ones.
    """
    refuse_unknown(view, "item", item)
    refuse_unknown(view, "region", region)
    cell = view.units[(view.units["region"] == region) & (view.units["item"] == item)]
    lines = view.lines_at(region)
    lines = lines[lines["item"] == item]
    units = tuple(_reason(row) for row in cell.sort_values("unit").to_dict("records"))
    stock = view.cell(region, item)
    if not len(view.table("stock")):
        here = sum(each.what in (HERE, LEAVES) for each in units)
        stock = CellStock(here, stock.inbound, stock.arriving, stock.leaving)
    orders = cell_orders(view, item, region)
    return Explanation(
        run_id=view.run_id,
        as_of=day(view.as_of),
        item=item,
        region=region,
        quantity=stock.arriving,
        stock=stock,
        lines=tuple(_plain(row) for row in lines.to_dict("records")),
        units=units,
        decision=_decision(lines),
        why_not_more=_why_not_more(view, units, item, region),
        would_change=tuple(_would_change(view, units, lines, item, region)),
        orders=orders,
        about_orders=()
        if orders is None
        else tuple(_about_orders(view, orders, units, item, region, stock)),
        about_departures=tuple(departure_words(view, lines)),
        about_line=tuple(fact_words(view, item, region, lines)),
        name=view.name("item", item),
        region_name=view.name("region", region),
        about_later_weeks=tuple(ahead_words(view, item, region)),
    )


def _about_orders(
    view: RunView,
    orders: CellOrders,
    units: tuple[UnitReason, ...],
    item: str,
    region: str,
    stock: CellStock,
) -> Iterable[str]:
    """Say what past orders make of the cell; why nothing is sent only where no limit stops it."""
    following = next((each for each in units if each.what == NEXT), None)
    cause = _not_weighed(view, region, item)
    unworthy = (
        cause in ("", NOT_WORTH_IT) if following is None else following.binding == NOT_WORTH_IT
    )
    yield from cell_words(orders, item, region, stock, unworthy=unworthy)
    if unworthy:
        yield from further_words(view, orders, stock)


def _reason(row: Mapping[Any, Any]) -> UnitReason:
    gain, loss = float(row["gain"]), float(row["loss"])
    binding = str(row["binding"])
    what = {"on hand": HERE, "moved away": LEAVES}.get(binding, SENT if row["planned"] else NEXT)
    return UnitReason(
        unit=int(row["unit"]),
        what=what,
        p=float(row["p"]),
        gain=gain,
        loss=loss,
        expected_gain=float(row["expected_gain"]),
        break_even=loss / (gain + loss) if gain + loss > 0 else None,
        exit=str(row["exit"]),
        binding=binding,
    )


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        str(key): day(value) if isinstance(value, pd.Timestamp) else value
        for key, value in row.items()
    }


def _decision(lines: pd.DataFrame) -> str:
    """Say what the plan does with this cell."""
    orders = {each.name: each.order for each in ACTIONS}
    said = [
        orders[row["action"]].format(
            n=plural(row["quantity"], "unit"),
            origin=row["origin"],
            destination=row["destination"],
            day=day(row["arrival_date"]),
            cost=money(row["cost"]),
        )
        for row in lines.to_dict("records")
    ]
    return ". ".join(said) + "." if said else "Nothing is sent there, nothing is taken away."


def _lying(stock: CellStock) -> str:
    return (
        f"{stock.on_hand} on hand, {stock.inbound} on the way, {stock.arriving} sent, "
        f"{stock.leaving} leaving."
    )


def _table(units: Iterable[UnitReason]) -> Iterable[str]:
    yield "unit  what       chance  break-even      gain      loss  expected  exit"
    for each in units:
        share = "" if each.break_even is None else break_even_words(each.break_even)
        exit_name = each.exit.replace("_", " ")
        yield (
            f"{each.unit:>4}  {each.what:<8}  {chance(each.p):>7}  {share:>10}  "
            f"{money(each.gain):>8}  {money(each.loss):>8}  "
            f"{money(each.expected_gain, sign=True):>8}  {exit_name}"
        ).rstrip()


def _wrap(sentences: Iterable[str]) -> str:
    return "\n".join(fitted(each, COLUMNS) for each in sentences)


def _why_not_more(view: RunView, units: tuple[UnitReason, ...], item: str, region: str) -> str:
    """Say what stops the next unit."""
    following = next((each for each in units if each.what == NEXT), None)
    if following is None:
        return _no_candidate(view, units, item, region)
    why = f"Why not one more: unit {following.unit}"
    lock = view.cause("forbidden", region, item)
    aside = f" Ways there that {lock} forbids were not weighed." if lock else ""
    if following.binding == NOT_WORTH_IT:
        return f"{why} would {_odds(following)}.{aside}"
    stopped = stopped_words(following.binding)
    worth = f"; it would {_odds(following)}" if following.expected_gain > 0 else ""
    return f"{why}: {stopped}{worth}.{_price(view, following.binding, item)}{aside}"


def _no_candidate(view: RunView, units: tuple[UnitReason, ...], item: str, region: str) -> str:
    """Say why there is no next unit."""
    cause = _not_weighed(view, region, item)
    if any(each.what == LEAVES for each in units) and not cause:
        return "Why not one more: units are taken away, so none is sent."
    if units and not cause:
        return "Why not one more: no further unit could pay, whatever the limits."
    why = "Why not one more" if units else f"No unit of {item} was weighed for {region}"
    if not cause:
        unknown = "this run does not say why"
        cause = unknown if view.reasons is None else "the cell is not in the assortment"
    return f"{why}: {not_weighed_words(cause)}."


def _not_weighed(view: RunView, region: str, item: str) -> str:
    """Return why no unit of a cell, or no further one, was weighed; '' where nothing is said."""
    return view.cause("not weighed", region, item) or view.cause("full", region, item)


def _odds(unit: UnitReason) -> str:
    outcome = "earn" if unit.expected_gain > 0 else "lose"
    if unit.break_even is None:
        return f"{outcome} {money(abs(unit.expected_gain))} on average"
    if not 0.0 <= unit.break_even <= 1.0:
        ever = "any" if unit.break_even < 0.0 else "no"
        return (
            f"pay at {ever} chance of a sale: it would {outcome} {money(abs(unit.expected_gain))} "
            "on average"
        )
    side = "above" if unit.p > unit.break_even else "below"
    return (
        f"be bought with a chance of {chance(unit.p)}, {side} its break-even of "
        f"{chance(unit.break_even)}: it would {outcome} {money(abs(unit.expected_gain))} on average"
    )


def _price(view: RunView, binding: str, item: str) -> str:
    """Say what the limit that stops the next unit is worth, where that is known."""
    for limit in binding.split(ALSO):
        name = limit.partition(OVER)[2] or limit
        wanted = f"hub stock of {item} at " if name == "hub stock" else name.removeprefix("lock ")
        for each in view.shadow_prices():
            exact = each.limit == wanted
            if exact or (name == "hub stock" and each.limit.startswith(wanted)):
                return f" {sentence(each.words)}"
    return ""


def _would_change(
    view: RunView, units: tuple[UnitReason, ...], lines: pd.DataFrame, item: str, region: str
) -> Iterable[str]:
    """Say how far chance or cost may move before the decision changes, all else equal."""
    following = next((each for each in units if each.what == NEXT), None)
    if following is not None and following.binding == NOT_WORTH_IT:
        less = money(-following.expected_gain)
        even = following.break_even
        by_chance = f"its chance rises above {chance(even)} or " if _attainable(even) else ""
        yield f"One more would pay if {by_chance}bringing it there costs over {less} less."
    sent = [each for each in units if each.what == SENT]
    if sent:
        yield from _last_unit(sent[-1], lines, view.cause("sent", region, item))
    cause = view.cause("leaves", region, item)
    if cause:
        yield f"The last unit taken away would earn more where it lies: {held_words(cause)}."


def _attainable(even: float | None) -> TypeGuard[float]:
    return even is not None and 0.0 < even < 1.0


def _last_unit(last: UnitReason, lines: pd.DataFrame, cause: str) -> Iterable[str]:
    if last.expected_gain < 0:
        why = f": {held_words(cause)}" if cause else ", but without it the plan would earn no more"
        yield f"The last unit sent, unit {last.unit}, does not pay by itself{why}."
        return
    even = last.break_even
    down = f" down to a chance of {chance(even)}" if _attainable(even) else ""
    ships = lines[lines["action"].isin(FROM_HUBS)]
    spare = money(last.expected_gain)
    up = f"while bringing it there costs up to {spare} more"
    if len(ships) == 1:
        now = float((ships["cost"] / ships["quantity"]).iloc[0])
        up = f"up to a lane cost of {money(now + last.expected_gain)} (now {money(now)})"
    yield f"The last unit sent, unit {last.unit}, pays{down}{' and ' if down else ' '}{up}."

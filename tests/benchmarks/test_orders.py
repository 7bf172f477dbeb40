"""Small networks with whole orders: what is drawn, what an order saves, and the best plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.orders.enumeration import best_plan, gains_of_region
from benchmarks.orders.instances import SETS, Instance, Tariff, draw_instance, fresh_weeks
from benchmarks.orders.law import Habit, Law, Orders
from benchmarks.orders.money import gain, net_savings

SAVING_ONE = 3.0 - 2.5 - 0.96 * (3.0 - 5.0)
SAVING_PAIR = 6.0 - 2.75 - 0.96 * (6.0 - 5.5)
"""what orders of one and two units of a margin of 3 save, before freight"""


def network(orders: list[tuple[int, int, list[int]]], weeks: int = 2, **other: object) -> Instance:
    """Return two items of margin 3 and freight .50 in one or two regions, with some orders."""
    week, region, units = (np.array(each) for each in zip(*orders, strict=True))
    regions = int(region.max()) + 1
    plain = Instance(
        name="full-0",
        tariff=Tariff(),
        lost_sale_share=0.04,
        margin=np.array([3.0, 3.0]),
        lane=np.full(regions, 0.5),
        holding=np.array([0.1, 0.2]),
        volume=np.ones(2),
        capacity=np.full(regions, np.inf),
        lying=np.zeros((regions, 2), dtype=np.int64),
        supply=np.array([9, 9]),
        law=Law((Habit(0, 1.0, np.array([1, 1])),), np.ones(regions), np.full(2, 0.5), 1.0),
        past=Orders(week, np.zeros(len(week), dtype=np.int64), region, units, weeks),
    )
    return replace(plain, **other)


def plan_of(instance: Instance) -> tuple[list[list[int]], float]:
    sent, gained = best_plan(instance, instance.past)
    return sent.tolist(), gained


def test_an_order_saves_its_parcel_less_its_delivery_and_the_freight_of_its_units() -> None:
    """Of one unit 1.62, of a pair 1.17; five units of a thin margin are not worth their freight."""
    case = network([(0, 0, [1, 0]), (0, 0, [1, 1]), (1, 0, [3, 2])], lane=np.array([0.8]))
    saving = net_savings(case, case.past)
    np.testing.assert_allclose(saving[:2], [SAVING_ONE - 0.8, SAVING_PAIR - 1.6])
    five = (15.0 - 3.5) - 0.96 * (15.0 - 7.0) - 5 * 0.8
    assert saving[2] == pytest.approx(five) and five < 0


@pytest.mark.sweep
def test_both_halves_of_a_pair_are_sent_though_neither_alone_gains() -> None:
    """Ordered together in both weeks: each gains its saving, and no unit is left over."""
    case = network([(0, 0, [1, 1]), (1, 0, [1, 1])])
    assert plan_of(case) == ([[1, 1]], pytest.approx(SAVING_PAIR - 1.0))
    assert gain(case, case.past, np.array([[1, 0]])) == pytest.approx(-0.1)
    assert gain(case, case.past, np.array([[0, 1]])) == pytest.approx(-0.2)


def test_what_lies_there_completes_an_order_and_is_idle_no_more() -> None:
    """The half that lies there costs its holding without the other one, which gains that too."""
    case = network([(0, 0, [1, 1]), (1, 0, [1, 1])], lying=np.array([[1, 0]]))
    assert plan_of(case) == ([[0, 1]], pytest.approx(SAVING_PAIR - 1.0 + 0.1))


def test_the_first_order_takes_the_unit_though_a_later_one_would_save_more() -> None:
    """One unit of item 0: the single order comes first, and the pair finds its half gone."""
    orders = [(0, 0, [1, 0]), (0, 0, [1, 1])]
    case = network(orders, weeks=1, supply=np.array([1, 9]))
    assert gain(case, case.past, np.array([[1, 1]])) == pytest.approx(SAVING_ONE - 0.5 - 0.2)
    assert plan_of(case) == ([[1, 0]], pytest.approx(SAVING_ONE - 0.5))


def test_room_for_one_unit_holds_the_single_and_not_half_a_pair() -> None:
    """A pair saves more, but only a single fits."""
    case = network([(0, 0, [1, 1]), (1, 0, [0, 1])], capacity=np.array([1.0]))
    assert plan_of(case) == ([[0, 1]], pytest.approx((SAVING_ONE - 0.5) / 2 - 0.2 / 2))


def test_two_regions_share_the_supply_of_the_hub() -> None:
    """One unit of item 0 goes where it completes an order every week, not every other week."""
    orders = [(0, 0, [1, 0]), (0, 1, [1, 0]), (1, 1, [1, 0])]
    case = network(orders, supply=np.array([1, 1]))
    assert plan_of(case) == ([[0, 0], [1, 0]], pytest.approx(SAVING_ONE - 0.5))


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("kind", SETS)
def test_every_plan_tried_gains_what_plain_loops_say(kind: str, number: int) -> None:
    """The table of a region against its orders walked one by one, at drawn plans."""
    case = draw_instance(kind, number)
    rng = np.random.default_rng(number)
    for region in range(len(case.lane)):
        table = gains_of_region(case, case.past, region)
        for _ in range(10):
            plan = tuple(int(rng.integers(length)) for length in table.shape)
            sent = np.zeros_like(case.lying)
            sent[region] = plan
            fits = sent[region] @ case.volume <= case.room[region] + 1e-9
            told = gain(case, case.past, sent) if fits else -np.inf
            assert table[plan] == pytest.approx(told, abs=1e-9)


def test_the_best_plan_of_two_regions_is_the_best_of_all_pairs_of_their_plans() -> None:
    """Joined under the supply, against two loops over all plans of both."""
    found = (draw_instance("full", number) for number in range(40))
    case = next(each for each in found if len(each.lane) == 2 and each.supply.max() < 9)
    first, second = (gains_of_region(case, case.past, region) for region in range(2))
    told = max(
        first[one] + second[other]
        for one in np.ndindex(first.shape)
        for other in np.ndindex(second.shape)
        if (np.add(one, other) <= case.supply).all()
    )
    sent, gained = best_plan(case, case.past)
    assert gained == pytest.approx(told, abs=1e-12)
    assert gained == pytest.approx(gain(case, case.past, sent), abs=1e-9)
    assert (sent.sum(axis=0) <= case.supply).all()


@pytest.mark.parametrize("kind", SETS)
def test_an_instance_is_the_same_whenever_it_is_drawn(kind: str) -> None:
    """Its tables, its weeks and its fresh weeks; another number is another instance."""
    one, again, other = (draw_instance(kind, number) for number in (3, 3, 4))
    for left, right in ((one.past, again.past), (fresh_weeks(one, 50), fresh_weeks(again, 50))):
        np.testing.assert_array_equal(left.units, right.units)
        np.testing.assert_array_equal(left.week, right.week)
    np.testing.assert_array_equal(one.margin, again.margin)
    assert one.margin.shape != other.margin.shape or (one.margin != other.margin).any()


def test_what_is_drawn_is_what_the_sets_are_said_to_be() -> None:
    """4 to 8 cells, orders of one to four lines and too few units for a split to pay, real habits.

    Some have storage that binds the best plan, some supply, and some units that lie there.
    """
    drawn = [draw_instance(kind, number) for kind in SETS for number in range(30)]
    assert {each.lying.size for each in drawn} == {4, 5, 6, 7, 8}
    assert {each.past.weeks for each in drawn} == {24}
    lines = np.concatenate([(each.past.units > 0).sum(axis=1) for each in drawn])
    assert set(lines.tolist()) == {1, 2, 3, 4} and (lines > 1).mean() > 0.4
    assert max(each.past.units.sum(axis=1).max(initial=0) for each in drawn) < 10
    assert any(each.lying.any() for each in drawn)
    assert any(each.supply.max() < 9 for each in drawn)
    freely = [replace(each, capacity=np.full(len(each.lane), np.inf)) for each in drawn]
    bound = [
        best_plan(free, free.past)[1] > best_plan(each, each.past)[1] + 1e-9
        for free, each in zip(freely, drawn, strict=True)
    ]
    assert np.mean(bound) > 0.2

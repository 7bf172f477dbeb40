"""The value of the k-th unit: by hand, against brute force, and never rising with k."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.value import seasons
from benchmarks.value.single_cell import (
    Case,
    best_base_stock,
    profit_per_week,
    recursion_orders,
    weekly_law,
)
from foreship_optimize.valuation.unit_worth import recursion
from foreship_optimize.valuation.unit_worth.path_histograms import PathHistograms
from foreship_optimize.valuation.unit_worth.recursion import (
    Terms,
    deeper,
    ending_worth,
    first_unsold_worth,
    later_outcome,
    stationary_worth,
    value_of_window,
    worth_at_review,
    worth_if_stayed,
)

MONEY = {
    "cheap exit": (6.0, 1.5, 0.10, 4.0),
    "dear exit": (6.0, 1.5, 0.30, 16.0),
    "thin margin": (2.5, 2.0, 0.02, 5.0),
}


def some_terms(*, span_weeks: int = 1, **more: float) -> Terms:
    """Money of one cell: b 3, c 1, e 2, h .1, nothing ever closes; reviews a week apart."""
    money = {"benefit": 3.0, "next_cost": 1.0, "exit_cost": 2.0, "holding": 0.1}
    money |= {"closing": 0.0, "closing_lead": 0.0, **more}
    arrays = (np.array([money[name]]) for name in money)
    return Terms(*arrays, review_weeks=1, span_weeks=span_weeks)


def two_cells() -> Terms:
    """Money of two cells that differ in everything."""
    later = tuple(np.arange(6.0).reshape(3, 2))
    money = np.arange(12.0).reshape(6, 2)
    return Terms(*money, review_weeks=2, span_weeks=3, later_costs=later)


def laws_of(*windows: list[int], ranks: int = 1) -> PathHistograms:
    """Demand of one cell by window and path, windows of one week."""
    counts = np.array([windows], dtype=np.int64)
    return PathHistograms(
        counts, np.zeros((1, len(windows), 0, counts.shape[2]), dtype=np.int64), ranks
    )


def test_a_unit_that_is_kept_pays_for_storage_unless_it_spares_another_or_leaves() -> None:
    """Equation 33a: of 1.5, 0.6 and -3 a half is paid; the first still spares c = 1, or e = 2."""
    terms = replace(some_terms(), lying=(np.array([0.5]), np.array([0.25]), np.array([0.0])))
    value = np.array([[1.5, 0.6, -3.0]])
    assert worth_at_review(value, terms, 1).tolist() == [pytest.approx([1.0, 0.1, -2.0])]
    then = replace(terms, later_costs=(np.array([1.0]), np.array([1.0]))).at_review(1)
    assert worth_at_review(value, then, 1).tolist() == [pytest.approx([1.0, 0.35, -2.0])]
    assert then.rows(np.array([0])).lying[-1].tolist() == [0.0]


@pytest.mark.parametrize(
    ("money", "weeks", "sale"),
    [
        ({"benefit": 1.0, "next_cost": 4.0}, 1, 1.0),  # nobody pays 4 for what earns 1
        ({"benefit": 5.0, "next_cost": 4.0}, 1, 5.0),
        ({"benefit": 1.0, "next_cost": np.inf}, 1, 1.0),  # no other unit can come: b itself
        ({"benefit": -5.0, "next_cost": np.inf}, 1, -2.1),  # better lie a week and leave
        ({"benefit": 1.0, "exit_cost": -3.0, "next_cost": 4.0}, 3, 2.7),  # leave and be paid 3
        ({"benefit": 1.0, "exit_cost": -3.0, "next_cost": 4.0, "closing": 0.1}, 2, 2.8),
    ],
)
def test_a_sale_is_never_worth_less_than_keeping_the_unit(money, weeks: int, sale: float) -> None:
    """Equation 11: b' = max(b, R(b) - h n): a unit that is kept is sold later or leaves.

    Without it values would rise with k where an exit pays more than a sale. What a new unit would
    cost does not lift it: nobody sends one that costs more than it earns.
    """
    assert some_terms(**money).sale_after(weeks) == pytest.approx([sale])


def test_a_cell_whose_exit_pays_more_than_a_sale_keeps_the_unit_for_it() -> None:
    """The same in the recursion: b .5, an exit pays 4: the one unit a week sold counts 3.9."""
    terms = some_terms(benefit=0.5, next_cost=9.0, exit_cost=-4.0)
    worth = np.full((1, 1, 1), 4.0)
    assert value_of_window(worth, terms, None)[0, :, 0] == pytest.approx([3.9, 3.9])


def test_each_review_knows_what_a_unit_costs_then() -> None:
    """c_next of the first review, of the three after it, and the last one for ever."""
    terms = two_cells()
    found = [terms.at_review(review).next_cost.tolist() for review in (0, 1, 3, 9)]
    assert found == [[2.0, 3.0], [0.0, 1.0], [4.0, 5.0], [4.0, 5.0]]


def test_the_money_of_some_cells_is_theirs() -> None:
    """`rows` takes every array's part and leaves the weeks alone."""
    some = two_cells().rows(np.array([1]))
    found = [some.benefit, some.next_cost, some.exit_cost, some.holding, some.closing]
    assert [each.tolist() for each in [*found, some.closing_lead]] == [
        [1.0], [3.0], [5.0], [7.0], [9.0], [11.0],
    ]  # fmt: skip
    assert (some.review_weeks, some.span_weeks) == (2, 3)


def test_a_week_of_waiting_costs_holding_and_the_chance_to_close() -> None:
    """.1 + a tenth of what a sale gains over leaving, 3 + 2; nothing where leaving gains more."""
    assert some_terms(closing=0.1).waiting == pytest.approx([0.6])
    assert some_terms(closing=0.1, exit_cost=-5.0).waiting == pytest.approx([0.1])


def test_a_unit_on_its_way_may_find_its_cell_closed() -> None:
    """Equation 12: three quarters of 4 less a quarter of the exit's 2."""
    terms = some_terms(closing_lead=0.25)
    assert terms.on_arrival(np.array([[4.0, 0.0]])).tolist() == [[2.5, -0.5]]


def test_an_unsold_unit_is_worth_the_best_of_what_applies() -> None:
    """Equation 8: never above a new unit's 1 nor below leaving's -2; a fifth of a chance to close.

    Over two weeks of d = .1 the cell closes with .19.
    """
    values = np.array([[5.0, 0.5, -7.0]])
    assert worth_at_review(values, some_terms(), 1).tolist() == [[1.0, 0.5, -2.0]]
    closing = worth_at_review(values, some_terms(closing=0.1), 2)
    assert closing[0] == pytest.approx([0.81 - 0.38, 0.405 - 0.38, -2.0])


def test_one_law_that_repeats_solves_each_rank_in_its_own_value() -> None:
    """Equation 10 for three ranks: x = known + .4 R(x), R(x) = .9 x - .2, by hand.

    known of rank 3: .1 x 3 - .9 x .1, .3 of it the second's worth and .2 the first's.
    """
    law = np.array([[0.4, 0.3, 0.2, 0.1]])
    found = stationary_worth(law, some_terms(next_cost=np.inf, closing=0.1))[0]

    def solved(known: float) -> float:
        return 0.9 * (known - 0.4 * 0.1 * 2) / (1 - 0.4 * 0.9) - 0.2

    first = solved(0.6 * 3 - 0.4 * 0.1)
    second = solved(0.3 * 3 - 0.7 * 0.1 + 0.3 * first)
    third = solved(0.1 * 3 - 0.9 * 0.1 + 0.3 * second + 0.2 * first)
    assert found == pytest.approx([first, second, third])


def test_waiting_inside_a_window_of_two_weeks_is_paid() -> None:
    """Half the units sold lay one week-end: x = .5 x 3 - .5 x .2 - .1 x .25 + .5 x."""
    law, early = np.array([[0.5, 0.5]]), np.array([[[9.0], [0.5]]])
    terms = some_terms(next_cost=np.inf, span_weeks=2)
    assert stationary_worth(law, terms, early)[0] == pytest.approx([1.375 / 0.5])


@pytest.mark.parametrize(("holding", "worth"), [(0.1, -2.0), (0.0, 0.0), (-0.1, 1.0)])
def test_a_cell_that_never_sells_and_never_closes(holding: float, worth: float) -> None:
    """Any cost of lying adds up until the unit leaves; lying for nothing leaves it as it is."""
    found = stationary_worth(np.array([[1.0, 0.0]]), some_terms(holding=holding))
    assert found[0].tolist() == [worth]


def test_a_window_sells_the_first_units_and_reviews_the_others() -> None:
    """Equation 9 for two units: unit k of a window that wants a lies on as unit k - a."""
    worth = np.array([[[10.0, 20.0], [30.0, 40.0]]])
    found = value_of_window(worth, some_terms(), None)[0]
    assert found == pytest.approx(np.array([[9.9, 39.9], [3.0, 29.9], [3.0, 3.0]]))
    early = np.array([[[9.0, 9.0], [1.0, 9.0], [2.0, 3.0]]])
    waited = value_of_window(worth, some_terms(span_weeks=2), early)[0]
    assert waited == pytest.approx(np.array([[9.8, 39.8], [2.9, 29.8], [2.8, 2.7]]))


def test_unsold_is_evidence_of_low_demand(monkeypatch) -> None:
    """R(j | k) reads the paths in which unit k stayed: .2 and .3 of them, or all but .1.

    A closed cell's unit leaves. The rows of a product taken at a time change nothing.
    """
    joint = np.array([[[0.2, 0.3, 0.0], [0.1, 0.2, 0.1], [0.0, 0.0, 0.1]]])
    outcome = np.array([[[5.0, 8.0], [1.0, 4.0], [1.0, 2.0]]])
    terms, still = some_terms(next_cost=np.inf), np.array([False])
    expected = [
        [0.4 * 5 + 0.6 * 1, 0.4 * 8 + 0.6 * 4],
        [(0.3 * 5 + 0.5 * 1 + 0.1 * 1) / 0.9, (0.3 * 8 + 0.5 * 4 + 0.1 * 2) / 0.9],
    ]
    for rows in (1, 48):
        monkeypatch.setattr(recursion, "PRODUCT_ROWS", rows)
        found = worth_if_stayed(joint, outcome, terms, 1, still)[0]
        assert found == pytest.approx(np.array(expected))
    assert (worth_if_stayed(joint, outcome, terms, 1, ~still) == -2.0).all()


@pytest.mark.parametrize(
    ("closed", "ends", "unsold"),
    [
        (False, 104, 2.9 - 0.1 - 0.1),  # x = 1.45 + .5 x for ever
        (False, 1, 0.45 - 0.1 - 0.1),  # one window more: .5 x 3 - .5 x 2.1
        (False, 2, 1.5 + 0.5 * 0.35 - 0.1 - 0.1),
        (False, 0, -2.1),  # over after both windows: it leaves at the review between
        (True, 104, -2.1),
    ],
)
def test_two_windows_from_the_horizon_back(closed: bool, ends: int, unsold: float) -> None:
    """Two paths want nothing twice, or one unit twice: unsold tells which, and what is to come."""
    histograms, terms = laws_of([0, 1], [0, 1]), some_terms(next_cost=np.inf)
    over = np.array([[False, closed, False]])
    found = later_outcome(histograms, terms, over, np.array([ends]))
    assert found[0, :, 0] == pytest.approx([unsold, 3.0])


def test_only_cells_with_an_end_in_sight_end() -> None:
    """Of two cells alike the second ends after the horizon's one window."""
    histograms = PathHistograms(
        np.array([[[0, 1]], [[0, 1]]]), np.zeros((2, 1, 0, 2), dtype=np.int64), 1
    )
    one = some_terms(next_cost=np.inf)
    terms = one.rows(np.array([0, 0]))
    found = later_outcome(histograms, terms, np.zeros((2, 2), dtype=bool), np.array([104, 1]))
    assert found[:, 0, 0] == pytest.approx([2.8, 0.35])


def test_units_not_bought_in_the_first_window_are_reviewed_at_their_rank() -> None:
    """The mean over the paths in which the unit stayed, of its worth at rank k - need + left.

    Three paths want 0, 1 and 2 units and have 0, 1 and 3 left. Unit 2 stays in two of them, at
    rank 2; unit 3 lies one rank deeper than the table there, two in the third.
    """
    worth = np.array([[[0.5, 0.6], [0.7, 0.8]], [[0.1, 0.2], [0.3, 0.4]]])
    need, left = np.array([[0, 1, 2], [9, 9, 9]]), np.array([[0, 1, 3], [0, 0, 0]])
    terms = some_terms().rows(np.array([0, 0]))
    found = first_unsold_worth(need, left, worth, terms, np.array([2.0, 1.0]), 3)
    deep = (0.8 - 0.05, 0.8 - 0.05, 0.8 - 0.1)
    assert found[0] == pytest.approx([0.5, 0.8, sum(deep) / 3])
    assert found[1] == pytest.approx([0.1, 0.3, 0.3])  # bought on every path: its best rank


def test_a_unit_far_behind_waits_for_mean_demand() -> None:
    """Equation 20: two weeks of one unit: .81 of 4, .19 of the exit's 2, 1.9 week-ends paid."""
    worth, excess, week = np.array([[4.0, 4.0]]), np.array([[0, 2]]), np.array([1.0])
    found = deeper(worth, excess, some_terms(closing=0.1), week)
    assert found[0] == pytest.approx([4.0, 0.81 * 4 - 0.19 * 2 - 0.1 * 1.9])
    steady = deeper(worth, excess, some_terms(), np.array([4.0]))
    assert steady[0] == pytest.approx([4.0, 4.0 - 0.05])
    paying = deeper(worth, excess, some_terms(holding=-1.0), np.array([1.0]))
    assert paying[0].tolist() == [4.0, 4.0]
    never = deeper(worth, excess, some_terms(), np.array([0.0]))
    assert never[0].tolist() == [4.0, -2.0]


@pytest.mark.parametrize("lead", [0, 2])
@pytest.mark.parametrize("closing", [0.0, 0.01])
@pytest.mark.parametrize("money", MONEY)
@pytest.mark.parametrize(("kind", "mean"), [("poisson", 0.2), ("negative_binomial", 1.0)])
def test_recursion_finds_the_best_stock(
    kind: str, mean: float, money: str, closing: float, lead: int
) -> None:
    """Ordering while v_k > c earns within 1 % (2.5 % at two weeks) of the best base stock."""
    benefit, cost, holding, exit_cost = MONEY[money]
    case = Case(weekly_law(kind, mean), benefit, cost, holding, exit_cost, closing, lead)
    most = 24
    _, best = best_base_stock(case, most)
    profit = profit_per_week(case, recursion_orders(case, most))
    allowed = 0.01 if lead == 0 else 0.025
    assert profit >= best - allowed * abs(best) - 1e-9


def test_a_unit_one_window_before_the_known_end_sells_or_leaves():
    """Half the weeks want a unit: R(1) = min(1, .5 x 3 + .5 (-2 - .1)); the second only leaves."""
    law, terms = np.array([[0.5, 0.5, 0.0]]), some_terms()
    found = ending_worth(law, terms, None, np.array([1]))
    assert found[0].tolist() == pytest.approx([0.45, -2.0])
    over = ending_worth(law, terms, None, np.array([0]))
    assert over[0].tolist() == [-2.0, -2.0]
    cells = terms.rows(np.array([0, 0, 0]))
    several = ending_worth(law[[0, 0, 0]], cells, None, np.array([2, 0, 1]))
    assert several[:, 0] == pytest.approx([1.0, -2.0, 0.45])  # .5 x 3 + .5 x .35 is more than c


def test_a_far_end_is_worth_what_no_end_is():
    """After many windows the known end no longer matters."""
    law, terms = np.array([[0.5, 0.3, 0.2]]), some_terms(closing=0.02)
    far = ending_worth(law, terms, None, np.array([400]))
    assert far == pytest.approx(stationary_worth(law, terms), abs=1e-6)


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("money", "allowed"), [("thin margin", 0.04), ("parcel saving, dear exit", 0.01)]
)
def test_a_season_with_a_known_last_week_is_planned_like_its_dynamic_program(money, allowed):
    """Twenty weeks up and down, eight of them foreseen: within 1 %, 4 % of a thin margin."""
    terms = seasons.MONEY[money]
    histograms = [weekly_law("poisson", mean) for mean in seasons.season(0.5)]
    best, levels = seasons.optimum(histograms, terms, 16)
    orders = seasons.planned(histograms, terms, int(levels.max()) + 3, 8)
    assert seasons.earned(histograms, terms, orders, 16) >= (1.0 - allowed) * best

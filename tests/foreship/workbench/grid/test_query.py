"""The address is the state: what it says, and what it must not say."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship.errors import UsageError
from foreship.workbench.grid.columns import COLUMNS, GROUPS
from foreship.workbench.grid.query import Query
from tests.foreship.workbench.made_runs import asked


def test_an_address_without_fields_is_the_whole_plan() -> None:
    """And is written as nothing; blank fields of a form say nothing."""
    assert asked(q=" ", hub="", page="") == Query() and Query().text == ""
    assert not Query().chooses and asked(q="tea").chooses


def test_bounds_are_numbers_or_days_by_their_column() -> None:
    """`min_` and `max_` before the name of a column."""
    query = asked(min_quantity="2", max_arrival_date="2026-11-20")
    assert query.least == (("quantity", 2.0),)
    assert query.most == (("arrival_date", date(2026, 11, 20)),)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("sort", "quantitty", "did you mean 'quantity'"),
        ("group", "exit", "no such value"),
        ("colour", "red", "no such field"),
        ("page", "0", "from 1 to"),
        ("page", "\u0663", "from 1 to"),
        ("size", "24", "from 25 to 500"),
        ("desc", "yes", "no such value"),
        ("action", "fly", "no such value"),
        ("columns", "item,nothing", "no such column"),
        ("min_item", "3", "no column of numbers or days"),
        ("min_cost", "nan", "a number as"),
        ("min_cost", "1_0", "a number as"),
        ("max_ship_date", "16/11/2026", "a day as"),
        ("q", "x" * 201, "longer than 200"),
    ],
)
def test_what_is_no_value_is_refused_in_words(name: str, value: str, said: str) -> None:
    """Never guessed, never passed over."""
    with pytest.raises(UsageError, match=said):
        asked(**{name: value})


def test_all_faults_are_told_at_once() -> None:
    """One after the other would be a game of guessing."""
    with pytest.raises(UsageError) as caught:
        Query.of({"sort": ["x"], "page": ["-1"], "hub": ["a", "b"]})
    assert [each.column for each in caught.value.faults] == ["sort", "page", "hub"]


def test_another_filter_begins_at_the_first_page() -> None:
    """Page 7 of other lines means nothing."""
    query = asked(page="7", size="50")
    assert query.but(region="Lyon").page == 1 and query.but(page=8).page == 8
    assert query.but(region="Lyon").size == 50


WORDS = st.text(min_size=1, max_size=20).map(lambda text: " ".join(text.split())).filter(bool)
QUERIES = st.builds(
    Query,
    q=st.just("") | WORDS, hub=st.just("") | WORDS, region=st.just("") | WORDS,
    least=st.just(()) | st.floats(-1e9, 1e9).map(lambda bound: (("cost", bound),)),
    most=st.just(()) | st.dates().map(lambda bound: (("exit_day", bound),)),
    sort=st.sampled_from(["", *COLUMNS]), desc=st.booleans(), group=st.sampled_from(["", *GROUPS]),
    columns=st.lists(st.sampled_from(list(COLUMNS)), unique=True).map(tuple),
    page=st.integers(1, 10**6), size=st.integers(25, 500),
)  # fmt: skip


@settings(max_examples=60)
@given(QUERIES)
def test_a_query_read_from_its_own_text_is_the_same(query: Query) -> None:
    """Back, bookmark and second tab show what was shown."""
    assert Query.of(parse_qs(query.text)) == query

"""What an address says of lines in which plans differ, and the order in which they stand."""

from __future__ import annotations

import pytest

from foreship.errors import UsageError
from foreship.reading.comparing.several import lines_apart
from foreship.workbench.trials.apart import Apart, ordered
from tests.foreship.workbench.made_runs import told_view
from tests.foreship.workbench.trials.apart_runs import less_view


def test_an_address_says_all_of_the_page() -> None:
    """At most four plans; what is not understood is the usual."""
    found = Apart.of("R", {"with": ["a", "b", "a"], "sort": ["item"], "page": ["2"], "all": ["1"]})
    assert found == Apart("R", ("a", "b"), "item", desc=False, page=2, money_alone=True)
    assert found.link(page=2) == "/run/R/try/lines?with=a&with=b&sort=item&page=2&all=1"
    assert Apart.of("R", {"with": ["a"], "page": ["x"]}) == Apart("R", ("a",))
    for wrong, words in (({}, "tick what"), ({"with": list("abcde")}, "5 plans are ticked")):
        with pytest.raises(UsageError, match=words):
            Apart.of("R", wrong)


def test_lines_are_sorted_by_every_heading_and_nothing_else() -> None:
    """Of money the larger change stands first, whichever way it goes."""
    apart = lines_apart(told_view(), [less_view()])
    rows = ordered(apart, Apart("R", ("a",)))
    assert rows["gain_0"].abs().is_monotonic_decreasing
    first = ordered(apart, Apart("R", ("a",), sort="item", desc=False))
    assert first["item"].is_monotonic_increasing
    with pytest.raises(UsageError, match="not sorted by 'gain_1'"):
        ordered(apart, Apart("R", ("a",), sort="gain_1"))

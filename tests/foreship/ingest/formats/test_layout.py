"""Where the header stands and what parts the values: certain, declared or asked."""

from __future__ import annotations

import pytest

from foreship.errors import InputError
from foreship.ingest.formats.layout import layout_of
from foreship.ingest.raw import Sought

SOUGHT = Sought(frozenset({"hub", "cost"}), ("hub",))


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("above", ["", "\n", "Hubs, as of; today\n\n"])
def test_the_header_is_found_below_a_title(mark: str, above: str) -> None:
    """Whatever parts the values, and whatever stands above."""
    text = above + mark.join(["cost", " hub ", "", ""]) + "\n"
    found = layout_of(text.encode() + b"1", "hubs", SOUGHT)
    assert (found.delimiter, found.named) == (mark, ("cost", "hub"))
    assert len(found.header) == 4
    assert found.line == 1 + above.count("\n")
    assert found.start == len(text)


def test_the_word_by_which_excel_is_told_the_mark() -> None:
    """`sep=;` in the first line is no header."""
    found = layout_of(b"sep=;\nhub,x;cost\n", "hubs", SOUGHT)
    assert (found.delimiter, found.header, found.line) == (";", ("hub,x", "cost"), 2)


def test_two_marks_that_fit_alike_are_asked() -> None:
    """Unless one of them gives the columns that must be there."""
    with pytest.raises(InputError, match=r'commas \(2 columns\) or semicolons \(2 .*"," or ";"'):
        layout_of(b"a,b;c\n1,2;3\n", "hubs", SOUGHT)
    assert layout_of(b"a,b;c\n1,2;3\n", "hubs", SOUGHT, ";").header == ("a,b", "c")
    assert layout_of(b"hub;b,c\n1;2,3\n", "hubs", SOUGHT).delimiter == ";"

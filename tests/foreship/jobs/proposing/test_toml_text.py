"""The text of a proposed config: any heading stands in it, questions are comments."""

from __future__ import annotations

import tomllib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from foreship.errors import Fault
from foreship.forms import Form
from foreship.jobs.proposing.exports import Export
from foreship.jobs.proposing.matching import Match
from foreship.jobs.proposing.toml_text import settling_lines, toml_text


@given(heading=st.text(min_size=1), spare=st.text(min_size=1))
def test_any_heading_is_written_and_read_back(heading: str, spare: str) -> None:
    """Quotes, control characters, whatever a file may be headed with."""
    match = Match(
        "stock", Export(Path("a"), (heading, spare)), {"item": heading}, {"location": (spare,)},
        ("quantity",),
    )  # fmt: skip
    text = toml_text({"stock": heading}, {}, [match], {"stock": Form(decimal=",")}, [])
    read = tomllib.loads(text)
    assert read["tables"] == {"stock": heading}
    assert read["columns"] == {"stock": {"item": heading, "decimal": ","}}


def test_the_lines_that_settle_a_question() -> None:
    """One for each reading, taken from the words of the fault."""
    dates = Fault("a", "", 'say [columns] a.date_format = "%d/%m/%Y" or "%m/%d/%Y"')
    assert settling_lines(dates) == ['a.date_format = "%d/%m/%Y"', 'a.date_format = "%m/%d/%Y"']
    sheets = Fault("a", "", 'say [columns] a.sheet = "x or y", "z" or "w"')
    assert settling_lines(sheets) == ['a.sheet = "x or y"', 'a.sheet = "z"', 'a.sheet = "w"']
    marks = 'say [columns] a.decimal = "." for 1.2, or [columns] a.decimal = "," for 1200'
    assert settling_lines(Fault("a", "", marks)) == ['a.decimal = "."', 'a.decimal = ","']
    assert settling_lines(Fault("a", "", "give a number")) == []

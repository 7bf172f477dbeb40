"""Tables of wishes as pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.errors import Fault
from foreship.jobs.deciding.asked_files import ASKED, AskedFile
from foreship.workbench.acting.wishes import body_of, row_of
from foreship_foundation.tables.input_tables import INPUTS

SHOWN = {"kind": "minimum", "value": "2", "item": "<script>"}


def there(table: str = "policies", *, rows: int = 1, why_not: str = "") -> AskedFile:
    """Return a table with rows of one kind."""
    columns = tuple(each.name for each in INPUTS[table].columns)
    return AskedFile(table, Path(f"{table}.csv"), columns, (SHOWN,) * rows, "abc", why_not)


@pytest.mark.parametrize("table", ASKED)
def test_every_column_but_the_author_is_a_field(table: str) -> None:
    """The author is whoever is said to send it; what must be said is required."""
    told = str(body_of(there(table), "Ada", "2026-11-16"))
    for each in INPUTS[table].columns:
        assert (f'id="field-{each.name}"' in told) == (each.name != "author")
    assert "said to be Ada" in told and "<script>" not in told
    assert "holds from the next plan on" in told and "Plan 2026-11-16 anew" in told
    assert told.count("Take back") == 1 + 1  # words of the button, and its name


def test_a_row_that_could_not_stand_is_shown_again_with_its_faults() -> None:
    """Beside the field, too."""
    fault = Fault("policies", "is blank", "say it", column="reason")
    told = str(body_of(there(rows=0), "Ada", "", form=SHOWN, faults=[fault]))
    assert told.count("is blank") == 2 and 'value="&lt;script&gt;"' in told
    assert "Nothing is asked." in told and "anew" not in told


def test_a_file_that_is_not_ours_to_write_says_why() -> None:
    """And has no form."""
    told = str(body_of(there(why_not="policies is read from a database"), "Ada", "2026-11-16"))
    assert "read from a database." in told and "Ask for it" not in told and "Try it" not in told


def test_the_author_of_a_row_is_not_a_field_that_somebody_may_fill_in() -> None:
    """Whatever a form says."""
    row = row_of("policies", {**SHOWN, "author": "Ben", "stray": "x"}, "Ada")
    assert row["author"] == "Ada" and row["value"] == "2" and "stray" not in row

"""The format of dates: the one that all fit, or all that fit."""

from __future__ import annotations

import pyarrow as pa
import pytest

from foreship.ingest.formats.calendars import calendar_of, in_iso


@pytest.mark.parametrize(
    ("texts", "formats"),
    [
        (["2026-05-04", "2026-05-04T10:00"], ()),
        (["13/01/2026", "03/04/2026"], ("%d/%m/%Y",)),
        (["1/13/2026 0:00", "3/4/2026 11:59 PM"], ("%m/%d/%Y",)),
        (["31.12.2026"], ("%d.%m.%Y",)),
        (["03.04.2026"], ("%d.%m.%Y", "%m.%d.%Y")),
        (["05/05/2026"], ("%d/%m/%Y",)),
        (["2026/3/4"], ("%Y/%m/%d",)),
        (["20260304", "20261231"], ("%Y%m%d",)),
        (["04032026"], ("%d%m%Y",)),
        (["4-Mar-2026"], ("%d-%b-%Y",)),
        (["25.12.26"], ("%d.%m.%y", "%y.%m.%d")),
        (["25.12.99"], ("%d.%m.%y",)),
        (["13/01/2026", "01/13/2026"], ()),
        (["soon", "13/01/2026"], ("%d/%m/%Y",)),
        ([""], ()),
    ],
)
def test_the_formats_that_dates_may_have(texts: list[str], formats: tuple[str, ...]) -> None:
    """A day above 12 settles it, equal readings need no question, a stray word is a fault later."""
    assert calendar_of(pa.array(texts, pa.string())).formats == formats


def test_texts_become_iso_days() -> None:
    """What is no day of the format stays as it is, to be named."""
    assert in_iso(pa.array(["4.3.2026", "x"]), "%d.%m.%Y").to_pylist() == ["2026-03-04", "x"]

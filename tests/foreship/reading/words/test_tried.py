"""The table of plans that were tried, as a terminal shows it."""

from __future__ import annotations

import pandas as pd

from foreship.reading.words.tried import tried_words


def test_money_has_two_digits_under_its_heading_within_80_columns() -> None:
    """Whatever was tried; what is not known is a dash."""
    rows = [
        ("2026-11-16-0123456789", "the plan of the week", 12_345, 225, 1e7, 61.567262, 1.0, "ship"),
        ("2026-11-16-abcdef0123", "a.b=1, " * 20, 3, 1, 2.0, -23.129061, None, "hold"),
    ]
    names = ["run", "tried", "units", "lines", "cost", "expected_gain", "cvar", "status"]
    lines = tried_words(pd.DataFrame(rows, columns=names)).split("\n")
    assert max(map(len, lines)) <= 80
    assert lines[2] == "the plan of the week (ship)"
    assert lines[3].split() == ["2026-11-16-0123456789", "12,345", "225", "10,000,000.00",
                                "61.57", "1.00"]  # fmt: skip
    assert lines[-1].split()[-3:] == ["2.00", "-23.13", "-"]
    for heading in ("units", "lines", "cost", "gain", "CVaR"):
        end = lines[0].index(heading) + len(heading)
        assert all(line[end - 1] != " " for line in (lines[3], lines[-1])), heading
    assert len({len(lines[place]) for place in (0, 3, -1)}) == 1

"""Settings: declared in a line, refused outside their range."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import pytest

from foreship_foundation.settings import refuse_out_of_range, setting


@dataclass(frozen=True)
class Params:
    """One setting of every kind of range."""

    share: float = setting(0.5, "share", "of the whole", low=0.0, high=1.0, source="measured")
    count: int = setting(1, "units", "at least one", low=1)
    most: float | None = setting(None, "money", "at most ten", high=10.0)
    names: tuple[str, ...] = setting(("a",), "names", "any")

    def __post_init__(self) -> None:
        refuse_out_of_range(self)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"share": 1.01}, "share = 1.01; must be between 0 and 1 (share)"),
        ({"share": math.nan}, "share = nan; must be between 0 and 1 (share)"),
        ({"count": 0}, "count = 0; must be at least 1 (units)"),
        ({"most": math.inf}, "most = inf; must be at most 10 (money)"),
        (
            {"share": -1.0, "count": -1},
            "share = -1.0; must be between 0 and 1 (share); count = -1; must be at least 1 (units)",
        ),
    ],
)
def test_every_setting_out_of_range_is_named(given: dict, words: str) -> None:
    """Value, range and unit, all of them in one error; NaN is in no range."""
    with pytest.raises(ValueError) as caught:
        Params(**given)
    assert str(caught.value) == words


def test_ends_belong_to_the_range_and_what_is_absent_or_text_has_none() -> None:
    """Both ends, nothing at all, and names."""
    for share in (0.0, 1.0):
        assert Params(share=share, most=None, names=()).share == share


def test_a_setting_tells_of_itself() -> None:
    """What prints settings reads unit, meaning, range and source; the default has one of us."""
    about = {each.name: each.metadata for each in fields(Params)}
    assert about["share"] == {
        "unit": "share", "meaning": "of the whole", "low": 0.0, "high": 1.0, "source": "measured",
    }  # fmt: skip
    assert about["count"]["source"] == "chosen by us" and about["count"]["high"] is None

"""The path below which a proxy shows the workbench: plain, and cut off once."""

from __future__ import annotations

import pytest

from foreship.errors import UsageError
from foreship.workbench.door.prefix import checked_prefix, without_prefix


@pytest.mark.parametrize("text", ["", "/plans", "/shop-1/plans.v2"])
def test_a_plain_path_is_taken(text: str) -> None:
    """Without one the addresses begin at `/`."""
    assert checked_prefix(text) == text


@pytest.mark.parametrize(
    "text", ["plans", "/", "/plans/", "//evil.example", "/a b", "/plans;x", "/..", "/a/./b", "/a?b"]
)
def test_what_is_no_plain_path_is_refused(text: str) -> None:
    """It would stand in cookies and addresses."""
    with pytest.raises(UsageError, match="write it as /plans"):
        checked_prefix(text)


def test_a_path_is_cut_at_whole_names() -> None:
    """`/plans` is no part of `/planszz`; what a proxy has cut stays."""
    asked = ["/plans", "/plans/", "/plans/run/x", "/planszz", "/run/x"]
    told = [without_prefix(each, "/plans") for each in asked]
    assert told == ["/", "/", "/run/x", "/planszz", "/run/x"]
    assert without_prefix("/plans", "") == "/plans"

"""`unique_id` is cut into region and item."""

from __future__ import annotations

import pytest

from foreship.errors import UsageError
from foreship.forecasts.unique_ids import split_ids


def test_an_id_with_the_sign_in_a_part_is_cut_where_both_are_known() -> None:
    """`N/a/b` is item `a/b` of region `N`; an unknown one that reads two ways is named."""
    region, item, wrong = split_ids(["N/a", "N/a/b", "X/a/b", "Na"], "region/item", ["N"], ["a/b"])
    assert region.tolist() == ["N", "N", "", ""]
    assert item.tolist() == ["a", "a/b", "", ""]
    assert wrong == {
        "X/a/b": "can be read in 2 ways as region/item",
        "Na": "is no region/item",
    }


def test_a_pattern_says_which_part_comes_first() -> None:
    """`item_region` is as good; one without both names, or nothing between, is refused."""
    region, item, wrong = split_ids(["00123_NA"], "item_region", ["NA"], ["00123"])
    assert (region[0], item[0], wrong) == ("NA", "00123", {})
    for pattern in ("region", "regionitem", "item/place", ""):
        with pytest.raises(UsageError, match="write it as"):
            split_ids(["a"], pattern, [], [])

"""Ids travel behind `?`, whatever letters they have, and come back as they were."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from foreship.workbench.web import links

ODD = ["a/b", "..", ".", "%", "%2e%2e", "?", "#", "&", "+", " a b ", "<script>", '"', "'", "é",
       "=1", "a=b&c=d", "\u202e", "//evil.example", "\\", "-x"]  # fmt: skip
RUN = "2026-11-16-0123456789"


@pytest.mark.parametrize("odd", ODD)
def test_odd_ids_come_back_and_change_no_path(odd: str) -> None:
    """Through every link that holds an id or a text."""
    made = {
        links.item(RUN, odd): {"item": [odd]},
        links.region(RUN, odd): {"region": [odd]},
        links.cell(RUN, odd, "x"): {"region": [odd], "item": ["x"]},
        links.find(odd): {"q": [odd]},
        links.source(RUN, "plan.parquet", "quantity", {"item": odd}): {
            "file": ["plan.parquet"],
            "column": ["quantity"],
            "item": [odd],
        },
    }
    for link, wanted in made.items():
        parts = urlsplit(link)
        assert parse_qs(parts.query, keep_blank_values=True) == wanted
        assert (parts.scheme, parts.netloc, parts.fragment) == ("", "", "")
        assert link.isascii()
        assert ".." not in parts.path


@pytest.mark.parametrize("odd", ODD)
def test_a_name_in_a_path_stays_one_part(odd: str) -> None:
    """Files of a run have names of ours; another one would not become a path."""
    assert links.run_file(RUN, odd).count("/") == 4


def test_what_is_blank_is_left_out() -> None:
    """The address says what was chosen."""
    assert links.week(RUN) == f"/run/{RUN}"
    assert links.week(RUN, kind="") == f"/run/{RUN}"
    assert links.item(RUN, "A", page=2) == f"/run/{RUN}/item?item=A&page=2"
    assert links.address("x", query={"many": ["1", "2"]}) == "/x?many=1&many=2"
    assert links.lines(RUN, "q=a") == f"/run/{RUN}/lines?q=a"
    assert links.lines_csv(RUN) == f"/run/{RUN}/lines.csv"

"""A planner's row comes into the workspace's own table, checked as every command checks it."""

from __future__ import annotations

from pathlib import Path

import pytest

import foreship
from foreship.errors import InputError, UsageError
from foreship.jobs.deciding.asked_files import add_row, asked_file, take_back
from tests.foreship.good_workspace import good_frames, write_workspace

ROW = {
    "kind": "minimum", "value": "2", "region": "R1", "item": "A-1", "reason": "a fair",
    "author": "Ada", "expires": "2027-01-31",
}  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return a workspace without policies."""
    frames = {name: each for name, each in good_frames().items() if name != "policies"}
    write_workspace(tmp_path / "shop", frames)
    return tmp_path / "shop"


def test_a_first_row_makes_the_file_and_names_it(shop: Path) -> None:
    """The next command reads it; all else of foreship.toml stays as it was."""
    before = (shop / "foreship.toml").read_text()
    made = add_row(shop, shop, "policies", ROW, "")
    assert [dict(each) for each in made.rows] == [{**dict.fromkeys(made.columns, ""), **ROW}]
    after = (shop / "foreship.toml").read_text()
    assert after.replace('policies = "policies.csv"\n', "") == before
    assert foreship.check(shop).rows["policies"] == 1 and not foreship.check(shop).faults


def test_rows_come_and_go_in_their_order(shop: Path) -> None:
    """What is taken back leaves the others as they are written."""
    first = add_row(shop, shop, "policies", ROW, "")
    other = {**ROW, "kind": "maximum", "value": "9", "reason": 'too many, "again"'}
    second = add_row(shop, shop, "policies", other, first.sha256)
    left = take_back(shop, shop, "policies", 0, second.sha256)
    assert [each["reason"] for each in left.rows] == ['too many, "again"']
    with pytest.raises(UsageError, match="has no row 2; it has 1"):
        take_back(shop, shop, "policies", 1, left.sha256)


def test_a_comment_in_two_lines_stays_one_row(shop: Path) -> None:
    """However the line ends: what others wrote is still theirs when a row is taken back."""
    first = add_row(shop, shop, "policies", ROW, "")
    there = first.path.read_text().replace("a fair", '"a\rfair"')
    first.path.write_text(there, newline="")
    held = asked_file(shop, "policies")
    second = add_row(shop, shop, "policies", {**ROW, "item": "A_1"}, held.sha256)
    left = take_back(shop, shop, "policies", 1, second.sha256)
    assert [each["reason"] for each in left.rows] == ["a\rfair"]


def test_a_file_that_has_changed_meanwhile_is_not_written_over(shop: Path) -> None:
    """Two people who write at the same time both keep what they wrote."""
    first = add_row(shop, shop, "policies", ROW, "")
    add_row(shop, shop, "policies", {**ROW, "item": "A_1"}, first.sha256)
    with pytest.raises(UsageError, match="has changed since it was shown"):
        add_row(shop, shop, "policies", {**ROW, "kind": "maximum"}, first.sha256)
    assert len(asked_file(shop, "policies").rows) == 2


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"author": " "}, "author"),
        ({"expires": ""}, "expires"),
        ({"kind": "most"}, "kind"),
        ({"value": "many"}, "value"),
        ({"item": "nobody"}, "item"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_row_at_fault_is_refused_and_nothing_is_written(
    shop: Path, change: dict[str, str], column: str
) -> None:
    """With the words of every other command, and its column."""
    before = sorted(each.name for each in shop.iterdir() if each.name != ".foreship")
    with pytest.raises(InputError) as refused:
        add_row(shop, shop, "policies", ROW | change, "")
    assert column in [each.column for each in refused.value.faults]
    assert sorted(each.name for each in shop.iterdir() if each.name != ".foreship") == before


@pytest.mark.parametrize(
    ("line", "text", "words"),
    [
        ('policies = "policies.parquet"', "", "is read from policies.parquet"),
        ('policies = "../policies.csv"', "", "outside of the workspace"),
        ('policies = "s3://bucket/policies.csv"', "", "is read from s3://"),
        ('policies = "policies.csv"', "art;wert\n", "headings of its own"),
        ('policies = "policies.csv"', "kind,value\nminimum,2,3\n", "longer than its headings"),
        ('policies = "policies.csv"', "kind,kind\nminimum,2\n", "headings of its own"),
        ('policies = "policies.csv"', f"kind\n{'x' * 140_000}\n", "is no plain CSV"),
        ("", "kind,value\n", "is there, but not read"),
    ],
)
def test_what_others_keep_is_left_to_them(shop: Path, line: str, text: str, words: str) -> None:
    """A workbook, a store, another way of writing: said, and never written."""
    config = shop / "foreship.toml"
    config.write_text(config.read_text().replace("[tables]\n", f"[tables]\n{line}\n"))
    if text:
        (shop / "policies.csv").write_text(text)
    assert words in asked_file(shop, "policies").why_not
    with pytest.raises(UsageError, match=words):
        add_row(shop, shop, "policies", ROW, asked_file(shop, "policies").sha256)
    assert not text or (shop / "policies.csv").read_text() == text


def test_only_tables_of_wishes_are_written(shop: Path) -> None:
    """Stock is what is counted, not what is asked for."""
    with pytest.raises(UsageError, match="no table of wishes"):
        add_row(shop, shop, "stock", {}, "")

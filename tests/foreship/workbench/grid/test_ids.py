"""What a run knows by an id, and what a search means by it."""

from __future__ import annotations

from foreship.workbench.grid.ids import Ids

IDS = Ids.of(
    {"item": ["K17", "K171", "k9", "<script>"], "region": ["Lyon", "Le Mans"], "hub": ["Metz"]},
    {"item": {"K17": "Green tea", "k9": "Lyon cakes"}},
)


def test_ids_are_sorted_and_named() -> None:
    """Whatever order they come in; an id without a name has a blank one."""
    assert IDS.item.ids == ("<script>", "K17", "K171", "k9")
    assert (IDS.item.name("K17"), IDS.item.name("K171"), IDS.item.name("x")) == (
        "Green tea",
        "",
        "",
    )


def test_exact_ids_come_first_then_beginnings_then_parts() -> None:
    """Case does not count; names are searched as ids are."""
    assert [each.id for each in IDS.find("k17")] == ["K17", "K171"]
    assert [(each.kind, each.id) for each in IDS.find("lyon")] == [
        ("region", "Lyon"),
        ("item", "k9"),
    ]
    assert [each.id for each in IDS.find("script")] == ["<script>"]
    assert IDS.find("  ") == [] and len(IDS.find("e", most=1)) == 1


def test_an_item_and_a_region_side_by_side_mean_their_cell() -> None:
    """In either order, by id, name or the only beginning; what means two things means none."""
    assert IDS.cell("K17 Lyon") == ("K17", "Lyon")
    assert IDS.cell("le mans green tea") == ("K17", "Le Mans")
    assert IDS.cell("K17 L") is None and IDS.cell("K17") is None


def test_an_unknown_id_is_told_with_the_nearest() -> None:
    """So that a bookmark of another run says what is wrong with it."""
    assert "nearest: Lyon" in IDS.unknown("region", "Lyonn")
    assert IDS.unknown("region", "Lyon") == ""

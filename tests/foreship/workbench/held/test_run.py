"""A held run tells of every item, region and cell what the whole run tells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from foreship.errors import UsageError
from foreship.jobs.finished import view_of
from foreship.reading.explaining.explaining import explained
from foreship.runs import load_run
from foreship.workbench.held.columns import Arrays
from foreship.workbench.held.run import HeldRun
from tests.foreship.workbench.made_runs import told_view, write_view


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the made-up view."""
    return write_view(told_view(), tmp_path_factory.mktemp("held"))


@pytest.fixture(scope="module")
def held(folder: Path) -> Iterator[HeldRun]:
    """The run, with all its cells in files."""
    run = HeldRun.open(folder, Arrays(0, folder.parent))
    yield run
    run.close()


def test_parts_explain_as_the_whole(held: HeldRun, folder: Path) -> None:
    """Items, regions and cells, from memory-mapped columns."""
    whole = view_of(load_run(folder))
    items, regions = held.ids.item.ids[:2], ["Lyon", "Paris"]
    asked = [{"item": each} for each in items] + [{"region": each} for each in regions]
    asked += [{"item": item, "region": region} for item in items for region in regions]
    for each in asked:
        assert explained(held.part(**each), **each) == explained(whole, **each)


def test_the_view_is_that_of_the_run_without_its_large_frames(held: HeldRun, folder: Path) -> None:
    """And has them again where a page sums one up."""
    whole = view_of(load_run(folder))
    assert held.view.forecast is None and held.view.units.empty
    assert len(held.lines) == len(held.view.lines) == len(whole.lines)
    assert held.with_frames("orders").orders.equals(whole.orders)
    assert held.name == folder.name and held.life.stage == "draft" and held.ready


def test_an_unknown_id_is_told_as_the_whole_tells_it(held: HeldRun, folder: Path) -> None:
    """With the nearest of all that tables, ledger and forecast know."""
    whole = view_of(load_run(folder))
    for each in ({"item": "103"}, {"region": "Lion"}, {"item": "00103", "region": "Lion"}):
        with pytest.raises(UsageError) as one:
            explained(whole, **each)
        with pytest.raises(UsageError) as other:
            held.part(**each)
        assert str(one.value) == str(other.value)
    assert held.knows("hub", "Metz") and not held.knows("hub", "Lyon")

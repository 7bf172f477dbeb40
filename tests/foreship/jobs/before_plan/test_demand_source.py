"""Where a plan's demand comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.jobs.before_plan.demand_source import own_demand
from foreship.workspace.opening import Workspace, open_workspace
from tests.foreship.good_workspace import write_workspace
from tests.foreship.small_variants import AS_OF, UNPRICED, demand_at, whole_frames


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    """Return a small workspace."""
    return open_workspace(
        write_workspace(tmp_path / "w", whole_frames(), settings=UNPRICED), AS_OF, history=False
    )


def test_what_is_odd_about_ones_own_demand_is_among_the_notes(
    shop: Workspace, tmp_path: Path
) -> None:
    """A scenario for each row, and a column that nobody reads; whole outcomes say nothing.

    What adjustments do to it is said after that.
    """
    path = tmp_path / "demand.csv"
    rows = demand_at(3)
    rows.assign(scenario=range(len(rows)), shelf="A").to_csv(path, index=False)
    unused, once, *moved = own_demand(shop, path).demand().notes
    assert "1 adjustment moves what is expected of 4 cells" in moved[-1]
    assert "columns not used: 'shelf'" in unused
    assert "scenario ids that occur once" in once
    rows.to_csv(path, index=False)
    notes = own_demand(shop, path).demand().notes
    assert all("adjustment" in each for each in notes)

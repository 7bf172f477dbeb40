"""The program of a run, or why there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.errors import UsageError
from tests.foreship.planned_shop import planned_shop


@pytest.mark.sweep
def test_own_scenarios_are_not_kept_and_so_there_is_no_program(tmp_path: Path) -> None:
    """In a sentence, exit 2; a run on a forecast is written down in the flow of frames."""
    run = planned_shop(tmp_path / "shop")
    with pytest.raises(UsageError, match="scenarios of your own, which it does not keep"):
        _ = run.program

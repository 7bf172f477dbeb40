"""Blocks worked on side by side give what they give in turn."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from foreship.params import ClusterParams
from foreship.pipeline.blocks import across_of
from foreship_forecast.counts.dependence import Dependence, Factor
from foreship_forecast.counts.sample_paths import PathDraws
from foreship_foundation.paths.path_units import of_all
from tests.forecast.small_law import distribution

TIED = Dependence.of(
    week=Factor(0.1, 0.2, 0.6),
    item=Factor(0.3, 0.5, 0.4),
    region=Factor(0.1, 1.0, 0.0),
    own=(0.3, 0.2),
)


def test_one_process_is_this_one() -> None:
    """Without `[cluster] processes` nothing is sent anywhere: not even a function of a test."""
    seen = list(across_of(ClusterParams())(lambda part: part + 1, [partial(int, 3)]))
    assert seen == [4]


def test_a_part_alone_stays_here_however_it_is_handed_over() -> None:
    """One part is not worth a process; a generator of parts is read once."""
    across = across_of(ClusterParams(processes=2))
    seen = list(across(lambda part: part + 1, (partial(int, each) for each in [3])))
    assert seen == [4]


@pytest.mark.sweep
def test_two_processes_draw_what_one_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Block by block, to the bit; each block is made once, when it is sent."""
    said = distribution(9, 30, 8)
    alone = of_all(PathDraws(said, TIED, 200, 3, 10_000).packed())
    made: list[int] = []
    real = PathDraws._of_cells

    def counted(self: PathDraws, cells: np.ndarray) -> PathDraws:
        made.append(len(cells))
        return real(self, cells)

    monkeypatch.setattr(PathDraws, "_of_cells", counted)
    shared = PathDraws(said, TIED, 200, 3, 500).packed(across_of(ClusterParams(processes=2)))
    assert (of_all(shared) == alone).all()
    assert len(made) > 2 and sum(made) == 270

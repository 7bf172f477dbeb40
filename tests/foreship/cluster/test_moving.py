"""What a cluster cost is added up by stage."""

from __future__ import annotations

from foreship.cluster.moving import MIB, Moving


def test_blocks_of_a_stage_are_added_up() -> None:
    """Bytes and seconds together, memory at its most; a line a stage, in the order they began."""
    moving = Moving()
    moving.add("score", 2 * MIB, MIB, 1.5, "a", 30 * MIB)
    moving.add("draw", MIB, 4 * MIB, 1.0, "a", 20 * MIB)
    moving.add("score", MIB, MIB, 0.25, "b", 25 * MIB)
    assert moving.words() == [
        "score: 2 blocks, 3 MiB out, 2 MiB back, 1.75 CPU-s on workers, at most 30 MiB of a worker",
        "draw: 1 block, 1 MiB out, 4 MiB back, 1 CPU-s on workers, at most 20 MiB of a worker",
    ]
    assert moving.stages["score"].peaks == {"a": 30 * MIB, "b": 25 * MIB}

"""What a cluster cost: bytes moved, seconds and memory of workers, by stage."""

from __future__ import annotations

from dataclasses import dataclass, field

from foreship_foundation.telling.words import number, plural

__all__ = ["MIB", "Moving", "Stage"]

MIB = 2**20


@dataclass
class Stage:
    """What the blocks of a stage cost together."""

    blocks: int = 0
    bytes_out: int = 0
    """bytes of the blocks as they were sent, however often a lost worker had them sent again"""
    bytes_in: int = 0
    """bytes of their results"""
    seconds: float = 0.0
    """CPU seconds that workers spent on them, added up"""
    peaks: dict[str, int] = field(default_factory=dict)
    """most memory [bytes] that each worker had held when it was done with one, by its name"""

    @property
    def peak_bytes(self) -> int:
        """The same of the worker that held most; 0 where no system says it."""
        return max(self.peaks.values(), default=0)

    def __str__(self) -> str:
        return (
            f"{plural(self.blocks, 'block')}, {number(self.bytes_out / MIB)} MiB out,"
            f" {number(self.bytes_in / MIB)} MiB back, {number(self.seconds)} CPU-s on workers,"
            f" at most {number(self.peak_bytes / MIB)} MiB of a worker"
        )


@dataclass
class Moving:
    """What each stage cost; nothing of it is part of an answer."""

    stages: dict[str, Stage] = field(default_factory=dict)

    def add(
        self, stage: str, bytes_out: int, bytes_in: int, seconds: float, worker: str, held: int
    ) -> None:
        """Count a block that is done, by a worker that has held so many bytes at most so far."""
        cost = self.stages.setdefault(stage, Stage())
        cost.blocks += 1
        cost.bytes_out += bytes_out
        cost.bytes_in += bytes_in
        cost.seconds += seconds
        cost.peaks[worker] = max(cost.peaks.get(worker, 0), held)

    def words(self) -> list[str]:
        """Return a line a stage."""
        return [f"{name}: {cost}" for name, cost in self.stages.items()]

"""What a worker loads before its first block, so that it can be timed apart."""

from __future__ import annotations


def loaded(part: int) -> int:
    """Load what blocks are worked on with; in a module, so that workers can import it."""
    import foreship_forecast.learning.scoring  # noqa: F401

    return part

"""The most memory that a benchmark's process has held."""

from __future__ import annotations

from foreship.metrics.peak import peak_bytes

__all__ = ["peak_gib"]


def peak_gib() -> float | None:
    """Return the most memory that this process has held so far [GiB]; None where nobody knows."""
    found = peak_bytes()
    return None if found is None else round(found / 2**30, 2)

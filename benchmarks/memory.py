"""The most memory that a benchmark's process has held."""

from __future__ import annotations

from pathlib import Path

from foreship.metrics.peak import peak_bytes

__all__ = ["forget_peak", "peak_gib"]


def peak_gib() -> float | None:
    """Return the most memory that this process has held so far [GiB]; None where nobody knows."""
    found = peak_bytes()
    return None if found is None else round(found / 2**30, 2)


def forget_peak() -> None:
    """Let the system measure the most memory of this process from now on."""
    Path("/proc/self/clear_refs").write_text("5")

"""Sales before a run that are read at once, or never."""

from __future__ import annotations

from foreship.workbench.held.sales import Told

__all__ = ["Orders"]


class Orders:
    """Sales that are read, or never will be."""

    def __init__(self, told: Told | None) -> None:
        self.told = told

    def wait(self, seconds: float | None = None) -> bool:
        """Tell whether they are."""
        return self.told is not None

    def of(self, item: str, region: str) -> Told:
        """Return them."""
        assert self.told is not None
        return self.told

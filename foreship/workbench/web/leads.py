"""Where the chapters of a report lead to in the workbench: to the pages of one run."""

from __future__ import annotations

from dataclasses import dataclass

from foreship.workbench.grid.query import Query
from foreship.workbench.web import links

__all__ = ["RunLeads"]


@dataclass(frozen=True)
class RunLeads:
    """Addresses of the pages of a run."""

    run: str
    """its name, as it stands in the address"""

    def cell(self, region: str, item: str) -> str:
        """An item in a region."""
        return links.cell(self.run, region, item)

    def item(self, item: str) -> str:
        """An item in all regions."""
        return links.item(self.run, item)

    def region(self, region: str) -> str:
        """A region with all its items."""
        return links.region(self.run, region)

    def lines(self, **by: str) -> str:
        """The lines of an action, a hub, a region, an item; all without any."""
        return links.lines(self.run, Query.of({name: [value] for name, value in by.items()}).text)

    def source(self, file: str, column: str, **where: str) -> str:
        """Rows of a file of the run."""
        return links.source(self.run, file, column, where)

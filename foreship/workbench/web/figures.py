"""A figure of a page with the way to where it comes from: no figure is written without one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from foreship.reports.markup import Content, Markup, card, element
from foreship.workbench.web import links

__all__ = ["Source", "figure_card", "number"]


@dataclass(frozen=True)
class Source:
    """Rows of a file of a run that a figure is read or summed from."""

    run: str
    """name of the run, as it stands in the address"""
    file: str
    """as `plan.parquet`"""
    column: str
    where: Mapping[str, str] = field(default_factory=dict)
    """column -> value of the rows meant; empty: all rows"""

    @property
    def link(self) -> str:
        """The address that shows them."""
        return links.source(self.run, self.file, self.column, self.where)


def number(shown: Content, source: Source | str, *, in_grid: bool = False) -> Markup:
    """Write a figure that leads to its source.

    Parameters
    ----------
    shown
        The figure as `telling.words` writes it.
    source
        Where it comes from, or the address of what it sums, as the filtered lines.
    in_grid
        Whether it stands in a grid, where arrows and Enter lead to it instead of the tab key.
    """
    link = source if isinstance(source, str) else source.link
    return element("a", shown, class_="figure-link", href=link, tabindex="-1" if in_grid else None)


def figure_card(name: str, shown: Content, source: Source | str, *more: Content) -> Markup:
    """Write a key figure: its name, the figure with its source, what it means."""
    return card(name, number(shown, source), *more)

"""A model as a notebook shows it."""

from __future__ import annotations

from html import escape

from foreship.reports.tables_html import html_table
from foreship_forecast.learning.model_view import ModelView

__all__ = ["ShownModel"]


class ShownModel(ModelView):
    """A model whose importances line up in a notebook."""

    def _repr_html_(self) -> str:
        if self.model.head.boosters is None:
            return f"<p>{escape(repr(self))}</p>"
        first = repr(self).splitlines()[0]
        return f"<p>{escape(first)}</p>{html_table(self.importances)}"

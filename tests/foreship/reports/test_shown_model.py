"""A model in a notebook."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from foreship.reports.shown_model import ShownModel


def test_a_model_without_boosters_says_so() -> None:
    """In text and in HTML, without an error."""
    bare: Any = SimpleNamespace(head=SimpleNamespace(boosters=None))
    shown = ShownModel(cast(Any, bare))
    assert repr(shown) == "Model without boosters: there was too little to learn from"
    assert shown._repr_html_() == f"<p>{shown!r}</p>"

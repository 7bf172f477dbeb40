"""The stage of a run in a sentence or two, for whoever opens it."""

from __future__ import annotations

from collections.abc import Iterator

from foreship.approval.life import Life, Stage
from foreship_foundation.telling.words import sentence

__all__ = ["life_words"]


def life_words(life: Life) -> Iterator[str]:
    """Say how far a run has come, by whom, and what held it when it was made."""
    stage = life.stage
    if stage is Stage.superseded:
        yield f"Superseded: run {life.of} took its place."
    elif stage is Stage.draft:
        yield "A draft: nobody has approved or released it."
    elif stage is Stage.held:
        yield "Held: it is released only after an approval."
    else:
        yield f"{stage.name.capitalize()} by {life.by} on {life.at[:10]}."
    yield from (sentence(f"held by {each}") for each in life.held_by)

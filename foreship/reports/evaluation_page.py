"""The evaluation's page: where the forecast can be trusted, where not, and the figures behind it.

One closed HTML file: nothing is loaded, nothing runs, every id is shown as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from foreship.errors import UsageError
from foreship.reading.views import day, flat
from foreship.reports import evaluation_chapters
from foreship.reports.markup import Content, Markup, card, element, page, style_sheet
from foreship_foundation.telling.words import percent, plural

if TYPE_CHECKING:
    from foreship_forecast.evaluation.rolling import Evaluation

__all__ = ["refuse_place", "render"]

SECTIONS = ("forecast", "privacy")
"""settings that may change an evaluation"""


def refuse_place(path: Path, workspace: Path) -> None:
    """Refuse a page that would overwrite another kind of file or lie among the runs.

    Raises
    ------
    UsageError
        If `path` is no place for the page.
    """
    if path.suffix not in (".html", ".htm"):
        raise UsageError(f"the page {path} must end in .html")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent} to write the page {path.name} into")
    if (workspace / "runs").resolve() in path.resolve().parents:
        raise UsageError(f"the page {path} would lie in runs/, which holds nothing but runs")


def render(result: Evaluation, config: Mapping[str, Any], versions: Mapping[str, str]) -> str:
    """Write an evaluation as one self-contained HTML page.

    Parameters
    ----------
    result
        What was measured.
    config
        The workspace's settings by section; the page shows those of the forecast.
    versions
        Name and version of the software.
    """
    body = element(
        "main",
        _top(result),
        _notes(result),
        evaluation_chapters.by_class(result),
        evaluation_chapters.floors(result),
        evaluation_chapters.reliability(result),
        evaluation_chapters.pit(result),
        evaluation_chapters.every_score(result),
        evaluation_chapters.models(result),
        evaluation_chapters.foot(flat({name: config[name] for name in SECTIONS}), versions),
    )
    title = f"Forecast skill before {day(pd.Timestamp(result.as_of))}"
    return str(page(title, style_sheet(), body))


def _top(result: Evaluation) -> Markup:
    """Open the page: where to trust it, the figures behind that, and the key numbers."""
    shown = result.skill
    return element(
        "header",
        element("p", f"foreship evaluate, {plural(result.weeks, 'target week')}", class_="kicker"),
        element("h1", f"Forecast skill before {day(pd.Timestamp(result.as_of), long=True)}"),
        element("p", "Skill shown" if shown else "No skill shown", class_=_shade(shown)),
        element("p", result.advice, class_="lead"),
        element("p", result.verdict),
        element("div", *_cards(result), class_="cards"),
    )


def _shade(shown: bool) -> str:
    return "status" if shown else "status none"


def _cards(result: Evaluation) -> list[Content]:
    frame = result.frame[result.frame["by"] == "all"].set_index("method")
    ours, floor = (frame.loc[name].to_dict() for name in ("foreship", result.floor))
    overall = result.trust[result.trust["by"] == "all"].iloc[0]
    return [
        card("Log-loss, best floor", _less(result.gain), "whether something sells"),
        card("RPS, best floor", _less(float(overall["rps_gain"])), "how many"),
        card("ECE of p1", f"{ours['ece_1']:.3f}", f"best floor {floor['ece_1']:.3f}"),
        card(
            "In the 80 % interval", percent(ours["coverage_80"], 1), "of outcomes; counts are whole"
        ),
        card("Rows judged", f"{int(ours['rows']):,}", "cells x weeks x horizons"),
    ]


def _less(gain: float) -> str:
    if not np.isfinite(gain):
        return "\u2013"
    return f"{percent(abs(gain), 1)} {'less' if gain >= 0 else 'more'}"


def _notes(result: Evaluation) -> Content:
    if not result.notes:
        return ""
    return element("ul", *(element("li", note) for note in result.notes), class_="notes")

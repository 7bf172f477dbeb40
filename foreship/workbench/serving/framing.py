"""What stands around the content of a page: its places, who is at work, which run is shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from foreship.approval.life import life_of, plans_made
from foreship.approval.life_words import life_words
from foreship.errors import ForeshipError
from foreship.reading.views import day
from foreship.reports.markup import Content, element, join
from foreship.runs import RUNS
from foreship.workbench.acting.meant import OPEN
from foreship.workbench.bench import Bench
from foreship.workbench.door.places import RUN_NAME
from foreship.workbench.handling import Route
from foreship.workbench.web import links
from foreship.workbench.web.page import Frame, Place

__all__ = ["frame_of"]

RUN, FIND = "{run}", "/find"


def frame_of(routes: Sequence[Route], bench: Bench, path: str, run: str, who: str) -> Frame:
    """Return what stands around a page.

    Parameters
    ----------
    routes
        Every page; those that have a name are listed.
    path
        The page's own path as its route has it, without what stands behind `?`.
    run
        The run that is shown, as the address names it; blank where none is.
    """
    meant = run or links.NEWEST
    can_find = any(each.pattern == FIND for each in routes)
    places = []
    for each in routes:
        if each.nav:
            own = each.pattern.replace(RUN, quote(meant, safe=""))
            places.append(Place(each.nav, links.rooted(own), own == quote(path)))
    return Frame(places, who, meant if can_find else "", _about(bench, run) if run else "")


def _about(bench: Bench, run: str) -> Content:
    """Say which run is shown and how far it came; nothing where that cannot be told."""
    try:
        folder = bench.place(run)
        life = life_of(folder)
        later = _made_since(folder) if life.stage in OPEN else ""
    except ForeshipError:
        return ""  # the page itself says what is wrong
    if not RUN_NAME.fullmatch(folder.name):
        return ""
    monday = day(pd.Timestamp(folder.name[:10]), long=True)
    named = element("a", f"Plan of {monday}, {folder.name[11:]}", href=links.week(run))
    return join([named, f". {' '.join(life_words(life))}", later])


def _made_since(folder: Path) -> Content:
    """Say that another plan of the Monday was made since: whoever decides here shall know."""
    newest = next(reversed(plans_made(folder.parent.parent, folder.name[:10])), folder)
    if newest == folder or folder.parent.name != RUNS:
        return ""
    way = element("a", f"run {newest.name[11:]}", href=links.week(newest.name))
    return join([" A newer plan of this Monday was made since: ", way, "."])

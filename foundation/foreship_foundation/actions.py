"""What a plan may do with a unit, and how a unit no longer wanted leaves its region.

The one place where actions and exits are declared. Both rooms and the corridor read directions,
money terms and words from here; the judges read them too, and compute for themselves. A new action
or exit is a new row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "ACTIONS",
    "EXITS",
    "Action",
    "Exit",
    "Place",
    "action_names",
    "exit_named",
    "exit_names",
]

Place = Literal["hub", "region", ""]
"""kind of place at an end of a move; `` where a unit leaves the network"""


@dataclass(frozen=True, kw_only=True)
class Action:
    """One thing that a line of a plan may do: its direction, its money and its words."""

    name: str
    """word of the plan's column `action`"""
    origin: Place
    destination: Place
    term: str
    """its money in the totals of a plan"""
    tally: str
    """its units in the weeks of a replay"""
    term_words: str
    """what the term is, beside its money in a plan in text"""
    chapter_words: str
    """the same on the page"""
    label: str
    """what it is, in a word or two"""
    order: str
    """what to do with one line; may name {n} units, {origin}, {destination}, {day} and {cost}"""
    brief: str
    """what to do in all, {n} units"""
    drawn: str = ""
    """what its lines on a map are; blank where nothing travels"""


@dataclass(frozen=True, kw_only=True)
class Exit:
    """One way out for a unit no longer wanted, and what it costs beside its lane.

    Cost = handling - recovery + holding until it is done + what is given up. The `exits` table
    states handling and recovery; without one they are as declared here.
    """

    name: str
    """word of the `exits` table and of the setting `exits.allowed`"""
    action: str
    """name of the action that carries it out"""
    gives_up: Literal["nothing", "share of price", "unit cost"] = "nothing"
    """what is lost with the unit whatever its handling: `exits.markdown_share` of its price, or its
    unit cost, of which `exits.recovery_share` comes back without a table"""
    handling: str = ""
    """setting of `exits` with the handling without a table; blank: none"""
    usual: bool = True
    """in use where neither a table nor the settings say which exits are"""


ACTIONS: tuple[Action, ...] = (
    Action(
        name="ship",
        origin="hub",
        destination="region",
        term="freight",
        tally="units_shipped",
        term_words="lanes of ships",
        chapter_words="Freight of shipments",
        label="ship from hub",
        order="Ship {n} from {origin}, arriving {day}, for {cost}",
        brief="ship {n} from hubs",
        drawn="shipped from a hub (square)",
    ),
    Action(
        name="redirect",
        origin="region",
        destination="region",
        term="redirects",
        tally="units_redirected",
        term_words="lanes and handling of redirects",
        chapter_words="Moves between regions",
        label="move to another region",
        order="Move {n} from {origin} to {destination}, arriving {day}, for {cost}",
        brief="move {n} between regions",
        drawn="moved between regions",
    ),
    Action(
        name="return",
        origin="region",
        destination="hub",
        term="returns",
        tally="units_returned",
        term_words="lanes and handling of returns",
        chapter_words="Bringing back to hubs",
        label="bring back to hub",
        order="Bring {n} from {origin} back to {destination} for {cost}",
        brief="bring {n} back to hubs",
        drawn="brought back to a hub",
    ),
    Action(
        name="markdown",
        origin="region",
        destination="",
        term="markdowns",
        tally="units_marked_down",
        term_words="markdowns",
        chapter_words="Markdowns",
        label="mark down and sell",
        order="Mark {n} down for {cost}",
        brief="mark {n} down",
    ),
    Action(
        name="give_away",
        origin="region",
        destination="",
        term="give_aways",
        tally="units_given_away",
        term_words="give-aways",
        chapter_words="Giving away",
        label="give away",
        order="Give {n} away for {cost}",
        brief="give {n} away",
    ),
)
"""Every action; lines of a plan are sorted in this order."""

EXITS: tuple[Exit, ...] = (
    Exit(name="redirect", action="redirect", handling="redirect_handling"),
    Exit(name="markdown", action="markdown", gives_up="share of price"),
    Exit(name="return", action="return", handling="return_handling"),
    Exit(name="give_away", action="give_away", gives_up="unit cost"),
    Exit(name="donate", action="give_away", gives_up="unit cost", usual=False),
    Exit(name="liquidate", action="give_away", gives_up="unit cost", usual=False),
)
"""Every exit; of two that cost the same the first is the cheapest."""


def action_names(
    *, origin: Place | None = None, destination: Place | None = None
) -> tuple[str, ...]:
    """Return the names of the actions with these ends, of all where an end is left out."""
    return tuple(
        each.name
        for each in ACTIONS
        if origin in (None, each.origin) and destination in (None, each.destination)
    )


def exit_names(*, action: str | None = None, destination: Place | None = None) -> tuple[str, ...]:
    """Return the names of the exits that an action carries out, or that lead to a kind of place."""
    carried = action_names(destination=destination)
    return tuple(
        each.name for each in EXITS if action in (None, each.action) and each.action in carried
    )


def exit_named(name: str) -> Exit:
    """Return the exit of that name; KeyError where there is none."""
    for each in EXITS:
        if each.name == name:
            return each
    raise KeyError(f"no exit is called {name}")

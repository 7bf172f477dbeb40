"""The form of a trial: settings by their declarations, numbers of tables, what is planned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from foreship.config import SECTIONS, Config
from foreship.errors import Fault
from foreship.jobs.identity import NEVER_ANSWERING_SECTIONS
from foreship.jobs.trying.change import DEMAND, EVENT, PROMOTION
from foreship.jobs.trying.changed_settings import text_of
from foreship.jobs.trying.changed_values import CHANGEABLE, changeable
from foreship.reports.markup import Content, Markup, element, join
from foreship.workbench.door.who import said_to_be
from foreship.workbench.held.run import HeldRun
from foreship.workbench.trials.asked import FIELD, MOST_ROWS, row_count
from foreship.workbench.web import forms, links
from foreship.workbench.web.faulty import fault_table
from foreship.workbench.web.forms import Choice
from foreship.workspace.schema import settings_of
from foreship_foundation.tables.declaration import DATED, WORDED
from foreship_foundation.tables.output_files import SUMMARY
from foreship_foundation.telling.words import fixed, listed, plural

__all__ = ["form_of"]

HOWS: Final = (
    Choice("*", "times"), Choice("+", "plus"), Choice("-", "minus"), Choice("=", "is"),
)  # fmt: skip
SEVERAL: Final = "several parted by commas; one with a comma in quotes"
PLAN: Final = "Plan with it"
CONFIRMED: Final = "Plan with it all the same"
EVENTS: Final = "events"
MOST_EVENTS: Final = 200
"""names of past events that are offered"""


def form_of(
    config: Config,
    held: HeldRun,
    who: str,
    values: Mapping[str, str],
    *,
    faults: Sequence[Fault] = (),
    unlearned: Sequence[str] = (),
) -> Markup:
    """Write the form of a trial with what is filled in already.

    Parameters
    ----------
    values
        By name of a field.
    faults
        What is wrong with them.
    unlearned
        What may move nothing: it is planned with once that has been read.
    """
    sections = [
        _section(name, getattr(config, name), values)
        for name in SECTIONS
        if name not in NEVER_ANSWERING_SECTIONS
    ]
    return forms.form(
        links.try_it(held.name),
        forms.button(PLAN, hidden=""),  # what Enter in a field presses: the first button there is
        _told(faults, unlearned),
        element("p", "Fill in only what shall differ; all else stays as it is.", class_="soft"),
        _numbers(held, values),
        _planned(held, values),
        _times(held),
        element("h3", "Settings"),
        *sections,
        forms.button(PLAN),
        element("span", f" {said_to_be(who)}", class_="soft"),
        label="What if",
    )


def _told(faults: Sequence[Fault], unlearned: Sequence[str]) -> Content:
    """Say what is wrong, or what should be read before the plan is made."""
    if faults:
        count = plural(len(faults), "fault")
        words = element("p", f"What is filled in has {count}; nothing is planned yet.")
        return element("section", words, fault_table(faults), role="alert")
    if unlearned:
        said = element("ul", *(element("li", each) for each in unlearned))
        words = element("p", "Say below under another demand what you know of it, or:")
        sure = forms.button(CONFIRMED, name_="confirmed", value="1")
        return element("section", said, words, sure, role="alert")
    return ""


def _section(name: str, now: object, values: Mapping[str, str]) -> Markup:
    told = list(settings_of(name))
    fields = [
        forms.field(
            f"{FIELD}{name}.{each['name']}",
            f"{each['name']} (now {text_of(getattr(now, each['name']))})",
            values.get(f"{FIELD}{name}.{each['name']}", ""),
            help=_meaning(each),
            autocomplete="off",
        )
        for each in told
    ]
    filled = any(values.get(f"{FIELD}{name}.{each['name']}", "").strip() for each in told)
    return element("details", element("summary", name), *fields, open="" if filled else None)


def _meaning(told: Mapping[str, Any]) -> str:
    facts = ", ".join(str(each) for each in (told["unit"], told["range"]) if each)
    return f"{told['meaning']} ({facts})" if facts else str(told["meaning"])


def _numbers(held: HeldRun, values: Mapping[str, str]) -> Markup:
    """Write rows of fields, each for one number of the rows that it names."""
    rows, choices = row_count(values), [Choice("", "none"), *_columns(held)]
    fields = [_number(place, choices, values) for place in range(1, rows + 1)]
    more = forms.button("Two more rows", name_="more", value="1") if rows < MOST_ROWS else ""
    return element(
        "fieldset",
        element("legend", "Capacities, costs and other numbers of tables"),
        *fields,
        forms.hidden(rows=rows),
        more,
        class_="tried",
    )


def _columns(held: HeldRun) -> Iterator[Choice]:
    """Yield the numbers that can be tried, by table."""
    for table in CHANGEABLE:
        frame = held.view.tables.get(table)
        if frame is None or frame.empty:
            continue
        for name, column in changeable(table).items():
            if name in frame and column.kind not in (*WORDED, *DATED):
                yield Choice(f"{table}.{name}", f"{table}: {name.replace('_', ' ')}")


def _number(place: int, choices: Sequence[Choice], values: Mapping[str, str]) -> Markup:
    what, how, amount, where = (f"{each}-{place}" for each in ("what", "how", "amount", "where"))
    return element(
        "fieldset",
        element("legend", f"Number {place}"),
        forms.select(what, "What", choices, values.get(what, "")),
        forms.select(how, "How", HOWS, values.get(how, "")),
        forms.field(amount, "Amount", values.get(amount, ""), autocomplete="off", size="8"),
        forms.field(
            where, "Of which rows", values.get(where, ""), autocomplete="off",
            help="as origin=HUB-A and destination=R001,R002; blank: of all", size="32",
        ),
    )  # fmt: skip


def _planned(held: HeldRun, values: Mapping[str, str]) -> Markup:
    """Write the fields of a promotion, an event, and what a planner knows of demand."""

    def entry(about: str, name: str, label: str, words: str = "", **more: object) -> Markup:
        key = f"{about}-{name}"
        told = {"help": words, "autocomplete": "off", **more}
        return forms.field(key, label, values.get(key, ""), **told)  # type: ignore[arg-type]

    def group(about: str, title: str, *fields: Content) -> Markup:
        filled = any(values.get(key, "").strip() for key in values if key.startswith(f"{about}-")
                     and not key.endswith("-how"))  # fmt: skip
        inside = element("fieldset", *fields, aria_label=title)
        return element("details", element("summary", title), inside, open="" if filled else None)

    monday, blank = f"{held.view.as_of:%Y-%m-%d}", f"blank: all; {SEVERAL}"
    names = sorted(set(_events(held)))[:MOST_EVENTS]
    offered = element("datalist", *(element("option", value=each) for each in names), id=EVENTS)
    parts = [
        group(
            PROMOTION, "A promotion",
            entry(PROMOTION, "week", "Weeks", f"Mondays, as {monday}"),
            entry(PROMOTION, "item", "Items", blank), entry(PROMOTION, "category", "Categories"),
            entry(PROMOTION, "region", "Regions"),
            forms.select(f"{PROMOTION}-how", "Price", (HOWS[0], HOWS[3]),
                         values.get(f"{PROMOTION}-how", "")),
            entry(PROMOTION, "value", "Factor or price", "0.8 is a fifth off; blank: no change"),
        ),
        group(
            EVENT, "A holiday or another event", offered,
            entry(EVENT, "value", "Name", "as it was called before; one that begins with closed "
                  "closes docks", list_=EVENTS),
            entry(EVENT, "date", "Days", f"as {monday}, or {monday}..{monday}"),
            entry(EVENT, "region", "Regions", f"blank: everywhere; {SEVERAL}"),
        ),
        group(
            DEMAND, "Another demand, as you know of it",
            forms.select(f"{DEMAND}-how", "How", HOWS[:3], values.get(f"{DEMAND}-how", "")),
            entry(DEMAND, "value", "Factor or units a week"),
            entry(DEMAND, "week", "Weeks", f"Mondays, as {monday}; blank: every week"),
            entry(DEMAND, "item", "Items", blank), entry(DEMAND, "category", "Categories"),
            entry(DEMAND, "region", "Regions"),
        ),
    ]  # fmt: skip
    return join(parts)


def _events(held: HeldRun) -> Iterator[str]:
    calendar = held.view.tables.get("calendar")
    if calendar is not None:
        yield from map(str, calendar["event"])


def _times(held: HeldRun) -> Markup:
    """Say what a trial has to do, and how long that took for this plan."""
    metrics = held.view.summary.get("metrics", {})
    clock = metrics.get("clock", {}) if isinstance(metrics, Mapping) else {}
    seconds = clock.get("seconds", {}) if isinstance(clock, Mapping) else {}
    said = [
        f"{fixed(seconds[stage])} seconds for its {stage}"
        for stage in ("forecast", "plan")
        if isinstance(seconds, Mapping) and seconds.get(stage)
    ]
    words = (
        "A promotion, an event or another demand needs a forecast before the plan, by the model "
        "that stands; another setting of the forecast has one learned anew; all else needs the "
        "plan alone."
    )
    if not said:
        return element("p", words, class_="soft")
    took = element(
        "a", f"This plan took {listed(said)}", href=links.run_file(held.name, SUMMARY.name)
    )
    return element("p", f"{words} ", took, ".", class_="soft")

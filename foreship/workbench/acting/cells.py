"""What is decided on a line, in its row: as it stands, as a form, and where two have clashed."""

from __future__ import annotations

from foreship.approval.edits import Edit
from foreship.reports.markup import Content, Markup, element, join
from foreship.reports.workbook import decisions
from foreship.workbench.door.who import said_to_be
from foreship.workbench.drafts.clash import Clash
from foreship.workbench.drafts.entry import LONGEST_COMMENT, TAKEN_BACK, Entry
from foreship.workbench.drafts.log import Draft
from foreship.workbench.web import forms, links
from foreship.workbench.web.moments import moment
from foreship_foundation.bounds import MOST_UNITS
from foreship_foundation.telling.words import units

__all__ = ["clash_cell", "decided_words", "edit_cell", "edit_form", "place_of"]

MEANINGS = {
    decisions.KEEP: "keep: as planned",
    decisions.CHANGE: "change: another quantity",
    decisions.DROP: "drop: nothing on this line",
    decisions.FREEZE: "freeze: locked at this quantity for later plans, too",
}
"""decision -> what a planner reads beside it"""


def place_of(line: int) -> str:
    """Return the id of the place where a line's decision stands."""
    return f"edit-{line}"


def decided_words(entry: Entry | Edit | None) -> str:
    """Say what is decided; blank where nothing is."""
    if entry is None or entry.decision == TAKEN_BACK:
        return ""
    if entry.decision == decisions.CHANGE:
        return f"{entry.decision} to {units(entry.quantity or 0)}"
    return entry.decision


def edit_cell(line: int, draft: Draft, told: Content = "") -> Markup:
    """Write what is decided on a line, with the way to decide; it opens where it stands.

    `told` is what else is to be said of it. Its links name the run itself: `latest` may be another
    one by the time they are followed.
    """
    entry = draft.newest.get(line)
    said = decided_words(entry)
    parts: list[Content] = []
    if entry is not None and said:
        by = f"{entry.comment} ({said_to_be(entry.author)})".strip()
        parts = [element("b", said), " ", element("span", by, class_="soft"), " "]
    words = "Decide again" if said else "Decide"
    return element(
        "div", *parts, _opening(draft.run, line, words), told, id=place_of(line), class_="edit"
    )


def _opening(run: str, line: int, words: str) -> Markup:
    link = links.edit(run, line)
    return element(
        "a", words, href=link, hx_get=link, hx_target=f"#{place_of(line)}", hx_swap="outerHTML",
        data_key=f"decide-{line}", tabindex="-1", aria_label=f"{words} on line {line}",
    )  # fmt: skip


def edit_form(line: int, planned: int, draft: Draft, who: str) -> Markup:
    """Write the form that decides on a line: its price is asked for as it is filled in.

    It carries the version of the draft at which its author saw the line.
    """
    run, entry = draft.run, draft.newest.get(line)
    is_decided = entry is not None and entry.decision != TAKEN_BACK
    chosen = entry.decision if is_decided and entry else decisions.CHANGE
    shown = entry.quantity if is_decided and entry and entry.quantity is not None else planned
    own, place = f"form-{line}", f"#{place_of(line)}"
    choices = [forms.Choice(each, MEANINGS[each]) for each in decisions.DECISIONS]
    fields = [
        forms.hidden(line=line, base=draft.version),
        forms.select("decision", "Decision", choices, chosen, id=f"decision-{line}", autofocus=""),
        forms.field(
            "quantity", "New quantity", shown, kind="number", id=f"quantity-{line}", min=0,
            max=MOST_UNITS, step=1, help=f"{units(planned)} as planned",
        ),
        forms.field(
            "comment", "Comment", entry.comment if entry else "", id=f"comment-{line}",
            maxlength=LONGEST_COMMENT, autocomplete="off",
        ),
    ]  # fmt: skip
    back = element(
        "a", "Close", href=links.edits(run), hx_get=links.edit(run, line, "cell"),
        hx_target=place, hx_swap="outerHTML", data_close="",
    )  # fmt: skip
    signed = element("span", f" {said_to_be(who)}", class_="soft")
    inner = [*fields, forms.button("Keep this"), signed, " ", _price_button(run, line), " ", back]
    swap = forms.Swap(place, refused=f"#price-{line}")
    form = forms.form(links.edits(run), join(inner), swap=swap, label=f"Decide on line {line}")
    price = element("div", id=f"price-{line}", role="status", aria_live="polite")
    return element("div", element("div", form, id=own), price, id=place_of(line), class_="edit")


def _price_button(run: str, line: int) -> Markup:
    """Write the button that asks for the price; so does every change of the form's fields."""
    return element(
        "button",
        "What it costs",
        type="submit",
        formaction=links.deed(run, "price"),
        hx_post=links.deed(run, "price"),
        hx_target=f"#price-{line}",
        hx_swap="innerHTML",
        hx_trigger=f"click, change from:#form-{line}",
        hx_include=f"#form-{line} form",
    )


def clash_cell(run: str, clash: Clash) -> Markup:
    """Write both decisions on a line where somebody else decided meanwhile, and ask which holds."""
    mine, theirs, place = clash.mine, clash.theirs, f"#{place_of(clash.mine.line)}"
    rows = element(
        "ul",
        element("li", _by(theirs, f"{theirs.author}, {said_to_be(theirs.author)}")),
        element("li", _by(mine, "yours, not kept")),
    )
    values = {"line": mine.line, "base": clash.version, "comment": mine.comment}
    again = forms.hidden(decision=mine.decision, **values)
    if mine.decision == decisions.CHANGE:
        again = join([again, forms.hidden(quantity=mine.quantity)])
    write = forms.form(
        _target(run, mine), again, forms.button("Write mine"), swap=forms.Swap(place),
        label=f"Write your decision on line {mine.line}",
    )  # fmt: skip
    keep = element(
        "a", "Keep theirs", href=links.edits(run), hx_get=links.edit(run, mine.line, "cell"),
        hx_target=place, hx_swap="outerHTML",
    )  # fmt: skip
    head = element("p", f"Somebody else has decided on line {mine.line} since you looked at it.")
    return element(
        "div", head, rows, write, " ", keep, id=place_of(mine.line), class_="edit clash",
        role="alert",
    )  # fmt: skip


def _target(run: str, mine: Entry) -> str:
    back = mine.decision == TAKEN_BACK
    return links.edit(run, mine.line, "take-back") if back else links.edits(run)


def _by(entry: Entry, whose: str) -> str:
    said = decided_words(entry) or "taken back"
    comment = f", “{entry.comment}”" if entry.comment else ""
    return f"{said}{comment}: {whose}, {moment(entry.at)} universal time"

"""All decisions on a run: who, when, what, at what price; and what is done with them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foreship.approval.life import Life, Stage
from foreship.approval.life_words import life_words
from foreship.approval.papers import released_on
from foreship.own_files import PLAN_LINES
from foreship.reports.markup import Column, Content, Markup, element, join, table
from foreship.runs import RUNS
from foreship.workbench.acting.cells import decided_words, edit_cell
from foreship.workbench.acting.meant import is_open
from foreship.workbench.acting.pricing import solved
from foreship.workbench.door.who import said_to_be
from foreship.workbench.drafts.entry import TAKEN_BACK, Entry
from foreship.workbench.drafts.log import Draft
from foreship.workbench.drafts.prices import KeptPrices
from foreship.workbench.held.run import HeldRun
from foreship.workbench.web import forms, links
from foreship.workbench.web.figures import Source, number
from foreship.workbench.web.moments import moment
from foreship_foundation.tables.output_files import SUMMARY
from foreship_foundation.telling.words import listed, money, plural, units

__all__ = ["AS_IT_IS", "body_of", "since_words"]

COLUMNS = (
    Column("Line"),
    Column("What it does"),
    Column("Planned", number=True, help="units of the plan"),
    Column("Decided"),
    Column("By", help="who is said to have decided, and when, universal time"),
    Column("Price", number=True, help="what the decision alone costs, solved for"),
    Column(""),
)
WORKBOOK, PICKING = "plan.xlsx", ("picking.csv", "picking.xlsx")
AS_IT_IS = "as_it_is"
"""field that says a plan is approved without what is decided on it"""
RELEASABLE = (Stage.draft, Stage.approved)


def body_of(
    held: HeldRun, draft: Draft, kept: KeptPrices, who: str, *, at_work: Content, unsigned: Content
) -> Markup:
    """Write the page of a run's decisions.

    Parameters
    ----------
    at_work
        What is said of an approval that is at work.
    unsigned
        What is said of decisions that an approval does not have; blank where it has all.
    """
    run, life, can_decide = held.name, held.life, is_open(held)
    is_plan = held.run.path.parent.name == RUNS
    parts: list[Content] = [
        element("h1", "Decisions on this plan"),
        element("p", " ".join(life_words(life)), *_what_holds(held)),
        *(element("p", f"{each}.", class_="soft") for each in draft.notes),
        since_words(draft, draft.version, at_work),
        unsigned,
        _decisions(run, held, draft, kept, can_decide=can_decide),
    ]
    if can_decide:
        parts += [_all_priced(run, draft, kept), _approving(run, draft, who), _upload(run, draft)]
    if is_plan and life.stage in RELEASABLE and not (unsigned or (can_decide and draft.decided)):
        parts.append(_releasing(run, draft, who))
    if is_plan and life.stage is Stage.superseded and not _is_released(held):
        parts.append(_approving_instead(run, draft, life, who))
    parts.append(_files(run, held, life))
    return element("div", *parts)


def _what_holds(held: HeldRun) -> Iterator[Content]:
    """Lead from a held run to its gates."""
    if held.view.summary.get("held_by"):
        link = Source(held.name, SUMMARY.name, "held_by").link
        yield from (" ", element("a", "What holds it", class_="figure-link", href=link))


def since_words(draft: Draft, since: int, at_work: Content) -> Markup:
    """Say what came in since a version, and whether an approval is at work; ask again soon."""
    run, new = draft.run, draft.since(since)
    words: Content = ""
    if new:
        names = listed(sorted({each.author for each in new}))
        again = element("a", "Show them", href=links.edits(run))
        words = join([f"{plural(len(new), 'decision')} by {names} since. ", again])
    link = links.edits_since(run, since)
    return element(
        "div", words, at_work, id="since", role="status", hx_get=link, hx_trigger="every 5s",
        hx_target="#since", hx_swap="outerHTML",
    )  # fmt: skip


def _decisions(
    run: str, held: HeldRun, draft: Draft, kept: KeptPrices, *, can_decide: bool
) -> Content:
    told = [each for each in draft.newest.values() if each.decision != TAKEN_BACK]
    if not told and not can_decide:
        return element("p", "Nothing is decided on this run itself.")
    if not told:
        ask = element("a", "the lines of the plan", href=links.lines(run))
        return element("p", join(["Nothing is decided yet; decide in ", ask, "."]))
    rows = [_row(run, held, draft, kept, each, can_decide) for each in sorted(told, key=_line)]
    return table(COLUMNS, rows, caption=plural(len(rows), "decision"))


def _line(entry: Entry) -> int:
    return entry.line


def _row(
    run: str, held: HeldRun, draft: Draft, kept: KeptPrices, entry: Entry, can_decide: bool
) -> Sequence[Content]:
    line = held.run.plan.iloc[entry.line]
    place = Source(run, PLAN_LINES, "quantity", {"line": str(entry.line)})
    price = solved(kept, entry)
    to = f" to {line['destination']}" if line["destination"] else ""
    what = f"{str(line['action']).replace('_', ' ')} {line['item']} from {line['origin']}{to}"
    by = f"{said_to_be(entry.author)}, {moment(entry.at)}"
    decided: Content = edit_cell(entry.line, draft) if can_decide else decided_words(entry)
    return [
        element("a", str(entry.line), href=links.edit(run, entry.line)),
        what,
        number(units(line["quantity"]), place),
        decided,
        by,
        "" if price is None else number(money(price), links.edit(run, entry.line)),
        _taking_back(run, draft, entry) if can_decide else "",
    ]


def _taking_back(run: str, draft: Draft, entry: Entry) -> Markup:
    return forms.form(
        links.edit(run, entry.line, "take-back"),
        forms.hidden(base=draft.version),
        forms.button("Take back", aria_label=f"Take back the decision on line {entry.line}"),
    )


def _all_priced(run: str, draft: Draft, kept: KeptPrices) -> Content:
    """Say what all decisions together cost, or offer to solve for it."""
    if not draft.decided:
        return ""
    if kept.of_all is not None and kept.version == draft.version:
        price = number(money(kept.of_all), links.decisions_csv(run))
        return element("p", "All decisions together cost ", price, ".", class_="price")
    return forms.form(
        links.deed(run, "price-all"), forms.button("What all of them cost together"),
    )  # fmt: skip


def _approving(run: str, draft: Draft, who: str) -> Markup:
    count = len(draft.decided)
    what = f"with {plural(count, 'decision')}" if count else "as it is"
    until: Content = ""
    if count:
        words = "left empty: the Sunday of the week"
        until = forms.field("until", "Decisions hold until", kind="date", help=words)
    signed = element("span", f" {said_to_be(who)}", class_="soft")
    button = forms.button(f"Approve the plan {what}")
    version = forms.hidden(version=draft.version)
    return forms.form(links.deed(run, "approve"), version, until, button, signed, label="Approve")


def _is_released(held: HeldRun) -> bool:
    return released_on(held.run.path.parent.parent, held.run.as_of) is not None


def _approving_instead(run: str, draft: Draft, life: Life, who: str) -> Markup:
    """Offer to approve a plan after all in whose place another one was: the last one counts."""
    words = f"Approve this plan as it is, in the place of run {life.of}"
    signed = element("span", f" {said_to_be(who)}", class_="soft")
    unseen = forms.hidden(version=draft.version, **{AS_IT_IS: "yes"})
    return forms.form(
        links.deed(run, "approve"), unseen, forms.button(words), signed, label="Approve"
    )


def _releasing(run: str, draft: Draft, who: str) -> Markup:
    return forms.form(
        links.deed(run, "release"),
        forms.hidden(version=draft.version),
        forms.button("Release the plan to the warehouse"),
        element("span", f" {said_to_be(who)}", class_="soft"),
        label="Release",
    )


def _upload(run: str, draft: Draft) -> Markup:
    return element(
        "details",
        element("summary", "Decisions from the workbook"),
        forms.form(
            links.deed(run, "upload"),
            forms.hidden(base=draft.version),
            forms.field(
                "file", "The run's plan.xlsx as edited, or a CSV file of edits", kind="file",
                accept=".xlsx,.csv", required="",
            ),
            forms.button("Take over its decisions"),
            upload=True,
            label="Decisions from a file",
        ),
    )  # fmt: skip


def _files(run: str, held: HeldRun, life: Life) -> Markup:
    return element(
        "section", element("h2", "Files"), element("ul", *map(_file, _ways(run, held, life)))
    )


def _ways(run: str, held: HeldRun, life: Life) -> Iterator[tuple[str, str]]:
    if WORKBOOK in held.run.manifest["files"]:
        yield links.run_file(run, WORKBOOK), "The workbook of the plan"
    yield links.decisions_csv(run), "The decisions as the approval reads them"
    if life.stage is Stage.released:
        for each in PICKING:
            yield links.release_file(run, each), f"Picking list, {each}"


def _file(way: tuple[str, str]) -> Markup:
    return element("li", element("a", way[1], href=way[0]))

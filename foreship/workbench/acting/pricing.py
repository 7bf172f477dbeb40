"""What edits cost: at once by the ledger, then solved for behind the page and kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from foreship.exit_codes import DONE
from foreship.reading.facts.ledger_price import LedgerPrice, ledger_price
from foreship.runs import draft_folder
from foreship.workbench.acting import commands
from foreship.workbench.acting.commands import Kind
from foreship.workbench.bench import Bench
from foreship.workbench.drafts.as_csv import as_csv
from foreship.workbench.drafts.entry import DECIDED, Entry
from foreship.workbench.drafts.log import Draft
from foreship.workbench.drafts.prices import KeptPrices, keep_prices, kept_prices, price_key
from foreship.workbench.held.run import HeldRun
from foreship.workbench.work.jobs import Job

__all__ = ["by_ledger", "keep_answer", "price_of", "price_of_all", "solved"]


def by_ledger(held: HeldRun, entry: Entry) -> LedgerPrice | None:
    """Return the price of a decision by the ledger alone, None where it has none."""
    if entry.decision not in DECIDED:
        return None
    line = held.run.plan.iloc[entry.line]
    region, item = str(line["destination"]), str(line["item"])
    if not (held.knows("region", region) and held.knows("item", item)):
        return None
    units = held.part(item=item, region=region).units
    planned, wanted = int(line["quantity"]), int(entry.quantity or 0)
    return ledger_price(units, str(line["action"]), planned, wanted)


def solved(kept: KeptPrices, entry: Entry) -> float | None:
    """Return the solved price of a decision, None where it was not asked for yet."""
    return kept.each.get(price_key(entry.line, entry.decision, entry.quantity))


def price_of(bench: Bench, draft: Draft, entry: Entry) -> float | Job:
    """Return the solved price of a decision, or the job that solves for it.

    The same question asked twice is one job, whoever asks. Who asks anew about a line waits no
    longer for what they asked about it before; a job that nobody waits for is stopped.
    """
    kept = solved(kept_prices(draft.folder), entry)
    if kept is not None:
        return kept
    line, key = str(entry.line), price_key(entry.line, entry.decision, entry.quantity)
    about = {"line": line, "key": key}
    words = f"price {entry.decision} of line {entry.line}"
    with bench.jobs.asking:
        there = commands.pending(bench, Kind.price, draft.run)
        there = [each for each in there if each.about["line"] == line]
        return _joined(bench, there, entry.author, "key", key) or commands.price(
            bench, bench.place(draft.run), as_csv(Draft(draft.folder, (entry,))), words=words,
            who=entry.author, kind=Kind.price, about=about,
            when_done=partial(keep_answer, bench.runs_at),
        )  # fmt: skip


def price_of_all(bench: Bench, draft: Draft, who: str) -> Job:
    """Return the job that solves for the price of a whole draft; see `price_of`."""
    version = str(draft.version)
    with bench.jobs.asking:
        there = commands.pending(bench, Kind.price_all, draft.run)
        return _joined(bench, there, who, "version", version) or commands.price(
            bench, bench.place(draft.run), as_csv(draft), words="price all decisions", who=who,
            kind=Kind.price_all, about={"version": version},
            when_done=partial(keep_answer, bench.runs_at),
        )  # fmt: skip


def keep_answer(runs_at: Path, job: Job) -> None:
    """Keep the prices that a job has found; nothing of one that found none."""
    if job.exit_code not in DONE or job.kind not in (Kind.price, Kind.price_all):
        return
    folder = draft_folder(runs_at, job.about["run"])
    rows, of_all = job.answer.get("edits", ()), job.answer.get("price_of_all")
    if job.kind == Kind.price:
        keep_prices(folder, rows)
    else:
        keep_prices(folder, rows, of_all, int(job.about["version"]))


def _joined(bench: Bench, there: Sequence[Job], who: str, name: str, value: str) -> Job | None:
    """Return the job that asks the same, now waited for by one more; the others by one less."""
    found = None
    for each in there:
        if each.about[name] != value:
            bench.jobs.leave(each, who)
        elif found is None and bench.jobs.join(each, who):
            found = each
    return found

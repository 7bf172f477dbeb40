"""Prices of decisions: at once, solved for once, kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from foreship.workbench.acting import pricing
from foreship.workbench.drafts.log import Draft
from foreship.workbench.drafts.prices import kept_prices
from foreship.workbench.work.jobs import Job
from tests.foreship.workbench.drafted import action
from tests.foreship.workbench.stand_ins import answering, over, own_bench, waiting

LINE = 70
ROW = {"line": LINE, "decision": "drop", "new": 0, "price": 1.5}
DROP = action(LINE, "drop", 0)


def test_a_price_is_solved_for_once_and_kept(tmp_path: Path) -> None:
    """The second time it is there at once."""
    with own_bench(tmp_path) as bench:
        answering(bench, {"edits": [ROW], "price_of_all": 1.5})
        draft = bench.draft("latest")
        job = pricing.price_of(bench, draft, DROP)
        assert isinstance(job, Job) and "--dry-run" in job.command
        pricing.keep_answer(bench.runs_at, over(job))
        assert pricing.price_of(bench, draft, DROP) == 1.5
        changed = replace(DROP, decision="change", quantity=1)
        assert isinstance(pricing.price_of(bench, draft, changed), Job)


def test_a_command_that_failed_prices_nothing(tmp_path: Path) -> None:
    """Nothing is kept of it."""
    with own_bench(tmp_path) as bench:
        answering(bench, {"edits": [ROW]}, code=3)
        draft = bench.draft("latest")
        job = pricing.price_of(bench, draft, DROP)
        assert isinstance(job, Job)
        pricing.keep_answer(bench.runs_at, over(job))
        assert kept_prices(draft.folder).each == {}


def test_the_price_of_all_is_of_its_version(tmp_path: Path) -> None:
    """As the draft stood when it was asked for."""
    with own_bench(tmp_path) as bench:
        answering(bench, {"edits": [ROW], "price_of_all": 2.5})
        draft = bench.draft("latest").append(DROP)
        job = pricing.price_of_all(bench, draft, "Ada")  # type: ignore[arg-type]
        pricing.keep_answer(bench.runs_at, over(job))
        kept = kept_prices(job and bench.draft("latest").folder)
        assert (kept.of_all, kept.version) == (2.5, 1)


def test_the_ledger_prices_what_hubs_send_at_once(tmp_path: Path) -> None:
    """To drop a line loses what it was to gain; to keep it has no price."""
    with own_bench(tmp_path) as bench:
        held = bench.run("latest")
        found = pricing.by_ledger(held, DROP)
        assert found is not None and found.price > 0
        assert found.asked == held.run.plan["quantity"].iloc[LINE]
        assert pricing.by_ledger(held, replace(DROP, decision="keep", quantity=None)) is None
        assert pricing.by_ledger(held, replace(DROP, line=0)) is None


def test_a_question_is_asked_anew_while_its_first_answer_is_being_stopped(tmp_path: Path) -> None:
    """Whoever goes back to a quantity hears its price, not that it was stopped."""
    with own_bench(tmp_path) as bench:
        waiting(bench)
        draft = bench.draft("latest")
        first = pricing.price_of(bench, draft, DROP)
        assert isinstance(first, Job) and pricing.price_of(bench, draft, DROP) is first
        first.is_to_stop = True  # as of a solve that takes its time to end
        again = pricing.price_of(bench, draft, DROP)
        assert isinstance(again, Job) and again is not first


def test_a_question_of_two_is_not_stopped_by_the_next_one_of_either(tmp_path: Path) -> None:
    """Ada and Ben ask the same; Ada goes on to another quantity, and Ben still hears his price."""
    with own_bench(tmp_path) as bench:
        waiting(bench)
        draft = bench.draft("latest")
        shared = pricing.price_of(bench, draft, DROP)
        assert pricing.price_of(bench, draft, replace(DROP, author="Ben")) is shared
        hers = pricing.price_of(bench, draft, replace(DROP, decision="change", quantity=1))
        assert isinstance(shared, Job) and not (shared.is_to_stop or shared.is_over)
        pricing.price_of(bench, draft, replace(DROP, decision="change", quantity=2, author="Ben"))
        assert shared.is_to_stop or shared.is_over
        assert isinstance(hers, Job) and not (hers.is_to_stop or hers.is_over)


def test_the_price_of_all_that_another_one_waits_for_goes_on(tmp_path: Path) -> None:
    """Ben asked for it before Ada decided once more and asked, too."""
    with own_bench(tmp_path) as bench:
        waiting(bench)
        first = bench.draft("latest").append(DROP)
        assert isinstance(first, Draft)
        his = pricing.price_of_all(bench, first, "Ben")
        second = first.append(action(LINE + 1, "drop", 0))
        assert isinstance(second, Draft)
        hers = pricing.price_of_all(bench, second, "Ada")
        assert hers is not his and not (his.is_to_stop or his.is_over)
        pricing.price_of_all(bench, second, "Ben")
        assert his.is_to_stop or his.is_over

"""A review is asked for, made by the command, and shown once it is done."""

from __future__ import annotations

import sys
import time

import pytest

from foreship.workbench.bench import Bench
from foreship.workbench.door.places import NotFound
from foreship.workbench.handling import Request
from foreship.workbench.pages.review import ask, page, reviews
from foreship.workbench.work.jobs import Jobs

PROGRAM = """
import json, pathlib, sys
words = sys.argv[1:]
if "--html" in words:
    pathlib.Path(words[words.index("--html") + 1]).write_text("<html>" + " ".join(words[:3]))
code = 0
print(json.dumps({"exit_code": code, "error": {"message": "no <sales> yet"}}))
sys.exit(code)
"""


def shown(bench: Bench, run: str) -> str:
    """Ask for a review and return the list once it is over."""
    bench.jobs = Jobs(bench.folder, bench.scratch, program=(sys.executable, "-c", PROGRAM))
    assert ask(Request(form={"run": run}), bench).to == "/review"
    while not bench.jobs.all()[0].is_over:
        assert "every 1s" in str(reviews(Request(fragment=True), bench).body)
        time.sleep(0.01)
    return str(reviews(Request(fragment=True), bench).body)


def test_the_command_makes_it_and_its_page_is_shown_in_a_sandbox(told_bench: Bench) -> None:
    """Of the run that was chosen, in this workspace; the list then asks no more."""
    run = told_bench.place("latest").name
    listed = shown(told_bench, run)
    number = told_bench.jobs.all()[0].id
    assert f'<a href="/review/{number}">Review of {run}</a>' in listed
    assert "every 1s" not in listed
    answer = page(Request(path={"job": number}), told_bench)
    assert answer.body == f"<html>review {told_bench.folder.resolve()} {run}".encode()
    assert answer.sandboxed


def test_why_there_is_none_is_told_as_text(told_bench: Bench) -> None:
    """In the words of the command."""
    bench = told_bench
    bench.jobs = Jobs(bench.folder, bench.scratch, program=(sys.executable, "-c", FAILING))
    ask(Request(), bench)
    while not bench.jobs.all()[0].is_over:
        time.sleep(0.01)
    assert "no &lt;sales&gt; yet" in str(reviews(Request(fragment=True), bench).body)
    with pytest.raises(NotFound):
        page(Request(path={"job": bench.jobs.all()[0].id}), bench)


FAILING = PROGRAM.replace("code = 0", "code = 2")


def test_only_runs_that_are_there_are_looked_back_at(told_bench: Bench) -> None:
    """Whatever a form says; and the form lists them."""
    with pytest.raises(NotFound):
        ask(Request(form={"run": "--html"}), told_bench)
    assert told_bench.jobs.all() == []
    run = told_bench.place("latest").name
    assert f'<option value="{run}">' in str(reviews(Request(), told_bench).body)


def test_the_newest_review_stands_first(told_bench: Bench) -> None:
    """As the runs do."""
    run = told_bench.place("latest").name
    shown(told_bench, run)
    ask(Request(), told_bench)
    listed = str(reviews(Request(fragment=True), told_bench).body)
    assert listed.index("eview of the last plan") < listed.index(f"eview of {run}")

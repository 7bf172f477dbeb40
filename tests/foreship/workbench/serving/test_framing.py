"""Around every page stands the list of pages there are, and which run is shown."""

from __future__ import annotations

from foreship.workbench.bench import Bench
from foreship.workbench.handling import Answer, Route
from foreship.workbench.serving.framing import frame_of
from tests.foreship.written_runs import planned, sign

ROUTES = [
    Route("GET", "/run/{run}/lines", lambda request, bench: Answer(), nav="Lines"),
    Route("GET", "/runs", lambda request, bench: Answer(), nav="Runs"),
    Route("POST", "/run/{run}/edits", lambda request, bench: Answer()),
]
FIND = Route("GET", "/find", lambda request, bench: Answer())


def test_pages_with_a_name_are_listed_for_the_run_that_is_shown(bench: Bench) -> None:
    """The latest where none is; the page itself is marked; there is no search without its page."""
    frame = frame_of(ROUTES, bench, "/runs", "", "Ada")
    assert [tuple(each) for each in frame.places] == [
        ("Lines", "/run/latest/lines", False), ("Runs", "/runs", True),
    ]  # fmt: skip
    assert (frame.who, frame.run, frame.about) == ("Ada", "", "")
    frame = frame_of([*ROUTES, FIND], bench, "/run/a<b/lines", "a<b", "Ada")
    assert frame.places[0] == ("Lines", "/run/a%3Cb/lines", True)
    assert (frame.run, frame.about) == ("a<b", "")


def test_the_run_that_is_shown_and_how_far_it_came_are_told(told_bench: Bench) -> None:
    """With its Monday and the end of its name, which leads to its week."""
    folder = next((told_bench.runs_at / "runs").iterdir())
    about = str(frame_of(ROUTES, told_bench, "/x", "latest", "Ada").about)
    assert about.startswith('<a href="/run/latest">Plan of ')
    assert f"{folder.name[11:]}</a>. A draft" in about


def test_on_a_plan_that_is_decided_on_a_newer_one_of_its_monday_is_told(bench: Bench) -> None:
    """In a tab left open since; the newest says nothing, and so does one that is approved."""
    old, new = planned(bench.folder, "2026-11-16", "a"), planned(bench.folder, "2026-11-16", "b")
    planned(bench.folder, "2026-11-23", "c")

    def about(run: str) -> str:
        return str(frame_of(ROUTES, bench, "/x", run, "Ada").about)

    assert f'was made since: <a href="/run/{new.name}">' in about(old.name)
    assert "made since" not in about(new.name)
    sign(old)
    assert "made since" not in about(old.name) and "took its place" in about(new.name)

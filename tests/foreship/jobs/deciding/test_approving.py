"""Approvals: papers beside runs, edits planned again and priced, nothing written on a fault."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from foreship.approval.life import Stage, life_of, plan_of_the_week
from foreship.errors import InputError, Tampered, UsageError
from foreship.files import sha256
from foreship.jobs.before_plan.lateness import plan_tables
from foreship.jobs.before_plan.standing_overrides import edits_of
from foreship.jobs.deciding.approved import Approval
from foreship.jobs.deciding.approving import approve_job
from foreship.jobs.deciding.releasing import release_job
from foreship.jobs.deciding.signing import standing_approval
from foreship.runs import load_run
from tests.foreship.bad_models import rehash_manifest
from tests.foreship.edited_books import cell, edited
from tests.foreship.planned_shop import (
    AS_OF,
    DEMAND,
    edits_file,
    frames_of_shop,
    open_shop,
    planned_shop,
)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a shop with its plan, for others to copy."""
    folder = tmp_path_factory.mktemp("planned") / "shop"
    planned_shop(folder, regions=frames_of_shop()["regions"].assign(capacity=1000.0))
    return folder


@pytest.fixture
def run(planned: Path, tmp_path: Path) -> Path:
    """Return the run in a copy of it."""
    shop = Path(shutil.copytree(planned, tmp_path / "shop"))
    return next((shop / "runs").iterdir())


def approve(run: Path, edits: Path | None = None, by: str = "Ada", **more: object) -> Approval:
    """Approve a run on the scenarios of the shop."""
    demand = run.parent.parent / DEMAND
    return approve_job(load_run(run), by=by, edits=edits, demand=demand, **more)


def everything(folder: Path) -> set[str]:
    """Return every path below a folder."""
    return {
        str(each.relative_to(folder)) for each in folder.rglob("*") if ".foreship" not in str(each)
    }


def test_without_edits_a_paper_is_written_and_nothing_else(run: Path) -> None:
    """The run is as it was; signing again stands, another name does not."""
    before = everything(run)
    found = approve(run)
    assert everything(run) == before
    assert found.run.path == run and found.price_of_all is None and found.edits.empty
    assert (life_of(run).stage, life_of(run).by) == (Stage.approved, "Ada")
    assert approve(run).reused
    with pytest.raises(UsageError, match="was approved by Ada"):
        approve(run, by="Bob")


def test_a_book_without_edits_approves_the_run_as_it_is(run: Path) -> None:
    """Saved again by another program, too: no new run."""
    again = edited(run / "plan.xlsx", run.parent.parent / "again.xlsx", {})
    found = approve(run, again)
    assert found.run.path == run and "holds no edit" in found.notes[-1]
    assert len(list(run.parent.iterdir())) == 1


@pytest.mark.sweep
def test_edits_make_another_run_that_keeps_them(run: Path) -> None:
    """It names its base, and is that of the week; the base is superseded."""
    lines = load_run(run).plan
    cells = {
        (0, "decision"): "change", (0, "new quantity"): int(lines["quantity"][0]) + 3,
        (0, "comment"): "a fair", (1, "decision"): "drop", (2, "decision"): "freeze",
    }  # fmt: skip
    found = approve(run, edited(run / "plan.xlsx", run.parent.parent / "e.xlsx", cells))
    keys = ["action", "origin", "destination", "item"]
    now = found.run.plan.set_index(keys)["quantity"]
    where = [tuple(lines.loc[line, keys]) for line in range(3)]
    assert now[where[0]] == lines["quantity"][0] + 3
    assert where[1] not in now.index and now[where[2]] == lines["quantity"][2]
    assert found.run.manifest["base"] == run.name
    assert plan_of_the_week(run.parent.parent, str(AS_OF.date())) == found.run.path
    assert (life_of(run).stage, life_of(run).of) == (Stage.superseded, found.run.path.name)
    table = pd.read_csv(found.path / "edits.csv")
    assert table["line"].tolist() == [0, 1, 2] and table["how"].tolist() == ["solved"] * 3
    locks = pd.read_csv(found.path / "overrides.csv", keep_default_na=False)
    assert (locks["author"] == "Ada").all() and locks["reason"][0] == "a fair"
    assert (locks["expires"] == str((AS_OF + pd.Timedelta(days=6)).date())).all()


@pytest.mark.sweep
def test_the_same_edits_again_stand_and_belong_to_who_signed_first(run: Path) -> None:
    """A crash between run and paper is mended by asking again."""
    edits = edits_file(run.parent.parent, [(0, "change", 9, "")])
    found = approve(run, edits)
    assert approve(run, edits).reused and len(list(run.parent.iterdir())) == 2
    with pytest.raises(UsageError, match="was approved by Ada"):
        approve(run, edits, by="Bob")
    shutil.rmtree(found.path)
    assert life_of(found.run.path).stage is Stage.draft
    assert approve(run, edits).path == found.path


def test_of_what_is_approved_again_the_last_counts(run: Path) -> None:
    """A, then A and B, then A again: A is the plan of the week, with its edits, and released."""
    shop = run.parent.parent
    a = edits_file(shop, [(0, "change", 9, "a fair")])
    first = approve(run, a, until="2026-12-31")
    locks = edits_of(first.run.path)
    second = approve(run, edits_file(shop, [(0, "change", 9, "a fair"), (1, "drop", "", "")]))
    assert life_of(first.run.path).of == second.run.path.name
    a = edits_file(shop, [(0, "change", 9, "a fair")])
    for edits, by in ((a, "Bob"), (None, "Ada")):
        again = approve(run, edits, by=by, until="2026-12-31")
        assert not again.reused and life_of(again.run.path).stage is Stage.approved
        assert life_of(second.run.path).of == again.run.path.name
    again = approve(first.run.path)
    assert (again.run.path, again.path.name) == (first.run.path, f"{first.run.path.name}.3")
    assert "in the place of run " + run.name in again.words()[0]
    assert again.edits["comment"].tolist() == ["a fair"]
    assert edits_of(again.run.path).equals(locks) and len(locks) == 1
    assert approve(first.run.path).reused
    with pytest.raises(UsageError, match="was approved by Ada"):
        approve(first.run.path, by="Bob")
    with pytest.raises(UsageError, match=f"release {first.run.path}"):
        release_job(second.run, by="Ada")
    assert release_job(again.run, by="Ada").paper["approved_by"] == "Ada"


@pytest.mark.sweep
def test_edits_that_stand_say_ids_as_they_are_written(run: Path) -> None:
    """An item `00123` read back from the approval is no number; edits changed since are refused."""
    found = approve(run, edits_file(run.parent.parent, [(0, "change", 9, "007")]))
    table = pd.read_csv(found.path / "edits.csv", dtype=str)
    table.assign(item="00123").to_csv(found.path / "edits.csv", index=False)
    with pytest.raises(Tampered):
        standing_approval(found.run, "Ada")
    rehash_manifest(found.path)
    standing = standing_approval(found.run, "Ada")
    assert standing is not None
    assert standing.edits[["item", "comment"]].to_numpy().tolist() == [["00123", "007"]]


@pytest.mark.sweep
def test_an_edited_plan_may_be_edited_again(run: Path) -> None:
    """A new edit of the same move takes the place of the earlier one; others still hold."""
    shop = run.parent.parent
    first = approve(
        run, edits_file(shop, [(0, "change", 9, ""), (1, "drop", "", "")]), until="2026-12-31"
    )
    line = int(first.run.plan.index[first.run.plan["quantity"] == 9][0])
    second = approve(first.run.path, edits_file(shop, [(line, "change", 4, "less")]))
    keys = ["origin", "destination", "item"]
    moved = second.run.plan.set_index(keys)["quantity"]
    base = load_run(run).plan
    assert moved[tuple(base.loc[0, keys])] == 4
    assert tuple(base.loc[1, keys]) not in moved.index
    locks = pd.read_csv(second.path / "overrides.csv")
    assert sorted(locks["value"]) == [0, 4]
    assert (life_of(first.run.path).stage, life_of(run).of) == (
        Stage.superseded, second.run.path.name,
    )  # fmt: skip


@pytest.mark.sweep
def test_edits_hold_in_later_weeks_as_long_as_they_were_meant_to(run: Path) -> None:
    """They join the overrides of a later plan, which keeps them and says so."""
    shop = run.parent.parent
    later = AS_OF + pd.Timedelta(days=7)
    until = str((later + pd.Timedelta(days=2)).date())
    found = approve(
        run, edits_file(shop, [(0, "change", 9, "a fair"), (1, "drop", "", "")]), until=until
    )
    keys = ["origin", "destination", "item"]
    base = load_run(run).plan
    given = plan_tables(open_shop(shop, later))
    assert given.tables["overrides"]["value"].tolist() == [9, 0]
    assert given.identity["edits"] and "2 edits of earlier weeks still held" in given.notes[-1]
    assert tuple(given.tables["overrides"].loc[0, ["origin", "region", "item"]]) == tuple(
        base.loc[0, keys]
    )
    after = plan_tables(open_shop(shop, later + pd.Timedelta(days=7)))
    assert after.tables["overrides"].empty and "edits" not in after.identity
    assert found.run.manifest["until"] == until


def test_edits_at_fault_are_all_named_and_nothing_is_written(run: Path) -> None:
    """What cannot be read and what does not fit, in one answer."""
    before = everything(run.parent.parent)
    cells = {
        (0, "new quantity"): 2.5, (1, "decision"): "dropp", (2, "new quantity"): 900,
        (3, "decision"): "drop", (3, "comment"): "this one is right",
    }  # fmt: skip
    book = edited(run / "plan.xlsx", run.parent.parent.parent / "bad.xlsx", cells)
    with pytest.raises(InputError) as refused:
        approve(run, book)
    wanted = [(0, "new quantity"), (1, "decision"), (2, "new quantity")]
    named = [each.column for each in refused.value.faults]
    assert sorted(named) == sorted(cell(book, *each) for each in wanted)
    assert everything(run.parent.parent) == before


@pytest.mark.sweep
def test_what_only_the_program_sees_is_named_too(run: Path) -> None:
    """A region takes in sixty units on each of two days: three edits ask for more together."""
    lines = load_run(run).plan
    mine = [line for line in range(len(lines)) if lines["destination"][line] == "R1"]
    edits = edits_file(run.parent.parent, [(line, "change", 55, "") for line in mine])
    before = everything(run.parent.parent)
    with pytest.raises(InputError, match=r"a plan can move|with these edits"):
        approve(run, edits)
    assert everything(run.parent.parent) == before


@pytest.mark.sweep
def test_what_no_plan_keeps_alone_is_named_and_no_other(tmp_path: Path) -> None:
    """A region takes in twenty units on each of two days: fifty are too many, three more are not.

    Where two edits are too much together and neither is alone, what the plan cannot move is named.
    """
    regions = frames_of_shop()["regions"].assign(receiving_units=20.0)
    run = planned_shop(tmp_path / "shop", regions=regions).path
    plan = load_run(run).plan
    first, second = plan.index[plan["destination"] == "R1"][:2].tolist()
    little = int(plan["quantity"][second]) + 3
    assert rows_named(run, [(first, 50), (second, little)]) == {"line 2"}
    assert rows_named(run, [(first, 25), (second, 25)]) == {"line 3"}


def rows_named(run: Path, asked: list[tuple[int, int]]) -> set[str]:
    """Ask for quantities of lines; return the rows of the file of edits that are refused."""
    rows = [(line, "change", units, "") for line, units in asked]
    with pytest.raises(InputError, match=r"a plan can move|with these edits") as refused:
        approve(run, edits_file(run.parent.parent, rows))
    return {one for each in refused.value.faults for one in each.column.split(", ")}


def test_nobody_and_what_was_only_tried_approve_nothing(run: Path) -> None:
    """A name is asked for; a last day must come."""
    with pytest.raises(UsageError, match="--by NAME"):
        approve(run, by="  ")
    edits = edits_file(run.parent.parent, [(0, "change", 9, "")])
    for until, words in (("soon", "no date"), ("2020-01-01", "would never hold")):
        with pytest.raises(UsageError, match=words):
            approve(run, edits, until=until)
    tried = run.parent.parent / "whatif" / run.name
    shutil.copytree(run, tried)
    with pytest.raises(UsageError, match="was only tried"):
        approve(tried)


@pytest.mark.sweep
def test_orders_that_have_changed_refuse_edits(run: Path) -> None:
    """They are not kept; other tables are, and a change of theirs is only said."""
    shop = run.parent.parent
    stock = pd.read_csv(shop / "stock.csv")
    stock.assign(quantity=1).to_csv(shop / "stock.csv", index=False)
    edits = edits_file(shop, [(0, "change", 9, "")])
    found = approve(run, edits)
    assert any("was made: stock; the edited plan uses" in each for each in found.notes)
    assert found.run.plan["quantity"].sum() > 9
    orders = pd.read_csv(shop / "orders.csv", dtype=str)
    orders[1:].to_csv(shop / "orders.csv", index=False)
    with pytest.raises(UsageError, match="was made: orders; plan again"):
        approve(run, edits_file(shop, [(0, "change", 8, "")]))


def test_other_scenarios_than_the_runs_are_refused(run: Path) -> None:
    """And none at all, where it was planned on one's own."""
    shop = run.parent.parent
    edits = edits_file(shop, [(0, "change", 9, "")])
    with pytest.raises(UsageError, match="give --demand FILE"):
        approve_job(load_run(run), by="Ada", edits=edits)
    demand = pd.read_csv(shop / DEMAND)
    demand.assign(units=demand["units"] + 1).to_csv(shop / DEMAND, index=False)
    with pytest.raises(UsageError, match="is planned on other scenarios"):
        approve(run, edits)


@pytest.mark.sweep
def test_a_run_of_an_older_version_knows_its_scenarios_by_the_bytes_of_the_file(run: Path) -> None:
    """Its manifest holds their hash; edits of it are planned as those of any other run."""
    shop, manifest = run.parent.parent, run / "manifest.json"
    told = json.loads(manifest.read_text("utf-8")) | {"demand": sha256(shop / DEMAND)}
    manifest.write_text(json.dumps(told), "utf-8")
    found = approve(run, edits_file(shop, [(0, "change", 9, "")]))
    assert found.run.manifest["base"] == run.name

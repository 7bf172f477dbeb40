"""A policy and limits of one's own for a week."""

from __future__ import annotations

import pandas as pd
import pytest

import foreship
from foreship.errors import InputError, UsageError
from foreship.pipeline.known import LINE_COLUMNS
from foreship.workspace.opening import Workspace, open_workspace
from foreship_optimize.errors import LimitsConflict, TableFault
from tests.foreship.good_workspace import write_workspace
from tests.foreship.small_variants import AS_OF, UNPRICED, demand_at, whole_frames


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a small workspace in which nobody has locked or asked anything."""
    frames = whole_frames()
    for name in ("overrides", "policies", "adjustments"):
        frames[name] = frames[name].iloc[:0]
    folder = tmp_path_factory.mktemp("own")
    return open_workspace(
        write_workspace(folder / "w", frames, settings=UNPRICED), AS_OF, history=False
    )


def lines(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Return lines as a policy does."""
    return pd.DataFrame(rows, columns=list(LINE_COLUMNS))


@pytest.mark.sweep
def test_a_limit_holds_has_a_price_and_is_named(shop: Workspace) -> None:
    """Three units of `a` at most: they are sent, one more is worth money, the ledger says why."""
    limit = foreship.Limit("few of a", 3, lambda ways: ways["item"] == "a", "pieces")
    free = foreship.plan(shop, demand=demand_at(9))
    bound = foreship.plan(shop, demand=demand_at(9), limits=[limit])
    sent = [run.plan.loc[run.plan["item"] == "a", "quantity"].sum() for run in (free, bound)]
    assert sent[0] > sent[1] == 3
    assert free.summary["objective"] < bound.summary["bound"] <= bound.summary["objective"]
    (price,) = [p for p in bound.summary["shadow_prices"] if p["limit"] == "few of a"]
    assert price["price"] > 0
    assert price["unit"] == "pieces"
    assert bound.units["binding"].str.contains("few of a").any()
    assert bound.manifest["limits"] == [{"name": "few of a", "upper": 3, "unit": "pieces"}]
    assert foreship.plan(shop, demand=demand_at(9), limits=[limit]).id == bound.id


def test_a_weight_that_is_none_is_refused(shop: Workspace) -> None:
    """Below 0, of another length, or hanging on the other rows: the limit is named."""
    for weight, words in (
        (lambda ways: -1.0 * (ways["item"] == "a"), "must be 0 or more"),
        (lambda ways: [1.0], "not one each"),
        (lambda ways: range(len(ways)), "look at each row by itself"),
    ):
        with pytest.raises(TableFault, match=f"limit mine: weight .*{words}"):
            foreship.plan(shop, demand=demand_at(9), limits=[foreship.Limit("mine", 1, weight)])


@pytest.mark.sweep
def test_the_lines_of_a_policy_are_the_plan(shop: Workspace) -> None:
    """Two lines, priced and audited, and not a unit beside them."""

    def two_lines(known: foreship.Known) -> pd.DataFrame:
        assert (known.tables["orders"]["date"] < known.as_of).all()
        return lines(("ship", "H", "R1", "a", 2), ("ship", "H", "R2", "b", 1))

    run = foreship.plan(shop, demand=demand_at(9), policy=two_lines)
    told = run.plan[list(LINE_COLUMNS)].to_numpy().tolist()
    assert told == [["ship", "H", "R1", "a", 2], ["ship", "H", "R2", "b", 1]]
    assert run.manifest["policy"] == "two_lines"
    assert run.summary["gap"] < 1e-6


def test_a_policy_that_breaks_a_limit_or_knows_no_names_is_refused(shop: Workspace) -> None:
    """More than lies at the hub is exit 4 and named; unknown ids and halves are faults by row."""
    with pytest.raises(LimitsConflict, match="hub stock of a at H is 60"):
        foreship.plan(
            shop, demand=demand_at(9), policy=lambda known: lines(("ship", "H", "R1", "a", 999))
        )
    with pytest.raises(InputError) as error:
        foreship.plan(
            shop, demand=demand_at(9), policy=lambda known: lines(("send", "H", "R9", "a", 0.5))
        )
    assert {each.column for each in error.value.faults} == {"action", "destination", "quantity"}
    assert "no action of that name in 1 row, row 1 (value send); known: ship" in str(error.value)
    with pytest.raises(UsageError, match="not a frame of lines"):
        foreship.plan(shop, demand=demand_at(9), policy=lambda known: None)


def test_what_is_no_policy_and_no_limit_is_refused(shop: Workspace) -> None:
    """A name in the place of a function, a limit in the place of a list of them."""
    with pytest.raises(UsageError, match="policy 'reactive' is no function"):
        foreship.plan(shop, demand=demand_at(9), policy="reactive")  # type: ignore[arg-type]
    for given in (foreship.Limit("few", 3, len), [3], ["few"]):
        with pytest.raises(UsageError, match=r"limits is a list of foreship.Limit"):
            foreship.plan(shop, demand=demand_at(9), limits=given)  # type: ignore[arg-type]

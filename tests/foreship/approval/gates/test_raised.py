"""All gates are asked; those that `plan.hold` names hold, the program's own speak only then."""

from __future__ import annotations

from foreship.approval.gates.raised import GATES, OF_THE_PROGRAM, raised
from foreship_optimize.params import HOLD_REASONS
from tests.foreship.approval.gates.seen_plans import LINES, seen

FAR = {"lines": LINES.loc[LINES.index.repeat(4)]}


def test_every_gate_that_a_setting_can_name_is_there() -> None:
    """`promise` looks at reviews of past weeks and has a place of its own."""
    assert set(GATES) | {"promise"} == set(HOLD_REASONS)


def test_a_gate_that_is_not_named_speaks_and_does_not_hold() -> None:
    """Forty lines for ten: three measures are far, one of them holds."""
    found = raised(seen(hold=("units",), **FAR))
    assert [(each.gate, each.holds) for each in found] == [
        ("money", False), ("units", True), ("lines", False),
    ]  # fmt: skip
    assert all(each.words.endswith(".") and each.words[0].isupper() for each in found)


def test_the_program_s_own_notes_are_not_repeated() -> None:
    """An open gap is told by the program; as a gate only where it holds."""
    summary = {"relaxed": [], "gap": 0.5}
    assert raised(seen(summary=summary)) == []
    assert [each.gate for each in raised(seen(summary=summary, hold=("gap",)))] == ["gap"]
    calm = seen(hold=tuple(OF_THE_PROGRAM))
    assert [each.gate for each in raised(calm)] == ["always"]

"""The two stages: which model predicts, what is said in which order, what the plan is handed."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

import foreship_forecast
from foreship.config import Config
from foreship.pipeline.stages import forecast_stage, optimize_params, plan_stage
from foreship_optimize import planning
from foreship_optimize.params import EconomicsParams, RiskParams
from tests.foreship.small_world import MONDAY, orders, world

AS_OF = pd.Timestamp(MONDAY)


def model(name: str) -> SimpleNamespace:
    """Stand in for a fitted model that tells its name."""
    return SimpleNamespace(
        name=name, notes=(f"by {name}",),
        predict=lambda snapshot, across: SimpleNamespace(
            of=name, region=["R1"], notes=(f"by {name}", "no floor")
        ),
        draws=lambda law, scenarios, seed: SimpleNamespace(
            asked=(law.of, scenarios, seed), packed=lambda across: None
        ),
    )  # fmt: skip


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put stand-ins in the place of the forecast room."""
    snapshot = SimpleNamespace(notes=("from tables",), contents=lambda: {"orders": "hash"})
    won = SimpleNamespace(winner=model("winner"), notes=("the new model is better",))
    monkeypatch.setattr(foreship_forecast, "Snapshot", lambda tables, as_of: snapshot)
    monkeypatch.setattr(foreship_forecast, "fit", lambda *_: model("new"))
    monkeypatch.setattr(foreship_forecast, "contest", lambda *_: won)
    monkeypatch.setattr(foreship_forecast, "obsolescence_per_year", lambda snapshot: 0.25)


@pytest.mark.parametrize(
    ("given", "retrain", "name", "said"),
    [
        (None, False, "new", []),
        (None, True, "new", []),  # there is nobody to beat
        ("old", False, "old", []),
        ("old", True, "winner", ["The new model is better."]),
    ],
)
def test_the_model_that_predicts(room: None, given, retrain: bool, name: str, said: list) -> None:
    """Its law is drawn as the settings say; tables, verdict, model and law speak, each once."""
    config = Config()
    earlier = None if given is None else model(given)
    made = forecast_stage({}, AS_OF, config, earlier, retrain=retrain)
    assert made.model.name == name and made.obsolescence == 0.25
    assert made.paths.asked == (name, config.forecast.scenarios, config.forecast.seed)
    assert made.notes == ("From tables.", *said, f"By {name}.", "No floor.")
    assert made.contents == {"orders": "hash"}


def test_the_room_gets_its_own_groups_of_settings() -> None:
    """As they stand in the config."""
    config = Config(risk=RiskParams(budget=7.0), economics=EconomicsParams(lost_sale_share=0.5))
    params = optimize_params(config)
    assert params.risk.budget == 7.0 and params.economics.lost_sale_share == 0.5
    assert params.plan == config.plan and params.exits == config.exits


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> dict:
    """Record what the optimise room is handed."""
    handed = {}

    def make_plan(tables, demand, as_of, params, **more):
        handed.update(more, tables=tables, as_of=as_of, params=params)
        return "plan"

    monkeypatch.setattr(planning, "make_plan", make_plan)
    return handed


def test_the_room_is_handed_all_that_it_asks_for(handed: dict) -> None:
    """The tables as they are, returns among them: the room knows what they mean."""
    tables = world(orders=orders((-80, "R1", "K", 4)))
    made = plan_stage(tables, None, AS_OF, Config(), strict=True, obsolescence=0.5)
    assert made == "plan" and handed["tables"] is tables
    assert (handed["strict"], handed["obsolescence"], handed["as_of"]) == (True, 0.5, AS_OF)


@pytest.mark.parametrize(("sold", "stated", "used"), [(4, None, 0.25), (4, 0.5, 0.0), (0, None, 0)])
def test_obsolescence_is_measured_where_nobody_states_it(
    room: None, handed: dict, sold: int, stated: float | None, used: float
) -> None:
    """From the orders if there are any; what the config states is left to the room."""
    config = Config(economics=EconomicsParams(obsolescence_per_year=stated))
    tables = world(orders=orders(*[(-80, "R1", "K", 1)] * sold))
    plan_stage(tables, None, AS_OF, config)
    assert handed["obsolescence"] == used

"""`foreship.toml` becomes one frozen value, or one list of all its faults."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foreship.config import Config, config_of, load_config, nearest, parse_config
from foreship.errors import UsageError
from foreship.forms import Form
from foreship_forecast.params import ForecastParams
from foreship_optimize.params import OptimizeParams


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    return tmp_path / "foreship.toml"


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_an_empty_config_holds_the_defaults(toml: Path) -> None:
    """An empty file is a config: every setting has its default."""
    config = load_config(written(toml, ""))
    assert config == Config()
    assert config.forecast == ForecastParams()
    assert config.optimize == OptimizeParams()
    assert config.backtest.hub_cover_weeks == 4.0


def test_settings_are_typed(toml: Path) -> None:
    """A whole number may stand for a real one, a list becomes a tuple, dotted keys nest."""
    config = load_config(
        written(
            toml,
            """
            [tables]
            orders = "in/orders.parquet"
            [columns]
            orders.item = "SKU"
            orders.date_format = "%d/%m/%Y"
            [risk]
            budget = 1000
            [exits]
            allowed = ["return"]
            [assumptions]
            margin = "40 % of price"
            """,
        )
    )
    assert config.risk.budget == 1000.0
    assert isinstance(config.risk.budget, float)
    assert config.exits.allowed == ("return",)
    assert config.tables == {"orders": "in/orders.parquet"}
    assert config.columns == {"orders": {"item": "SKU"}}
    assert config.forms == {"orders": Form(date_format="%d/%m/%Y")}
    assert config.assumptions == {"margin": "40 % of price"}


def test_to_dict_states_every_default(toml: Path) -> None:
    """The manifest's form has every section with plain values, user's names included."""
    text = '[columns]\norders.item = "SKU"\norders.date_format = "%d/%m/%Y"\n[plan]\nseed = 5'
    plain = load_config(written(toml, text)).to_dict()
    assert plain["columns"] == {"orders": {"item": "SKU", "date_format": "%d/%m/%Y"}}
    assert plain["plan"]["seed"] == 5
    assert plain["plan"]["review_weeks"] == 1
    assert plain["exits"]["allowed"] == ["redirect", "markdown", "return", "give_away"]


def test_a_config_cannot_be_changed() -> None:
    """A config is a value."""
    with pytest.raises(FrozenInstanceError):
        Config().forecast = ForecastParams()  # type: ignore[misc]


def test_every_fault_at_once(toml: Path) -> None:
    """One error names every unknown key, wrong type and value out of range, with what is right."""
    text = """
        [forecast]
        horizn_weeks = 4
        scenarios = 1
        rounds = 2.5
        [risk]
        level = 1.5
        [plann]
        [tables]
        order = "a.csv"
        items = 7
    """
    with pytest.raises(UsageError) as refused:
        load_config(written(toml, text))
    said = [str(each) for each in refused.value.faults]
    assert len(said) == 7
    for part in (
        "forecast.horizn_weeks: unknown setting; did you mean 'horizon_weeks'?",
        "forecast.scenarios: 1; must be between 2 and 5000",
        "forecast.rounds: wrong type (2.5); must be a whole number (trees)",
        "risk.level: 1.5; must be between 0 and 0.999 (share)",
        "unknown section 'plann'; did you mean 'plan'?",
        "tables.order: unknown table; did you mean 'orders'?",
        'tables.items: not a path (7); write it as "orders.parquet"',
    ):
        assert any(part in each for each in said), part
    assert refused.value.exit_code == 2


def test_a_faulty_setting_leaves_the_rest(toml: Path) -> None:
    """What is right in a faulty file is still read, so that the tables can be checked too."""
    config, faults = parse_config(
        written(toml, '[tables]\norders = "o.csv"\n[plan]\nseed = "x"\nreview_weeks = 2')
    )
    assert len(faults) == 1
    assert config.tables == {"orders": "o.csv"}
    assert (config.plan.seed, config.plan.review_weeks) == (1, 2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("seed = 012", ("not TOML", "line 1")),
        ("[a]\n[a]", ("not TOML", "line 2")),
        ('tables = "orders.csv"', ("'tables' is a section",)),
        ('[columns]\n"orders.item" = "SKU"', ("no quotes left of =",)),
        ('[columns]\norders.item = "A"\norders.region = "A"', ("two columns read from the same",)),
        ("[columns]\norders.item = 5", ("not a column name",)),
        ('[columns]\norders.date_format = "%d/%m/%Q"', ("not a date format",)),
        ("[assumptions]\nmargin = 0.4", ("assumptions.margin: not text",)),
        ('[exits]\nallowed = "return"', ("a list of names",)),
        ('[plan]\nhold = "always"', ('must be a list of names, as ["always"].',)),
        ("[backtest]\nseed = true", ("must be a whole number.",)),
        ("[plan]\nfreight_budget = nan", ("must be a finite number (money)",)),
        ('[plan]\nhold = ["now"]', ("plan.hold", "now", "relaxed")),
    ],
)
def test_a_fault_says_what_is_right(toml: Path, text: str, words: tuple[str, ...]) -> None:
    """Each fault names its place and the remedy."""
    _, faults = parse_config(written(toml, text))
    said = "\n".join(map(str, faults))
    assert all(word in said for word in words), said


def test_the_nearest_name() -> None:
    """Case, spaces and a letter or two are forgiven; otherwise all names are given."""
    assert nearest("Lead Time Days", ["lead_time_days", "cost"]) == "did you mean 'lead_time_days'?"
    assert nearest("zzz", ["alpha", "beta"]) == "known: alpha, beta"


@pytest.mark.sweep
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_no_bytes_break_the_reader(toml: Path, data: bytes) -> None:
    """Whatever the file holds, it is a config or a list of faults."""
    toml.write_bytes(data)
    config, faults = parse_config(toml)
    assert isinstance(config, Config)
    assert all(fault.table == "foreship.toml" for fault in faults)


def test_addresses_are_stated_again_as_they_were(toml: Path) -> None:
    """What a manifest keeps of them is read back as the same addresses."""
    text = """
        [tables]
        orders = {from = "sales", where = [["year", ">=", 2024], ["region", "in", ["a", "b"]]]}
        items = "postgresql://me@host/db#items"
        stock = {from = "shop.duckdb", query = "select 1"}
        hubs = {from = "postgresql://me@host/db", table = "hubs"}
    """
    config = load_config(written(toml, text))
    again, faults = config_of(json.loads(json.dumps(config.to_dict())))
    assert not faults
    assert {name: each.parts for name, each in again.tables.items()} == {
        name: each.parts for name, each in config.tables.items()
    }
    assert config.to_dict()["tables"]["hubs"] == "postgresql://me@host/db#hubs"


def test_two_tables_may_come_from_one_database_and_not_from_one_table(toml: Path) -> None:
    """The second is told, and the first read."""
    text = '[tables]\norders = "a.duckdb#o"\nitems = "a.duckdb#i"\nstock = "a.duckdb#o"\n'
    config, faults = parse_config(written(toml, text))
    assert sorted(config.tables) == ["items", "orders"]
    assert "the same file as tables.orders" in str(faults[0])

"""A workspace is opened typed, filled, hashed, and without any customer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from foreship.errors import InputError, StorageError, UsageError
from foreship.workspace.opening import Workspace, monday, open_workspace, read_demand
from foreship_forecast import Snapshot
from foreship_foundation.orders.tariffs import by_order
from foreship_foundation.tables.derived import lanes_with_further_units
from foreship_foundation.tables.input_tables import INPUTS
from foreship_optimize.params import RiskParams
from tests.foreship.good_workspace import AS_OF, ITEMS, REGIONS, good_frames, write_workspace

Make = Callable[..., Path]


def test_every_table_has_every_column(good_workspace: Path) -> None:
    """Each table of the contract is there with all its columns but the one that is dropped."""
    tables = open_workspace(good_workspace).tables
    for name, table in INPUTS.items():
        kept = [c.name for c in table.columns if not c.private]
        assert list(tables[name].columns) == kept
    assert set(tables) == {*INPUTS, "buyers"}


def test_types(good_workspace: Path) -> None:
    """Ids are text, dates midnights, units whole, money real; formats agree."""
    tables = open_workspace(good_workspace).tables
    orders = tables["orders"]
    assert orders["date"].dtype == "datetime64[ns]"
    assert orders["quantity"].dtype == np.int64
    assert orders["price"].dtype == np.float64
    assert set(orders["item"]) == set(ITEMS)
    assert set(orders["region"]) == set(REGIONS)
    assert all(isinstance(each, str) for each in orders["item"].to_numpy(dtype=object))


def test_csv_and_parquet_agree(make_workspace: Make) -> None:
    """The same workspace in CSV and in Parquet opens to equal tables."""
    from_csv = open_workspace(make_workspace(ending="csv")).tables
    from_parquet = open_workspace(make_workspace(ending="parquet")).tables
    for name, frame in from_csv.items():
        pd.testing.assert_frame_equal(frame, from_parquet[name])


def test_blanks_mean_their_defaults(good_workspace: Path) -> None:
    """Blank optional cells and absent optional columns hold what the contract says."""
    tables = open_workspace(good_workspace).tables
    assert tables["regions"]["capacity"].tolist() == [400.0, 300.0, np.inf]
    assert tables["regions"]["last_mile_cost"].tolist() == [0.0, 0.0, 0.0]
    assert tables["lanes"]["from"].isna().all()
    assert tables["exits"]["item"].tolist() == ["", "", "NULL"]
    assert tables["exits"]["capacity"].tolist() == [np.inf] * 3
    assert tables["overrides"]["value"].tolist() == [25, 0]
    assert tables["prices"]["promotion"].tolist() == [0] * 12
    assert tables["items"]["holding_cost_per_week"].tolist() == [
        cost * 0.25 / 52 for cost in (10.0, 20.0, 5.0, 50.0)
    ]
    assert tables["items"]["lost_sale_share"].tolist() == [0.04] * 4


def test_the_config_fills_economics(make_workspace: Make) -> None:
    """Item defaults come from `[economics]`; a given value stays."""
    items = good_frames()["items"].assign(lost_sale_share=[0.2, None, None, None])
    settings = "[economics]\nholding_rate_per_year = 0.52\nlost_sale_share = 0.1\n"
    found = open_workspace(make_workspace(settings=settings, items=items)).tables["items"]
    assert found["holding_cost_per_week"].tolist() == pytest.approx([0.1, 0.2, 0.05, 0.5])
    assert found["lost_sale_share"].tolist() == [0.2, 0.1, 0.1, 0.1]


def test_a_parcel_costs_its_lane_where_not_said(make_workspace: Make) -> None:
    """A blank `direct_cost` is the lane's cost a unit."""
    lanes = good_frames()["lanes"].assign(direct_cost=[6.0] + [None] * 10)
    found = open_workspace(make_workspace(lanes=lanes)).tables["lanes"]
    assert found["direct_cost"].iloc[0] == 6.0
    pd.testing.assert_series_equal(
        found["direct_cost"].iloc[1:], found["cost_per_unit"].iloc[1:], check_names=False
    )


def test_another_parcel_cost_is_that_of_every_unit(make_workspace: Make) -> None:
    """A blank `direct_further` stays blank: lanes read as 6.00 and set to 9.00 cost 9.00 a unit.

    Filled with 6.00 it would turn the question into one of a tariff that nobody stated.
    """
    orders = good_frames()["orders"].assign(order_id="o")
    workspace = open_workspace(make_workspace(orders=orders))
    dearer = workspace.with_tables(lanes=workspace.tables["lanes"].assign(direct_cost=9.0))
    assert lanes_with_further_units(dearer.tables["lanes"])["direct_further"].eq(9.0).all()
    assert not by_order(workspace.tables) and not by_order(dearer.tables)
    tariff = workspace.tables["lanes"].assign(direct_further=0.5)
    assert by_order(workspace.with_tables(lanes=tariff).tables)


def test_an_absent_table_is_an_empty_frame(tmp_path: Path) -> None:
    """Optional tables that are absent have all columns, the right types and no rows."""
    frames = {name: f for name, f in good_frames().items() if INPUTS[name].required}
    tables = open_workspace(write_workspace(tmp_path, frames)).tables
    for name in ("inbound", "prices", "calendar", "overrides"):
        assert tables[name].empty
    assert tables["inbound"]["quantity"].dtype == np.int64
    assert tables["prices"]["week"].dtype == "datetime64[ns]"


def test_buyers_are_counted_by_hand(make_workspace: Make) -> None:
    """Each customer counts once a cell, in the week of the first order; blanks are nobody."""
    days = pd.to_datetime(["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-12", "2026-01-06"])
    orders = pd.DataFrame(
        {
            "date": days,
            "region": ["R1", "R1", "R1", "R1", "R2"],
            "item": ["A-1", "A-1", "A-1", "A-1", "A-1"],
            "quantity": [1, 1, 1, 1, 1],
            "customer": ["ann", "ben", "ann", "eve", ""],
        }
    )
    for ending in ("csv", "parquet"):
        folder = make_workspace(ending=ending, orders=orders)
        buyers = open_workspace(folder, "2026-01-19").tables["buyers"]
        first, second = pd.Timestamp("2026-01-05"), pd.Timestamp("2026-01-12")
        assert buyers.values.tolist() == [
            [first, "R1", "A-1", 2],
            [second, "R1", "A-1", 1],
            [first, "R2", "A-1", 0],
        ]
        early = open_workspace(folder, "2026-01-12")
        assert Snapshot(early.tables, early.as_of).buyers["customers"].sum() == 2


def test_without_customers_there_are_no_buyers(make_workspace: Make) -> None:
    """Without a customer column the table of buyers is empty, with its columns."""
    orders = good_frames()["orders"].drop(columns="customer")
    buyers = open_workspace(make_workspace(orders=orders)).tables["buyers"]
    assert list(buyers.columns) == ["week", "region", "item", "customers"]
    assert buyers.empty


def test_no_customer_survives_loading(good_workspace: Path) -> None:
    """No table, note or printed form of the workspace holds a customer's id."""
    workspace = open_workspace(good_workspace)
    everything = str(workspace) + "".join(f.to_csv() for f in workspace.tables.values())
    assert "person-" not in everything
    assert "example.org" not in everything


def test_customers_may_be_numbers(make_workspace: Make) -> None:
    """Customer numbers, missing ones too, are counted like names."""
    orders = good_frames()["orders"]
    numbers = pd.Series([1.0, 2.0, None] * 300)
    by_name = numbers.map({1.0: "ann", 2.0: "ben"})
    counts = [
        open_workspace(make_workspace("parquet", orders=orders.assign(customer=who))).tables[
            "buyers"
        ]
        for who in (numbers, by_name)
    ]
    pd.testing.assert_frame_equal(*counts)


def test_inputs_name_every_file(good_workspace: Path) -> None:
    """Each table read is listed with its path, rows and the sha256 of its bytes."""
    workspace = open_workspace(good_workspace)
    inputs = {each["name"]: each for each in workspace.inputs}
    assert set(inputs) == set(INPUTS)
    expected = hashlib.sha256((good_workspace / "stock.csv").read_bytes()).hexdigest()
    assert inputs["stock"] == {
        "name": "stock",
        "path": "stock.csv",
        "rows": 11,
        "sha256": expected,
        "content": workspace.contents["stock"],
    }


def test_as_of_is_the_monday_after_the_last_order(make_workspace: Make) -> None:
    """Left out, `as_of` is the next Monday, also when the last order is on a Monday itself."""
    folder = make_workspace()
    assert open_workspace(folder).as_of == AS_OF
    orders = good_frames()["orders"]
    last = orders.assign(date=[*orders["date"][:-1], pd.Timestamp("2026-08-03")])
    workspace = open_workspace(make_workspace(orders=last))
    assert workspace.as_of == workspace.default_as_of() == pd.Timestamp("2026-08-10")


def test_a_mistyped_year_does_not_move_as_of(make_workspace: Make) -> None:
    """One line dated a year ahead: `as_of` stays the Monday after all others, and that is said."""
    orders = good_frames()["orders"]
    late = orders.iloc[[5]].assign(date=AS_OF + pd.Timedelta(days=365))
    workspace = open_workspace(make_workspace(orders=pd.concat([orders, late])))
    assert workspace.as_of == workspace.default_as_of() == AS_OF
    said = "1 order line is dated 2027-08-03 to 2027-08-03, long after all others"
    assert any(said in note for note in workspace.notes)
    given = open_workspace(workspace.path, "2027-08-09")
    assert given.as_of == pd.Timestamp("2027-08-09")
    assert not any("long after" in note for note in given.notes)


def test_lines_of_one_order_and_item_are_opened_as_one(make_workspace: Make) -> None:
    """However it was keyed in: units added up, the price a mean; the rows of the file stay said."""
    orders = good_frames()["orders"].assign(order_id=[f"O{each}" for each in range(900)])
    twin = orders.iloc[[7]].assign(quantity=3, price=orders["price"][7] + 4.0)
    workspace = open_workspace(make_workspace(orders=pd.concat([orders, twin])))
    found = workspace.tables["orders"]
    mine = found[found["order_id"] == "O7"].iloc[0]
    had = int(orders["quantity"][7])
    assert len(found) == 900
    assert mine["quantity"] == had + 3
    assert mine["price"] == pytest.approx(orders["price"][7] + 4.0 * 3 / (had + 3))
    assert next(each for each in workspace.inputs if each["name"] == "orders")["rows"] == 901


@pytest.mark.parametrize("day", ["2026-08-04", "soon", "", pd.NaT])
def test_as_of_is_a_monday(good_workspace: Path, day: str) -> None:
    """Any other day, or no day at all, is a usage error that says so."""
    with pytest.raises(UsageError, match="as_of"):
        open_workspace(good_workspace, day)
    with pytest.raises(UsageError, match="2026-08-03 or 2026-08-10"):
        monday("2026-08-04")


def test_a_plan_on_own_demand_needs_no_history(make_workspace: Make) -> None:
    """Without history, orders may be empty or absent; `as_of` must then be given."""
    folder = make_workspace(orders=good_frames()["orders"].iloc[:0])
    with pytest.raises(InputError, match="no rows"):
        open_workspace(folder, AS_OF)
    workspace = open_workspace(folder, AS_OF, history=False)
    assert workspace.tables["orders"].empty
    assert any("no history is needed" in note for note in workspace.notes)
    with pytest.raises(UsageError, match="as-of"):
        open_workspace(folder, history=False)
    with pytest.raises(UsageError, match="no order"):
        workspace.default_as_of()
    text = (folder / "foreship.toml").read_text("utf-8")
    (folder / "foreship.toml").write_text(text.replace('orders = "orders.csv"', ""), "utf-8")
    assert open_workspace(folder, AS_OF, history=False).tables["orders"].empty


def test_own_names_and_formats(make_workspace: Make) -> None:
    """`[columns]` maps the user's names and date format to ours."""
    orders = good_frames()["orders"]
    own = orders.rename(columns={"item": "SKU", "date": "Bestellt"})
    own["Bestellt"] = own["Bestellt"].dt.strftime("%d.%m.%Y")
    names = '[columns]\norders.item = "SKU"\norders.date = "Bestellt"\n'
    folder = make_workspace(settings=names + 'orders.date_format = "%d.%m.%Y"\n', orders=own)
    found = open_workspace(folder).tables["orders"]
    assert found["date"].tolist() == orders["date"].tolist()
    assert found["item"].tolist() == orders["item"].tolist()


def test_lanes_between_hubs_are_left_out(make_workspace: Make) -> None:
    """Such lanes are not loaded, and the notes say how many."""
    lanes = good_frames()["lanes"]
    between = lanes.iloc[[0]].assign(destination="H2")
    workspace = open_workspace(make_workspace(lanes=pd.concat([lanes, between])))
    assert len(workspace.tables["lanes"]) == len(lanes)
    assert any("lanes from hub to hub in 1 row" in note for note in workspace.notes)


def test_returns_of_unknown_items_are_left_out(make_workspace: Make) -> None:
    """What is not sold any more may still come back: such rows are not loaded, and said."""
    returns = good_frames()["returns"]
    gone = returns.assign(item="gone")
    workspace = open_workspace(make_workspace(returns=pd.concat([gone, returns])))
    assert workspace.tables["returns"]["item"].tolist() == ["A-1"]
    assert any("'gone' is not in items in 1 row" in note for note in workspace.notes)


def test_expired_locks_and_assumptions_are_said(make_workspace: Make) -> None:
    """Notes count the locks that hold no longer and repeat what was assumed."""
    settings = '[assumptions]\nmargin = "40 % of price"\n'
    folder = make_workspace(settings=settings)
    assert open_workspace(folder).notes == ("Assumed margin: 40 % of price.",)
    later = open_workspace(folder, "2026-09-07").notes
    assert "2 overrides have expired before 2026-09-07: no longer heeded." in later


def in_memory(workspace: Workspace) -> list[str]:
    """Return the tables that are not those of the files."""
    return [each["name"] for each in workspace.inputs if each["path"] == "(in memory)"]


def test_tables_can_be_replaced(good_workspace: Path) -> None:
    """Another workspace has them; the first one stays as it was; unknown names are refused."""
    workspace = open_workspace(good_workspace)
    empty = workspace.tables["stock"].iloc[:0]
    replaced = workspace.with_tables(stock=empty)
    assert replaced.tables["stock"].empty and in_memory(replaced) == ["stock"]
    assert len(workspace.tables["stock"]) == 11 and in_memory(workspace) == []
    assert replaced.config is workspace.config and replaced.as_of == workspace.as_of
    with pytest.raises(UsageError, match="no such table: stok"):
        workspace.with_tables(stok=empty)


def test_another_monday_keeps_tables_settings_and_notes(good_workspace: Path) -> None:
    """What was replaced stays replaced; only what hangs on the day is said anew."""
    workspace = open_workspace(good_workspace)
    config = replace(workspace.config, risk=RiskParams(budget=9.0))
    changed = replace(workspace.with_tables(stock=workspace.tables["stock"][:3]), config=config)
    (good_workspace / "stock.csv").unlink()  # nothing is read again
    later = changed.at("2026-09-07")
    assert later.as_of == pd.Timestamp("2026-09-07") and changed.as_of == AS_OF
    assert len(later.tables["stock"]) == 3 and later.config.risk.budget == 9.0
    assert in_memory(later) == ["stock"]
    assert later.notes == ("2 overrides have expired before 2026-09-07: no longer heeded.",)
    with pytest.raises(UsageError, match="2026-08-31 or 2026-09-07"):
        changed.at("2026-09-01")


def test_a_workspace_is_known_by_what_its_tables_hold(good_workspace: Path) -> None:
    """Written into, a table is another one, however it is done; put back, it is the file's."""
    workspace = open_workspace(good_workspace)
    known, stock = workspace.inputs, workspace.tables["stock"]
    stock.loc[0, "quantity"] += 1
    assert in_memory(workspace) == ["stock"]
    stock["quantity"] = stock["quantity"].where(stock.index > 0, 60)
    assert workspace.inputs == known
    workspace.tables["items"]["price"] = 1.0
    workspace.tables["buyers"].iloc[0, -1] += 1
    assert in_memory(workspace) == ["items", "buyers"]
    with pytest.raises(TypeError, match=r"with_tables\(stock=frame\)"):
        workspace.tables["stock"] = stock
    with pytest.raises(TypeError, match="does not change"):
        del workspace.tables["stock"]


def test_workspaces_share_no_frame(good_workspace: Path) -> None:
    """Neither the frames handed in nor those of another workspace are written into by one."""
    workspace = open_workspace(good_workspace)
    given = workspace.tables["stock"].assign(quantity=7)
    first = workspace.with_tables(stock=given)
    second = first.with_tables(hubs=first.tables["hubs"])
    before = first.inputs
    given["quantity"] = 0
    second.tables["stock"]["quantity"] = 1
    second.tables["orders"]["quantity"] = 1
    assert (first.tables["stock"]["quantity"] == 7).all() and first.inputs == before
    assert in_memory(workspace) == []


def test_frames_given_are_typed_as_files_are(good_workspace: Path) -> None:
    """The frames behind the files are the same workspace, in any order of rows, without an id kept.

    Customers are counted and dropped; blanks mean the same; lanes between hubs are left out.
    """
    workspace = open_workspace(good_workspace)
    frames = good_frames()
    lanes = frames["lanes"]
    frames["lanes"] = pd.concat([lanes, lanes.iloc[[0]].assign(destination="H2")])
    mixed = {name: frame.sample(frac=1.0, random_state=1) for name, frame in frames.items()}
    given = workspace.with_tables(**mixed)
    assert in_memory(given) == [] and set(given.tables) == set(workspace.tables)
    assert "person-" not in "".join(frame.to_csv() for frame in given.tables.values())
    for name, frame in given.tables.items():
        assert list(frame.columns) == list(workspace.tables[name].columns)


def test_customers_of_replaced_orders_are_counted_or_said_to_be_unknown(
    good_workspace: Path,
) -> None:
    """Orders with customers bring their buyers; without, the floor holds by those read before."""
    workspace = open_workspace(good_workspace)
    orders = good_frames()["orders"][:50]
    counted = workspace.with_tables(orders=orders)
    assert counted.tables["buyers"]["customers"].sum() < 50
    assert not any("customers" in each for each in counted.notes)
    plain = workspace.with_tables(orders=orders.drop(columns="customer"))
    assert plain.tables["buyers"]["customers"].sum() == workspace.tables["buyers"][
        "customers"].sum()  # fmt: skip
    assert any("without their customers" in each for each in plain.notes)


def test_columns_of_a_frame_that_no_table_has_are_said_as_check_says_them(
    good_workspace: Path,
) -> None:
    """A misspelt tariff would silently be none: the words of `check`, among the notes of runs."""
    workspace = open_workspace(good_workspace)
    lanes = workspace.tables["lanes"].drop(columns="direct_further").assign(direct_furter=0.5)
    words = "lanes: columns not used: 'direct_furter'; 'direct_furter': did you mean "
    assert workspace.with_tables(lanes=lanes).notes == (
        *workspace.notes,
        words + "'direct_further'?",
    )
    lanes.to_parquet(good_workspace / "lanes.parquet")
    config = good_workspace / "foreship.toml"
    config.write_text(config.read_text().replace("lanes.csv", "lanes.parquet"))
    assert words + "'direct_further'?" in open_workspace(good_workspace).notes
    same = {name: workspace.tables[name] for name in workspace.tables}
    assert workspace.with_tables(**same).notes == workspace.notes


def test_a_column_of_a_frame_with_a_wrong_name_is_named(good_workspace: Path) -> None:
    """The required one is missing; the near one may be it."""
    workspace = open_workspace(good_workspace)
    lanes = workspace.tables["lanes"].rename(columns={"lead_time_days": "lead_time_day"})
    with pytest.raises(InputError, match="'lead_time_days' is missing; is it 'lead_time_day'"):
        workspace.with_tables(lanes=lanes)


def test_frames_at_fault_are_refused_with_every_fault(good_workspace: Path) -> None:
    """A negative quantity, an id nobody declares, and ids that lose their declaration."""
    workspace = open_workspace(good_workspace)
    stock = workspace.tables["stock"]
    with pytest.raises(InputError) as refused:
        workspace.with_tables(stock=stock.assign(quantity=-1), hubs=pd.DataFrame({"hub": [""]}))
    said = str(refused.value)
    assert "stock.quantity: negative quantity in 11 rows, first rows 1, 2, 3" in said
    assert "hubs.hub: blank in 1 row, row 1" in said
    with pytest.raises(InputError, match="'X9' is not in items"):
        workspace.with_tables(stock=stock[:1].assign(item="X9"))
    with pytest.raises(InputError, match=r"orders.item: 'NULL' is not in items"):
        workspace.with_tables(items=good_frames()["items"][:3])


def test_what_is_asked_in_frames_is_judged_like_files(good_workspace: Path) -> None:
    """A category that no item has, a service of 95 and a factor of 150: meant in percent."""
    workspace = open_workspace(good_workspace)
    policies = pd.DataFrame({"kind": ["service"], "value": [95.0], "category": ["toy"]})
    row = {"kind": "times", "value": 150.0, "reason": "fair", "author": "Anna"}
    more = pd.DataFrame([row]).assign(expires=AS_OF + pd.Timedelta(days=30))
    with pytest.raises(InputError) as refused:
        workspace.with_tables(policies=policies, adjustments=more)
    said = str(refused.value)
    assert "policies.value: a share above 1" in said
    assert "policies.category: no item has this category" in said and "is it 'toys'?" in said
    assert "adjustments.value: no factor of demand" in said


def test_a_workspace_speaks(good_workspace: Path) -> None:
    """Printed, a workspace is a tree of its tables; in a notebook it is escaped."""
    workspace = open_workspace(good_workspace)
    lines = str(workspace).splitlines()
    assert lines[0].endswith("as of 2026-08-03")
    assert any("orders" in line and "900 rows" in line for line in lines)
    assert lines[-1] == "└── 0 notes"
    assert workspace._repr_html_().startswith("<p>Workspace ")


def test_a_folder_that_is_not_a_workspace(tmp_path: Path) -> None:
    """A missing folder, a file, an empty folder: each is a usage error."""
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "gone", tmp_path / "file", tmp_path):
        with pytest.raises(UsageError, match=r"no foreship\.toml"):
            open_workspace(path)


def test_an_unreadable_config_is_a_storage_error(
    good_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the system refuses to read is exit code 8, not a faulty config."""

    def denied(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(StorageError, match="Permission denied"):
        open_workspace(good_workspace)


def demand() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "region": ["R1", "NA"],
            "item": ["00123", "NULL"],
            "week": AS_OF,
            "scenario": [1, 2],
            "units": [3, 0],
        }
    )


def test_own_demand_is_read(good_workspace: Path, tmp_path: Path) -> None:
    """A demand file is typed like any table, from CSV and from Parquet."""
    workspace = open_workspace(good_workspace)
    demand().to_csv(tmp_path / "d.csv", index=False)
    demand().to_parquet(tmp_path / "d.parquet")
    for name in ("d.csv", "d.parquet"):
        found = read_demand(tmp_path / name, workspace)
        assert found["item"].tolist() == ["00123", "NULL"]
        assert found["scenario"].tolist() == ["1", "2"]
        assert found["units"].tolist() == [3, 0]


def test_own_demand_names_all_its_faults(good_workspace: Path, tmp_path: Path) -> None:
    """Unknown cells, fractions, other weekdays and repeated rows are named in one error."""
    workspace = open_workspace(good_workspace)
    bad = pd.concat([demand()] * 2).assign(
        region=["R1", "XX", "R1", "NA"],
        units=["1", "2.5", "1", "1"],
        week=[AS_OF, AS_OF + pd.Timedelta(days=1), AS_OF, AS_OF],
    )
    bad.to_csv(tmp_path / "d.csv", index=False)
    with pytest.raises(InputError) as refused:
        read_demand(tmp_path / "d.csv", workspace)
    said = str(refused.value)
    for part in (
        "demand.region: not in regions in 1 row, line 3 (value 'XX')",
        "demand.units: fractional units in 1 row, line 3 (value 2.5)",
        "demand.week: not a Monday in 1 row, line 3",
        "more than once in 2 rows, lines 2, 4",
    ):
        assert part in said
    with pytest.raises(InputError, match="no file at"):
        read_demand(tmp_path / "gone.csv", workspace)

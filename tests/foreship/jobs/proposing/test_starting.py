"""From raw exports to a workspace without a fault: three commands, at most five typed lines."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from foreship.cli.commands import app
from foreship.errors import UsageError
from foreship.jobs.proposing.starting import init_workspace
from foreship.workspace.checking import check
from foreship.workspace.opening import open_workspace
from tests.foreship.jobs.proposing.raw_exports import NAMES, PRICES, write_exports
from tests.foreship.spoken_objects import object_of


def foreship(*words: str | Path) -> tuple[int, dict[str, object]]:
    """Run a command; return its exit code and its object."""
    result = CliRunner().invoke(app, [*map(str, words), "--json"])
    return result.exit_code, object_of(result.stdout)


def test_from_raw_exports_to_a_clean_check(tmp_path: Path) -> None:
    """`init`, two lines of answers, `check`: the tables are what the exports say."""
    held = write_exports(tmp_path / "raw")
    folder = tmp_path / "ws"
    files = sorted((tmp_path / "raw").iterdir())
    code, proposal = foreship("init", folder, *files)
    assert code == 0
    questions = "\n".join(proposal["questions"])  # type: ignore[arg-type]
    assert "1.200 may be 1.2 or 1200" in questions
    assert "negative quantity" in questions
    config = folder / "foreship.toml"
    typed = ['orders.negative_quantities = "returns"', 'stock.decimal = ","']
    text = config.read_text("utf-8")
    for line in typed:
        assert f"#? {line}\n" in text
        text = text.replace(f"#? {line}\n", f"{line}\n")
    config.write_text(text, "utf-8")
    code, report = foreship("check", folder)
    assert (code, report["faults"]) == (0, [])
    workspace = open_workspace(folder)
    tables = workspace.tables
    assert len(tables["orders"]) == held["rows"] - held["back"]
    assert len(tables["returns"]) == held["back"]
    assert tables["stock"]["quantity"].tolist() == [1200, 300, 50, 3]
    assert tables["lanes"]["cost_per_unit"].tolist() == [1.2] * 3
    items = tables["items"].set_index("item")
    assert items["price"].to_dict() == PRICES
    assert items["name"].to_dict() == NAMES
    assert tables["regions"]["region"].tolist() == ["Berlin", "Köln", "München"]
    assert tables["hubs"]["hub"].tolist() == ["ZL"]


@pytest.mark.sweep
def test_three_commands_make_a_plan_of_raw_exports(tmp_path: Path) -> None:
    """Weak headings of stock, `init`, two lines typed, `check`, `run`: units leave the hub."""
    write_exports(tmp_path / "raw", "Ort;Artikel;Menge")
    folder = tmp_path / "ws"
    code, proposal = foreship("init", folder, *sorted((tmp_path / "raw").iterdir()))
    assert code == 0 and not [each for each in proposal["questions"] if "TABLE=" in each]  # type: ignore[attr-defined]
    config = folder / "foreship.toml"
    text = config.read_text("utf-8")
    for line in ('orders.negative_quantities = "returns"', 'stock.decimal = ","'):
        assert f"#? {line}\n" in text
        text = text.replace(f"#? {line}\n", f"{line}\n")
    config.write_text(text, "utf-8")
    assert foreship("check", folder)[0] == 0
    code, made = foreship("run", folder)
    assert code == 0 and made["summary"]["status"] == "ship"  # type: ignore[index]
    lines = pd.read_parquet(Path(str(made["run"])) / "plan.parquet")
    assert set(lines["origin"]) == {"ZL"} and lines["quantity"].sum() > 0


def test_derived_values_are_assumed_and_counted(tmp_path: Path) -> None:
    """`check` counts them until the planner takes the word away; then that value stays."""
    write_exports(tmp_path / "raw")
    folder = tmp_path / "ws"
    files = [str(each) for each in sorted((tmp_path / "raw").iterdir())]
    init_workspace(folder, files, returns=True)

    def assumed() -> dict[str, int]:
        found = check(folder).warnings
        return {f"{f.table}.{f.column}": f.count for f in found if "assumed" in f.problem}

    assert assumed() == {
        "items.price": 3, "items.unit_cost": 3, "regions.region": 3, "hubs.hub": 1}  # fmt: skip
    items = pd.read_csv(folder / "items.csv", dtype=str)
    assert items["unit_cost"].tolist() == ["779.7", "5.7", "1.2"]
    items.loc[0, ["unit_cost", "assumed"]] = ["800", "price"]
    items.iloc[:2].to_csv(folder / "items.csv", index=False)
    init_workspace(folder, files, returns=True, force=True)
    again = pd.read_csv(folder / "items.csv", dtype=str)
    assert again["item"].tolist() == ["00123", "00124", "00777"]
    assert again["unit_cost"].tolist() == ["800", "5.7", "1.2"]
    assert assumed()["items.unit_cost"] == 2


def test_a_config_is_never_overwritten_unasked(tmp_path: Path) -> None:
    """With --force the old one is kept, and what it answered is not asked again."""
    write_exports(tmp_path / "raw")
    folder, stock = tmp_path / "ws", str(tmp_path / "raw" / "Bestand.csv")
    assert len(init_workspace(folder, [stock]).questions) == 6
    config = folder / "foreship.toml"
    answered = config.read_text("utf-8").replace('#? stock.decimal = ","', 'stock.decimal = ","')
    config.write_text(answered, "utf-8")
    with pytest.raises(UsageError, match="--force"):
        init_workspace(folder, [stock])
    proposal = init_workspace(folder, [stock], force=True)
    assert not [each for each in proposal.questions if "1.200" in each]
    assert 'stock.decimal = ","\n' in config.read_text("utf-8")
    assert (folder / "foreship.toml.old").read_text("utf-8") == answered


def test_sheets_of_one_workbook_are_tables_of_their_own(tmp_path: Path) -> None:
    """Each line names its sheet, and the config with them is sound."""
    from tests.foreship.ingest.formats.books import book

    def more(workbook: object) -> None:
        sheet = workbook.add_worksheet("Stores")  # type: ignore[attr-defined]
        sheet.write_column(0, 0, ["Store", "R1"])
        sheet.write_column(0, 1, ["Store name", "Lyon"])

    path = tmp_path / "all.xlsx"
    path.write_bytes(book(["Warehouse", "SKU", "On hand"], ["R1", "a", 3], more=more))
    init_workspace(tmp_path / "ws", [str(path)])
    text = (tmp_path / "ws" / "foreship.toml").read_text("utf-8")
    assert 'stock.sheet = "Stock"' in text
    assert 'regions.sheet = "Stores"' in text
    found = check(tmp_path / "ws")
    assert found.rows["regions"] == found.rows["stock"] == 1


def test_what_may_be_meant_is_asked_and_what_is_derived_waits_for_no_second_init(
    tmp_path: Path,
) -> None:
    """Three lines without their mark make a sound workspace; `--force` keeps all three answers."""
    raw, folder = tmp_path / "raw", tmp_path / "ws"
    raw.mkdir()
    days = pd.date_range("2026-01-05", "2026-05-03", freq="D").strftime("%m/%d/%Y")
    orders = [f'{day},A{n},South,T{n % 2},"1",$12.50' for n, day in enumerate(days)]
    head = "Date,Document Number,Location,Item,Quantity,Item Rate"
    (raw / "SalesOrders.csv").write_text("\n".join([head, *orders]), "utf-8")
    stock = ["Item,Location,Location On Hand", "T0,DC,50", "T1,DC,20", "old,DC,7"]
    (raw / "InventoryOnHand.csv").write_text("\n".join(stock), "utf-8")
    lanes = ["From Location,To Location,Cost Per Unit,Lead Time", "DC,South,$0.75,2"]
    (raw / "ShippingRates.csv").write_text("\n".join(lanes), "utf-8")
    files = sorted(raw.iterdir())
    init_workspace(folder, [str(each) for each in files])
    config = folder / "foreship.toml"
    text = config.read_text("utf-8")
    asked = [line for line in text.splitlines() if line.startswith("#? ")]
    assert asked == [
        '#? orders.region = "Location"',
        '#? stock.quantity = "Location On Hand"',
        '#? stock.unknown_items = "leave_out"',
    ]
    assert 'regions = "regions.csv"' in text and "if orders.region is 'Location'" in text
    config.write_text(text.replace("#? ", ""), "utf-8")
    assert check(folder).faults == ()
    assert open_workspace(folder).tables["stock"]["quantity"].tolist() == [50, 20]
    again = init_workspace(folder, [str(each) for each in files], force=True)
    assert again.questions == () and check(folder).faults == ()
